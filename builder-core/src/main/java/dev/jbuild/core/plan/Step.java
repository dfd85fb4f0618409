package dev.jbuild.core.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one node of the graph does to a filesystem. Instructions that only change the config need no step. */
public sealed interface Step {
    /** The empty filesystem. */
    record Scratch() implements Step {}

    /** The layers of an image. */
    record Pull(BaseImage image) implements Step {}

    /** Files from elsewhere: a filesystem of their own, which no image ever is made of as it is. */
    record Fetch(Origin origin) implements Step {}

    /**
     * Runs a command; its result is one layer. The inputs after the first are what the mounts show of other filesystems.
     *
     * @param environment complete but for HOME, which the rootfs decides
     * @param hiddenEnvironment variables that are no part of the cache key (proxies)
     * @param insecure whether the step keeps all capabilities and sees all devices
     */
    record Run(
            List<String> argv,
            Map<String, String> environment,
            Map<String, String> hiddenEnvironment,
            String workingDir,
            String user,
            String network,
            List<RunMount> mounts,
            boolean insecure)
            implements Step {
        public Run {
            argv = List.copyOf(argv);
            mounts = List.copyOf(mounts);
        }
    }

    /**
     * Copies files into the filesystem; its result is one layer. The second input, when there is one, is the filesystem
     * that the sources lie in; else they lie in the build context. Of an ADD the inputs after the first are what was fetched.
     *
     * @param remote what is added from elsewhere
     * @param inline files whose content stands in the Dockerfile
     * @param destination absolute; with a trailing slash it is a directory
     * @param owner {@code user[:group]} as written
     * @param chmod what {@code --chmod} makes of the files' modes
     * @param link whether the layer is made for an empty filesystem, so that it does not depend on what lies below
     * @param exclude patterns of sources that stay out, in the manner of {@code .dockerignore}
     * @param unpack whether archives are unpacked (ADD)
     */
    record CopyFiles(
            List<SourcePath> sources,
            List<RemotePart> remote,
            List<InlineFile> inline,
            String destination,
            Optional<String> owner,
            Optional<Chmod> chmod,
            boolean link,
            List<String> exclude,
            boolean unpack)
            implements Step {
        public CopyFiles {
            sources = List.copyOf(sources);
            remote = List.copyOf(remote);
            inline = List.copyOf(inline);
            exclude = List.copyOf(exclude);
        }

        /** Whether the layer does not depend on what lies below. Like BuildKit, {@code --chmod} does without {@code --link}. */
        public boolean standsAlone() {
            return link && chmod.isEmpty();
        }
    }

    /**
     * Makes a directory and its missing parents (WORKDIR); its result is one layer, empty when it exists.
     *
     * @param path absolute and clean
     * @param owner the USER of that moment
     */
    record MakeDirectory(String path, String owner) implements Step {}
}
