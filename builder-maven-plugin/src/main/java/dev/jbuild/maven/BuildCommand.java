package dev.jbuild.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the goal is asked for, as words of jbuild's command line. */
record BuildCommand(
        Path context,
        Path dockerfile,
        List<String> tags,
        Map<String, String> buildArgs,
        @Nullable String target,
        boolean push,
        @Nullable File root) {
    static final String IMAGE_ID = "image.id";
    static final String METADATA = "image.json";

    /** @param results the directory that the id and the digests are written to */
    List<String> words(Path results) {
        List<String> words = new ArrayList<>(List.of("build", "--progress=rawjson"));
        words.addAll(List.of("--file", dockerfile.toString()));
        words.addAll(List.of("--iidfile", results.resolve(IMAGE_ID).toString()));
        words.addAll(List.of("--metadata-file", results.resolve(METADATA).toString()));
        tags.forEach(tag -> words.addAll(List.of("--tag", tag)));
        buildArgs.forEach(
                (name, value) -> words.addAll(List.of("--build-arg", name + "=" + (value == null ? "" : value))));
        if (target != null) {
            words.addAll(List.of("--target", target));
        }
        if (push) {
            words.add("--push");
        }
        if (root != null) {
            words.addAll(List.of("--root", root.toString()));
        }
        words.addAll(List.of("--", context.toString()));
        return words;
    }
}
