package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what a misspelt platform was probably meant to be: a name that is unknown is allowed, as Go may learn it any day. */
public final class PlatformNames {
    private PlatformNames() {}

    /** A note on a platform that nobody knows but that is near to a known one. */
    static Optional<String> note(Platform platform) {
        return isKnown(platform)
                ? Optional.empty()
                : near(platform.toString())
                        .map(near ->
                                "the platform " + platform + " is none that is known (did you mean " + near + "?)");
    }

    /** The known platform nearest to what was written. */
    public static Optional<String> near(String text) {
        List<String> parts = new ArrayList<>(List.of(text.split("/", -1)));
        if (parts.size() == 1) {
            List<String> all = new ArrayList<>(Platform.ARCHITECTURES);
            all.addAll(Platform.OPERATING_SYSTEMS);
            return Suggestion.nearestSpelling(text, all);
        }
        correct(parts, 0, Platform.OPERATING_SYSTEMS);
        correct(parts, 1, Platform.ARCHITECTURES);
        String near = String.join("/", parts);
        return near.equals(text) ? Optional.empty() : Optional.of(near);
    }

    private static void correct(List<String> parts, int index, List<String> known) {
        if (!known.contains(parts.get(index))) {
            Suggestion.nearestSpelling(parts.get(index), known).ifPresent(near -> parts.set(index, near));
        }
    }

    private static boolean isKnown(Platform platform) {
        return Platform.OPERATING_SYSTEMS.contains(platform.os())
                && Platform.ARCHITECTURES.contains(platform.architecture());
    }
}
