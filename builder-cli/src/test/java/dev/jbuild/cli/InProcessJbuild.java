package dev.jbuild.cli;

import dev.jbuild.cli.golden.BuiltImage;
import dev.jbuild.cli.golden.ImageArchive;
import dev.jbuild.cli.golden.Outcome;
import dev.jbuild.cli.golden.Workplace;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.ImageValidator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Builds, and does all else, as the command line does, in this JVM.
 *
 * @param store shared by all builds
 */
record InProcessJbuild(Path store) {
    /** What jbuild makes of the Dockerfile in a folder; an image's every claim is checked. */
    Outcome build(Path folder, List<String> flags, BuiltImage base) throws IOException {
        Path archive = folder.resolve("image.tar");
        List<String> words = new ArrayList<>(flags);
        words.add("--output=type=oci,dest=" + archive);
        Ended ended = run(folder, words);
        return ended.code() == ExitCode.OK ? Outcome.built(read(archive), base) : Outcome.failed(ended.err());
    }

    /** Builds the base image, under its name. */
    BuiltImage buildBase(Path folder) throws IOException {
        Path archive = folder.resolve("image.tar");
        Ended ended = run(folder, List.of("-t", Workplace.BASE, "--output=type=oci,dest=" + archive));
        if (ended.code() != ExitCode.OK) {
            throw new IOException("jbuild cannot build the base image: " + ended.err());
        }
        return read(archive);
    }

    private static BuiltImage read(Path archive) throws IOException {
        try (InputStream in = Files.newInputStream(archive)) {
            ImageArchive image = ImageArchive.read(in);
            new ImageValidator(LayerLimits.defaults()).requireValid(image, image.manifest());
            return image.image();
        }
    }

    /** How a command ended, and what it printed. */
    record Ended(ExitCode code, String out, String err) {}

    private Ended run(Path folder, List<String> flags) {
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain", "--no-cache", "-f", "Dockerfile"));
        words.addAll(flags);
        words.add("context");
        return command(folder, words.toArray(String[]::new));
    }

    /** Runs any command in a folder. */
    Ended command(Path folder, String... words) {
        return command(folder, InputStream.nullInputStream(), words);
    }

    /** The same with something on standard input. */
    Ended command(Path folder, InputStream in, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                Map.of("JBUILD_ROOT", store.toString(), "HOME", store.toString()),
                folder,
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        ExitCode code = new Jbuild(surroundings).run(words);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
