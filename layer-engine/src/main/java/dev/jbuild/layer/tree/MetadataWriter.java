package dev.jbuild.layer.tree;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.Fd;
import dev.jbuild.linux.Linux;
import dev.jbuild.linux.LinuxException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Gives entries their owner, mode, attributes and time. */
final class MetadataWriter {
    /** setxattr(2): none left on the disk or in the file's block of attributes, or more than an attribute may have. */
    private static final Set<Integer> NO_SPACE_IN_ATTRIBUTE = Set.of(Errno.ENOSPC, Errno.ERANGE);

    private final Linux linux;
    private final LayerLimits limits;
    private final Notes notes;

    MetadataWriter(Linux linux, LayerLimits limits, Notes notes) {
        this.linux = linux;
        this.limits = limits;
        this.notes = notes;
    }

    /** Everything of a file that is open for writing. */
    void describe(LayerEntry entry, Fd parent, byte[] name, Fd file) throws IOException {
        describeButTime(entry, parent, name, file);
        linux.setMtime(file, entry.mtime().seconds(), entry.mtime().nanos());
    }

    /**
     * The order is the kernel's: chown clears setuid and removes security.capability (chown(2), capabilities(7)), and user
     * attributes can be set only while the mode lets its owner write (xattr(7)).
     */
    void describeButTime(LayerEntry entry, Fd parent, byte[] name, Fd file) throws IOException {
        giveAway(entry, () -> linux.chown(file, entry.uid(), entry.gid()));
        setXattrs(entry, parent, name);
        linux.chmod(file, entry.mode());
    }

    /** A FIFO or a device, by its name: where owners are recorded, its directory has the record (xattr(7)). */
    void describeNode(LayerEntry entry, Fd parent, byte[] name, Fd node) throws IOException {
        giveAwayByName(entry, parent, name);
        setXattrs(entry, parent, name);
        linux.chmod(node, entry.mode());
        linux.setMtimeAt(parent, name, entry.mtime().seconds(), entry.mtime().nanos());
    }

    /** A link has no mode of its own. */
    void describeLink(LayerEntry entry, Fd parent, byte[] name) throws IOException {
        giveAwayByName(entry, parent, name);
        setXattrs(entry, parent, name);
        linux.setMtimeAt(parent, name, entry.mtime().seconds(), entry.mtime().nanos());
    }

    @FunctionalInterface
    private interface Giving {
        void run() throws IOException;
    }

    /** An ordinary user cannot give files away (EPERM), nor to an id outside the user namespace (EINVAL). */
    private void giveAway(LayerEntry entry, Giving giving) throws IOException {
        try {
            giving.run();
        } catch (LinuxException e) {
            if (e.errno() != Errno.EPERM && e.errno() != Errno.EINVAL) {
                throw e;
            }
            notes.add(entry.path() + ": this user cannot give it to " + entry.uid() + ":" + entry.gid());
        }
    }

    /** Where owners are recorded, those of links and nodes stand in their directory, which has limited space (OwnerRecords). */
    private void giveAwayByName(LayerEntry entry, Fd parent, byte[] name) throws IOException {
        try {
            giveAway(entry, () -> linux.chownAt(parent, name, entry.uid(), entry.gid()));
        } catch (LinuxException e) {
            if (!lacksSpaceForOwner(linux, e)) {
                throw e;
            }
            notes.add(noSpaceForOwner(entry.path(), entry.uid(), entry.gid()));
        }
    }

    /** Whether it was only the record of an owner that a directory has no space for. */
    static boolean lacksSpaceForOwner(Linux linux, LinuxException failure) {
        return linux.recordsOwners() && NO_SPACE_IN_ATTRIBUTE.contains(failure.errno());
    }

    static String noSpaceForOwner(EntryPath path, long uid, long gid) {
        return path + ": its owner " + uid + ":" + gid
                + " has no space in its directory's attributes (4 KiB on ext4, about 480 links), so it is root's";
    }

    private void setXattrs(LayerEntry entry, Fd parent, byte[] name) throws IOException {
        if (entry.xattrs().isEmpty()) {
            return;
        }
        check(entry);
        for (Map.Entry<String, Bytes> attribute : entry.xattrs().entrySet()) {
            if (Xattrs.travels(attribute.getKey())) {
                setXattr(entry, parent, name, attribute.getKey(), attribute.getValue());
            } else {
                notes.add(entry.path() + ": the attribute " + Bytes.of(attribute.getKey())
                        + " is none that a layer may set");
            }
        }
    }

    /** Refuses attributes past the limits. */
    void check(LayerEntry entry) throws RefusedLayerException {
        if (entry.xattrs().size() > limits.maxXattrs()) {
            LayerLimit limit = new LayerLimit("maxXattrs", limits.maxXattrs());
            throw new RefusedLayerException(entry.path(), limit.moreThan("extended attributes"), limit);
        }
        for (Bytes value : entry.xattrs().values()) {
            if (value.length() > limits.maxXattrBytes()) {
                LayerLimit limit = new LayerLimit("maxXattrBytes", limits.maxXattrBytes());
                throw new RefusedLayerException(
                        entry.path(), "an extended attribute of " + limit.moreThan("bytes"), limit);
            }
        }
    }

    private void setXattr(LayerEntry entry, Fd parent, byte[] name, String attribute, Bytes value) throws IOException {
        try {
            linux.setXattrAt(parent, name, attribute, value.toArray());
        } catch (LinuxException e) {
            // EPERM: user attributes live on files and directories only (xattr(7)), capabilities need privilege.
            // EOPNOTSUPP: the file system has none.
            if (e.errno() != Errno.EPERM && e.errno() != Errno.EOPNOTSUPP) {
                throw e;
            }
            notes.add(entry.path() + ": the attribute " + Bytes.of(attribute) + " cannot be set here (" + e.errnoName()
                    + ")");
        }
    }
}
