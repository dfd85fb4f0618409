package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.ContextSource;
import dev.jbuild.core.api.DockerfileSource;
import dev.jbuild.core.fetch.FetchedTree;
import dev.jbuild.core.fetch.GitLogins;
import dev.jbuild.core.plan.GitReference;
import dev.jbuild.core.plan.Origin;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.store.FileDigestIndex;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.tar.TarArchive;
import dev.jbuild.layer.tree.DirectoryTree;
import dev.jbuild.layer.tree.FileTree;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens a build's context wherever it is, and reads the Dockerfile and the ignore rules in or beside it. */
final class ContextOpener {
    /** Enough to tell an archive: bzip2 gives nothing before the end of its first block, which may have 900 kB. */
    private static final int HEAD = 1 << 20;

    private static final String KEEP_GIT_DIR = "BUILDKIT_CONTEXT_KEEP_GIT_DIR";

    private static final String DOCKERFILE = "Dockerfile";

    private final BuildTools tools;

    ContextOpener(BuildTools tools) {
        this.tools = tools;
    }

    OpenContext open(BuildRequest request) throws IOException, BuildException {
        DockerfileSource dockerfile = fetched(request.dockerfile());
        return switch (request.context()) {
            case ContextSource.Directory(Path path) -> directory(path, dockerfile);
            case ContextSource.Stream(InputStream in) -> stream(in, dockerfile);
            case ContextSource.Remote(String address) -> remote(address, dockerfile, request);
        };
    }

    /** A Dockerfile that lies elsewhere, as a file of this machine; it has no ignore file beside it. */
    private DockerfileSource fetched(DockerfileSource dockerfile) throws IOException, BuildException {
        if (!(dockerfile instanceof DockerfileSource.Remote(String address))) {
            return dockerfile;
        }
        Origin.HttpFile file = new Origin.HttpFile(address, DOCKERFILE, Optional.empty());
        FetchedTree tree = tools.fetchers().http().fetch(file, false);
        return new DockerfileSource.File(path(tree).resolve(DOCKERFILE));
    }

    private OpenContext directory(Path path, DockerfileSource dockerfile) throws IOException, BuildException {
        if (!Files.isDirectory(path)) {
            throw new BuildException(Kind.USAGE, "the build context " + path + " is not a directory");
        }
        String name = path.toAbsolutePath().normalize().toString();
        return open(
                new ContextFiles(DirectoryTree.openOfHost(tools.linux(), path), "the build context"),
                dockerfile,
                Optional.of(tools.store().digests().open(name)),
                Optional.empty());
    }

    /** An archive, or a Dockerfile that needs no file. */
    private OpenContext stream(InputStream in, DockerfileSource dockerfile) throws IOException, BuildException {
        BufferedInputStream buffered = new BufferedInputStream(in, HEAD);
        PreparedTree tree = tools.store().trees().prepare();
        if (isArchive(buffered)) {
            return unpacked(tree, buffered, dockerfile);
        }
        if (!dockerfile.equals(new DockerfileSource.InContext(Optional.empty()))) {
            tree.close();
            throw new BuildException(
                    Kind.USAGE, "standard input is a Dockerfile and no archive, so -f cannot name another one");
        }
        BuildDefinition definition = BuildDefinition.ofText(buffered);
        return new OpenContext(
                definition, DirectoryTree.open(tools.linux(), tree.fs()), Optional.empty(), Optional.of(tree));
    }

    private boolean isArchive(BufferedInputStream in) throws IOException, BuildException {
        in.mark(HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.reset();
        try {
            return TarArchive.isOne(new ByteArrayInputStream(head), tools.limits(), ContextArchive.WHAT);
        } catch (RefusedLayerException e) {
            throw ContextArchive.refused(e);
        }
    }

    private OpenContext unpacked(PreparedTree tree, InputStream archive, DockerfileSource dockerfile)
            throws IOException, BuildException {
        try {
            new ContextArchive(tools, tools.workshop(_ -> {})).unpack(archive, tree.fs());
            return open(DirectoryTree.open(tools.linux(), tree.fs()), dockerfile, Optional.empty(), Optional.of(tree));
        } catch (IOException | BuildException e) {
            tree.close();
            throw e;
        }
    }

    private OpenContext remote(String address, DockerfileSource dockerfile, BuildRequest request)
            throws IOException, BuildException {
        Optional<GitReference> repository = repository(address);
        if (repository.isEmpty()) {
            return fetched(address, dockerfile);
        }
        boolean keep =
                repository.get().keepGitDir().orElse(isTrue(request.buildArgs().getOrDefault(KEEP_GIT_DIR, "")));
        Origin.GitTree origin = new Origin.GitTree(repository.get(), keep);
        FetchedTree tree = tools.fetchers().git().fetch(origin, new GitLogins(request.grants()), false);
        return ofStore(tree, dockerfile);
    }

    /** A file behind an http or https address. */
    private OpenContext fetched(String address, DockerfileSource dockerfile) throws IOException, BuildException {
        Origin.HttpFile file = new Origin.HttpFile(address, Origin.HttpFile.CONTEXT, Optional.empty());
        FetchedTree fetched = tools.fetchers().http().fetch(file, false);
        try (DirectoryTree tree = DirectoryTree.open(tools.linux(), path(fetched));
                BufferedInputStream in =
                        new BufferedInputStream(tree.open(EntryPath.of(Origin.HttpFile.CONTEXT)), HEAD)) {
            if (isArchive(in)) {
                return unpacked(tools.store().trees().prepare(), in, dockerfile);
            }
        }
        boolean isNamed = !dockerfile.equals(new DockerfileSource.InContext(Optional.empty()));
        return ofStore(
                fetched, isNamed ? dockerfile : new DockerfileSource.InContext(Optional.of(Origin.HttpFile.CONTEXT)));
    }

    private OpenContext ofStore(FetchedTree tree, DockerfileSource dockerfile) throws IOException, BuildException {
        FileDigestIndex index = tools.store().digests().open(tree.treeId());
        return open(DirectoryTree.open(tools.linux(), path(tree)), dockerfile, Optional.of(index), Optional.empty());
    }

    private Path path(FetchedTree tree) throws IOException {
        return tools.store()
                .trees()
                .find(tree.treeId())
                .orElseThrow(() -> new IOException("tree " + tree.treeId() + " is gone from the store"));
    }

    private static OpenContext open(
            FileTree tree,
            DockerfileSource dockerfile,
            Optional<FileDigestIndex> index,
            Optional<? extends Closeable> unpacked)
            throws IOException, BuildException {
        try {
            return new OpenContext(BuildDefinition.read(dockerfile, tree), tree, index, unpacked);
        } catch (IOException | BuildException e) {
            tree.close();
            throw e;
        }
    }

    private static Optional<GitReference> repository(String address) throws BuildException {
        try {
            return GitReference.parseContext(address);
        } catch (IllegalArgumentException e) {
            throw new BuildException(Kind.USAGE, "the build context: " + e.getMessage(), e);
        }
    }

    private static boolean isTrue(String text) {
        return text.equals("1") || text.equalsIgnoreCase("true");
    }
}
