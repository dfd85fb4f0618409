package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tar.TarLayerWriter;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * One Dockerfile is built by root, by a user with subordinate ids and by a user with one id, by overlays and by copies, on two file systems, and
 * each time in other circumstances.
 */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SameLayersIT {
    private static final String NOBODY = "65534";

    private static final String DOCKERFILE = """
            FROM scratch AS base
            COPY busybox /bin/busybox
            COPY etc /etc/
            SHELL ["/bin/busybox", "sh", "-c"]
            RUN busybox --install -s /bin && mkdir -m 1777 /tmp && mkdir -p /srv/a /home/app && echo x > /srv/a/f && ln -s f /srv/a/l
            FROM base
            RUN chown -hR app:app /srv/a /home/app && chmod 4755 /srv/a/f && mkfifo /srv/p && chown 5:6 /srv/p
            COPY --chown=app:app d /srv/d
            RUN echo y >> /srv/d/one && rm /srv/a/f && ln /srv/d/one /srv/d/hard && chgrp 50 /srv/d && chmod 2775 /srv/d && mkdir /srv/d/new
            COPY tools /
            COPY names /srv/names/
            ADD held.tar /srv/held/
            RUN cp /bin/busybox /srv/able && chown 0:50 /srv/able && setcap cap_net_raw+ep /srv/able && ln /srv/able /srv/again && \\
                setfattr -n user.mark -v x /srv/d && busybox touch -d '2001-02-03 04:05:06' /srv/dated && umask > /srv/umask && env > /srv/env && \\
                truncate -s 3000000 /srv/sparse && cd /srv/names && for name in *; do echo x > "new-$name"; done
            RUN mv /srv/able /srv/moved-able && chmod g-r /srv/held/alone && echo end >> /srv/sparse && mkfifo /srv/d/new/p
            RUN mv /srv/d/hard /srv/moved && rm -r /srv/a && mkdir /srv/a && touch -d @1 /srv/a && chown 7:8 /srv/a
            RUN --mount=type=bind,from=base,source=/srv,target=/mnt/srv,rw --mount=type=tmpfs,target=/t --mount=type=bind,target=/ctx \\
                echo x > /mnt/srv/new && cp -a /mnt/srv/a /copied && cat /ctx/etc/passwd > /t/x && cp /t/x /read
            WORKDIR /made/deep
            USER app
            RUN id > ~/id && mkdir ~/d && ln -s d ~/l && umask 077 && echo z > ~/d/z && cat ~/d/z
            """;

    /** All times are the context's or set, but for those that the box might change: of /etc and /srv. */
    private static final String TIMES = """
            FROM scratch
            COPY tree /
            RUN ["/bin/busybox", "sh", "-c", "echo x >> /etc/passwd && busybox touch -d @1 /etc/passwd"]
            RUN --mount=type=tmpfs,target=/srv/at/deep \\
                ["/bin/busybox", "sh", "-c", "echo x >> /srv/one && busybox touch -d @1 /srv/one"]
            """;

    private static final String OVERLAY = "--step-root=overlay";
    private static final String COPY = "--step-root=copy";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** A VFS_CAP_REVISION_2 with cap_net_raw, permitted and effective. */
    private static final byte[] CAPABILITY = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /**
     * How a build is started.
     *
     * @param disk the folder in which its context, store and result lie
     * @param prefix words before the program
     * @param flags words after it
     */
    private record Way(String name, Path disk, List<String> prefix, List<String> flags) {
        Path own() {
            return disk.resolve(name);
        }
    }

    private Path directory;

    /** On a tmpfs, which lists directories in another order, where there is one. */
    private Path elsewhere;

    private Path home;
    private final Map<String, Path> images = new TreeMap<>();

    @BeforeAll
    void buildInEachWay() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root, to become others");
        assumeTrue(Files.exists(Path.of("/usr/bin/newuidmap")), "needs newuidmap: apt install uidmap");
        assumeTrue(Files.exists(Path.of("/etc/subuid")), "needs /etc/subuid to exist: apt install uidmap");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: apt install busybox-static");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/setcap")), "needs setcap: apt install libcap2-bin");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setfattr")), "needs setfattr: apt install attr");
        directory = Files.createTempDirectory("jbuild-same-");
        elsewhere =
                holdsAttributes(SHARED_MEMORY) ? Files.createTempDirectory(SHARED_MEMORY, "jbuild-same-") : directory;
        for (Path disk : List.of(directory, elsewhere)) {
            Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        home = directory.resolve("jbuild");
        // Where the distribution lies, others than root may not come.
        sh("cp", "-r", Distribution.ofThisBuild(directory).home().toString(), home.toString());
        writeContext(Files.createDirectory(directory.resolve("context")));
        List<Circumstances> circumstances = Circumstances.covering();
        for (Way way : ways()) {
            images.put(
                    way.name(),
                    build(
                            way,
                            circumstances.get(images.size() % circumstances.size()),
                            "context",
                            ",rewrite-timestamp=true"));
        }
    }

    @AfterAll
    void removeAll() throws Exception {
        for (Path disk :
                Stream.of(directory, elsewhere).filter(Objects::nonNull).toList()) {
            sh("rm", "-rf", "--one-file-system", disk.toString());
        }
    }

    private static boolean holdsAttributes(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        Path file = Files.createTempFile(folder, "jbuild-same-", "");
        try {
            Files.setAttribute(file, "user:mark", StandardCharsets.UTF_8.encode("x"));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            // That it cannot be set is what was asked.
            return false;
        } finally {
            Files.delete(file);
        }
    }

    private static void writeContext(Path context) throws Exception {
        Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
        Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
        Path etc = Files.createDirectory(context.resolve("etc"));
        Files.writeString(
                etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\napp:x:1001:\nmore:x:50:app\n");
        Path files = Files.createDirectory(context.resolve("d"));
        Files.writeString(files.resolve("one"), "1");
        Files.setAttribute(files.resolve("one"), "user:kept", StandardCharsets.UTF_8.encode("value"));
        Files.createSymbolicLink(files.resolve("link"), Path.of("one"));
        // Names that locales sort and spell each in its own way (two of them Turkish), and one that is no text.
        String names = "B a I i ISTANBUL e z '\\303\\251' '\\304\\260' '\\304\\261' 'x\\377'";
        sh("sh", "-ec", "mkdir $0; cd $0; for n in " + names + "; do touch $(printf $n); done", context + "/names");
        // The two programs with their libraries, where they lie on this machine.
        sh(
                "sh",
                "-ec",
                "mkdir \"$0\"; for program; do ldd $program | grep -o '/[^ ]*' | xargs cp -L --parents -t \"$0\" $program; done",
                context + "/tools",
                "/usr/sbin/setcap",
                "/usr/bin/setfattr");
        writeArchive(context.resolve("held.tar"));
    }

    private static void writeArchive(Path archive) throws IOException {
        SortedMap<String, Bytes> attributes = new TreeMap<>();
        attributes.put("security.capability", Bytes.of(CAPABILITY));
        attributes.put("user.mark", Bytes.of("x"));
        try (OutputStream out = Files.newOutputStream(archive)) {
            TarLayerWriter writer = new TarLayerWriter(out);
            for (LayerEntry entry : List.of(
                    LayerEntry.file(EntryPath.of("able"), 0755, 0)
                            .withOwner(3, 50)
                            .withXattrs(attributes),
                    LayerEntry.file(EntryPath.of("alone"), 0755, 0).withXattrs(attributes),
                    LayerEntry.directory(EntryPath.of("shared"), 02770).withOwner(0, 50),
                    LayerEntry.of(EntryPath.of("shared/fifo"), LayerEntry.Type.FIFO, 0620)
                            .withOwner(4, 5),
                    LayerEntry.hardLink(EntryPath.of("shared/again"), EntryPath.of("able")))) {
                writer.put(entry, InputStream.nullInputStream());
            }
            writer.finish();
        }
    }

    private List<Way> ways() throws IOException {
        List<String> some = nobody(Files.writeString(directory.resolve("some"), "nobody:200000:65536\n"));
        List<String> none = nobody(Files.writeString(directory.resolve("none"), ""));
        return List.of(
                new Way("root", directory, List.of(), List.of(OVERLAY)),
                new Way("root-copying", directory, List.of(), List.of(COPY)),
                new Way("root-in-overlay", directory, inOverlay(), List.of()),
                new Way("root-elsewhere", elsewhere, List.of(), List.of()),
                new Way("mapped", directory, some, List.of(OVERLAY)),
                new Way("mapped-copying", directory, some, List.of(COPY)),
                new Way("mapped-elsewhere", elsewhere, some, List.of()),
                new Way("single", directory, none, List.of(OVERLAY)),
                new Way("single-copying", directory, none, List.of(COPY)),
                new Way("single-elsewhere", elsewhere, none, List.of()));
    }

    private static List<String> nobody(Path subordinate) {
        String become = "mount --bind \"$0\" /etc/subuid && mount --bind \"$0\" /etc/subgid && "
                + "exec setpriv --reuid " + NOBODY + " --regid " + NOBODY + " --clear-groups \"$@\"";
        return List.of("unshare", "-m", "sh", "-c", become, subordinate.toString());
    }

    /** As in a container: the store lies on an overlay, which cannot be the upper directory of another. */
    private List<String> inOverlay() throws IOException {
        Path place = Files.createDirectory(directory.resolve("root-in-overlay"));
        Path parts = Files.createDirectory(directory.resolve("parts"));
        for (String part : List.of("lower", "upper", "work")) {
            Files.createDirectory(parts.resolve(part));
        }
        String mount = "cd \"$0\" && mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work " + place
                + " && exec \"$@\"";
        return List.of("unshare", "-m", "sh", "-c", mount, parts.toString());
    }

    /** Returns the layout that was written. */
    private Path build(Way way, Circumstances circumstances, String context, String times) throws Exception {
        Files.createDirectories(way.own());
        Path written = Files.createDirectory(way.disk().resolve(way.name() + "-" + context));
        if (!way.name().startsWith("root")) {
            giveToNobody(way.own());
            giveToNobody(written);
        }
        if (Files.notExists(way.disk().resolve(context))) {
            sh("cp", "-a", directory.resolve(context).toString(), way.disk().toString());
        }
        List<String> words = new ArrayList<>(way.prefix());
        words.addAll(circumstances.prefix());
        words.addAll(List.of("HOME=" + way.own(), "JBUILD_ROOT=" + way.own().resolve("store")));
        words.addAll(List.of(
                "SOURCE_DATE_EPOCH=1700000000", home.resolve("bin/jbuild").toString()));
        words.addAll(List.of("--progress=plain", "--network=none"));
        words.addAll(way.flags());
        words.add("--output=type=oci,tar=false,dest=" + written.resolve("image") + times);
        words.add(way.disk().resolve(context).toString());
        sh(words.toArray(String[]::new));
        return written.resolve("image");
    }

    /** The manifest's digest, which all layers and the config go into. */
    private static String digest(Path layout) throws IOException {
        JsonNode index = json(layout.resolve("index.json"));
        return index.path("manifests").path(0).path("digest").asText();
    }

    private static List<String> layers(Path layout) throws IOException {
        JsonNode manifest = json(layout.resolve("blobs").resolve(digest(layout).replace(':', '/')));
        return manifest.path("layers").findValuesAsText("digest");
    }

    private static JsonNode json(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Json.parseObject(bytes, bytes.length, file.toString());
    }

    private static void giveToNobody(Path place) throws IOException {
        Files.setAttribute(place, "unix:uid", Integer.valueOf(NOBODY), LinkOption.NOFOLLOW_LINKS);
    }

    private static String sh(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void theImageIsTheSameWhoeverBuildsItAndHow() throws Exception {
        List<String> expected = layers(image("root"));
        for (Map.Entry<String, Path> image : images.entrySet()) {
            assertThat(layers(image.getValue())).as(image.getKey()).isEqualTo(expected);
            assertThat(digest(image.getValue())).as(image.getKey()).isEqualTo(digest(image("root")));
        }
        assertThat(images).hasSize(10);
    }

    /** What is the same everywhere is not what everybody lost. */
    @Test
    void theImageHasAllThatTheStepsMade() throws Exception {
        Path root = directory.resolve("unpacked");
        sh(home.resolve("bin/jbuild").toString(), "image", "unpack", "--raw", "oci:" + image("root"), root.toString());

        Path srv = root.resolve("srv");
        for (String able : List.of("moved-able", "again", "held/able", "held/alone")) {
            assertThat(attribute("security.capability", srv.resolve(able)))
                    .isEqualTo(HexFormat.of().formatHex(CAPABILITY));
        }
        for (String marked : List.of("d", "held/able", "held/alone")) {
            assertThat(attribute("user.mark", srv.resolve(marked))).isEqualTo("78");
        }
        assertThat(stat(srv, "%i", "held/able")).isEqualTo(stat(srv, "%i", "held/shared/again"));
        assertThat(stat(srv, "%a %u:%g %F", "d", "d/new", "d/new/p", "held/shared", "held/shared/fifo"))
                .containsExactly(
                        "2775 1000:50 directory",
                        "2755 0:50 directory",
                        "644 0:50 fifo",
                        "2770 0:50 directory",
                        "620 4:5 fifo");
        assertThat(stat(srv, "%Y", "dated")).containsExactly("981173106");
        assertThat(srv.resolve("umask")).hasContent("0022");
        assertThat(Files.readAllLines(srv.resolve("env")))
                .isNotEmpty()
                .noneMatch(line -> line.matches("(TZ|LC_ALL|LANG)=.*"));
        assertThat(srv.resolve("sparse")).hasSize(3_000_004);
        assertThat(sh("sh", "-c", "ls \"$0\" | wc -l", srv.resolve("names").toString()))
                .isEqualTo("22\n");
    }

    private Path image(String way) {
        return Objects.requireNonNull(images.get(way), way);
    }

    /** In hex. */
    private static String attribute(String name, Path file) throws Exception {
        String told = sh("getfattr", "--only-values", "--absolute-names", "-n", name, file.toString());
        return HexFormat.of().formatHex(told.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> stat(Path folder, String format, String... names) throws Exception {
        List<String> words = new ArrayList<>(List.of("env", "LC_ALL=C", "stat", "-c", format));
        Stream.of(names).map(name -> folder.resolve(name).toString()).forEach(words::add);
        return sh(words.toArray(String[]::new)).lines().toList();
    }

    @Test
    void withoutRewritingTheTimesOfTheBaseStayWhateverTheRoot() throws Exception {
        Path context = Files.createDirectory(directory.resolve("times"));
        Files.writeString(context.resolve("Dockerfile"), TIMES);
        for (String parent : List.of("bin", "etc", "srv")) {
            Files.createDirectories(context.resolve("tree").resolve(parent));
        }
        Files.copy(Path.of("/bin/busybox"), context.resolve("tree/bin/busybox"));
        Files.writeString(context.resolve("tree/etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(context.resolve("tree/srv/one"), "1");

        List<Circumstances> circumstances = Circumstances.covering();
        Path overlay =
                build(new Way("root", directory, List.of(), List.of(OVERLAY)), circumstances.getFirst(), "times", "");
        Path copy = build(
                new Way("root-copying", directory, List.of(), List.of(COPY)), circumstances.getLast(), "times", "");
        assertThat(digest(copy)).isEqualTo(digest(overlay));
    }
}
