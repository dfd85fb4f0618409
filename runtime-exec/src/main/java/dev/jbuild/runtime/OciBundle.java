package dev.jbuild.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Operation.Place;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The directory that an OCI runtime is given for one step, gone when this is closed. */
final class OciBundle implements Closeable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int OWNER_READS = 0400;
    private static final AtomicLong COUNTER = new AtomicLong();

    private final Path program;
    private final Path state;
    private final Path directory;

    private OciBundle(Path program, Path state, Path directory) {
        this.program = program;
        this.state = state;
        this.directory = directory;
    }

    /** Makes a new one for this runtime below state, after those of builders that were killed are removed. */
    static OciBundle create(Path program, Path state) throws IOException {
        // The launcher mounts in here, and follows no links.
        Path real = state.toRealPath();
        Path bundles = Files.createDirectories(real.resolve("bundles"));
        sweep(bundles);
        OciCgroups.ofMachine().removeOrphans();
        long pid = ProcessHandle.current().pid();
        Path directory = Files.createDirectory(
                bundles.resolve(pid + "-" + COUNTER.incrementAndGet()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectory(directory.resolve("rootfs"));
        return new OciBundle(program, real, directory);
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

    /**
     * Writes what the runtime reads of the step, but for its environment, in which secrets may be: this program writes none to the disk.
     *
     * @return what the launcher shows to the runtime instead, from memory
     */
    List<Operation> write(StepSpec spec, List<Operation> operations, OciMounts mounts, Host host, Link link)
            throws IOException {
        for (Operation operation : operations) {
            if (operation instanceof Operation.PrivateFile file) {
                Path path = Files.write(directory.resolve(OciConfig.fileName(file)), file.content());
                Files.setAttribute(path, "unix:mode", file.mode());
            }
        }
        ObjectNode config = OciConfig.of(spec, operations, mounts, host, directory, "/" + id());
        if (!Gvisor.is(program)) {
            return List.of(inMemory(config));
        }
        Gvisor.amend(config, link);
        Path notes = Files.createDirectories(notes());
        return List.of(inMemory(config), Gvisor.inMemory(notes));
    }

    private Operation inMemory(ObjectNode config) throws IOException {
        Path place = Files.createFile(directory.resolve("config.json"));
        byte[] content = MAPPER.writeValueAsBytes(config);
        return new Operation.PrivateFile(place.toString(), Place.BOX, content, OWNER_READS, 0, 0, Set.of());
    }

    List<String> runCommand(Link link) {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        if (Gvisor.is(program)) {
            words.addAll(Gvisor.options(link, log().lastWords()));
        }
        words.addAll(List.of(
                "--root",
                notes().toString(),
                "--log",
                log().log().toString(),
                "--log-format",
                "json",
                "run",
                "--bundle",
                directory.toString(),
                id()));
        return words;
    }

    /** Removes what the runtime noted down of the step, its cgroups too, if it could not do so itself; empty for nothing. */
    List<String> deleteCommand() {
        return Gvisor.is(program)
                ? List.of()
                : List.of(program.toString(), "--root", notes().toString(), "delete", "--force", id());
    }

    /** What the runtime writes down of the step's end. */
    OciLog log() {
        return new OciLog(directory.resolve("log.json"), directory.resolve("panic.log"));
    }

    @Override
    public void close() throws IOException {
        try {
            new OwnDirectory(directory).delete();
        } finally {
            OciCgroups.ofMachine().remove(id());
        }
    }

    private Path notes() {
        return state.resolve("runtime");
    }

    private String id() {
        return "jbuild-" + directory.getFileName();
    }

    private static void sweep(Path bundles) throws IOException {
        try (Stream<Path> entries = Files.list(bundles)) {
            for (Path entry : entries.filter(OciBundle::isOrphan).toList()) {
                new OwnDirectory(entry).delete();
            }
        }
    }

    // Named PID-COUNTER by its builder.
    private static boolean isOrphan(Path entry) {
        String name = entry.getFileName().toString();
        long pid = Long.parseLong(name.substring(0, name.indexOf('-')));
        return ProcessHandle.of(pid).isEmpty();
    }
}
