package dev.jbuild.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of the form {@code type=oci,dest=file}, with CSV's quotes as Docker reads them. */
final class CommaSeparated {
    private CommaSeparated() {}

    /** The fields by their keys; a field without {@code =} has an empty value. */
    static Map<String, String> fields(String flag, String text) throws UsageException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : split(flag, text)) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? field : field.substring(0, equals);
            if (fields.put(key.toLowerCase(java.util.Locale.ROOT), equals < 0 ? "" : field.substring(equals + 1))
                    != null) {
                throw new UsageException(flag + " " + text + ": " + key + " is given twice");
            }
        }
        return fields;
    }

    private static List<String> split(String flag, String text) throws UsageException {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new UsageException(flag + " " + text + ": a quote is not closed");
        }
        fields.add(field.toString());
        return fields;
    }
}
