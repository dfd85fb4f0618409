package dev.jbuild.cli.golden;

import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.Credentials;
import dev.jbuild.registry.Document;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.registry.RegistryOptions;
import dev.jbuild.registry.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds with a Docker engine's BuildKit. What it built is read from a registry: the engine saves no image without layers. */
public final class Docker implements AutoCloseable {
    private final List<String> command;
    private final String registry;
    private final Path work;
    private final Path workInside;
    private final RegistryClient client = new RegistryClient(RegistryOptions.defaults(), Credentials.NONE);

    /**
     * @param command what calls Docker's command line; the last word is the program, those before it enter where it lives
     * @param registry host and port of a registry that takes pushes
     * @param work where this process finds the contexts
     * @param workInside where Docker's command line finds them
     */
    private Docker(List<String> command, String registry, Path work, Path workInside) {
        this.command = List.copyOf(command);
        this.registry = registry;
        this.work = work;
        this.workInside = workInside;
    }

    /** The engine that the environment names, as {@code testdata/record} explains; none when it names none. */
    public static Optional<Docker> of(Map<String, String> environment) throws IOException {
        String command = environment.getOrDefault("JBUILD_DOCKER", "");
        if (command.isEmpty()) {
            return Optional.empty();
        }
        String given = environment.getOrDefault("JBUILD_DOCKER_WORK", "");
        String work =
                given.isEmpty() ? Files.createTempDirectory("jbuild-golden-").toString() : given;
        List<String> paths = List.of(work.split(":", 2));
        return Optional.of(new Docker(
                List.of(command.split(" +")),
                environment.getOrDefault("JBUILD_DOCKER_REGISTRY", "127.0.0.1:5000"),
                Path.of(paths.getFirst()),
                Path.of(paths.getLast())));
    }

    /** The directory below which the contexts lie. */
    public Path work() {
        return work;
    }

    /** What Docker makes of the Dockerfile in a folder below {@link #work}. */
    public Outcome build(Path folder, List<String> flags, BuiltImage base) throws IOException, InterruptedException {
        String name = registry + "/jbuild-golden/" + folder.getFileName();
        Ended built = docker(folder, buildWords(name, flags, ownContext(folder)));
        return built.code() == 0 ? Outcome.built(pushed(folder, name), base) : Outcome.failed(built.err());
    }

    /** Builds the base image, under its name. */
    public BuiltImage buildBase(Path folder) throws IOException, InterruptedException {
        String name = registry + "/jbuild-golden/base";
        require(docker(folder, buildWords(name, List.of("-t", Workplace.BASE), ownContext(folder))));
        return pushed(folder, name);
    }

    /**
     * The context under a name of its own. BuildKit takes a context for a new state of the last one with its name, and then
     * for unchanged what has the same path, size and time; the directories keep no times of theirs.
     */
    private static String ownContext(Path folder) throws IOException {
        Path context = folder.resolve("context");
        if (!Files.isSymbolicLink(context)) {
            String name = "context-" + folder.getFileName() + "-" + System.nanoTime();
            Files.move(context, folder.resolve(name));
            Files.createSymbolicLink(context, Path.of(name));
        }
        return Files.readSymbolicLink(context).toString();
    }

    private static List<String> buildWords(String name, List<String> flags, String context) {
        List<String> words = new ArrayList<>(List.of("build", "--progress=plain", "--no-cache", "-t", name));
        words.addAll(List.of("-f", "Dockerfile", "--network=host"));
        words.addAll(flags);
        words.add(context);
        return words;
    }

    private BuiltImage pushed(Path folder, String name) throws IOException, InterruptedException {
        require(docker(folder, List.of("push", name)));
        require(docker(folder, List.of("rmi", name)));
        Repository repository = client.repository(ImageName.parse(name));
        Document manifest = repository.manifest("latest");
        return BuiltImage.read(
                repository, manifest.bytes(), manifest.descriptor().mediaType());
    }

    @Override
    public void close() {
        client.close();
    }

    private record Ended(int code, String err) {}

    private static void require(Ended ended) throws IOException {
        if (ended.code() != 0) {
            throw new IOException("Docker failed: " + ended.err());
        }
    }

    private Ended docker(Path folder, List<String> words) throws IOException, InterruptedException {
        Path err = folder.resolve("docker.err");
        Process process = new ProcessBuilder(inside(folder, words))
                .redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.waitFor();
        return new Ended(code, Files.readString(err, StandardCharsets.UTF_8));
    }

    /** Flags may name files beside the Dockerfile, so Docker starts in the case's folder, wherever it sees that. */
    private List<String> inside(Path folder, List<String> words) {
        List<String> all = new ArrayList<>(command.subList(0, command.size() - 1));
        all.add("env");
        all.add("--chdir=" + workInside.resolve(work.relativize(folder)));
        all.add(command.getLast());
        all.addAll(words);
        return all;
    }
}
