package dev.jbuild.cli.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The layers that a build put on top of its base, each under the instruction that made it, an entry a line: type, mode,
 * owner, path and what it is. Read with Commons Compress, not with the engine's own reader, which is under test too.
 */
final class RootfsListing {
    /**
     * A time before this was copied or set on purpose; a later one is the moment of the build. What a build itself makes has
     * Docker's moment, and with us no time at all, which is zero.
     */
    private static final Instant BUILT = Instant.parse("2020-01-01T00:00:00Z");

    /** Content up to this many characters is shown, longer content by its digest. */
    private static final int SHOWN = 60;

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String XATTR = "SCHILY.xattr.";

    private RootfsListing() {}

    static String of(BuiltImage image, BuiltImage base) throws IOException {
        List<byte[]> layers = image.layersAbove(base);
        List<String> titles = titles(image);
        List<String> ofBuild = titles.subList(titles.size() - layers.size(), titles.size());
        Set<String> present = image.isOn(base) ? paths(base) : new TreeSet<>();
        StringBuilder listing = new StringBuilder();
        for (int i = 0; i < layers.size(); i++) {
            listing.append(escaped(ofBuild.get(i))).append('\n');
            Layer layer = Layer.read(layers.get(i));
            layer.lines(present)
                    .forEach(line -> listing.append("  ").append(line).append('\n'));
            layer.applyTo(present);
        }
        return listing.toString();
    }

    private static Set<String> paths(BuiltImage base) throws IOException {
        Set<String> paths = new TreeSet<>();
        for (byte[] layer : base.layers()) {
            Layer.read(layer).applyTo(paths);
        }
        return paths;
    }

    private static List<String> titles(BuiltImage image) {
        List<String> titles = new ArrayList<>();
        for (JsonNode entry : image.config().path("history")) {
            if (!entry.path("empty_layer").asBoolean()) {
                titles.add(entry.path("created_by").asText());
            }
        }
        return titles;
    }

    /**
     * What one layer adds and removes. An opaque directory is told by what it hides, as builders are free to write either.
     *
     * @param entries the line of each path
     * @param whiteouts the paths that whiteouts remove
     * @param opaque the directories that hide what layers below have in them, with a slash at the end
     */
    private record Layer(Map<String, String> entries, Set<String> whiteouts, Set<String> opaque) {
        static Layer read(byte[] layer) throws IOException {
            Layer read = new Layer(new TreeMap<>(), new TreeSet<>(), new TreeSet<>());
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new ByteArrayInputStream(layer), StandardCharsets.ISO_8859_1.name())) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    read.add(entry, tar.readAllBytes());
                }
            }
            return read;
        }

        private void add(TarArchiveEntry entry, byte[] content) {
            String path = path(entry.getName());
            String directory = path.substring(0, path.lastIndexOf('/') + 1);
            String name = path.substring(directory.length());
            if (name.equals(OPAQUE)) {
                opaque.add(directory);
            } else if (name.startsWith(WHITEOUT)) {
                whiteouts.add(directory + name.substring(WHITEOUT.length()));
            } else if (entries.put(path, line(entry, path, content)) != null) {
                entries.put(path + " (twice)", "twice " + path);
            }
        }

        Iterable<String> lines(Set<String> present) {
            Map<String, String> lines = new TreeMap<>(entries);
            for (String path : present) {
                String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
                boolean parentStays = parent.isEmpty() || !hides(parent) || entries.containsKey(parent);
                if (hides(path) && parentStays && !entries.containsKey(path)) {
                    lines.put(path, "gone  " + escaped(path));
                }
            }
            return lines.values();
        }

        void applyTo(Set<String> present) {
            present.removeIf(this::hides);
            present.addAll(entries.keySet());
        }

        private boolean hides(String path) {
            return whiteouts.stream().anyMatch(w -> path.equals(w) || path.startsWith(w + "/"))
                    || opaque.stream().anyMatch(path::startsWith);
        }
    }

    private static String path(String name) {
        String path = name.replaceAll("^(\\./|/)+", "").replaceAll("/+$", "");
        return path.isEmpty() ? "." : path;
    }

    private static String line(TarArchiveEntry entry, String path, byte[] content) {
        return "%-5s %04o %d:%d %s%s%s%s"
                .formatted(
                        type(entry),
                        entry.getMode() & 0xfff,
                        entry.getLongUserId(),
                        entry.getLongGroupId(),
                        escaped(path),
                        detail(entry, content),
                        xattrs(entry),
                        time(entry));
    }

    private static String type(TarArchiveEntry entry) {
        if (entry.isSymbolicLink()) {
            return "link";
        } else if (entry.isLink()) {
            return "same";
        } else if (entry.isDirectory()) {
            return "dir";
        } else if (entry.isFIFO()) {
            return "fifo";
        } else if (entry.isCharacterDevice()) {
            return "char";
        } else if (entry.isBlockDevice()) {
            return "block";
        }
        return "file";
    }

    private static String detail(TarArchiveEntry entry, byte[] content) {
        return switch (type(entry)) {
            case "link", "same" -> " -> " + escaped(entry.getLinkName());
            case "char", "block" -> " " + entry.getDevMajor() + "," + entry.getDevMinor();
            case "file" -> " " + content.length + " " + shown(content);
            case "dir", "fifo" -> "";
            default -> throw new IllegalStateException("type of " + entry.getName());
        };
    }

    private static String shown(byte[] content) {
        String text = '"' + escaped(new String(content, StandardCharsets.ISO_8859_1)) + '"';
        return text.length() <= SHOWN ? text : Digest.of(content).toString();
    }

    private static String xattrs(TarArchiveEntry entry) {
        StringBuilder xattrs = new StringBuilder();
        new TreeMap<>(entry.getExtraPaxHeaders()).forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.append(" [").append(key.substring(XATTR.length()));
                xattrs.append('=').append(escaped(value)).append(']');
            }
        });
        return xattrs.toString();
    }

    private static String time(TarArchiveEntry entry) {
        Instant time = entry.getLastModifiedTime().toInstant();
        return time.isBefore(BUILT) && !time.equals(Instant.EPOCH) ? " @" + time : "";
    }

    /** One line of printable ASCII. */
    private static String escaped(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> line.append(c >= ' ' && c < 127 ? String.valueOf(c) : "\\u%04x".formatted((int) c));
            }
        }
        return line.toString();
    }
}
