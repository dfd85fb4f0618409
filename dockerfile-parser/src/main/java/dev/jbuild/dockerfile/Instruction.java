package dev.jbuild.dockerfile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One instruction of a Dockerfile, with its words unexpanded. */
public sealed interface Instruction {
    /** What it looked like and where it stands. */
    Source source();

    default SourceRange range() {
        return source().range();
    }

    /** The instruction as written, its continuations joined. */
    default String original() {
        return source().original();
    }

    /**
     * Begins a stage.
     *
     * @param image an image, an earlier stage or {@code scratch}
     * @param name what {@code AS} calls the stage, in lower case
     */
    record From(Word image, Optional<String> name, Optional<Word> platform, Source source) implements Instruction {
        /** The stage's name in the case in which it is written; empty where it has none. */
        public String nameAsWritten() {
            return name.isEmpty() ? "" : source.wordFromEnd(0);
        }

        /** The word {@code AS} in the case in which it is written; empty where the stage has no name. */
        public String asAsWritten() {
            return name.isEmpty() ? "" : source.wordFromEnd(1);
        }
    }

    /**
     * Runs a command in the stage's filesystem.
     *
     * @param mounts the values of {@code --mount} in order, to be read by {@link MountOptions}
     */
    record Run(
            CommandLine command,
            List<Word> mounts,
            RunNetwork network,
            RunSecurity security,
            List<Device> devices,
            Source source)
            implements Instruction {
        public Run {
            mounts = List.copyOf(mounts);
            devices = List.copyOf(devices);
        }
    }

    /** Which network a RUN has. */
    enum RunNetwork {
        DEFAULT,
        NONE,
        HOST
    }

    /** Whether a RUN keeps its sandbox. */
    enum RunSecurity {
        SANDBOX,
        INSECURE
    }

    /** The default command of containers, or their default arguments where there is an ENTRYPOINT. */
    record Cmd(CommandLine command, Source source) implements Instruction {}

    record Entrypoint(CommandLine command, Source source) implements Instruction {}

    record Env(List<Assignment> variables, Source source) implements Instruction {
        public Env {
            variables = List.copyOf(variables);
        }
    }

    record Label(List<Assignment> labels, Source source) implements Instruction {
        public Label {
            labels = List.copyOf(labels);
        }
    }

    record Arg(List<Definition> definitions, Source source) implements Instruction {
        public Arg {
            definitions = List.copyOf(definitions);
        }

        /**
         * A build argument.
         *
         * @param defaultValue empty for a bare {@code ARG name}, which is not the same as {@code ARG name=}
         */
        public record Definition(Word key, Optional<Word> defaultValue) {}
    }

    /**
     * Copies files from the context, a stage or an image.
     *
     * @param from a stage's name or index, a named context or an image; never expanded
     */
    record Copy(Transfer files, Optional<String> from, boolean parents, Source source) implements Instruction {}

    /**
     * Copies files, unpacks archives, fetches URLs and git repositories.
     *
     * @param keepGitDir empty where not said
     * @param unpack empty where not said: local archives are unpacked, remote ones are not
     */
    record Add(
            Transfer files,
            Optional<Word> checksum,
            Optional<Boolean> keepGitDir,
            Optional<Boolean> unpack,
            Source source)
            implements Instruction {}

    record Workdir(Word path, Source source) implements Instruction {}

    record User(Word user, Source source) implements Instruction {}

    /** Ports; one word may expand to several. */
    record Expose(List<Word> ports, Source source) implements Instruction {
        public Expose {
            ports = List.copyOf(ports);
        }
    }

    record Volume(List<Word> paths, Source source) implements Instruction {
        public Volume {
            paths = List.copyOf(paths);
        }
    }

    record StopSignal(Word signal, Source source) implements Instruction {}

    /**
     * How containers are probed.
     *
     * @param command empty for {@code HEALTHCHECK NONE}; zero durations and retries mean the engine's default
     */
    record Healthcheck(
            Optional<CommandLine> command,
            Duration interval,
            Duration timeout,
            Duration startPeriod,
            Duration startInterval,
            int retries,
            Source source)
            implements Instruction {}

    /** The shell of the shell forms that follow. */
    record Shell(List<String> argv, Source source) implements Instruction {
        public Shell {
            argv = List.copyOf(argv);
        }
    }

    /**
     * An instruction for builds that start from this image.
     *
     * @param trigger its text, with its here-documents, as it is kept in the image's config; {@link
     *     Dockerfile#parseTrigger} reads it when it fires
     */
    record OnBuild(String trigger, Source source) implements Instruction {}

    record Maintainer(String author, Source source) implements Instruction {}
}
