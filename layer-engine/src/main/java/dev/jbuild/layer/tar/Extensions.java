package dev.jbuild.layer.tar;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.LayerLimit;
import dev.jbuild.layer.LayerLimits;
import java.io.IOException;
import java.util.Optional;

/** What extended headers said about the entry that follows them. */
final class Extensions {
    private PaxRecords pax = PaxRecords.none();
    private Optional<Bytes> longName = Optional.empty();
    private Optional<Bytes> longLink = Optional.empty();
    private boolean present;

    /** Whether a header waits for its entry. */
    boolean isPresent() {
        return present;
    }

    PaxRecords pax() {
        return pax;
    }

    /** The whole name when an extension gives it. */
    Optional<Bytes> name(LayerLimits limits) throws TarSyntaxException {
        // A sparse file's own name stands apart; its path is made up for readers that cannot expand it.
        Optional<Bytes> sparseName = pax.bytes("GNU.sparse.name");
        return bounded(sparseName.isPresent() ? sparseName : only(pax.bytes("path"), longName), limits);
    }

    /** The whole link target when an extension gives it. */
    Optional<Bytes> linkName(LayerLimits limits) throws TarSyntaxException {
        return bounded(only(pax.bytes("linkpath"), longLink), limits);
    }

    /** Takes the header if it is one for the next entry; false when it is an entry itself. */
    boolean take(HeaderBlock header, TarInput in, LayerLimits limits) throws IOException {
        switch (header.type()) {
            case 'x', 'X' -> takePax(body(header, in, limits));
            case 'g' -> requireHarmless(PaxRecords.parse(body(header, in, limits)));
            case 'L' -> longName = Optional.of(takeLong(longName, body(header, in, limits)));
            case 'K' -> longLink = Optional.of(takeLong(longLink, body(header, in, limits)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void takePax(byte[] body) throws TarSyntaxException {
        if (pax.keys().iterator().hasNext()) {
            throw new TarSyntaxException("two extended headers for one entry");
        }
        pax = PaxRecords.parse(body);
        present = true;
    }

    /** GNU's long names end at their NUL; nothing may hide behind it. */
    private Bytes takeLong(Optional<Bytes> before, byte[] body) throws TarSyntaxException {
        int length = body.length;
        while (length > 0 && body[length - 1] == 0) {
            length--;
        }
        Bytes value = Bytes.of(body, 0, length);
        if (before.isPresent() || value.isEmpty() || value.contains('\0')) {
            throw new TarSyntaxException("a GNU long name that is empty, holds a NUL, or comes twice");
        }
        present = true;
        return value;
    }

    /** A global header changes every later entry for the readers that know it, and none for the others. */
    private static void requireHarmless(PaxRecords global) throws TarSyntaxException {
        for (String key : global.keys()) {
            if (!key.equals("comment")) {
                throw new TarSyntaxException(
                        "a global extended header sets " + Bytes.of(key) + "; only comment may be");
            }
        }
    }

    private static byte[] body(HeaderBlock header, TarInput in, LayerLimits limits) throws IOException {
        long size = header.size();
        if (size < 0 || size > limits.maxExtendedHeaderBytes()) {
            LayerLimit limit = new LayerLimit("maxExtendedHeaderBytes", limits.maxExtendedHeaderBytes());
            throw new TarSyntaxException("an extended header of " + size + " bytes" + limit.asEnd(), limit);
        }
        return in.readBody((int) size);
    }

    private static Optional<Bytes> only(Optional<Bytes> pax, Optional<Bytes> gnu) throws TarSyntaxException {
        if (pax.isPresent() && gnu.isPresent()) {
            throw new TarSyntaxException("a name is given twice, by PAX and by GNU");
        }
        return pax.or(() -> gnu);
    }

    private static Optional<Bytes> bounded(Optional<Bytes> name, LayerLimits limits) throws TarSyntaxException {
        if (name.isPresent() && name.get().length() > limits.maxPathBytes()) {
            LayerLimit limit = new LayerLimit("maxPathBytes", limits.maxPathBytes());
            throw new TarSyntaxException("a path of " + name.get().length() + " bytes" + limit.asEnd(), limit);
        }
        return name;
    }
}
