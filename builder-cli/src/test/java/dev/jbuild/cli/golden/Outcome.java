package dev.jbuild.cli.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a builder made of a case, as the files that are kept of it: {@code rootfs.txt} and {@code image.json} of an image, or
 * {@code error.txt}, whose first line says which lines of the Dockerfile the error points at.
 */
public record Outcome(Map<String, String> files) {
    private static final String ROOTFS = "rootfs.txt";
    private static final String IMAGE = "image.json";
    private static final String ERROR = "error.txt";
    private static final Pattern MARKED = Pattern.compile("^\\s*(\\d+) \\| >>>.*");

    public Outcome {
        files = new TreeMap<>(files);
    }

    /** An image that was built. */
    public static Outcome built(BuiltImage image, BuiltImage base) throws IOException {
        return new Outcome(Map.of(ROOTFS, RootfsListing.of(image, base), IMAGE, ConfigListing.of(image)));
    }

    /**
     * A build that failed. Both builders show the Dockerfile's lines around the error, those that are meant marked.
     *
     * @param printed what the builder wrote on its standard error
     */
    public static Outcome failed(String printed) {
        String lines = printed.lines()
                .map(MARKED::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .collect(Collectors.joining(" "));
        List<String> errors =
                printed.lines().filter(l -> l.startsWith("ERROR: ")).toList();
        String error = errors.isEmpty() ? printed : errors.getLast();
        return new Outcome(Map.of(ERROR, "lines: " + (lines.isEmpty() ? "none" : lines) + "\n" + stable(error) + "\n"));
    }

    /** BuildKit names its working copies at random. */
    private static String stable(String error) {
        return error.replaceAll("ref [a-z0-9-]+::[a-z0-9]+", "ref REF")
                .replaceAll("/overlay2/[a-z0-9]+/", "/overlay2/ID/");
    }

    public boolean isFailure() {
        return files.containsKey(ERROR);
    }

    /** Whether two builders made the same image, or failed at the same lines: their words for an error are their own. */
    public boolean agreesWith(Outcome other) {
        return isFailure() ? other.isFailure() && failedLines().equals(other.failedLines()) : files.equals(other.files);
    }

    /** Whether jbuild refused a name of {@code --chown} or {@code USER} that the base image does not have. */
    public boolean knowsNoSuchUser() {
        return files.getOrDefault(ERROR, "")
                .matches("(?s).*the image has no user \"(?!(?:root|daemon|app|member)\").*");
    }

    /** The lines that only one of two builders has: those of the other builder with a minus, those of this one with a plus. */
    public String linesAgainst(Outcome other) {
        StringBuilder lines = new StringBuilder();
        for (String name : List.of(ROOTFS, IMAGE, ERROR)) {
            List<String> own = files.getOrDefault(name, "").lines().toList();
            List<String> others = other.files.getOrDefault(name, "").lines().toList();
            others.stream().filter(line -> !own.contains(line)).forEach(line -> lines.append("- " + line + "\n"));
            own.stream().filter(line -> !others.contains(line)).forEach(line -> lines.append("+ " + line + "\n"));
        }
        return lines.toString();
    }

    /** The numbers of the lines that a failure points at. */
    public Set<Integer> lines() {
        return Stream.of(failedLines().split(" "))
                .filter(word -> word.matches("\\d+"))
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
    }

    /** The marked lines of a failure, as one line of text. */
    private String failedLines() {
        return files.getOrDefault(ERROR, "").lines().findFirst().orElse("");
    }

    static Outcome read(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String name : List.of(ROOTFS, IMAGE, ERROR)) {
            if (Files.exists(folder.resolve(name))) {
                files.put(name, Files.readString(folder.resolve(name)));
            }
        }
        return new Outcome(files);
    }

    /** Writes the files into a folder, in place of what it held. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }
}
