package dev.jbuild.core.api;

import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything that one build is asked for.
 *
 * @param context what COPY and ADD read from
 * @param dockerfile the file to build
 * @param contexts what stands in for stages and images, by name
 * @param tags the names of the result, in order; none leaves an image without a name
 * @param buildArgs values for ARG, in the order given
 * @param target name or index of the stage to build; empty is the last
 * @param labels added to the config after the Dockerfile's own
 * @param platforms of the image; none is this machine's, several make an index
 * @param noCache whether every step runs anew
 * @param noCacheStages stages, by name or number, of which every step runs anew
 * @param pull whether base images are looked up in their registry although the store knows them
 * @param push whether the result goes to the registry of each tag
 * @param pushByDigest whether it goes there without its tag
 * @param store whether the result gets its names in the store
 * @param form of the image in the store and in registries
 * @param outputs where else the result goes
 * @param grants what RUN steps may use of the caller's own
 * @param sourceDateEpoch seconds since 1970 that stand in for the clock in config and history
 */
public record BuildRequest(
        ContextSource context,
        DockerfileSource dockerfile,
        Map<String, NamedContext> contexts,
        List<ImageName> tags,
        Map<String, String> buildArgs,
        Optional<String> target,
        Map<String, String> labels,
        List<Platform> platforms,
        boolean noCache,
        Set<String> noCacheStages,
        boolean pull,
        boolean push,
        boolean pushByDigest,
        boolean store,
        ImageForm form,
        List<Output> outputs,
        RunOptions run,
        Grants grants,
        OptionalLong sourceDateEpoch) {
    public BuildRequest {
        contexts = new LinkedHashMap<>(contexts);
        tags = List.copyOf(tags);
        buildArgs = new LinkedHashMap<>(buildArgs);
        labels = new LinkedHashMap<>(labels);
        platforms = List.copyOf(platforms);
        noCacheStages = Set.copyOf(noCacheStages);
        outputs = List.copyOf(outputs);
    }

    /** A request with nothing but a context and a Dockerfile; the rest is set on it. */
    public static Draft of(Path context, Path dockerfile) {
        return of(new ContextSource.Directory(context), new DockerfileSource.File(dockerfile));
    }

    /** As {@link #of(Path, Path)}, with whatever context and Dockerfile. */
    public static Draft of(ContextSource context, DockerfileSource dockerfile) {
        return new Draft(context, dockerfile);
    }

    /** A request in the making. */
    public static final class Draft {
        private final ContextSource context;
        private final DockerfileSource dockerfile;
        private final Map<String, NamedContext> contexts = new LinkedHashMap<>();
        private final List<ImageName> tags = new ArrayList<>();
        private final Map<String, String> buildArgs = new LinkedHashMap<>();
        private Optional<String> target = Optional.empty();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final List<Platform> platforms = new ArrayList<>();
        private boolean noCache;
        private final Set<String> noCacheStages = new HashSet<>();
        private boolean pull;
        private boolean push;
        private boolean pushByDigest;
        private boolean store = true;
        private ImageForm form = ImageForm.DEFAULT;
        private final List<Output> outputs = new ArrayList<>();
        private RunOptions run = RunOptions.DEFAULT;
        private Grants grants = Grants.NONE;
        private OptionalLong sourceDateEpoch = OptionalLong.empty();

        private Draft(ContextSource context, DockerfileSource dockerfile) {
            this.context = context;
            this.dockerfile = dockerfile;
        }

        public Draft namedContext(String name, NamedContext value) {
            contexts.put(name, value);
            return this;
        }

        public Draft tag(ImageName name) {
            tags.add(name);
            return this;
        }

        public Draft buildArg(String name, String value) {
            buildArgs.put(name, value);
            return this;
        }

        public Draft target(String stage) {
            target = Optional.of(stage);
            return this;
        }

        public Draft label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        public Draft platform(Platform value) {
            platforms.add(value);
            return this;
        }

        public Draft noCache(boolean value) {
            noCache = value;
            return this;
        }

        public Draft noCacheStage(String stage) {
            noCacheStages.add(stage);
            return this;
        }

        public Draft pull(boolean value) {
            pull = value;
            return this;
        }

        public Draft push(boolean value) {
            push = value;
            return this;
        }

        public Draft pushByDigest(boolean value) {
            pushByDigest = value;
            return this;
        }

        public Draft store(boolean value) {
            store = value;
            return this;
        }

        public Draft form(ImageForm value) {
            form = value;
            return this;
        }

        public Draft output(Output value) {
            outputs.add(value);
            return this;
        }

        public Draft run(RunOptions value) {
            run = value;
            return this;
        }

        public Draft grants(Grants value) {
            grants = value;
            return this;
        }

        public Draft sourceDateEpoch(long seconds) {
            sourceDateEpoch = OptionalLong.of(seconds);
            return this;
        }

        public BuildRequest build() {
            return new BuildRequest(
                    context,
                    dockerfile,
                    contexts,
                    tags,
                    buildArgs,
                    target,
                    labels,
                    platforms,
                    noCache,
                    noCacheStages,
                    pull,
                    push,
                    pushByDigest,
                    store,
                    form,
                    outputs,
                    run,
                    grants,
                    sourceDateEpoch);
        }
    }
}
