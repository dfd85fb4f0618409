package dev.jbuild.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was found on a machine, for {@link Diagnosis} to judge.
 *
 * @param trial why a step could not be run here; empty when one was
 * @param kernel what the kernel said to the launcher's {@code probe}: name and number
 * @param cgroups the controllers of cgroups that can be written
 * @param programs the programs of those asked for that are installed
 * @param emulators the foreign machines whose programs run here (binfmt_misc)
 * @param freeBytes what the store's filesystem has left
 */
public record Findings(
        Entered entered,
        Optional<String> trial,
        Map<String, Integer> kernel,
        Set<String> cgroups,
        Set<String> programs,
        List<String> emulators,
        long freeBytes) {
    public Findings {
        kernel = Map.copyOf(kernel);
        cgroups = Set.copyOf(cgroups);
        programs = Set.copyOf(programs);
        emulators = List.copyOf(emulators);
    }

    /** A number of the kernel's; -1 when it said nothing of it. */
    int number(String name) {
        return kernel.getOrDefault(name, -1);
    }
}
