package dev.jbuild.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.linux.Linux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hostile layers, images and races, and the round trips, are tried where the others are not run: by an ordinary user, and on a tmpfs. In a JVM
 * of their own, with few rounds and seeds.
 */
@Tag("root")
@Timeout(600)
class OtherUsersAndDisksTest {
    private static final String CHOSEN = ".*\\.(Hostile\\w*|RacingSwap|SwapAtTheWorstMoment|TarRoundTrip)Test";
    private static final Pattern SUMMARY = Pattern.compile("(\\d+) passed, 0 failed, (\\d+) skipped");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int NOBODY = 65_534;
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

    @TempDir
    Path folder;

    private final List<Path> places = new ArrayList<>();

    @BeforeEach
    void needRoot() {
        assumeTrue(Linux.system().effectiveUid() == 0, "needs root, to become nobody");
    }

    @AfterEach
    void removePlaces() throws Exception {
        for (Path place : places) {
            run(new ProcessBuilder("rm", "-rf", "--one-file-system", place.toString()));
        }
    }

    @Test
    void anOrdinaryUserPassesThem(TestReporter reporter) throws Exception {
        reporter.publishEntry(passAt(placeIn(folder), AS_NOBODY));
    }

    @Test
    void rootPassesThemOnATmpfs(TestReporter reporter) throws Exception {
        reporter.publishEntry(passAt(placeIn(tmpfs()), List.of()));
    }

    private static Path tmpfs() throws IOException {
        assumeTrue(
                Files.isDirectory(SHARED_MEMORY)
                        && Files.getFileStore(SHARED_MEMORY).type().equals("tmpfs"),
                "needs a tmpfs at " + SHARED_MEMORY);
        return SHARED_MEMORY;
    }

    private Path placeIn(Path parent) throws IOException {
        Path place = Files.createTempDirectory(parent, "jbuild-others-");
        places.add(place);
        return place;
    }

    /** Returns how many passed and how many were skipped. */
    private String passAt(Path place, List<String> user) throws Exception {
        if (!user.isEmpty()) {
            Files.setAttribute(place, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        }
        List<String> command = new ArrayList<>(user);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Djava.io.tmpdir=" + place,
                "-Djbuild.seeds=3",
                "-Djbuild.swap.rounds=100",
                "-cp",
                readableClassPath(),
                ChosenTests.class.getName(),
                CHOSEN));
        String output = run(new ProcessBuilder(command));
        Matcher summary = SUMMARY.matcher(output);
        assertThat(summary.find()).as(output).isTrue();
        // Somebody who moves the tests elsewhere is to see that they are gone from here.
        assertThat(Integer.parseInt(summary.group(1))).as(output).isGreaterThan(150);
        return summary.group();
    }

    private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** The class path of this JVM, copied to where others may read it: in a developer's home they may not. */
    private String readableClassPath() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path copies = Files.createDirectory(folder.resolve("classes"));
        String classPath = JavaProcess.copyOfClassPath(copies);
        run(new ProcessBuilder("chmod", "-R", "a+rX", copies.toString()));
        return classPath;
    }
}
