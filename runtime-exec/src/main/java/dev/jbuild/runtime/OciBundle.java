package dev.jbuild.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Operation.Place;
import dev.jbuild.runtime.launch.Report;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The directory that an OCI runtime is given for one step, gone when this is closed. */
final class OciBundle implements Closeable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final int NOT_FOUND = 127;
    private static final int CANNOT_EXECUTE = 126;

    /** What is read of a runtime's last words, in bytes. */
    private static final int MOST_WORDS = 1000;

    private final Path state;
    private final Path directory;

    private OciBundle(Path state, Path directory) {
        this.state = state;
        this.directory = directory;
    }

    /** Makes a new one below state, after those of builders that were killed are removed. */
    static OciBundle create(Path state) throws IOException {
        Path bundles = Files.createDirectories(state.resolve("bundles")).toRealPath();
        sweep(bundles);
        OciCgroups.ofMachine().removeOrphans();
        long pid = ProcessHandle.current().pid();
        Path directory = Files.createDirectory(
                bundles.resolve(pid + "-" + COUNTER.incrementAndGet()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectory(directory.resolve("rootfs"));
        return new OciBundle(state, directory);
    }

    /** The mount point that an operation needs in the image, if it does. */
    static Optional<Operation> stub(Operation operation) {
        return switch (operation) {
            case Operation.Filesystem(var target, var place, var _, var _, var _) -> stub(target, place, true);
            case Operation.Bind(var target, var place, var source, var _, var _) ->
                stub(target, place, Files.isDirectory(source));
            case Operation.PrivateFile file -> stub(file.target(), file.place(), false);
            case Operation.Stack stack -> stub(stack.target(), stack.place(), stack.directory());
            case Operation.Stub _ -> Optional.of(operation);
            case Operation.Device _, Operation.Symlink _, Operation.Directory _ -> Optional.empty();
            case Operation.Mask _, Operation.ReadOnly _ -> Optional.empty();
        };
    }

    private static Optional<Operation> stub(String target, Place place, boolean isDirectory) {
        return switch (place) {
            case BOX, BOX_FOLLOWED, BOX_WITHOUT_LINKS -> Optional.empty();
            case IMAGE, IMAGE_FOLLOWED -> Optional.of(new Operation.Stub(target, place, isDirectory));
        };
    }

    Path directory() {
        return directory;
    }

    Path rootfs() {
        return directory.resolve("rootfs");
    }

    void write(StepSpec spec, List<Operation> operations, OciMounts mounts, Host host) throws IOException {
        for (Operation operation : operations) {
            if (operation instanceof Operation.PrivateFile file) {
                Path path = Files.write(directory.resolve(OciConfig.fileName(file)), file.content());
                Files.setAttribute(path, "unix:mode", file.mode());
            }
        }
        MAPPER.writeValue(
                directory.resolve("config.json").toFile(),
                OciConfig.of(spec, operations, mounts, host, directory, "/" + id()));
    }

    List<String> runCommand(Path program, Link link) {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        if (Gvisor.is(program)) {
            words.addAll(Gvisor.options(link, panicLog()));
        }
        words.addAll(List.of(
                "--root",
                state.resolve("runtime").toString(),
                "--log",
                log().toString(),
                "--log-format",
                "json",
                "run",
                "--bundle",
                directory.toString(),
                id()));
        return words;
    }

    /** Removes what the runtime keeps of the step, its cgroups too, if it could not do so itself. */
    List<String> deleteCommand(Path program) {
        return List.of(program.toString(), "--root", state.resolve("runtime").toString(), "delete", "--force", id());
    }

    /**
     * What the runtime reports in its log decides whether the exit code is the command's or the runtime's own.
     *
     * @throws OciRuntimeException with the runtime's own words, when it is the runtime's
     */
    Report explain(Report report, String runtime) throws IOException {
        if (report.exitCode() != 0) {
            refusePanic(runtime);
        }
        Optional<String> error = report.exitCode() == 0 ? Optional.empty() : lastError();
        if (error.isEmpty()) {
            return report;
        }
        String message = error.get();
        if (!isOfCommand(message)) {
            throw failure(runtime, message);
        }
        boolean absent = message.contains("not found") || message.contains("no such file");
        return report.withEnd(absent ? NOT_FOUND : CANNOT_EXECUTE, Optional.of(message));
    }

    private static OciRuntimeException failure(String runtime, String words) {
        return new OciRuntimeException("the OCI runtime " + runtime + " failed: " + words);
    }

    /** runc says exec, the others what they looked for. */
    private static boolean isOfCommand(String message) {
        return Stream.of(
                        "exec: ",
                        "exec /",
                        "error finding executable",
                        "failed to load /",
                        "executable file `",
                        "open executable: ")
                .anyMatch(message::contains);
    }

    private void refusePanic(String runtime) throws IOException {
        if (!Files.exists(panicLog())) {
            return;
        }
        // A kernel that a hostile step has brought down wrote it: bytes of any kind, and any number of them.
        try (InputStream in = Files.newInputStream(panicLog())) {
            String words = new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8).strip();
            if (!words.isEmpty()) {
                String line = words.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
                throw failure(runtime, line);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(directory);
        OciCgroups.ofMachine().remove(id());
    }

    private String id() {
        return "jbuild-" + directory.getFileName();
    }

    private Path panicLog() {
        return directory.resolve("panic.log");
    }

    private Path log() {
        return directory.resolve("log.json");
    }

    private Optional<String> lastError() throws IOException {
        Optional<String> last = Optional.empty();
        if (!Files.exists(log())) {
            return last;
        }
        String text = Files.readString(log());
        // One document a line with runc, over several lines with crun.
        try (MappingIterator<JsonNode> entries =
                MAPPER.readerFor(JsonNode.class).readValues(text)) {
            while (entries.hasNextValue()) {
                JsonNode entry = entries.nextValue();
                if (entry.path("level").asText().equals("error")) {
                    last = Optional.of(entry.path("msg").asText());
                }
            }
        } catch (JsonProcessingException e) {
            // Its own words, whatever their form, tell more than that they are no JSON.
            return last.or(() -> Optional.of(text.strip().replaceAll("\\s+", " ")));
        }
        return last;
    }

    private static void sweep(Path bundles) throws IOException {
        try (Stream<Path> entries = Files.list(bundles)) {
            for (Path entry : entries.filter(OciBundle::isOrphan).toList()) {
                delete(entry);
            }
        }
    }

    // Named PID-COUNTER by its builder.
    private static boolean isOrphan(Path entry) {
        String name = entry.getFileName().toString();
        long pid = Long.parseLong(name.substring(0, name.indexOf('-')));
        return ProcessHandle.of(pid).isEmpty();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
