package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction.Add;
import dev.jbuild.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sources of an ADD: paths in the build context, and what is fetched.
 *
 * @param local the paths as they are written, in order
 * @param origins where the parts come from, one for each
 */
record AddSources(List<String> local, List<RemotePart> parts, List<Origin> origins) {
    /**
     * Tells the kinds of sources apart.
     *
     * @param sources expanded
     * @param checksum of {@code --checksum}, expanded
     */
    static AddSources of(List<String> sources, Add add, Optional<String> checksum) throws ExpansionException {
        if (checksum.isPresent() && sources.size() != 1) {
            throw new ExpansionException("--checksum is of one source; this ADD has " + sources.size());
        }
        AddSources all = new AddSources(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (String source : sources) {
            all.take(source, add, checksum);
        }
        if (checksum.isPresent() && all.origins.isEmpty()) {
            throw new ExpansionException("--checksum is of a URL or git repository; \"" + all.local.getFirst()
                    + "\" lies in the build context");
        }
        return all;
    }

    /** Whether a source names something outside the build context. */
    static boolean isRemote(String source) throws ExpansionException {
        return isHttp(source) || repository(source).isPresent();
    }

    private void take(String source, Add add, Optional<String> checksum) throws ExpansionException {
        Optional<GitReference> repository = repository(source);
        if (repository.isPresent()) {
            parts.add(new RemotePart(local.size(), "/", false));
            origins.add(tree(repository.get(), add, checksum));
        } else if (isHttp(source)) {
            Origin.HttpFile file = Origin.HttpFile.of(source, digest(checksum));
            // What came from elsewhere is unpacked only by the user's own word.
            parts.add(
                    new RemotePart(local.size(), "/" + file.name(), add.unpack().orElse(false)));
            origins.add(file);
        } else {
            local.add(source);
        }
    }

    private static Origin tree(GitReference reference, Add add, Optional<String> checksum) throws ExpansionException {
        if (add.keepGitDir().isPresent()
                && reference.keepGitDir().isPresent()
                && !add.keepGitDir().equals(reference.keepGitDir())) {
            throw new ExpansionException("--keep-git-dir and the keep-git-dir of the source's query disagree");
        }
        boolean keep = reference.keepGitDir().or(add::keepGitDir).orElse(false);
        return new Origin.GitTree(checksum.isPresent() ? pinned(reference, checksum.get()) : reference, keep);
    }

    private static GitReference pinned(GitReference reference, String checksum) throws ExpansionException {
        if (!reference.checksum().isEmpty() && !reference.checksum().equals(checksum)) {
            throw new ExpansionException("--checksum=" + checksum + " and the checksum of the source's query, "
                    + reference.checksum() + ", disagree");
        }
        try {
            return reference.withChecksum(checksum);
        } catch (IllegalArgumentException e) {
            throw new ExpansionException(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Digest> digest(Optional<String> checksum) throws ExpansionException {
        try {
            return checksum.map(Digest::parse);
        } catch (IllegalArgumentException e) {
            throw new ExpansionException("--checksum=" + checksum.orElseThrow() + ": " + e.getMessage());
        }
    }

    private static Optional<GitReference> repository(String source) throws ExpansionException {
        try {
            return GitReference.parse(source);
        } catch (IllegalArgumentException e) {
            throw new ExpansionException(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isHttp(String source) {
        return source.startsWith("http://") || source.startsWith("https://");
    }
}
