package dev.jbuild.dockerfile;

/**
 * A here-document: {@code <<NAME} and the lines up to one that is just {@code NAME}.
 *
 * @param name the delimiter, unquoted
 * @param content the lines as they stand, each with its line ending
 * @param expand whether no part of the delimiter was quoted, so that variables in the body are live
 * @param stripTabs whether it was written {@code <<-}: leading tabs of every line are not part of the text
 */
public record Heredoc(String name, String content, boolean expand, boolean stripTabs) {
    /** The text that is meant: the content, without its leading tabs where they are to be stripped. */
    public String body() {
        return stripTabs ? withoutLeadingTabs() : content;
    }

    private String withoutLeadingTabs() {
        StringBuilder text = new StringBuilder(content.length());
        boolean lineStart = true;
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (lineStart && c == '\t') {
                continue;
            }
            lineStart = c == '\n';
            text.append(c);
        }
        return text.toString();
    }
}
