package dev.jbuild.layer.tree;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What lies in a directory, as a program tells it that shares no code with us: a line for each entry, sorted, names and targets with all but
 * plain characters escaped. {@link ExpectedListing} tells the same of entries.
 */
final class PythonListing {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    // By descriptor, because paths may be longer than the kernel takes; /proc, because there is no listxattrat(2) in
    // Python.
    private static final String PROGRAM = """
            import hashlib, os, stat, sys

            EXACT = sys.argv[2] == 'exact'
            TYPES = {stat.S_IFREG: 'f', stat.S_IFDIR: 'd', stat.S_IFLNK: 'l', stat.S_IFIFO: 'p',
                     stat.S_IFCHR: 'c', stat.S_IFBLK: 'b', stat.S_IFSOCK: 's'}
            names, lines = {}, []

            def escaped(text):
                return ''.join(chr(c) if 33 <= c < 127 and c not in b'%=' else '%%%02x' % c for c in text)

            def holes(fd, size):
                at, found = 0, []
                while at < size:
                    start = os.lseek(fd, at, os.SEEK_HOLE)
                    if start >= size:
                        break
                    try:
                        at = os.lseek(fd, start, os.SEEK_DATA)
                    except OSError:
                        at = size
                    found.append('%d-%d' % (start, at))
                return ','.join(found)

            def attributes(place, follow):
                pairs = [(n, os.getxattr(place, n, follow_symlinks=follow)) for n in os.listxattr(place, follow_symlinks=follow)]
                return ','.join(sorted(escaped(os.fsencode(n)) + ':' + v.hex() for n, v in pairs if n != 'security.selinux'))

            def substance(directory, name, status):
                kind = stat.S_IFMT(status.st_mode)
                if kind == stat.S_IFLNK:
                    return 'to:' + escaped(os.readlink(name, dir_fd=directory))
                if kind in (stat.S_IFCHR, stat.S_IFBLK):
                    return 'device:%d,%d' % (os.major(status.st_rdev), os.minor(status.st_rdev))
                if kind != stat.S_IFREG:
                    return ''
                fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=directory)
                try:
                    gaps = holes(fd, status.st_size)
                    os.lseek(fd, 0, os.SEEK_SET)
                    digest = hashlib.sha256()
                    while data := os.read(fd, 1 << 20):
                        digest.update(data)
                    return 'size:%d sha256:%s holes:%s' % (status.st_size, digest.hexdigest(), gaps)
                finally:
                    os.close(fd)

            def show(path, status, place, follow, what):
                mode = '-' if stat.S_ISLNK(status.st_mode) else '%04o' % stat.S_IMODE(status.st_mode)
                line = [path, TYPES[stat.S_IFMT(status.st_mode)], mode, '%d:%d' % (status.st_uid, status.st_gid),
                        '%d.%09d' % divmod(status.st_mtime_ns, 10 ** 9), what, 'xattrs:' + attributes(place, follow)]
                if EXACT:
                    line.append('ctime:%d links:%d inode:%d' % (status.st_ctime_ns, status.st_nlink, status.st_ino))
                inode = (status.st_dev, status.st_ino)
                if not stat.S_ISDIR(status.st_mode) and status.st_nlink > 1:
                    names.setdefault(inode, []).append(path)
                lines.append((line, inode))

            def walk(fd, path):
                for name in map(os.fsencode, os.listdir(fd)):
                    status = os.stat(name, dir_fd=fd, follow_symlinks=False)
                    below = path + '/' + escaped(name) if path else escaped(name)
                    show(below, status, b'/proc/self/fd/%d/%s' % (fd, name), False, substance(fd, name, status))
                    if stat.S_ISDIR(status.st_mode):
                        child = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd)
                        walk(child, below)
                        os.close(child)

            root = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECTORY)
            show('.', os.fstat(root), '/proc/self/fd/%d' % root, True, '')
            walk(root, '')
            for line, inode in lines:
                first = min(names.get(inode, ['']))
                print(' '.join(line) + (' same:' + first if first not in ('', line[0]) else ''))
            """;

    private PythonListing() {}

    static List<String> of(Path directory) throws IOException {
        return run(directory, "plain");
    }

    /** With what an entry cannot get back once somebody touched it: its inode, its count of links, the time of its last change. */
    static List<String> exact(Path directory) throws IOException {
        return run(directory, "exact");
    }

    private static List<String> run(Path directory, String how) throws IOException {
        assumeTrue(Files.isExecutable(PYTHON), "needs /usr/bin/python3, to look at trees with another program's eyes");
        Process process = new ProcessBuilder(PYTHON.toString(), "-I", "-S", "-c", PROGRAM, directory.toString(), how)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("cannot list " + directory + ": " + output);
        }
        return output.lines().sorted().toList();
    }
}
