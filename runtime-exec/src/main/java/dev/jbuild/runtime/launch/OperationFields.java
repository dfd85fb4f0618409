package dev.jbuild.runtime.launch;

import dev.jbuild.runtime.launch.Operation.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * An operation as the launcher reads it (struct op in spec.h): one record with the fields of all kinds, most of them empty,
 * which keeps the reader in C short.
 */
record OperationFields(
        int kind,
        int flags,
        String source,
        long attributes,
        List<String> options,
        byte[] content,
        int mode,
        int major,
        int minor,
        long uid,
        long gid) {
    private static final int IN_ROOTFS = 1;
    private static final int FOLLOW = 2;
    private static final int RECURSIVE = 4;
    private static final int MAKE = 8;
    private static final int IS_DIRECTORY = 16;
    private static final int WRITABLE = 32;

    private static final byte[] NOTHING = {};

    static OperationFields of(Operation operation) {
        return switch (operation) {
            case Operation.Filesystem(var _, var place, var type, var options, var attributes) ->
                mount(1, flags(place), type, attributes, options);
            case Operation.Bind(var _, var place, var source, var recursive, var attributes) ->
                mount(2, flags(place) | (recursive ? RECURSIVE : 0), source.toString(), attributes, List.of());
            case Operation.PrivateFile(var _, var place, var content, var mode, var uid, var gid, var attributes) ->
                new OperationFields(
                        3, flags(place), "", Attribute.mask(attributes), List.of(), content, mode, 0, 0, uid, gid);
            case Operation.Device(var _, var major, var minor, var mode) ->
                new OperationFields(4, 0, "", 0, List.of(), NOTHING, mode, major, minor, 0, 0);
            case Operation.Symlink(var _, var text) -> mount(5, 0, text, Set.of(), List.of());
            case Operation.Directory(var _, var mode) ->
                new OperationFields(6, 0, "", 0, List.of(), NOTHING, mode, 0, 0, 0, 0);
            case Operation.Mask _ -> mount(7, 0, "", Set.of(), List.of());
            case Operation.ReadOnly _ -> mount(8, 0, "", Set.of(), List.of());
            case Operation.Stub(var _, var place, var directory) ->
                mount(directory ? 9 : 10, flags(place), "", Set.of(), List.of());
            case Operation.Stack stack -> stack(stack);
        };
    }

    private static OperationFields stack(Operation.Stack stack) {
        int flags = flags(stack.place()) | (stack.directory() ? IS_DIRECTORY : 0) | (stack.writable() ? WRITABLE : 0);
        List<String> layers = stack.lower().stream().map(Path::toString).toList();
        return mount(11, flags, stack.source(), stack.attributes(), layers);
    }

    private static OperationFields mount(
            int kind, int flags, String source, Set<Attribute> attributes, List<String> options) {
        return new OperationFields(kind, flags, source, Attribute.mask(attributes), options, NOTHING, 0, 0, 0, 0, 0);
    }

    private static int flags(Place place) {
        return switch (place) {
            case BOX -> 0;
            case IMAGE -> IN_ROOTFS;
            case IMAGE_FOLLOWED -> IN_ROOTFS | FOLLOW | MAKE;
            case BOX_FOLLOWED -> FOLLOW | MAKE;
            case BOX_WITHOUT_LINKS -> MAKE;
        };
    }
}
