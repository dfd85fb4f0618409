package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.layer.tree.LinkLoopException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Resolves links in a destination as the kernel would with the root as {@code /}: an absolute link starts at the root,
 * {@code ..} stops there. What does not exist stays as it is written.
 */
final class LinkResolver {
    private final Lookup root;
    private int links;

    /** What lies at a path without links in its parents. */
    @FunctionalInterface
    interface Lookup {
        Optional<LayerEntry> find(EntryPath path) throws IOException;
    }

    LinkResolver(Lookup root) {
        this.root = root;
    }

    /** The path without links; also the last component is followed, even where it points to nothing. */
    EntryPath resolve(EntryPath path) throws IOException {
        links = 0;
        Deque<String> pending = new ArrayDeque<>();
        push(pending, path.toArray());
        EntryPath current = EntryPath.ROOT;
        while (!pending.isEmpty()) {
            String component = pending.pop();
            current = component.equals("..") ? current.parent() : enter(current, component, pending, path);
        }
        return current;
    }

    private EntryPath enter(EntryPath directory, String component, Deque<String> pending, EntryPath whole)
            throws IOException {
        EntryPath path = directory.resolve(Bytes.of(component.getBytes(StandardCharsets.ISO_8859_1)));
        Optional<LayerEntry> entry = root.find(path);
        if (entry.isEmpty() || entry.get().type() != LayerEntry.Type.SYMLINK) {
            return path;
        }
        if (++links > FileTree.MAX_LINKS) {
            throw new LinkLoopException(whole);
        }
        byte[] target = entry.get().linkTarget().toArray();
        push(pending, target);
        return target[0] == '/' ? EntryPath.ROOT : directory;
    }

    /** Latin-1 carries every byte through a string unchanged. */
    private static void push(Deque<String> pending, byte[] path) {
        List<String> components = new ArrayList<>();
        for (String component : new String(path, StandardCharsets.ISO_8859_1).split("/")) {
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        Collections.reverse(components);
        components.forEach(pending::push);
    }
}
