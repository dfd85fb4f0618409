package dev.jbuild.core.build;

import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.LayerEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A filesystem to copy into that is a list of entries. */
final class KnownTree implements TargetRoot {
    private final Map<EntryPath, LayerEntry> entries = new HashMap<>();

    KnownTree directory(String path, int mode, long uid) {
        return put(LayerEntry.directory(EntryPath.of(path), mode).withOwner(uid, uid));
    }

    KnownTree file(String path) {
        return put(LayerEntry.file(EntryPath.of(path), 0644, 1));
    }

    KnownTree link(String path, String target) {
        return put(LayerEntry.symlink(EntryPath.of(path), Bytes.of(target)));
    }

    private KnownTree put(LayerEntry entry) {
        entries.put(entry.path(), entry);
        return this;
    }

    @Override
    public Optional<LayerEntry> find(EntryPath path) {
        return Optional.ofNullable(entries.get(path));
    }

    @Override
    public void beforeMaking(LayerEntry directory) {}

    @Override
    public void beforeNaming(EntryPath destination, Bytes source) {}
}
