package dev.jbuild.linux;

import dev.jbuild.linux.OwnerRecords.Owner;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kernel, but for owners: those that are not the one id that this process has are recorded beside the files. */
final class RecordingLinux extends SystemLinux {
    static final RecordingLinux INSTANCE = new RecordingLinux();

    private static final byte[] SELF = {};

    private RecordingLinux() {}

    @Override
    public boolean recordsOwners() {
        return true;
    }

    @Override
    public Linux withoutRecords() {
        return SystemLinux.INSTANCE;
    }

    @Override
    public Optional<FileStat> statAt(Fd directory, byte[] name) throws IOException {
        Optional<FileStat> stat = super.statAt(directory, name);
        if (stat.isEmpty() || stat.get().isWhiteout()) {
            return stat;
        }
        return Optional.of(owned(stat.get(), recorded(directory, name, stat.get())));
    }

    @Override
    public FileStat stat(Fd file) throws IOException {
        FileStat stat = super.stat(file);
        return takesAttributes(stat)
                ? owned(stat, attributes.read(file, OwnerRecords.OWNER).flatMap(Owner::parse))
                : stat;
    }

    /** As the kernel, which clears setuid and capabilities with every change of owner. */
    @Override
    public void chown(Fd file, long uid, long gid) throws IOException {
        super.chown(file, 0, 0);
        Owner owner = new Owner(uid, gid);
        if (!owner.equals(Owner.ROOT)) {
            attributes.write(file, OwnerRecords.OWNER, owner.toBytes());
        } else if (attributes.read(file, OwnerRecords.OWNER).isPresent()) {
            attributes.remove(file, OwnerRecords.OWNER);
        }
    }

    @Override
    public void chownAt(Fd directory, byte[] name, long uid, long gid) throws IOException {
        super.chownAt(directory, name, 0, 0);
        Optional<FileStat> stat = super.statAt(directory, name);
        if (stat.isPresent() && takesAttributes(stat.get())) {
            try (Fd file = openAt(directory, name, 0, OpenFlag.PATH, OpenFlag.NO_FOLLOW)) {
                chown(file, uid, gid);
            }
        } else if (stat.isPresent()) {
            record(directory, name, stat.get(), new Owner(uid, gid));
        }
    }

    /** A failure with ENOSPC or ERANGE may be the record's: the new name is there then, and root's. */
    @Override
    public void linkAt(Fd fromDirectory, byte[] fromName, Fd toDirectory, byte[] toName) throws IOException {
        super.linkAt(fromDirectory, fromName, toDirectory, toName);
        carry(ownedByDirectory(fromDirectory, fromName), toDirectory, toName);
    }

    /** Fails as {@link #linkAt}. */
    @Override
    public void renameAt(Fd fromDirectory, byte[] fromName, Fd toDirectory, byte[] toName, RenameFlag... flags)
            throws IOException {
        boolean isExchange = List.of(flags).contains(RenameFlag.EXCHANGE);
        Optional<Owner> from = ownedByDirectory(fromDirectory, fromName);
        Optional<Owner> to = isExchange ? ownedByDirectory(toDirectory, toName) : Optional.empty();
        super.renameAt(fromDirectory, fromName, toDirectory, toName, flags);
        carry(from, toDirectory, toName);
        carry(to, fromDirectory, fromName);
    }

    /** The recorded owner of what takes no attribute, whose record is not its own and stays behind when it goes elsewhere. */
    private Optional<Owner> ownedByDirectory(Fd directory, byte[] name) throws IOException {
        Optional<FileStat> stat = super.statAt(directory, name).filter(there -> !takesAttributes(there));
        return stat.isPresent() ? recorded(directory, name, stat.get()) : Optional.empty();
    }

    private void carry(Optional<Owner> owner, Fd directory, byte[] name) throws IOException {
        Optional<FileStat> stat = owner.isPresent() ? super.statAt(directory, name) : Optional.empty();
        if (stat.isPresent()) {
            record(directory, name, stat.get(), owner.orElseThrow());
        }
    }

    private void record(Fd directory, byte[] name, FileStat stat, Owner owner) throws IOException {
        byte[] before = links(directory, name).orElse(SELF);
        byte[] after = OwnerRecords.with(before, stat, owner);
        if (after.length > 0) {
            setXattrAt(directory, parentOf(name), OwnerRecords.LINKS, after);
        } else if (before.length > 0) {
            removeXattrAt(directory, parentOf(name), OwnerRecords.LINKS);
        }
    }

    private Optional<Owner> recorded(Fd directory, byte[] name, FileStat stat) throws IOException {
        return takesAttributes(stat)
                ? xattrAt(directory, name, OwnerRecords.OWNER).flatMap(Owner::parse)
                : links(directory, name).flatMap(links -> OwnerRecords.find(links, stat));
    }

    private Optional<byte[]> links(Fd directory, byte[] name) throws IOException {
        return xattrAt(directory, parentOf(name), OwnerRecords.LINKS);
    }

    private static boolean takesAttributes(FileStat stat) {
        return stat.kind() == FileKind.FILE || stat.kind() == FileKind.DIRECTORY;
    }

    private static FileStat owned(FileStat stat, Optional<Owner> owner) {
        return owner.map(o -> stat.withOwner(o.uid(), o.gid())).orElse(stat);
    }

    private static int lastSlash(byte[] name) {
        int at = name.length - 1;
        while (at >= 0 && name[at] != '/') {
            at--;
        }
        return at;
    }

    /** With its slash, so that the attribute is the directory's even where a link leads to it. */
    private static byte[] parentOf(byte[] name) {
        return Arrays.copyOf(name, lastSlash(name) + 1);
    }
}
