package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.build.UserDatabase.Group;
import dev.jbuild.core.build.UserDatabase.User;
import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.layer.LayerEntry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Users and owners as Dockerfiles write them ({@code user[:group]}, names or numbers), looked up in an image. */
final class Ids {
    private final UserDatabase database;

    Ids(UserDatabase database) {
        this.database = database;
    }

    /** Whether the text says all without a look into the image. */
    static boolean isNumeric(String spec) {
        for (String part : spec.split(":", -1)) {
            if (!UserDatabase.isNumber(part)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The owner that {@code --chown} names. A number alone is both user and group, a name alone takes its primary group; with
     * a colon and nothing behind it the group is root's, as with BuildKit.
     *
     * @throws BuildException for a name that the image does not have: silently taking root instead would be a hole
     */
    Owner owner(String spec) throws BuildException {
        Account account = split(spec);
        if (account.group().isPresent()) {
            return new Owner(uid(account.user()), gid(account.group().get()));
        }
        if (spec.endsWith(":")) {
            return new Owner(uid(account.user()), 0);
        }
        if (UserDatabase.isNumber(account.user())) {
            long id = Long.parseLong(account.user());
            return new Owner(id, id);
        }
        User user = user(account.user());
        return new Owner(user.uid(), user.gid());
    }

    /**
     * The identity that a command runs with under {@code USER}, as BuildKit has it: a user of the image's {@code passwd}, by
     * name or number, has the groups that the image says, another number has group 0. With a group of its own it has no other.
     * The group of the process is always among the supplementary ones, which are sorted as the kernel keeps them.
     */
    Identity identity(String spec) throws BuildException {
        Account account = split(spec.isEmpty() ? "0" : spec);
        Optional<User> named = UserDatabase.isNumber(account.user())
                ? database.user(Long.parseLong(account.user()))
                : Optional.of(user(account.user()));
        long uid = named.isPresent() ? named.get().uid() : Long.parseLong(account.user());
        long gid = account.group().isPresent()
                ? gid(account.group().get())
                : named.map(User::gid).orElse(0L);
        List<Long> listed = named.isPresent() && account.group().isEmpty() ? database.groupsOf(named.get()) : List.of();
        List<Long> groups = Stream.concat(Stream.of(gid), listed.stream())
                .distinct()
                .sorted()
                .toList();
        return new Identity(uid, gid, groups, home(uid));
    }

    private String home(long uid) {
        return database.user(uid)
                .map(User::home)
                .filter(home -> !home.isEmpty())
                .orElse(uid == 0 ? "/root" : "/");
    }

    /** Without a user ({@code :group}) it is root. */
    private long uid(String user) throws BuildException {
        if (user.isEmpty()) {
            return 0;
        }
        return UserDatabase.isNumber(user) ? Long.parseLong(user) : user(user).uid();
    }

    private User user(String name) throws BuildException {
        return database.user(name)
                .orElseThrow(() -> new BuildException(
                        Kind.BUILD,
                        "the image has no user \"" + name + hint(name).formatted("passwd")
                                + near(name, database.users().stream().map(User::name))));
    }

    private long gid(String group) throws BuildException {
        if (UserDatabase.isNumber(group)) {
            return Long.parseLong(group);
        }
        return database.group(group)
                .map(Group::gid)
                .orElseThrow(() -> new BuildException(
                        Kind.BUILD,
                        "the image has no group \"" + group + hint(group).formatted("group")
                                + near(group, database.groups().stream().map(Group::name))));
    }

    /** BuildKit takes a number that is too large for an id for the name of nobody, and so for root. */
    private static String hint(String name) {
        boolean isNumber = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber
                ? "\", and it is no id: they end at " + LayerEntry.MAX_ID
                : "\" in its /etc/%s; create it in a RUN before";
    }

    private static String near(String name, Stream<String> known) {
        return Suggestion.nearestSpelling(name, known.toList())
                .map(near -> " (did you mean " + near + "?)")
                .orElse("");
    }

    private static Account split(String spec) {
        int colon = spec.indexOf(':');
        return colon < 0
                ? new Account(spec, Optional.empty())
                : new Account(
                        spec.substring(0, colon),
                        Optional.of(spec.substring(colon + 1)).filter(g -> !g.isEmpty()));
    }

    private record Account(String user, Optional<String> group) {}

    /** What a process runs as. */
    record Identity(long uid, long gid, List<Long> groups, String home) {}
}
