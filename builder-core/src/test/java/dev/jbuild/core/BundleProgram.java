package dev.jbuild.core;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A program that unpacks images into bundles, changes these, and packs them, as whoever runs it. It prints a line for each image packed;
 * {@link PackedByOthersTest} reads them.
 */
final class BundleProgram {
    private final Engine engine;
    private final Path images;
    private final Path folder;

    private BundleProgram(Engine engine, Path images, Path folder) {
        this.engine = engine;
        this.images = images;
        this.folder = folder;
    }

    /** @param arguments the folder of the pairs of images, one to work in, a shell script that edits the root directory it is in */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        try (Engine engine = Engine.open(Workplace.options(folder.resolve("store"), OutputStream.nullOutputStream()));
                var pairs = Files.list(Path.of(arguments[0]))) {
            for (Path pair : pairs.sorted().toList()) {
                BundleProgram program = new BundleProgram(engine, pair, folder);
                String seed = pair.getFileName().toString();
                program.print(seed + "-replaced", program.replaced(seed));
                program.print(seed + "-edited", program.edited(seed, arguments[2]));
            }
        }
    }

    /** A bundle of one image, whose root directory became the other image's. */
    private Path replaced(String seed) throws Exception {
        Path bundle = folder.resolve(seed + "-replaced");
        unpack("before", bundle, false);
        Path other = folder.resolve(seed + "-other");
        unpack("after", other, true);
        shell(bundle, "rm -rf rootfs && mv \"$0\" rootfs", other.toString());
        return bundle;
    }

    private Path edited(String seed, String script) throws Exception {
        Path bundle = folder.resolve(seed + "-edited");
        unpack("before", bundle, false);
        shell(bundle.resolve("rootfs"), script);
        return bundle;
    }

    private void unpack(String tag, Path to, boolean raw) throws BuildException {
        LayoutName name = new LayoutName(images.resolve("layout"), Optional.of(tag));
        engine.bundles().unpack(name, to, raw, Optional.empty(), BundleProgram::fail);
    }

    private void print(String tag, Path bundle) throws BuildException {
        LayoutName name = new LayoutName(folder.resolve("packed"), Optional.of(tag));
        Descriptor packed = engine.bundles().pack(bundle, name, Optional.of(Instant.EPOCH), false, BundleProgram::fail);
        System.out.println(tag + " " + packed.digest());
    }

    private static void fail(String note) {
        throw new IllegalStateException("not all of the tree can be held here: " + note);
    }

    private static void shell(Path directory, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euc");
        builder.command().addAll(List.of(words));
        int end = builder.directory(directory.toFile()).inheritIO().start().waitFor();
        if (end != 0) {
            throw new IOException("the shell ended with " + end + ": " + words[0]);
        }
    }
}
