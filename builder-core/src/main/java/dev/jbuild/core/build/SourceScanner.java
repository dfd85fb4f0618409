package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.plan.SourcePath;
import dev.jbuild.dockerfile.BadPatternException;
import dev.jbuild.dockerfile.Glob;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files that the sources of a COPY name. A source that is a link is followed, inside the tree; a link inside a
 * copied directory is taken as the link it is.
 */
final class SourceScanner {
    private final FileTree tree;
    private final IgnoreRules ignore;
    private final IgnoreRules exclude;
    private final String place;

    /**
     * @param ignore what {@code .dockerignore} hides of the tree
     * @param exclude what {@code --exclude} leaves out of source directories, relative to each
     * @param place what the tree is called in errors: {@code the build context}
     */
    SourceScanner(FileTree tree, IgnoreRules ignore, IgnoreRules exclude, String place) {
        this.tree = tree;
        this.ignore = ignore;
        this.exclude = exclude;
        this.place = place;
    }

    /**
     * The matches of one source, in sorted order; a wildcard may match nothing.
     *
     * @throws BuildException when a source without wildcards is not there, or a link that a wildcard matches leads nowhere
     */
    List<SourceMatch> scan(SourcePath source) throws IOException, BuildException {
        Optional<IgnoreRules> include = include(source);
        List<SourceMatch> matches = new ArrayList<>();
        for (EntryPath path : paths(source.path())) {
            Optional<SourceMatch> match = match(path, include);
            if (match.isPresent()) {
                matches.add(match.get());
            } else if (!ignore.excludes(path.text()) || !Glob.hasWildcards(source.path())) {
                throw missing(path);
            }
        }
        if (include.isPresent() && isLiteral(source) && isEmpty(matches)) {
            throw missing(EntryPath.cleaned(literal(source).getBytes(StandardCharsets.UTF_8)));
        }
        return matches;
    }

    /**
     * What one path names, taken as it is written, without wildcards.
     *
     * @throws BuildException when it is not there
     */
    SourceMatch only(String source) throws IOException, BuildException {
        return named(EntryPath.cleaned(source.getBytes(StandardCharsets.UTF_8)));
    }

    /** What {@code --parents} takes; a source without wildcards that takes nothing is as missing as one without it. */
    private static Optional<IgnoreRules> include(SourcePath source) throws BuildException {
        try {
            return source.below().isPresent()
                    ? Optional.of(IgnoreRules.of(List.of(source.below().get())))
                    : Optional.empty();
        } catch (BadPatternException e) {
            throw new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isLiteral(SourcePath source) {
        return !Glob.hasWildcards(literal(source));
    }

    private static String literal(SourcePath source) {
        return source.path() + "/" + source.below().orElse("");
    }

    private static boolean isEmpty(List<SourceMatch> matches) {
        return matches.stream().allMatch(match -> match.files().isEmpty());
    }

    private List<EntryPath> paths(String source) throws IOException, BuildException {
        return Glob.hasWildcards(source)
                ? expand(source)
                : List.of(EntryPath.cleaned(source.getBytes(StandardCharsets.UTF_8)));
    }

    /** The one match of a path that is no pattern, and that is there. */
    SourceMatch named(EntryPath path) throws IOException, BuildException {
        Optional<SourceMatch> match = match(path, Optional.empty());
        if (match.isEmpty()) {
            throw missing(path);
        }
        return match.get();
    }

    private Optional<SourceMatch> match(EntryPath named, Optional<IgnoreRules> include) throws IOException {
        Optional<EntryPath> real = tree.realPath(named, true);
        Optional<FileStatus> status = real.isEmpty() ? Optional.empty() : tree.lstat(real.get());
        if (status.isEmpty()) {
            return Optional.empty();
        }
        EntryPath path = real.get();
        // Everything in a context may be ignored, but not the context.
        boolean hidden = !path.isRoot() && ignore.excludes(path.text());
        if (status.get().isDirectory()) {
            DirectoryWalk.Filter filter = new DirectoryWalk.Filter(ignore, include, exclude);
            List<SourceFile> contents = new DirectoryWalk(tree, path, filter).files();
            Optional<Timestamp> mtime =
                    path.isRoot() ? Optional.empty() : Optional.of(status.get().mtime());
            return hidden && contents.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SourceMatch(named.name(), true, mtime, contents));
        }
        // Like BuildKit, --exclude does not apply to a file that is a source itself, not even by a wildcard.
        SourceFile file = new SourceFile(EntryPath.ROOT, path, status.get());
        return hidden
                ? Optional.empty()
                : Optional.of(new SourceMatch(named.name(), false, Optional.empty(), List.of(file)));
    }

    /** Expands a pattern component by component (Go's filepath.Match: no wildcard crosses a slash). */
    private List<EntryPath> expand(String pattern) throws IOException, BuildException {
        List<EntryPath> matches = List.of(EntryPath.ROOT);
        for (String component : pattern.split("/")) {
            if (!component.isEmpty()) {
                matches = expand(matches, glob(component));
            }
        }
        return matches;
    }

    private List<EntryPath> expand(List<EntryPath> directories, Glob glob) throws IOException {
        List<EntryPath> matches = new ArrayList<>();
        for (EntryPath directory : directories) {
            Optional<EntryPath> real = tree.realPath(directory, true);
            if (real.isEmpty()
                    || !tree.lstat(real.get()).map(FileStatus::isDirectory).orElse(false)) {
                continue;
            }
            for (FileTree.Child child : tree.list(real.get())) {
                if (glob.matches(child.name().text())) {
                    matches.add(directory.resolve(child.name()));
                }
            }
        }
        return matches;
    }

    private static Glob glob(String component) throws BuildException {
        try {
            return Glob.compile(component);
        } catch (BadPatternException e) {
            throw new BuildException(Kind.BUILD, String.valueOf(e.getMessage()), e);
        }
    }

    private BuildException missing(EntryPath path) throws IOException {
        Optional<String> rule = ignore.excludedBy(path.text());
        String hint = rule.isPresent()
                ? ": " + rule.get() + " excludes it"
                : new NearMiss(tree, ignore)
                        .of(path)
                        .map(near -> " (did you mean \"/" + near.text() + "\"?)")
                        .orElse("");
        return new BuildException(Kind.BUILD, "\"/" + path.text() + "\" is not in " + place + hint);
    }
}
