package dev.jbuild.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was typed after the command's word.
 *
 * @param values by the long name of the flag, in the order typed; a switch has {@code true} or {@code false}
 * @param notes what the user should know of flags that were given and do nothing
 */
record Arguments(Map<String, List<String>> values, List<String> operands, List<String> notes) {
    Arguments {
        values = new LinkedHashMap<>(values);
        operands = List.copyOf(operands);
        notes = List.copyOf(notes);
    }

    boolean isOn(String flag) {
        return last(flag).map(Boolean::parseBoolean).orElse(false);
    }

    /** The value given last: a later flag corrects an earlier one, as with Docker. */
    Optional<String> last(String flag) {
        List<String> all = all(flag);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    List<String> all(String flag) {
        return values.getOrDefault(flag, List.of());
    }
}
