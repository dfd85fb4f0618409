package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A tree of names in memory: what lies where and of which kind, links with their text, nothing else. */
final class NameTree {
    /** Bytes of heap for a name, its node and its place in the parent's map, beside the name's own. */
    private static final long COST = 128;

    private final HeldBytes held;
    private final Node root = new Node(FileKind.DIRECTORY, Bytes.EMPTY);

    /** Where the last look led: paths are asked for parents first. */
    private EntryPath lastPath = EntryPath.ROOT;

    private Node lastNode = root;

    /** What lies at a path. Two marks tell what the layer said of it so far. */
    static final class Node {
        private final FileKind kind;
        private final Bytes linkTarget;
        private Map<Bytes, Node> children = Map.of();

        /** Whether an entry of this very path was there. */
        boolean isDescribed;

        /** Whether an entry below this very path was there. */
        boolean holdsSomething;

        Node(FileKind kind, Bytes linkTarget) {
            this.kind = kind;
            this.linkTarget = linkTarget;
        }

        FileKind kind() {
            return kind;
        }

        Bytes linkTarget() {
            return linkTarget;
        }

        boolean isDirectory() {
            return kind == FileKind.DIRECTORY;
        }

        /** Of its kind all is true, of the rest nothing is known. */
        FileStatus status() {
            return new FileStatus(kind, 0, 0, 0, 0, Timestamp.EPOCH, Timestamp.EPOCH, 0, 0, 1, 0, 0);
        }

        private Optional<Node> child(Bytes name) {
            return Optional.ofNullable(children.get(name));
        }

        private Optional<Node> put(Bytes name, Node child) {
            if (children.isEmpty()) {
                children = new HashMap<>();
            }
            return Optional.ofNullable(children.put(name, child));
        }

        private long cost(Bytes name) {
            return COST + name.length() + (isDirectory() ? COST : 0) + linkTarget.length();
        }
    }

    NameTree(HeldBytes held) {
        this.held = held;
    }

    Optional<Node> find(EntryPath path) {
        boolean isFurther = path.startsWith(lastPath);
        Node at = isFurther ? lastNode : root;
        for (Bytes name : (isFurther ? path.relativeTo(lastPath) : path).components()) {
            Optional<Node> next = at.child(name);
            if (next.isEmpty()) {
                return next;
            }
            at = next.get();
        }
        lastPath = path;
        lastNode = at;
        return Optional.of(at);
    }

    /** Whether something on the way to that path is no directory. */
    boolean bars(EntryPath path) {
        Node at = root;
        for (Bytes name : path.parent().components()) {
            Optional<Node> next = at.child(name);
            if (next.isEmpty()) {
                break;
            }
            at = next.get();
        }
        return !at.isDirectory();
    }

    /** Puts something where nothing is, in a directory that is there. */
    Node add(EntryPath path, FileKind kind, Bytes linkTarget) throws IOException {
        Node node = new Node(kind, linkTarget);
        held.add(path, node.cost(path.name()));
        find(path.parent()).orElseThrow().put(path.name(), node);
        return node;
    }

    void makeDirectories(EntryPath directory) throws IOException {
        Node at = root;
        EntryPath made = EntryPath.ROOT;
        for (Bytes name : directory.components()) {
            made = made.resolve(name);
            Optional<Node> next = at.child(name);
            at = next.isPresent() ? next.get() : add(made, FileKind.DIRECTORY, Bytes.EMPTY);
        }
    }

    /** Marks the directories above a path, less the root, as holding something. */
    void markParents(EntryPath path) {
        if (path.isRoot() || find(path.parent()).orElseThrow().holdsSomething) {
            return;
        }
        Node at = root;
        for (Bytes name : path.parent().components()) {
            at = at.child(name).orElseThrow();
            at.holdsSomething = true;
        }
    }

    /** Takes what lies at a path, which is not the root, with all below it away. */
    void remove(EntryPath path) {
        Optional<Node> gone = find(path);
        if (gone.isPresent()) {
            find(path.parent()).orElseThrow().children.remove(path.name());
            released(path.name(), gone.get());
        }
    }

    /** Takes what is in a directory away. */
    void empty(EntryPath directory) {
        find(directory).ifPresent(node -> {
            node.children.forEach(this::released);
            node.children = Map.of();
        });
    }

    /** Lays another tree over this one, which takes its nodes: directories merge, all else replaces. Both count in one limit. */
    void merge(NameTree upper) {
        record Pair(Node from, Node into) {}
        Deque<Pair> rest = new ArrayDeque<>();
        rest.push(new Pair(upper.root, root));
        while (!rest.isEmpty()) {
            Pair pair = rest.pop();
            pair.from().children.forEach((name, node) -> {
                Optional<Node> below = pair.into().child(name);
                if (node.isDirectory() && below.filter(Node::isDirectory).isPresent()) {
                    held.release(node.cost(name));
                    rest.push(new Pair(node, below.get()));
                } else {
                    pair.into().put(name, node).ifPresent(old -> released(name, old));
                }
            });
        }
        lastPath = EntryPath.ROOT;
        lastNode = root;
    }

    private void released(Bytes name, Node node) {
        held.release(node.cost(name));
        Deque<Node> rest = new ArrayDeque<>();
        rest.push(node);
        while (!rest.isEmpty()) {
            rest.pop().children.forEach((below, child) -> {
                held.release(child.cost(below));
                rest.push(child);
            });
        }
    }
}
