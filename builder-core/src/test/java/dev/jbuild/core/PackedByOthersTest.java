package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.image.ImageValidator;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.layer.tree.ImageOfTrees;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.runtime.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bundles of generated images are unpacked, changed and packed by root, by a user with subordinate ids and by one with a single id, whose
 * files' owners are recorded, on this disk and on a tmpfs: the images are the same, and umoci finds in them what we do.
 */
@Tag("root")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackedByOthersTest {
    /** {@code -Djbuild.seeds=100} tries more. */
    private static final long SEEDS = Long.getLong("jbuild.seeds", 2);

    private static final int NOBODY = 65_534;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    // Subordinate ids are the machine's, so their files are covered in a mount namespace of the test.
    private static final String BECOME_NOBODY = "mount --bind \"$0\" /etc/subuid && mount --bind \"$0\" /etc/subgid && "
            + "exec setpriv --reuid=" + NOBODY + " --regid=" + NOBODY + " --clear-groups \"$@\"";

    /**
     * Changes every fifth of the entries of a kind in each way, whatever their names. New times are set, since the clock's are nobody else's.
     * Links are removed and made, not moved: without the recorder of a step, the single id's owner of a link is its directory's to know. Setuid
     * files are not written to: they lose the bit unless the writer is root outside user namespaces (setattr_should_drop_suidgid of the kernel).
     */
    private static final String EDIT = """
            export LC_ALL=C
            each() { find . -mindepth 1 -type $2 -print0 | sort -z | sed -zn "$1~5p" | xargs -0r "${@:3}"; }
            each 1 f chmod 0751
            each 2 f sh -ec 'for f; do [ -u "$f" ] || [ -g "$f" ] || echo more >>"$f"; done' -
            each 3 f rm
            each 1 l rm
            each 1 p rm
            each 1 d chmod 2771
            each 2 d setfattr -n user.edited -v value
            mkdir -p new/deep && chmod 1777 new && mkfifo -m 620 new/fifo && ln -s nowhere new/link && truncate -s 400000 new/hole && echo x >>new/hole
            each 3 f sh -ec 'for f; do ln "$f" new/"$(printf %s "$f" | cksum | tr " " -)"; done' -
            find . -mindepth 1 -maxdepth 1 -type d ! -name new -print0 | sort -z | sed -zn 1p | xargs -0r mv -t new/deep
            find . -newer ../jbuild.json -print0 | xargs -0r touch -h -d @1500000000
            """;

    private final List<Path> places = new ArrayList<>();
    private Path folder;
    private String classPath;
    private Path packedByRoot;
    private String linesOfRoot;

    @BeforeAll
    void packAsRoot() throws Exception {
        assumeTrue(Linux.system().effectiveUid() == 0, "needs root, to become others");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setfattr")), "needs setfattr: apt install attr");
        folder = placeIn(Path.of(System.getProperty("java.io.tmpdir")));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (long seed : seeds().toArray()) {
            ImageOfTrees.pair(seed, Files.createDirectories(folder.resolve("images/" + seed)));
        }
        classPath = JavaProcess.copyOfClassPath(Files.createDirectory(folder.resolve("classes")));
        Launcher.extract(folder);
        // For all to read: in a developer's home they may not.
        run(List.of("chmod", "-R", "a+rX", folder.toString()));
        Path place = placeIn(folder);
        linesOfRoot = pack(place, List.of());
        packedByRoot = place.resolve("packed");
        assertThat(linesOfRoot.lines()).hasSize((int) (2 * SEEDS));
    }

    @AfterAll
    void removePlaces() throws Exception {
        for (Path place : places) {
            run(List.of("rm", "-rf", "--one-file-system", place.toString()));
        }
    }

    LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody:200000:65536\n", ""})
    void anOrdinaryUserPacksTheSame(String subordinateIds) throws Exception {
        assertThat(pack(placeIn(folder), nobody(subordinateIds))).isEqualTo(linesOfRoot);
    }

    @Test
    void rootPacksTheSameOnATmpfs() throws Exception {
        assertThat(pack(placeIn(tmpfs()), List.of())).isEqualTo(linesOfRoot);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody:200000:65536\n", ""})
    void anOrdinaryUserPacksTheSameOnATmpfs(String subordinateIds) throws Exception {
        assertThat(pack(placeIn(tmpfs()), nobody(subordinateIds))).isEqualTo(linesOfRoot);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasPackedIsWhatTheBundleBecame(long seed) throws Exception {
        assertThat(listing(packedByRoot, seed + "-replaced"))
                .isEqualTo(listing(folder.resolve("images/" + seed + "/layout"), "after"))
                .isNotEqualTo(listing(folder.resolve("images/" + seed + "/layout"), "before"));
        assertThat(listing(packedByRoot, seed + "-edited"))
                .anyMatch(line -> line.startsWith("new/hole FILE 644 0:0 1500000000.0 400002 "))
                .anyMatch(line -> line.contains("user.edited=value"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Tag("peer")
    void umociUnpacksWhatWasPacked(long seed) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/umoci")), "needs umoci: apt install umoci");
        for (String tag : List.of(seed + "-replaced", seed + "-edited")) {
            Path theirs = folder.resolve("umoci-" + tag);
            run(List.of("umoci", "raw", "unpack", "--image", packedByRoot + ":" + tag, theirs.toString()));
            assertThat(ImageOfTrees.listing(theirs)).isEqualTo(listing(packedByRoot, tag));
        }
    }

    private List<String> listing(Path layout, String tag) throws IOException {
        try (OciLayout open = OciLayout.open(layout, Linux.system())) {
            LayoutName name = new LayoutName(layout, Optional.of(tag));
            Descriptor image = name.select(open.index()).orElseThrow();
            assertThat(new ImageValidator(LayerLimits.defaults()).problems(open, image))
                    .isEmpty();
            return ImageOfTrees.listing(open, image, folder);
        }
    }

    /** The words that make who runs them nobody. */
    private List<String> nobody(String subordinateIds) throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/bin/newuidmap")), "needs newuidmap: apt install uidmap");
        assumeTrue(Files.exists(Path.of("/etc/subuid")), "needs /etc/subuid to exist: apt install uidmap");
        Path file = Files.writeString(Files.createTempFile(folder, "subordinate", ""), subordinateIds);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setAttribute(places.getLast(), "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        return List.of("unshare", "-m", "sh", "-c", BECOME_NOBODY, file.toString());
    }

    /** Returns the digest of each image packed. */
    private String pack(Path place, List<String> user) throws Exception {
        List<String> prefix = new ArrayList<>(user);
        prefix.addAll(List.of(folder.resolve(Launcher.NAME).toString(), "enter", "--"));
        List<String> options = List.of("-Xmx512m", "-Djava.io.tmpdir=" + place);
        String images = folder.resolve("images").toString();
        return run(JavaProcess.of(prefix, options, classPath, BundleProgram.class, images, place.toString(), EDIT)
                .command());
    }

    private Path placeIn(Path parent) throws IOException {
        Path place = Files.createTempDirectory(parent, "jbuild-packed-");
        places.add(place);
        return place;
    }

    private static Path tmpfs() throws IOException {
        assumeTrue(
                Files.isDirectory(SHARED_MEMORY)
                        && Files.getFileStore(SHARED_MEMORY).type().equals("tmpfs"),
                "needs a tmpfs at " + SHARED_MEMORY);
        Path file = Files.createTempFile(SHARED_MEMORY, "jbuild-packed-", "");
        try {
            Files.setAttribute(file, "user:mark", StandardCharsets.UTF_8.encode("x"));
        } catch (IOException e) {
            assumeTrue(false, "needs a tmpfs that holds user attributes, of Linux 6.6: " + e.getMessage());
        } finally {
            Files.delete(file);
        }
        return SHARED_MEMORY;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
