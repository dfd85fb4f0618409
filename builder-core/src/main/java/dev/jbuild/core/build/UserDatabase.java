package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The users and groups that an image's own {@code /etc/passwd} and {@code /etc/group} name. Both are hostile files: only
 * regular ones of at most 1 MiB are read, links stay inside the image (CVE-2024-9676).
 */
record UserDatabase(List<User> users, List<Group> groups) {
    /** Knows nobody. */
    static final UserDatabase EMPTY = new UserDatabase(List.of(), List.of());

    /** The directory that holds both. */
    static final String DIRECTORY = "etc";

    private static final EntryPath PASSWD = EntryPath.of(DIRECTORY + "/passwd");
    private static final EntryPath GROUP = EntryPath.of(DIRECTORY + "/group");
    private static final int MAX_BYTES = 1 << 20;

    /** A line of passwd(5). */
    record User(String name, long uid, long gid, String home) {}

    /** A line of group(5). */
    record Group(String name, long gid, List<String> members) {}

    static UserDatabase read(FileTree tree) throws IOException, BuildException {
        List<User> users = new ArrayList<>();
        for (String[] fields : lines(tree, PASSWD)) {
            if (fields.length >= 6 && isNumber(fields[2]) && isNumber(fields[3])) {
                users.add(new User(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[5]));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (String[] fields : lines(tree, GROUP)) {
            if (fields.length >= 3 && isNumber(fields[2])) {
                List<String> members = fields.length > 3 ? List.of(fields[3].split(",")) : List.of();
                groups.add(new Group(fields[0], Long.parseLong(fields[2]), members));
            }
        }
        return new UserDatabase(users, groups);
    }

    /** Whether both files are where they are looked for, and not behind links. */
    static boolean liesInPlace(FileTree tree) throws IOException {
        return isInPlace(tree, PASSWD) && isInPlace(tree, GROUP);
    }

    private static boolean isInPlace(FileTree tree, EntryPath file) throws IOException {
        return tree.realPath(file, true).equals(Optional.of(file));
    }

    Optional<User> user(String name) {
        return users.stream().filter(user -> user.name().equals(name)).findFirst();
    }

    Optional<User> user(long uid) {
        return users.stream().filter(user -> user.uid() == uid).findFirst();
    }

    Optional<Group> group(String name) {
        return groups.stream().filter(group -> group.name().equals(name)).findFirst();
    }

    /** The groups that list the user as a member. */
    List<Long> groupsOf(User user) {
        return groups.stream()
                .filter(group -> group.members().contains(user.name()))
                .map(Group::gid)
                .distinct()
                .toList();
    }

    /** Whether a text is an id; ids end at 2^32-2 (CVE-2024-40635). */
    static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= 10
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(text) < 0xFFFF_FFFFL;
    }

    private static List<String[]> lines(FileTree tree, EntryPath path) throws IOException, BuildException {
        Optional<EntryPath> real = tree.realPath(path, true);
        Optional<FileStatus> status = real.isEmpty() ? Optional.empty() : tree.lstat(real.get());
        if (status.isEmpty() || !status.get().isFile()) {
            return List.of();
        }
        if (status.get().size() > MAX_BYTES) {
            throw new BuildException(
                    Kind.BUILD,
                    "/" + path + " of the image has " + status.get().size() + " bytes; the limit is " + MAX_BYTES);
        }
        try (InputStream in = tree.open(real.get())) {
            String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return text.lines().map(line -> line.split(":", -1)).toList();
        }
    }
}
