package dev.jbuild.core.build;

import dev.jbuild.core.plan.BaseImage;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.Chmod;
import dev.jbuild.core.plan.InlineFile;
import dev.jbuild.core.plan.RemotePart;
import dev.jbuild.core.plan.SourcePath;
import dev.jbuild.core.plan.Step;
import dev.jbuild.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What each step's result depends on. */
final class StepKeys {
    /** Changes when the bytes that a step leaves would change for equal keys. */
    private static final String FORMAT = "2";

    private StepKeys() {}

    static CacheKey scratch() {
        return CacheKey.of("scratch").leaf("format", FORMAT).build();
    }

    /** Of an image only the layers count, not its name nor how it is compressed. */
    static CacheKey pull(BaseImage image) {
        return CacheKey.of("image")
                .leaf("format", FORMAT)
                .leaf("platform", image.config().platform().toString())
                .leaf(
                        "diff_ids",
                        image.config().diffIds().stream().map(Digest::toString).toList())
                .build();
    }

    static CacheKey fetched(String treeId) {
        return CacheKey.of("fetched").leaf("tree", treeId).build();
    }

    /** A directory as a filesystem; its own times do not count, as in a copy. */
    static CacheKey directoryContent(Digest content) {
        return CacheKey.of("directory-content")
                .leaf("format", FORMAT)
                .leaf("content", content.toString())
                .build();
    }

    /** The part of a fetched tree that an ADD takes: its content is hashed once. */
    static CacheKey fetchedPart(RemotePart part, List<String> exclude, CacheKey source) {
        return CacheKey.of("fetched-part")
                .leaf("path", part.path())
                .leaf("exclude", exclude)
                .input(source)
                .build();
    }

    /** @param mounts what it depends on because of its mounts, in their order */
    static CacheKey run(Step.Run step, List<String> hosts, List<CacheKey> mounts, CacheKey parent) {
        CacheKey.Draft key = CacheKey.of("run")
                .leaf("argv", step.argv())
                .leaf("environment", assignments(step.environment()))
                .leaf("directory", step.workingDir())
                .leaf("user", step.user())
                .leaf("network", step.network())
                .leaf("hosts", hosts)
                .leaf("insecure", Boolean.toString(step.insecure()))
                .input(parent);
        mounts.forEach(key::input);
        return key.build();
    }

    static CacheKey directory(Step.MakeDirectory step, boolean rooted, long created, CacheKey parent) {
        return CacheKey.of("directory")
                .leaf("path", step.path())
                .leaf("owner", step.owner())
                .leaf("created", Long.toString(created))
                .leaf("rooted", Boolean.toString(rooted))
                .input(parent)
                .build();
    }

    /** A copy from a stage before its files were looked at: enough when nothing in that stage changed. */
    static CacheKey copyFrom(Step.CopyFiles step, CacheKey source) {
        return CacheKey.of("copy-from")
                .leaf("sources", step.sources().stream().map(StepKeys::source).toList())
                .leaf("exclude", step.exclude())
                .input(source)
                .build();
    }

    /** What a mount shows of another filesystem before its files were looked at. */
    static CacheKey mountFrom(String source, CacheKey filesystem) {
        return CacheKey.of("mount-from")
                .leaf("source", source)
                .input(filesystem)
                .build();
    }

    /** A copy by the content of its files: their times do not count, as with BuildKit. */
    static CacheKey copy(Step.CopyFiles step, Digest content, boolean rooted, long created, CacheKey parent) {
        CacheKey.Draft key = CacheKey.of("copy")
                .leaf("content", content.toString())
                .leaf("inline", step.inline().stream().map(StepKeys::inline).toList())
                .leaf("destination", step.destination())
                .leaf("owner", step.owner().orElse(""))
                .leaf("mode", step.chmod().map(Chmod::text).orElse(""))
                .leaf("unpack", Boolean.toString(step.unpack()))
                .leaf("remote", step.remote().stream().map(RemotePart::toString).toList())
                .leaf("link", Boolean.toString(step.link()))
                .leaf("created", Long.toString(created))
                .leaf("rooted", Boolean.toString(rooted));
        return key.input(parent).build();
    }

    /** Layers that were made without each other, one on top of the other. */
    static CacheKey merged(CacheKey below, CacheKey top) {
        return CacheKey.of("merge").input(below).input(top).build();
    }

    private static String source(SourcePath source) {
        return source.path() + source.below().map(below -> "/./" + below).orElse("");
    }

    private static String inline(InlineFile file) {
        return file.name() + "=" + Digest.of(file.content().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> assignments(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
    }
}
