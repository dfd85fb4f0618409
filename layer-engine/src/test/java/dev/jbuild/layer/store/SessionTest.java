package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.layer.JavaProcess;
import dev.jbuild.layer.tree.ShuffledListings;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = folder.resolve("store");
    }

    @Test
    void closedStoreLeavesNoSession() throws Exception {
        try (Store store = Store.open(root, Linux.system())) {
            assertThat(sessions()).hasSize(1);
            store.trees().prepare();
        }

        assertThat(sessions()).isEmpty();
    }

    @Test
    void livingSessionsAreLeftAlone() throws Exception {
        try (Store living = Store.open(root, Linux.system())) {
            PreparedTree tree = living.trees().prepare();
            Store.open(root, Linux.system()).close();

            assertThat(tree.fs()).exists();
        }
    }

    @Test
    void whoeverIsKilledWhileASessionIsRemovedLeavesNothingForGood() throws Exception {
        Store.open(root, Linux.system()).close();
        Path dead = Files.createDirectories(root.resolve("sessions/0-1-2-3/.removing-0/deep"));
        Files.writeString(dead.resolve("file"), "x");

        Store.open(root, Linux.system()).close();

        assertThat(sessions()).isEmpty();
    }

    @Test
    void remnantsOfDeadProcessesAreSwept() throws Exception {
        Store.open(root, Linux.system()).close();
        Path dead = Files.createDirectories(root.resolve("sessions/0-1-2-3/1/fs/deep"));
        Files.writeString(dead.resolve("file"), "x");
        Files.createFile(root.resolve("sessions/0-1-2-3/lease"));
        Files.createDirectory(root.resolve("sessions/4-5-6-7"));

        Store.open(root, Linux.system()).close();

        assertThat(sessions()).isEmpty();
    }

    /** Who is killed meanwhile leaves what the next sweep knows for a dead session. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theLeaseOfADeadSessionGoesLast(long order) throws Exception {
        Store.open(root, Linux.system()).close();
        Path dead = root.resolve("sessions/0-1-2-3");
        Files.createDirectories(dead.resolve("fs"));
        Files.createFile(dead.resolve("lease"));
        Files.createFile(dead.resolve("a"));
        Files.createFile(dead.resolve("z"));

        List<Path> leftWithIt = new ArrayList<>();
        Linux kernel = beforeUnlinking("lease", ShuffledListings.of(order), () -> {
            // The opening session has a lease of its own, which goes when that of the dead one is gone.
            try (Stream<Path> files = Files.exists(dead) ? Files.list(dead) : Stream.of()) {
                leftWithIt.addAll(files.toList());
            }
        });
        Store.open(root, kernel).close();

        assertThat(leftWithIt)
                .contains(dead.resolve("lease"))
                .doesNotContain(dead.resolve("a"), dead.resolve("z"), dead.resolve("fs"));
        assertThat(sessions()).isEmpty();
    }

    private static Linux beforeUnlinking(String name, Linux linux, Executable act) {
        InvocationHandler handler = (_, method, arguments) -> {
            if (method.getName().equals("unlinkAt")
                    && new String((byte[]) arguments[1], StandardCharsets.UTF_8).equals(name)) {
                act.execute();
            }
            try {
                Object result = method.invoke(linux, arguments);
                return method.getName().equals("withoutRecords") ? beforeUnlinking(name, (Linux) result, act) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Linux) Proxy.newProxyInstance(Linux.class.getClassLoader(), new Class<?>[] {Linux.class}, handler);
    }

    /** Its target looks like a dead session, whose files every start removes. */
    @ParameterizedTest
    @EnumSource(Planted.class)
    @Timeout(20)
    void aStrangerAmongTheSessionsIsNotEntered(Planted planted) throws Exception {
        Store.open(root, Linux.system()).close();
        Path session = Files.createDirectory(root.resolve("sessions/0-1-2-3"));
        Files.createFile(session.resolve("lease"));
        Files.writeString(session.resolve("file"), "precious");
        planted.insteadOf(session, folder.resolve("elsewhere"));

        try (Store store = Store.open(root, Linux.system())) {
            store.prune(PrunePolicy.all());
            assertThat(store.usage().items()).isEmpty();
        }

        assertThat(sessions()).containsExactly(session);
        assertThat(planted == Planted.FOREIGN_OWNER ? session : folder.resolve("elsewhere"))
                .isDirectoryContaining("glob:**/lease")
                .isDirectoryContaining("glob:**/file");
        assertThatTheCheckTakesItAway(session);
        if (planted != Planted.FOREIGN_OWNER) {
            assertThat(folder.resolve("elsewhere/file")).hasContent("precious");
        }
    }

    @ParameterizedTest
    @EnumSource(Planted.class)
    @Timeout(20)
    void aSessionWhoseLeaseIsNoneIsLeftAlone(Planted planted) throws Exception {
        Store.open(root, Linux.system()).close();
        Path session = Files.createDirectory(root.resolve("sessions/0-1-2-3"));
        Path lease = Files.createFile(session.resolve("lease"));
        planted.insteadOf(lease, folder.resolve("elsewhere"));

        try (Store store = Store.open(root, Linux.system())) {
            store.prune(PrunePolicy.all());
        }

        assertThat(sessions()).containsExactly(session);
        assertThatTheCheckTakesItAway(session);
    }

    private void assertThatTheCheckTakesItAway(Path session) throws IOException {
        try (Store store = Store.open(root, Linux.system())) {
            assertThat(store.check().problems()).singleElement().asString().contains(session.toString(), "refused");
        }
        assertThat(sessions()).isEmpty();
    }

    @Test
    void namesTellBootProcessAndStart() throws Exception {
        try (Store store = Store.open(root, Linux.system())) {
            String bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));

            assertThat(sessions().getFirst().getFileName().toString())
                    .startsWith(bootId.substring(0, 8) + "-"
                            + ProcessHandle.current().pid() + "-");
            assertThat(store.root()).isEqualTo(root);
        }
    }

    /** What a kill at any moment leaves is a store in which everything that can be read is whole. */
    @Test
    @Timeout(120)
    void killAtAnyMomentLeavesAValidStore() throws Exception {
        for (int millis : new int[] {1, 30, 100, 250}) {
            Process process = busyProcess(List.of());
            assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();
            process.destroyForcibly().waitFor();

            try (Store store = Store.open(root, Linux.system())) {
                assertThat(sessions()).hasSize(1);
                for (ImageNames.NamedImage image : store.images().list()) {
                    assertThat(store.blobs().read(image.image(), 100_000)).isNotEmpty();
                }
                try (Stream<Path> blobs = Files.list(root.resolve("blobs/sha256"))) {
                    for (Path blob : (Iterable<Path>) blobs::iterator) {
                        assertThat(Descriptor.of("x", Files.readAllBytes(blob))
                                        .digest()
                                        .hex())
                                .isEqualTo(blob.getFileName().toString());
                    }
                }
                try (Stream<Path> trees = Files.list(root.resolve("trees"))) {
                    assertThat(trees).allMatch(tree -> Files.exists(tree.resolve("fs/file")));
                }
            }
        }
    }

    /** Root passes over modes, so only one without capabilities shows that what was made can be opened again. */
    @Test
    @Timeout(120)
    void aStoreOfAUserWithoutPrivilegeOutlivesAKillToo() throws Exception {
        assumeThat(Linux.system().effectiveUid())
                .as("needs root to drop its capabilities")
                .isZero();
        for (int i = 0; i < 2; i++) {
            Process process = busyProcess(JavaProcess.WITHOUT_PRIVILEGE);
            process.destroyForcibly().waitFor();
        }
        // Each start sweeps what the one before left.
        assertThat(sessions()).hasSize(1);
    }

    @Test
    @Timeout(60)
    void processesThatRaceForTheSameNamesLeaveThemWhole() throws Exception {
        Process one = busyProcess(List.of());
        Process other = busyProcess(List.of());
        assertThat(one.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(other.isAlive()).isTrue();
        one.destroyForcibly().waitFor();
        other.destroyForcibly().waitFor();

        try (Store store = Store.open(root, Linux.system())) {
            List<ImageNames.NamedImage> images = store.images().list();
            assertThat(images)
                    .isNotEmpty()
                    .extracting(ImageNames.NamedImage::name)
                    .doesNotHaveDuplicates();
            for (ImageNames.NamedImage image : images) {
                assertThat(store.blobs().read(image.image(), 100_000)).isNotEmpty();
            }
        }
    }

    @Test
    @Timeout(60)
    void leaseOfAnotherProcessHoldsUntilItDies() throws Exception {
        Process process = busyProcess(List.of());
        try (Store store = Store.open(root, Linux.system())) {
            assertThat(sessions()).hasSize(2);
            List<ImageNames.NamedImage> images = store.images().list();
            for (ImageNames.NamedImage image : images) {
                store.images().remove(image.name());
            }
            store.prune(PrunePolicy.all());
            assertThat(store.blobs().has(images.getFirst().image())).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (Store store = Store.open(root, Linux.system())) {
            assertThat(sessions()).hasSize(1);
            assertThat(store.prune(PrunePolicy.all()).blobs()).isPositive();
        }
    }

    @Test
    @Timeout(30)
    void lockIsHeldByOneAtATime() throws Exception {
        try (Store one = Store.open(root, Linux.system());
                Store other = Store.open(root, Linux.system())) {
            CountDownLatch waiting = new CountDownLatch(1);
            AtomicReference<String> order = new AtomicReference<>("");
            Thread second;
            try (StoreLock _ = one.lock("../any name\n")) {
                second = Thread.ofVirtual().start(() -> {
                    waiting.countDown();
                    try (StoreLock _ = other.lock("../any name\n")) {
                        order.updateAndGet(text -> text + "second");
                    } catch (IOException e) {
                        order.set(e.toString());
                    }
                });
                waiting.await();
                Thread.sleep(20);
                order.updateAndGet(text -> text + "first ");
                other.lock("another name").close();
            }
            second.join();
            assertThat(order).hasValue("first second");
        }
    }

    @Test
    @Timeout(30)
    void waitingForALockCanBeInterrupted() throws Exception {
        try (Store store = Store.open(root, Linux.system());
                StoreLock _ = store.lock("x")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.lock("x")).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    @Timeout(30)
    void aLockIsWaitedForAsLongAsItTakes() throws Exception {
        try (Store store = Store.open(root, Linux.system())) {
            StoreLock held = store.lock("unpacking a large layer");
            FutureTask<StoreLock> second = new FutureTask<>(() -> store.lock("unpacking a large layer"));
            Thread waiting = Thread.ofPlatform().start(second);
            // So long that a pause which only ever doubled would have run over.
            assertThat(waiting.join(Duration.ofSeconds(4)))
                    .as("the second gave up")
                    .isFalse();
            held.close();
            second.get().close();
        }
    }

    private List<Path> sessions() throws IOException {
        try (Stream<Path> sessions = Files.list(root.resolve("sessions"))) {
            return sessions.toList();
        }
    }

    /** A process that makes and names things without end; it has made the first when this returns. */
    private Process busyProcess(List<String> prefix) throws IOException {
        Process process = JavaProcess.of(prefix, BusyProcess.class, root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(out.readLine()).isEqualTo("ready");
        return process;
    }

    /** The program of that process. */
    static final class BusyProcess {
        private BusyProcess() {}

        public static void main(String[] arguments) throws IOException {
            Store store = Store.open(Path.of(arguments[0]), Linux.system());
            long start = System.nanoTime();
            for (int i = 0; ; i++) {
                byte[] content = ("content " + start + " " + i).repeat(100).getBytes(StandardCharsets.US_ASCII);
                Descriptor blob = store.blobs().put("text/plain", content);
                PreparedTree tree = store.trees().prepare();
                Files.write(tree.fs().resolve("file"), content);
                store.trees().publish("tree-" + start + "-" + i, tree);
                store.records().put(blob.digest(), content);
                store.images().put(ImageName.parse("app:" + i % 10), blob);
                if (i == 0) {
                    System.out.println("ready");
                }
            }
        }
    }
}
