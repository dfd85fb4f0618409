package dev.jbuild.oci;

/**
 * An operating system and an architecture in Go's words ({@code linux/amd64}, {@code linux/arm/v7}).
 *
 * @param variant empty when there is none
 */
public record Platform(String os, String architecture, String variant) {
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
        String os = parts.length == 1 ? "linux" : parts[0];
        String architecture = parts.length == 1 ? parts[0] : parts[1];
        String variant = parts.length == 3 ? parts[2] : "";
        return switch (architecture) {
            case "x86_64", "x86-64" -> new Platform(os, "amd64", variant);
            case "aarch64" -> new Platform(os, "arm64", variant);
            case "i386" -> new Platform(os, "386", variant);
            case "armhf" -> new Platform(os, "arm", "v7");
            case "armel" -> new Platform(os, "arm", "v6");
            case "arm" -> new Platform(os, "arm", variant.isEmpty() ? "v7" : variant);
            default -> new Platform(os, architecture, variant);
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
