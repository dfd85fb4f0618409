package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.EngineOptions;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.runtime.Diagnosis;
import dev.jbuild.runtime.Entered;
import dev.jbuild.runtime.Examination;
import dev.jbuild.runtime.Launcher;
import dev.jbuild.runtime.SearchPath;
import dev.jbuild.runtime.launch.ForkingStarter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens the engine where flags, environment and habit want it. */
final class Engines {
    private static final Path STORE_OF_ROOT = Path.of("/var/lib/jbuild");

    private final Arguments arguments;
    private final Surroundings surroundings;

    Engines(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    Engine open() throws BuildException {
        return Engine.open(new EngineOptions(
                storeRoot(),
                dockerConfig(),
                Set.copyOf(arguments.all("--insecure-registry")),
                launcher(),
                entered(),
                surroundings.variable(ForkingStarter.VARIABLE).orElse(""),
                surroundings.variable("PATH").orElse(""),
                limits(),
                surroundings.out()));
    }

    private LayerLimits limits() throws BuildException {
        LayerLimits limits = LayerLimits.defaults();
        for (String text : arguments.all("--layer-limit")) {
            try {
                Map.Entry<String, String> limit = Values.assignment("--layer-limit", text);
                limits = limits.with(limit.getKey(), Values.bytes(limit.getKey(), limit.getValue()));
            } catch (UsageException | IllegalArgumentException e) {
                throw new BuildException(BuildException.Kind.USAGE, "--layer-limit " + text + ": " + e.getMessage(), e);
            }
        }
        return limits;
    }

    /** Looks at the machine; the store is neither opened nor made. */
    Diagnosis diagnose() throws BuildException, InterruptedException {
        try {
            Path own = Files.createTempDirectory("jbuild-doctor");
            try {
                return Diagnosis.of(examination(own).examine(storeRoot()));
            } finally {
                Files.deleteIfExists(own.resolve(Launcher.NAME));
                Files.delete(own);
            }
        } catch (IOException e) {
            throw new BuildException(BuildException.Kind.MACHINE, "cannot look at this machine: " + e.getMessage(), e);
        }
    }

    private Examination examination(Path own) throws IOException {
        Optional<Path> shipped = launcher();
        Launcher launcher = shipped.isPresent() ? Launcher.locate(shipped.get(), own) : Launcher.extract(own);
        SearchPath programs = SearchPath.of(surroundings.variable("PATH").orElse(""));
        return new Examination(launcher, programs, Entered.parse(entered()));
    }

    Path storeRoot() throws BuildException {
        Optional<String> chosen = arguments.last("--root").or(() -> surroundings.variable("JBUILD_ROOT"));
        if (chosen.isPresent()) {
            return surroundings.directory().resolve(chosen.get());
        }
        return isRoot() ? STORE_OF_ROOT : dataHome().resolve("jbuild");
    }

    private Path dataHome() throws BuildException {
        Optional<Path> named = surroundings.variable("XDG_DATA_HOME").map(Path::of);
        return named.or(() -> home().map(home -> home.resolve(".local/share")))
                .orElseThrow(() -> new BuildException(
                        BuildException.Kind.USAGE,
                        "HOME is not set, so there is no place for the store: set it, or name one with --root or"
                                + " JBUILD_ROOT"));
    }

    /** Without HOME the JVM says which home is meant; in a user namespace that is root's, which others cannot read. */
    private Path dockerConfig() {
        return surroundings
                .variable("DOCKER_CONFIG")
                .map(surroundings.directory()::resolve)
                .orElse(home().orElseGet(() -> Path.of(System.getProperty("user.home")))
                        .resolve(".docker"))
                .resolve("config.json");
    }

    /** In a user namespace the JVM takes the user for root, so that its own idea of the home is another one's. */
    private Optional<Path> home() {
        return surroundings.variable("HOME").map(Path::of);
    }

    /** Whether the user is root, whom a user namespace lets everybody be. */
    private boolean isRoot() throws BuildException {
        return switch (Entered.parse(entered()).rung()) {
            case ROOT -> true;
            case MAPPED, SINGLE -> false;
            case NONE -> uid() == 0;
        };
    }

    private static int uid() throws BuildException {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new BuildException(BuildException.Kind.MACHINE, "cannot tell who runs this: /proc is not mounted", e);
        }
    }

    private String entered() {
        return surroundings.variable(Entered.VARIABLE).orElse("");
    }

    /** The launcher beside the distribution, whose directory the wrapper tells. */
    private static Optional<Path> launcher() {
        return Optional.ofNullable(System.getProperty("jbuild.home"))
                .map(home -> Path.of(home).resolve("lib/jbuild-launcher"));
    }
}
