package dev.jbuild.oci;

import java.util.List;
import java.util.Locale;

/**
 * An operating system and an architecture in Go's words ({@code linux/amd64}, {@code linux/arm/v7}).
 *
 * @param variant empty when there is none
 */
public record Platform(String os, String architecture, String variant) {
    /** Go's operating systems. */
    public static final List<String> OPERATING_SYSTEMS = List.of(
            "linux",
            "windows",
            "darwin",
            "freebsd",
            "netbsd",
            "openbsd",
            "dragonfly",
            "solaris",
            "illumos",
            "aix",
            "android",
            "ios",
            "js",
            "wasip1",
            "plan9",
            "hurd",
            "nacl",
            "zos");

    /** Go's architectures, the common ones first. */
    public static final List<String> ARCHITECTURES = List.of(
            "amd64",
            "arm64",
            "arm",
            "386",
            "riscv64",
            "ppc64le",
            "s390x",
            "loong64",
            "mips64le",
            "mips64",
            "mipsle",
            "mips",
            "ppc64",
            "ppc",
            "riscv",
            "s390",
            "sparc",
            "sparc64",
            "wasm",
            "amd64p32",
            "armbe",
            "arm64be",
            "mips64p32",
            "mips64p32le");

    public Platform {
        requirePlain(os, "operating system");
        requirePlain(architecture, "architecture");
        if (!variant.isEmpty()) {
            requirePlain(variant, "variant");
        }
        // containerd's normalisation: arm64's only baseline is v8 and amd64's is v1; both are left unsaid.
        String baseline = switch (architecture) {
            case "arm64" -> "v8";
            case "amd64" -> "v1";
            default -> "";
        };
        if (variant.equals(baseline)) {
            variant = "";
        }
    }

    /** Reads {@code os/arch[/variant]} or a bare architecture, with the aliases that Docker knows. */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException("not a platform (os/arch[/variant]): \"" + text + "\"");
        }
        String first = parts[0].toLowerCase(Locale.ROOT);
        return parts.length == 1 ? ofOneWord(first) : of(first, parts[1], parts.length == 3 ? parts[2] : "");
    }

    /** As {@link #parse(String)}; an operating system alone is that on the architecture of a machine. */
    public static Platform parse(String text, Platform machine) {
        String word = text.toLowerCase(Locale.ROOT);
        return OPERATING_SYSTEMS.contains(word)
                ? new Platform(word, machine.architecture, machine.variant)
                : parse(text);
    }

    /** An architecture alone is one of Linux. */
    private static Platform ofOneWord(String word) {
        Platform platform = of("linux", word, "");
        if (!ARCHITECTURES.contains(platform.architecture())) {
            throw new IllegalArgumentException("not a known architecture: \"" + word
                    + "\" (with an operating system before it, os/arch, any is taken)");
        }
        return platform;
    }

    /** As containerd normalises it; its names have no upper case. */
    private static Platform of(String os, String givenArchitecture, String givenVariant) {
        String architecture = givenArchitecture.toLowerCase(Locale.ROOT);
        String variant = givenVariant.toLowerCase(Locale.ROOT);
        return switch (architecture) {
            case "x86_64", "x86-64" -> new Platform(os, "amd64", variant);
            case "aarch64", "arm64" -> new Platform(os, "arm64", variant.equals("8") ? "v8" : variant);
            case "i386" -> new Platform(os, "386", "");
            case "armhf" -> new Platform(os, "arm", "v7");
            case "armel" -> new Platform(os, "arm", "v6");
            case "arm" -> new Platform(os, "arm", armVariant(variant));
            default -> new Platform(os, architecture, variant);
        };
    }

    private static String armVariant(String variant) {
        return switch (variant) {
            case "" -> "v7";
            case "5", "6", "7", "8" -> "v" + variant;
            default -> variant;
        };
    }

    /** The platform of a machine, from Java's name of its architecture ({@code os.arch}). */
    public static Platform ofJavaArch(String javaArch) {
        return parse("linux/" + javaArch);
    }

    /** Whether an image for the offered platform serves a request for this one. */
    public boolean accepts(Platform offered) {
        return os.equals(offered.os)
                && architecture.equals(offered.architecture)
                && (variant.isEmpty() || offered.variant.isEmpty() || variant.equals(offered.variant));
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }

    private static void requirePlain(String part, String what) {
        if (!part.matches("[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException("not the " + what + " of a platform: \"" + part + "\"");
        }
    }
}
