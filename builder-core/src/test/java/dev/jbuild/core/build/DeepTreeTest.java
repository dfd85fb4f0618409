package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.layer.Bytes;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.Timestamp;
import dev.jbuild.layer.tree.FileStatus;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Trees deeper than the stack of a thread, as a path of 64 KiB may have them. */
class DeepTreeTest {
    private static final FileStatus DIRECTORY =
            new FileStatus(FileKind.DIRECTORY, 0755, 0, 0, 0, Timestamp.EPOCH, Timestamp.EPOCH, 1, 1, 2, 0, 0);

    @Test
    void isWrittenAsOneLayer() throws IOException {
        AtomicInteger entries = new AtomicInteger();

        new TreeLayer(new Chain(30_000)).writeTo((entry, content) -> entries.incrementAndGet());

        assertThat(entries).hasValue(30_000);
    }

    @Test
    void isWalkedByACopy() throws Exception {
        List<SourceFile> files = walk(new Chain(10_000), IgnoreRules.of(List.of("**/x", "!d")));

        assertThat(files).hasSize(10_000);
        assertThat(files.getLast().path().length()).isEqualTo(19_999);
    }

    @Test
    void isNotWalkedPastWhatMemoryIsMeantForIt() {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> walk(new Chain(12_000), IgnoreRules.of(List.of())))
                .withMessageContaining(": the paths of the files to copy take more than ")
                .withMessageEndingWith(" bytes, an eighth of the memory: JBUILD_JAVA_OPTIONS=-Xmx4g gives more");
    }

    private static List<SourceFile> walk(FileTree tree, IgnoreRules ignore) throws Exception {
        IgnoreRules none = IgnoreRules.of(List.of());
        return new DirectoryWalk(tree, EntryPath.ROOT, new DirectoryWalk.Filter(ignore, Optional.empty(), none))
                .files();
    }

    /** Directories of one directory each. */
    private record Chain(int depth) implements FileTree {
        @Override
        public List<Child> list(EntryPath directory) {
            boolean isLast = directory.length() >= 2 * depth - 1;
            return isLast ? List.of() : List.of(new Child(Bytes.of("d"), DIRECTORY));
        }

        @Override
        public Optional<FileStatus> lstat(EntryPath path) {
            return Optional.of(DIRECTORY);
        }

        @Override
        public Optional<FileStatus> stat(EntryPath path) {
            return lstat(path);
        }

        @Override
        public Optional<EntryPath> realPath(EntryPath path, boolean followLast) {
            return Optional.of(path);
        }

        @Override
        public EntryPath landing(EntryPath path, boolean followLast) {
            return path;
        }

        @Override
        public InputStream open(EntryPath path) {
            throw new UnsupportedOperationException("there are no files");
        }

        @Override
        public Bytes readLink(EntryPath path) {
            throw new UnsupportedOperationException("there are no links");
        }

        @Override
        public SortedMap<String, Bytes> xattrs(EntryPath path) {
            return Collections.emptySortedMap();
        }

        @Override
        public void close() {}
    }
}
