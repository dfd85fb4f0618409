package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.build.UserDatabase.Group;
import dev.jbuild.core.build.UserDatabase.User;
import dev.jbuild.layer.LayerEntry;
import java.util.List;
import java.util.Optional;

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
     * The identity that a command runs with under {@code USER}. A number takes group 0 unless one is given, and no
     * supplementary groups; a name takes those of the image.
     */
    Identity identity(String spec) throws BuildException {
        if (spec.isEmpty()) {
            return new Identity(
                    0, 0, database.user("root").map(database::supplementary).orElse(List.of()), home(0));
        }
        Account account = split(spec);
        Optional<User> named =
                UserDatabase.isNumber(account.user()) ? Optional.empty() : Optional.of(user(account.user()));
        long uid = named.isPresent() ? named.get().uid() : Long.parseLong(account.user());
        long gid = account.group().isPresent()
                ? gid(account.group().get())
                : named.map(User::gid).orElse(0L);
        List<Long> groups =
                named.isPresent() && account.group().isEmpty() ? database.supplementary(named.get()) : List.of();
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
                        "the image has no user \"" + name + hint(name).formatted("passwd")));
    }

    private long gid(String group) throws BuildException {
        if (UserDatabase.isNumber(group)) {
            return Long.parseLong(group);
        }
        return database.group(group)
                .map(Group::gid)
                .orElseThrow(() -> new BuildException(
                        Kind.BUILD,
                        "the image has no group \"" + group + hint(group).formatted("group")));
    }

    /** BuildKit takes a number that is too large for an id for the name of nobody, and so for root. */
    private static String hint(String name) {
        boolean isNumber = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber
                ? "\", and it is no id: they end at " + LayerEntry.MAX_ID
                : "\" in its /etc/%s; create it in a RUN before";
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
