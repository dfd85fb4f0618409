package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.MountOptions;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a RUN sees beside its filesystem, its variables expanded. Targets and sources are absolute and clean. */
public sealed interface RunMount {
    /**
     * Files of the build context, or of another filesystem of the build.
     *
     * @param input the input of the node that has the files; empty is the context
     * @param writable whether the step may write there; what it writes is lost
     */
    record Bind(String target, OptionalInt input, String source, boolean writable) implements RunMount {}

    /**
     * A directory that is kept between builds, outside of every image.
     *
     * @param id what steps that share it call it
     * @param seed the input of the node whose files it begins with, if any
     * @param source where those files are
     * @param permissions of the directory when it is made
     */
    record Cache(
            String target,
            String id,
            MountOptions.Sharing sharing,
            OptionalInt seed,
            String source,
            boolean readOnly,
            Permissions permissions)
            implements RunMount {}

    /** A filesystem in memory; size in bytes. */
    record Memory(String target, OptionalLong size, boolean readOnly) implements RunMount {}

    /**
     * A value that only this step sees.
     *
     * @param target the file that has it, if there is to be one
     * @param env the variable that has it, if there is to be one
     * @param required whether the step fails where nobody gave it
     */
    record Secret(String id, Optional<String> target, Optional<String> env, boolean required, Permissions permissions)
            implements RunMount {}

    /**
     * The socket of an SSH agent.
     *
     * @param required whether the step fails where nobody gave it
     */
    record Ssh(String id, String target, boolean required, Permissions permissions) implements RunMount {}

    /** The here-document that is the command itself. */
    record Script(String target, String content) implements RunMount {}

    /** The mode and owner of something that is made for a step. */
    record Permissions(int mode, long uid, long gid) {
        static Permissions of(MountOptions options, int mode) {
            return new Permissions(
                    options.mode().orElse(mode),
                    options.uid().orElse(0),
                    options.gid().orElse(0));
        }
    }
}
