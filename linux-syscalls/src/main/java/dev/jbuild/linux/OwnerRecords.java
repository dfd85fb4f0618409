package dev.jbuild.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The text of the attributes that say who owns what, where the kernel does not have the id. The launcher of runtime-exec
 * (owner.c, links.c) reads and writes the same.
 */
public final class OwnerRecords {
    /** What the names of both attributes begin with: they are this machine's matter and no part of a layer. */
    public static final String PREFIX = "user.jbuild.";

    /** Of a file or directory: {@code UID:GID}. */
    static final String OWNER = PREFIX + "owner";

    /**
     * Of a directory, for those of its entries that take no attribute (xattr(7)): for each owner his ids and how many keys
     * follow (4 bytes each), and the keys of his files (8 bytes each), all little endian. Short, because an ext4 keeps no more
     * than 4 KiB of attributes for each file (ext4(5)).
     */
    static final String LINKS = PREFIX + "links";

    private static final int HEAD_BYTES = 3 * Integer.BYTES;
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

    /** The owner of that file; an earlier one with its inode number does not count. */
    static Optional<Owner> find(byte[] links, FileStat file) {
        return parse(links).entrySet().stream()
                .filter(group -> group.getValue().contains(key(file)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The attribute with this owner in the place of an earlier one of the file; root's has none. */
    static byte[] with(byte[] links, FileStat file, Owner owner) {
        Map<Owner, Set<Long>> groups = parse(links);
        groups.values().forEach(keys -> keys.remove(key(file)));
        if (!owner.equals(Owner.ROOT)) {
            groups.computeIfAbsent(owner, none -> new LinkedHashSet<>()).add(key(file));
        }
        groups.values().removeIf(Set::isEmpty);
        return toBytes(groups);
    }

    /**
     * Files of one inode number have different keys, since they were born at different times; the factor (2^64 divided by the
     * golden ratio) keeps those of different numbers apart.
     */
    private static long key(FileStat file) {
        return file.inode() * 0x9e3779b97f4a7c15L + file.bornNanos();
    }

    /** What follows the last whole group is nothing that was written here. */
    private static Map<Owner, Set<Long>> parse(byte[] links) {
        Map<Owner, Set<Long>> groups = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(links).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= HEAD_BYTES) {
            Owner owner = new Owner(Integer.toUnsignedLong(in.getInt()), Integer.toUnsignedLong(in.getInt()));
            long count = Integer.toUnsignedLong(in.getInt());
            if (count > in.remaining() / Long.BYTES) {
                return groups;
            }
            Set<Long> keys = groups.computeIfAbsent(owner, none -> new LinkedHashSet<>());
            for (long i = 0; i < count; i++) {
                keys.add(in.getLong());
            }
        }
        return groups;
    }

    private static byte[] toBytes(Map<Owner, Set<Long>> groups) {
        int keys = groups.values().stream().mapToInt(Set::size).sum();
        ByteBuffer out = ByteBuffer.allocate(groups.size() * HEAD_BYTES + keys * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        groups.forEach((owner, members) -> {
            out.putInt((int) owner.uid).putInt((int) owner.gid).putInt(members.size());
            members.forEach(out::putLong);
        });
        return out.array();
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
