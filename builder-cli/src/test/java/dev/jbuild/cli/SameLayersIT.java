package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One Dockerfile is built by root, by a user with subordinate ids and by a user with one id, by overlays and by copies. */
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

    /** How a build is started: words before the program, and flags after it. */
    private record Way(List<String> prefix, List<String> flags) {}

    private Path directory;
    private Path home;
    private final Map<String, String> digests = new TreeMap<>();

    @BeforeAll
    void buildInEachWay() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root, to become others");
        assumeTrue(Files.exists(Path.of("/usr/bin/newuidmap")), "needs newuidmap: apt install uidmap");
        assumeTrue(Files.exists(Path.of("/etc/subuid")), "needs /etc/subuid to exist: apt install uidmap");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: apt install busybox-static");
        directory = Files.createTempDirectory("jbuild-same-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = directory.resolve("jbuild");
        // Where the distribution lies, others than root may not come.
        sh("cp", "-r", Distribution.ofThisBuild(directory).home().toString(), home.toString());
        writeContext(Files.createDirectory(directory.resolve("context")));
        for (Map.Entry<String, Way> way : ways().entrySet()) {
            digests.put(way.getKey(), build(way.getKey(), way.getValue(), "context", ",rewrite-timestamp=true"));
        }
    }

    @AfterAll
    void removeAll() throws Exception {
        if (directory != null) {
            sh("rm", "-rf", "--one-file-system", directory.toString());
        }
    }

    private static void writeContext(Path context) throws IOException {
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
    }

    private Map<String, Way> ways() throws IOException {
        Path none = Files.writeString(directory.resolve("none"), "");
        Path some = Files.writeString(directory.resolve("some"), "nobody:200000:65536\n");
        List<String> copying = List.of("--step-root=copy");
        Map<String, Way> ways = new TreeMap<>();
        ways.put("root", new Way(List.of(), List.of("--step-root=overlay")));
        ways.put("root-copying", new Way(List.of(), copying));
        ways.put("root-in-overlay", new Way(inOverlay(), List.of()));
        ways.put("mapped", new Way(nobody(some), List.of("--step-root=overlay")));
        ways.put("mapped-copying", new Way(nobody(some), copying));
        ways.put("single", new Way(nobody(none), List.of("--step-root=overlay")));
        ways.put("single-copying", new Way(nobody(none), copying));
        return ways;
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

    /** Returns the digest of the image's manifest, which all its layers and its config go into. */
    private String build(String name, Way way, String context, String times) throws Exception {
        Path own = Files.createDirectories(directory.resolve(name));
        Path written = Files.createDirectory(directory.resolve(name + "-" + context));
        if (name.startsWith("mapped") || name.startsWith("single")) {
            giveToNobody(own);
            giveToNobody(written);
        }
        List<String> words = new ArrayList<>(way.prefix());
        words.addAll(List.of("env", "HOME=" + own, "JBUILD_ROOT=" + own.resolve("store")));
        words.addAll(List.of(
                "SOURCE_DATE_EPOCH=1700000000", home.resolve("bin/jbuild").toString()));
        words.addAll(List.of("--progress=plain", "--network=none"));
        words.addAll(way.flags());
        words.add("--output=type=oci,tar=false,dest=" + written.resolve("image") + times);
        words.add(directory.resolve(context).toString());
        sh(words.toArray(String[]::new));
        byte[] bytes = Files.readAllBytes(written.resolve("image/index.json"));
        JsonNode index = Json.parseObject(bytes, bytes.length, "index.json");
        return index.path("manifests").path(0).path("digest").asText();
    }

    private static void giveToNobody(Path place) throws IOException {
        Files.setAttribute(place, "unix:uid", Integer.valueOf(NOBODY), LinkOption.NOFOLLOW_LINKS);
    }

    private static String sh(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void theImageIsTheSameWhoeverBuildsItAndHow() {
        assertThat(digests.values()).as(digests.toString()).hasSize(7).containsOnly(digests.get("root"));
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

        String overlay = build("root", new Way(List.of(), List.of("--step-root=overlay")), "times", "");
        String copy = build("root-copying", new Way(List.of(), List.of("--step-root=copy")), "times", "");
        assertThat(copy).isEqualTo(overlay);
    }
}
