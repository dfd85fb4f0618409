package dev.jbuild.runtime.confine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The {@code includes} or {@code excludes} of a rule of a {@link ProfileDocument}. */
final class ProfileCondition {
    private final Set<Capability> capabilities = new HashSet<>();
    private final Set<String> architectures = new HashSet<>();
    private final Optional<Version> minKernel;

    ProfileCondition(JsonNode node) {
        node.path("caps").forEach(name -> capabilities.add(Capability.parse(name.asText())));
        node.path("arches").forEach(name -> architectures.add(name.asText()));
        minKernel = node.has("minKernel")
                ? Optional.of(Version.parse(node.path("minKernel").asText()))
                : Optional.empty();
    }

    /** Whether all that it asks for is there; one that asks for nothing includes everybody. */
    boolean includes(ProfileDocument.Situation situation) {
        return situation.capabilities().containsAll(capabilities)
                && (architectures.isEmpty()
                        || architectures.contains(situation.architecture().goName()))
                && minKernel.map(least -> isReached(least, situation)).orElse(true);
    }

    /** Whether anything that it names is there; one that names nothing excludes nobody. */
    boolean excludes(ProfileDocument.Situation situation) {
        return capabilities.stream().anyMatch(situation.capabilities()::contains)
                || architectures.contains(situation.architecture().goName())
                || minKernel.map(least -> isReached(least, situation)).orElse(false);
    }

    private static boolean isReached(Version least, ProfileDocument.Situation situation) {
        Version now = Version.parse(situation.kernel());
        return now.major() > least.major() || (now.major() == least.major() && now.minor() >= least.minor());
    }

    /** The first two numbers of a kernel's version; what follows them (6.12.3-amd64) tells nothing. */
    private record Version(int major, int minor) {
        static Version parse(String text) {
            String[] numbers = text.split("[^0-9]", 3);
            if (numbers.length < 2 || numbers[0].isEmpty() || numbers[1].isEmpty()) {
                throw new IllegalArgumentException("not a kernel version such as 4.8: " + text);
            }
            return new Version(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        }
    }
}
