package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.dockerfile.BadPatternException;
import dev.jbuild.dockerfile.Glob;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.EntryPath;
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
     * @param exclude what {@code --exclude} leaves out, relative to each source
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
     * @param source absolute and clean; {@code /} is the whole tree
     * @throws BuildException when a source without wildcards is not there
     */
    List<SourceMatch> scan(String source) throws IOException, BuildException {
        if (!Glob.hasWildcards(source)) {
            EntryPath path = EntryPath.cleaned(source.getBytes(StandardCharsets.UTF_8));
            return List.of(match(path).orElseThrow(() -> missing(source, path)));
        }
        List<SourceMatch> matches = new ArrayList<>();
        for (EntryPath path : expand(source)) {
            match(path).ifPresent(matches::add);
        }
        return matches;
    }

    private Optional<SourceMatch> match(EntryPath named) throws IOException {
        Optional<EntryPath> real = tree.realPath(named, true);
        Optional<FileStatus> status = real.isEmpty() ? Optional.empty() : tree.lstat(real.get());
        if (status.isEmpty()) {
            return Optional.empty();
        }
        EntryPath path = real.get();
        boolean hidden = ignore.excludes(path.text());
        if (status.get().isDirectory()) {
            List<SourceFile> contents = new DirectoryWalk(tree, path, ignore, exclude).files();
            return hidden && contents.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SourceMatch(named.name(), true, contents));
        }
        if (hidden || exclude.excludes(named.name().text())) {
            return Optional.empty();
        }
        SourceFile file = new SourceFile(EntryPath.ROOT, path, status.get());
        return Optional.of(new SourceMatch(named.name(), false, List.of(file)));
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

    private BuildException missing(String source, EntryPath path) {
        String hint = ignore.excludes(path.text()) ? ": .dockerignore excludes it" : "";
        return new BuildException(Kind.BUILD, "\"" + source + "\" is not in " + place + hint);
    }
}
