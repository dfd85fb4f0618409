package dev.jbuild.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of the attributes that say who owns what, where the kernel does not have the id. The launcher of runtime-exec
 * (owner.c, links.c) reads and writes the same.
 */
public final class OwnerRecords {
    /** What the names of both attributes begin with: they are this machine's matter and no part of a layer. */
    public static final String PREFIX = "user.jbuild.";

    /** Of a file or directory: {@code UID:GID}. */
    static final String OWNER = PREFIX + "owner";

    /** Of a directory, for those of its entries that take no attribute (xattr(7)): {@code NAME/UID:GID:INODE} and NUL each. */
    static final String LINKS = PREFIX + "links";

    private static final int DECIMAL = 10;

    private OwnerRecords() {}

    /** An owner that the kernel does not know. */
    record Owner(long uid, long gid) {
        static final Owner ROOT = new Owner(0, 0);

        byte[] toBytes() {
            return (uid + ":" + gid).getBytes(StandardCharsets.US_ASCII);
        }

        /** Empty for what nobody here wrote. */
        static Optional<Owner> parse(byte[] text) {
            List<Long> numbers = numbers(new String(text, StandardCharsets.ISO_8859_1));
            return numbers.size() == 2 ? Optional.of(new Owner(numbers.get(0), numbers.get(1))) : Optional.empty();
        }
    }

    /** The owner of the entry of that name; an inode number of an earlier entry of the name does not count. */
    static Optional<Owner> find(byte[] links, byte[] name, long inode) {
        String wanted = latin(name) + "/";
        for (String entry : latin(links).split("\0", -1)) {
            if (entry.startsWith(wanted)) {
                List<Long> numbers = numbers(entry.substring(wanted.length()));
                return numbers.size() == 3 && numbers.get(2) == inode
                        ? Optional.of(new Owner(numbers.get(0), numbers.get(1)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The attribute with this entry in the place of an earlier one of its name; root's has none. */
    static byte[] with(byte[] links, byte[] name, long inode, Owner owner) {
        String begins = latin(name) + "/";
        StringBuilder text = new StringBuilder();
        for (String entry : latin(links).split("\0", -1)) {
            if (!entry.isEmpty() && !entry.startsWith(begins)) {
                text.append(entry).append('\0');
            }
        }
        if (!owner.equals(Owner.ROOT)) {
            text.append(begins)
                    .append(owner.uid + ":" + owner.gid + ":" + inode)
                    .append('\0');
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Names are bytes, which this keeps as they are. */
    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static List<Long> numbers(String text) {
        List<Long> numbers = new ArrayList<>();
        for (String digits : text.split(":", -1)) {
            boolean isNumber =
                    !digits.isEmpty() && digits.length() < 20 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!isNumber) {
                return List.of();
            }
            numbers.add(Long.parseUnsignedLong(digits, DECIMAL));
        }
        return numbers;
    }
}
