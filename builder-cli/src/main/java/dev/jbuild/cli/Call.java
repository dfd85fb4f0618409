package dev.jbuild.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is wanted of a Dockerfile: {@code --call=METHOD[,format=json]}, {@code --check}, or the command {@code check}.
 *
 * @param json whether the answer is a JSON document
 */
record Call(Method method, boolean json) {
    /** What can be done with a Dockerfile. */
    enum Method {
        /** Build it. */
        BUILD,
        /** Look for mistakes. */
        CHECK,
        /** List what the target can be given. */
        OUTLINE,
        /** List the stages. */
        TARGETS;

        private static Optional<Method> named(String name) {
            // buildx's older name of the same.
            String current = name.equals("lint") ? "check" : name;
            return Arrays.stream(values()).filter(m -> m.word().equals(current)).findFirst();
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Call of(Command command, Arguments arguments) throws UsageException {
        Optional<String> given = arguments.last("--call");
        boolean check = command == Command.CHECK || arguments.isOn("--check");
        Call call = given.isPresent() ? parse(given.get()) : new Call(check ? Method.CHECK : Method.BUILD, false);
        if (check && call.method() != Method.CHECK) {
            throw new UsageException("--call=" + given.orElse("") + " and a check are two different wishes");
        }
        return call;
    }

    private static Call parse(String text) throws UsageException {
        List<String> fields = List.of(text.split(",", -1));
        Optional<Method> method = Method.named(fields.getFirst());
        if (method.isEmpty()) {
            throw new UsageException("--call is one of build, check, outline and targets, not \"" + text + "\""
                    + Nearest.hint(
                            text,
                            Arrays.stream(Method.values()).map(Method::word).toList()));
        }
        boolean json = false;
        for (String field : fields.subList(1, fields.size())) {
            json = switch (field) {
                case "format=json" -> true;
                case "format=text" -> false;
                default ->
                    throw new UsageException("--call=" + text + ": behind the method comes format=json or"
                            + " format=text, not \"" + field + "\"");
            };
        }
        return new Call(method.get(), json);
    }
}
