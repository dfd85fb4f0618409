package dev.jbuild.cli;

import dev.jbuild.core.plan.PlatformNames;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the values of flags; what cannot be read is the user's mistake and is said so. */
final class Values {
    private Values() {}

    static ImageName imageName(String text) throws UsageException {
        try {
            return ImageName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Docker refuses an operating system that nobody has, but takes any architecture, which the plan then notes. */
    static Platform platform(String text) throws UsageException {
        String hint = PlatformNames.near(text)
                .map(near -> ": did you mean " + near + "?")
                .orElse("");
        try {
            Platform machine = Platform.ofJavaArch(System.getProperty("os.arch"));
            // Docker's word for the machine itself.
            Platform platform = text.equals("local") ? machine : Platform.parse(text, machine);
            if (!Platform.OPERATING_SYSTEMS.contains(platform.os())) {
                throw new UsageException(
                        "--platform " + platform + ": no operating system is called " + platform.os() + hint);
            }
            return platform;
        } catch (IllegalArgumentException e) {
            throw new UsageException("--platform: " + e.getMessage() + hint, e);
        }
    }

    /** Platforms as the flag is given: again and again, or with commas; each counts once. */
    static List<Platform> platforms(List<String> values) throws UsageException {
        Set<Platform> platforms = new LinkedHashSet<>();
        for (String value : values) {
            for (String text : value.split(",", -1)) {
                platforms.add(platform(text.strip()));
            }
        }
        return List.copyOf(platforms);
    }

    /** Go's spellings of a truth value, which Docker's parser takes. */
    static boolean bool(String flag, String text) throws UsageException {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True", "" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new UsageException(flag + ": neither true nor false: \"" + text + "\"");
        };
    }

    static long seconds(String what, String text) throws UsageException {
        try {
            long seconds = Long.parseLong(text);
            if (seconds < 0) {
                throw new UsageException(what + " is negative: " + text);
            }
            return seconds;
        } catch (NumberFormatException e) {
            throw new UsageException(what + " is not a number of seconds: \"" + text + "\"", e);
        }
    }

    /** A number of bytes with Docker's binary units, as {@code 512mb} or {@code 10g}. */
    static long bytes(String flag, String text) throws UsageException {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        String number = lower.replaceFirst("(?:[kmgtp]?i?b|[kmgtp])$", "").strip();
        String unit = lower.substring(number.length()).strip();
        int power = unit.isEmpty() ? 0 : "bkmgtp".indexOf(unit.charAt(0));
        try {
            return new BigDecimal(number)
                    .multiply(BigDecimal.TWO.pow(10 * power))
                    .toBigInteger()
                    .longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new UsageException(flag + " is not a size as 512mb or 10GB: \"" + text + "\"", e);
        }
    }

    /** {@code NAME=VALUE}, the name not empty. */
    static Map.Entry<String, String> assignment(String flag, String text) throws UsageException {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (name.isEmpty()) {
            throw new UsageException(flag + " needs NAME=VALUE, not \"" + text + "\"");
        }
        return Map.entry(name, equals < 0 ? "" : text.substring(equals + 1));
    }
}
