package dev.jbuild.core;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.build.BuildTools;
import dev.jbuild.core.build.Failures;
import dev.jbuild.core.bundle.BundleOrigin;
import dev.jbuild.core.bundle.ImageExtension;
import dev.jbuild.core.image.Image;
import dev.jbuild.layer.LayerSource;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.image.ImageUnpacker;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.layer.tar.WrittenLayer;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.layer.tree.TreeDiff;
import dev.jbuild.layer.tree.TreeRemover;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.OpenFlag;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageConfig;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Images as folders to look into and to change: {@code rootfs} and, beside it, where it came from. Packing unpacks the image
 * once more and compares, so it needs no list of what was there and trusts none.
 */
public final class Bundles {
    private static final String ROOTFS = "rootfs";
    private static final String BEFORE = "before";

    private final BuildTools tools;

    Bundles(BuildTools tools) {
        this.tools = tools;
    }

    /**
     * Unpacks an image of a layout.
     *
     * @param folder appears whole or not at all; may exist when it is empty
     * @param raw makes the folder the root directory itself, of which {@link #pack} knows nothing
     * @param notes hears what of the image this user or file system cannot hold
     */
    public void unpack(LayoutName name, Path folder, boolean raw, Optional<Platform> platform, Consumer<String> notes)
            throws BuildException {
        requireNew(folder);
        try (OciLayout layout = OciLayout.open(name.folder(), tools.linux());
                WorkFolder work = workFolder(folder)) {
            Image image = select(name, layout, platform);
            Path root = unpack(name, image, layout, work.path().resolve(ROOTFS), notes);
            if (raw) {
                Files.move(root, folder, StandardCopyOption.ATOMIC_MOVE);
                return;
            }
            new BundleOrigin(name, image.descriptor()).writeTo(work.path());
            Files.move(work.path(), folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Packs what changed in a bundle since it was unpacked as one more layer, into a layout that is made when absent. When nothing
     * changed the image stays what it was and gets the tag.
     *
     * @param created stands in for the clock
     * @param refresh makes the next pack start from this image
     * @return the packed image's manifest
     */
    public Descriptor pack(
            Path folder, LayoutName to, Optional<Instant> created, boolean refresh, Consumer<String> notes)
            throws BuildException {
        try {
            BundleOrigin origin = BundleOrigin.read(folder);
            try (OciLayout source = OciLayout.open(origin.layout().folder(), tools.linux());
                    OciLayout target = OciLayout.create(to.folder(), tools.linux());
                    WorkFolder work = workFolder(folder.resolve(BEFORE))) {
                Image image =
                        tools.images().read(origin.layout().toString(), origin.manifest(), source, tools.machine());
                ImageExtension extension = new ImageExtension(tools.store().blobs(), source, target);
                Path before = unpack(origin.layout(), image, source, work.path().resolve(BEFORE), notes);
                Optional<WrittenLayer> layer = difference(before, folder.resolve(ROOTFS));
                String time = created.orElseGet(() -> tools.clock().instant())
                        .truncatedTo(ChronoUnit.MICROS)
                        .toString();
                Descriptor packed =
                        layer.isPresent() ? extension.extend(image, layer.get(), time) : extension.copy(image);
                target.tag(packed, to.tagOrLatest());
                if (refresh) {
                    new BundleOrigin(to, packed).writeTo(folder);
                }
                return packed;
            }
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    private Image select(LayoutName name, OciLayout layout, Optional<Platform> platform)
            throws IOException, BuildException {
        Descriptor top = name.select(layout.index())
                .orElseThrow(() -> new BuildException(
                        Kind.USAGE, "there is no image " + name + ", or several and none is tagged latest"));
        return tools.images().read(name.toString(), top, layout, platform.orElse(tools.machine()));
    }

    /** A refusal names the image too: a layer's digest tells people nothing. */
    private Path unpack(LayoutName name, Image image, OciLayout layout, Path root, Consumer<String> notes)
            throws IOException {
        Descriptor document = image.manifest().config();
        ImageConfig config = ImageConfig.parse(
                ImageExtension.read(document, layout, ImageConfig.MAX_BYTES), "config " + document.digest());
        ImageUnpacker unpacker = new ImageUnpacker(tools.linux(), layout, tools.limits(), notes);
        try {
            return unpacker.unpack(
                    image.manifest(),
                    config,
                    root.resolveSibling(""),
                    root.getFileName().toString());
        } catch (RefusedLayerException e) {
            throw e.of(name.toString());
        }
    }

    private Optional<WrittenLayer> difference(Path before, Path after) throws IOException {
        try (DirectoryTree old = DirectoryTree.open(tools.linux(), before);
                DirectoryTree now = DirectoryTree.open(tools.linux(), after)) {
            AtomicLong entries = new AtomicLong();
            TreeDiff difference = TreeDiff.sinceUnpacking(old, now);
            LayerSource counted = sink -> difference.writeTo((entry, content) -> {
                entries.incrementAndGet();
                sink.put(entry, content);
            });
            WrittenLayer layer = tools.blobWriter().write(counted, tools.store().blobs(), Compression.GZIP);
            return entries.get() == 0 ? Optional.empty() : Optional.of(layer);
        }
    }

    private static void requireNew(Path folder) throws BuildException {
        try {
            boolean isThere = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
            if (isThere && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new BuildException(Kind.USAGE, folder + " is no directory");
            }
            try (var files = isThere ? Files.list(folder) : Stream.<Path>empty()) {
                if (files.findAny().isPresent()) {
                    throw new BuildException(
                            Kind.USAGE, folder + " is not empty: an image unpacks into a new directory");
                }
            }
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** A private folder beside the one that is to be; removed at the end with what is left in it. */
    private WorkFolder workFolder(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        Path path = absolute.resolveSibling(".jbuild-" + ProcessHandle.current().pid() + "-" + absolute.getFileName());
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new WorkFolder(path);
    }

    private final class WorkFolder implements AutoCloseable {
        private final Path path;

        WorkFolder(Path path) {
            this.path = path;
        }

        Path path() {
            return path;
        }

        @Override
        public void close() throws IOException {
            try (Fd parent = tools.linux().open(path.resolveSibling("."), OpenFlag.PATH, OpenFlag.DIRECTORY)) {
                new TreeRemover(tools.linux())
                        .remove(parent, path.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
