package dev.jbuild.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.EntryPath;
import dev.jbuild.layer.tree.FileTree;
import dev.jbuild.linux.Errno;
import dev.jbuild.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class ContextFilesTest {
    private static final EntryPath PATH = EntryPath.of("etc/shadow");

    /** A tree of a kernel that refuses everything, as it refuses root nothing in a test. */
    private static ContextFiles refused(int errno) {
        FileTree tree = (FileTree) Proxy.newProxyInstance(
                ContextFilesTest.class.getClassLoader(), new Class<?>[] {FileTree.class}, (_, _, _) -> {
                    throw new LinuxException("openat", errno, "/context/./etc/shadow");
                });
        return new ContextFiles(tree, "the build context");
    }

    @Test
    void whatMayNotBeReadIsToldByItsPathInTheContextWithWhatToDo() {
        assertThatThrownBy(() -> refused(Errno.EACCES).open(PATH))
                .hasMessage("\"/etc/shadow\" in the build context cannot be read: permission denied (openat: EACCES);"
                        + " let this user read it (chmod u+r, of a directory u+rx), or leave it out by .dockerignore");
    }

    @Test
    void everyLookIsToldLikeThat() {
        ContextFiles files = refused(Errno.EIO);

        assertThatThrownBy(() -> files.list(PATH)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> files.lstat(PATH)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> files.stat(PATH)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> files.realPath(PATH, true)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> files.landing(PATH, true)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> files.readLink(PATH)).isInstanceOf(UnreadableFileException.class);
        assertThatThrownBy(() -> files.xattrs(PATH)).isInstanceOf(UnreadableFileException.class);
    }

    @Test
    void aFileThatBreaksOffWhileItIsReadIsToldLikeThat() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new LinuxException("read", Errno.EIO, "3");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        FileTree tree = (FileTree) Proxy.newProxyInstance(
                ContextFilesTest.class.getClassLoader(), new Class<?>[] {FileTree.class}, (_, _, _) -> broken);

        try (InputStream in = new ContextFiles(tree, "the context /data").open(PATH)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessageStartingWith("\"/etc/shadow\" in the context /data cannot be read: ");
        }
    }

    @Test
    void whatTheMachineLacksIsNoFaultOfAFile() {
        assertThatThrownBy(() -> refused(Errno.EMFILE).open(PATH)).isInstanceOf(LinuxException.class);
    }

    @Test
    void anUnreadableFileFailsTheBuildAndNotTheStore() {
        BuildException failure =
                Failures.of(new UnreadableFileException(PATH, "x", new LinuxException("openat", Errno.EACCES, "y")));

        assertThat(failure.kind()).isEqualTo(Kind.BUILD);
    }
}
