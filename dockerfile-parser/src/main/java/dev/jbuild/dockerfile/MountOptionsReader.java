package dev.jbuild.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads the options of one {@code --mount}, in order: what a key may say depends on the type given before it. */
final class MountOptionsReader {
    private static final List<String> KEYS = List.of(
            "type",
            "from",
            "source",
            "src",
            "target",
            "dst",
            "destination",
            "readonly",
            "ro",
            "readwrite",
            "rw",
            "id",
            "sharing",
            "required",
            "size",
            "mode",
            "uid",
            "gid",
            "env");

    /** Expands a value. */
    @FunctionalInterface
    interface Expansion {
        String expand(String value) throws ExpansionException;
    }

    private final Expansion expansion;
    private MountOptions.Type type = MountOptions.Type.BIND;
    private Optional<String> from = Optional.empty();
    private Optional<String> source = Optional.empty();
    private Optional<String> target = Optional.empty();
    private Optional<Boolean> readOnly = Optional.empty();
    private OptionalLong size = OptionalLong.empty();
    private Optional<String> id = Optional.empty();
    private Optional<MountOptions.Sharing> sharing = Optional.empty();
    private boolean required;
    private Optional<String> env = Optional.empty();
    private OptionalInt mode = OptionalInt.empty();
    private OptionalLong uid = OptionalLong.empty();
    private OptionalLong gid = OptionalLong.empty();

    MountOptionsReader(Expansion expansion) {
        this.expansion = expansion;
    }

    MountOptions read(String text) throws ExpansionException {
        for (String field : CsvFields.split("mount", text)) {
            read(expanded(OptionField.of(field)));
        }
        checkOwnership();
        checkSecret();
        if (sharing.isPresent() && type != MountOptions.Type.CACHE) {
            throw new ExpansionException("sharing is for cache mounts, not for " + Choice.name(type) + " mounts");
        }
        boolean writable = type == MountOptions.Type.CACHE || type == MountOptions.Type.TMPFS;
        return new MountOptions(
                type,
                from,
                source,
                target,
                readOnly.orElse(!writable),
                size,
                id,
                sharing.orElse(MountOptions.Sharing.SHARED),
                required,
                env,
                mode,
                uid,
                gid);
    }

    private OptionField expanded(OptionField field) throws ExpansionException {
        Optional<String> value = field.value();
        return value.isEmpty()
                ? field
                : new OptionField(field.text(), field.key(), Optional.of(expansion.expand(value.get())));
    }

    private void read(OptionField field) throws ExpansionException {
        switch (field.key()) {
            case "type" -> type = choice(field, MountOptions.Type.class, "mount type");
            case "from" -> from = text(field);
            case "source", "src" -> source = text(field);
            case "target", "dst", "destination" -> target = text(field);
            case "readonly", "ro" -> readOnly = Optional.of(field.isTrue());
            case "readwrite", "rw" -> readOnly = Optional.of(!field.isTrue());
            case "id" -> id = text(field);
            case "sharing" -> sharing = Optional.of(choice(field, MountOptions.Sharing.class, "sharing value"));
            case "required" -> {
                require(field, type == MountOptions.Type.SECRET || type == MountOptions.Type.SSH);
                required = field.isTrue();
            }
            case "size" -> {
                require(field, type == MountOptions.Type.TMPFS);
                size = OptionalLong.of(ByteSize.parse(field.requiredValue()).orElseThrow(field::invalid));
            }
            case "mode" -> mode = OptionalInt.of(permissions(field));
            case "uid" -> uid = OptionalLong.of(field.number(10));
            case "gid" -> gid = OptionalLong.of(field.number(10));
            case "env" -> env = Optional.of(field.requiredValue());
            default -> throw field.unexpected(KEYS);
        }
    }

    private static Optional<String> text(OptionField field) throws ExpansionException {
        return Optional.of(field.requiredValue()).filter(v -> !v.isEmpty());
    }

    private static int permissions(OptionField field) throws ExpansionException {
        long mode = field.number(8);
        if (mode > 07777) {
            throw field.invalid();
        }
        return (int) mode;
    }

    private void require(OptionField field, boolean allowed) throws ExpansionException {
        if (!allowed) {
            throw new ExpansionException(
                    "unexpected key '" + field.key() + "' for mount type '" + Choice.name(type) + "'");
        }
    }

    private static <E extends Enum<E>> E choice(OptionField field, Class<E> type, String what)
            throws ExpansionException {
        Choice<E> choice = new Choice<>(type);
        String wanted = field.requiredValue().toLowerCase(Locale.ROOT);
        return choice.find(wanted)
                .orElseThrow(() -> new ExpansionException(
                        "unsupported " + what + " \"" + Excerpt.visible(wanted, 80) + "\"",
                        Suggestion.nearest(wanted, choice.names())));
    }

    private void checkOwnership() throws ExpansionException {
        boolean allowed =
                type == MountOptions.Type.SECRET || type == MountOptions.Type.SSH || type == MountOptions.Type.CACHE;
        if (!allowed && (mode.isPresent() || uid.isPresent() || gid.isPresent())) {
            throw new ExpansionException("mode, uid and gid are not allowed for " + Choice.name(type) + " mounts");
        }
    }

    private void checkSecret() throws ExpansionException {
        if (type != MountOptions.Type.SECRET) {
            return;
        }
        if (from.isPresent()) {
            throw new ExpansionException("a secret mount should not have a from");
        }
        if (sharing.isPresent()) {
            throw new ExpansionException("a secret mount should not define sharing");
        }
        if (source.isEmpty() && target.isEmpty() && id.isEmpty()) {
            throw new ExpansionException("a secret mount needs a source, a target or an id");
        }
        if (source.isPresent() && id.isPresent()) {
            throw new ExpansionException("a secret mount cannot have both a source and an id");
        }
    }
}
