package dev.jbuild.dockerfile;

import java.util.List;

/** A {@code RUN --device}: the name of a CDI device, and whether the step fails where it is absent. */
public record Device(String name, boolean required) {
    static Device parse(String text) throws ExpansionException {
        String name = "";
        boolean required = false;
        for (String field : CsvFields.split("device", text)) {
            OptionField option = OptionField.of(field);
            if (option.key().equals("required")) {
                required = option.isTrue();
            } else if (option.key().equals("name") && name.isEmpty()) {
                name = option.requiredValue();
            } else if (name.isEmpty()) {
                name = field;
            } else {
                throw option.unexpected(List.of("name", "required"));
            }
        }
        return new Device(name, required);
    }
}
