/*
 * Preloaded into a process (ld.so(8), LD_PRELOAD), counts its calls that change files below one folder and makes the n-th go wrong:
 * the process is killed before it, or the call fails with an errno and is not made. A counter for all threads together, which strace's
 * injection lacks, so that n = 1, 2, 3, ... meets every call of a run.
 *
 *   FAULT_ROOT   the folder; calls on other files pass uncounted
 *   FAULT_AT     which call, from 1; 0 only counts
 *   FAULT_ERRNO  the errno to fail with; 0 kills
 *   FAULT_READS  1 counts what opens and reads, too
 *   FAULT_LOG    a file that gets the number of calls and their names when FAULT_AT is 0
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const char *root;
static size_t root_length;
static long fault_at;
static int fault_errno;
static int with_reads;
static int log_fd = -1;
static atomic_long calls;
static long (*next_syscall)(long, ...);

__attribute__((constructor)) static void start(void) {
    const char *at = getenv("FAULT_AT"), *number = getenv("FAULT_ERRNO"), *reads = getenv("FAULT_READS"), *log = getenv("FAULT_LOG");
    root = getenv("FAULT_ROOT");
    root_length = root ? strlen(root) : 0;
    fault_at = at ? atol(at) : 0;
    fault_errno = number ? atoi(number) : 0;
    with_reads = reads && *reads == '1';
    next_syscall = (long (*)(long, ...)) dlsym(RTLD_NEXT, "syscall");
    if (log && fault_at == 0) log_fd = (int) next_syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int below_root(const char *path) {
    return root_length && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int fd_below_root(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = next_syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return below_root(path);
}

/* The magic link of a descriptor, or an entry of the directory that it leads to: so do calls that take no descriptor reach files. */
static int path_below_root(const char *path) {
    static const char magic[] = "/proc/self/fd/";
    return strncmp(path, magic, sizeof magic - 1) ? below_root(path) : fd_below_root(atoi(path + sizeof magic - 1));
}

static int at_below_root(int fd, const char *path) {
    return path && *path == '/' ? below_root(path) : fd != AT_FDCWD && fd_below_root(fd);
}

/* Counts a call; when its turn has come it does not return, or returns 1 with errno set. */
static int faulty(const char *name, int counts) {
    if (!counts || !root_length) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (log_fd >= 0) {
        char line[64];
        int length = snprintf(line, sizeof line, "%ld %s\n", number, name);
        next_syscall(SYS_write, log_fd, line, (long) length);
    }
    if (number != fault_at) return 0;
    if (!fault_errno) kill(getpid(), SIGKILL);
    errno = fault_errno;
    return 1;
}

#define PASS(type, name, params, args, counts)                            \
    type name params {                                                    \
        static type(*next) params;                                        \
        if (!next) next = (type(*) params) dlsym(RTLD_NEXT, #name);       \
        return faulty(#name, counts) ? (type) -1 : next args;             \
    }

PASS(ssize_t, write, (int fd, const void *from, size_t length), (fd, from, length), fd_below_root(fd))
PASS(ssize_t, pwrite64, (int fd, const void *from, size_t length, off64_t at), (fd, from, length, at), fd_below_root(fd))
PASS(ssize_t, read, (int fd, void *into, size_t length), (fd, into, length), with_reads && fd_below_root(fd))
PASS(int, fsync, (int fd), (fd), fd_below_root(fd))
PASS(int, fdatasync, (int fd), (fd), fd_below_root(fd))
PASS(int, rename, (const char *from, const char *to), (from, to), below_root(from) || below_root(to))
PASS(int, link, (const char *from, const char *to), (from, to), below_root(to))
PASS(int, linkat, (int f, const char *from, int t, const char *to, int flags), (f, from, t, to, flags), at_below_root(t, to))
PASS(int, symlink, (const char *text, const char *path), (text, path), below_root(path))
PASS(int, unlink, (const char *path), (path), below_root(path))
PASS(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags), at_below_root(fd, path))
PASS(int, rmdir, (const char *path), (path), below_root(path))
PASS(int, mkdir, (const char *path, mode_t mode), (path, mode), below_root(path))
PASS(ssize_t, pread64, (int fd, void *into, size_t length, off64_t at), (fd, into, length, at), with_reads && fd_below_root(fd))
PASS(int, ftruncate64, (int fd, off64_t length), (fd, length), fd_below_root(fd))
PASS(int, futimens, (int fd, const struct timespec times[2]), (fd, times), fd_below_root(fd))
PASS(int, chmod, (const char *path, mode_t mode), (path, mode), below_root(path))
PASS(int, fchmod, (int fd, mode_t mode), (fd, mode), fd_below_root(fd))

/* The JDK opens a folder to list it by either; both need a descriptor. */
DIR *opendir(const char *path) {
    static DIR *(*next)(const char *);
    if (!next) next = (DIR * (*) (const char *)) dlsym(RTLD_NEXT, "opendir");
    return faulty("opendir", with_reads && below_root(path)) ? NULL : next(path);
}

DIR *fdopendir(int fd) {
    static DIR *(*next)(int);
    if (!next) next = (DIR * (*) (int) ) dlsym(RTLD_NEXT, "fdopendir");
    return faulty("fdopendir", with_reads && fd_below_root(fd)) ? NULL : next(fd);
}

struct dirent64 *readdir64(DIR *folder) {
    static struct dirent64 *(*next)(DIR *);
    if (!next) next = (struct dirent64 *(*)(DIR *)) dlsym(RTLD_NEXT, "readdir64");
    return faulty("readdir64", with_reads && fd_below_root(dirfd(folder))) ? NULL : next(folder);
}

static int open_counts(const char *path, int flags) {
    return ((flags & O_CREAT) || with_reads) && below_root(path);
}

int open64(const char *path, int flags, ...) {
    static int (*next)(const char *, int, ...);
    if (!next) next = (int (*)(const char *, int, ...)) dlsym(RTLD_NEXT, "open64");
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return faulty("open64", open_counts(path, flags)) ? -1 : next(path, flags, mode);
}

static int syscall_counts(long number, const long *a) {
    switch (number) {
        case SYS_write: case SYS_pwrite64: case SYS_fsync: case SYS_fdatasync: case SYS_syncfs:
        case SYS_ftruncate: case SYS_fchmod:
            return fd_below_root((int) a[0]);
        case SYS_copy_file_range:
            return fd_below_root((int) a[2]);
        case SYS_sendfile:
            return fd_below_root((int) a[0]);
        case SYS_openat2:
            return ((((const struct open_how *) a[2])->flags & O_CREAT) || with_reads) && at_below_root((int) a[0], (const char *) a[1]);
        case SYS_setxattr: case SYS_lsetxattr: case SYS_removexattr: case SYS_lremovexattr:
            return path_below_root((const char *) a[0]);
        case SYS_fchmodat:
            return *(const char *) a[1] == '/' ? path_below_root((const char *) a[1]) : fd_below_root((int) a[0]);
        case SYS_openat:
            return ((a[2] & O_CREAT) || with_reads) && at_below_root((int) a[0], (const char *) a[1]);
        case SYS_read: case SYS_pread64: case SYS_getdents64:
            return with_reads && fd_below_root((int) a[0]);
        case SYS_unlinkat: case SYS_mkdirat: case SYS_mknodat: case SYS_utimensat: case SYS_fchownat:
            return at_below_root((int) a[0], (const char *) a[1]);
        case SYS_symlinkat:
            return at_below_root((int) a[1], (const char *) a[2]);
        case SYS_renameat2: case SYS_linkat:
            return at_below_root((int) a[2], (const char *) a[3]);
        default:
            return 0;
    }
}

long syscall(long number, ...) {
    long a[6];
    va_list rest;
    va_start(rest, number);
    for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
    va_end(rest);
    char name[32];
    snprintf(name, sizeof name, "syscall %ld", number);
    if (faulty(name, syscall_counts(number, a))) return -1;
    return next_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/*
 * The JVM looks its foreign functions up in a library of its own and what that one needs (dlsym(3) of a handle), which passes over what is
 * preloaded: it is given the syscall above.
 */
void *dlsym(void *restrict handle, const char *restrict name) {
    static void *(*next)(void *, const char *);
    static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};
    for (size_t i = 0; !next && i < sizeof versions / sizeof *versions; i++) {
        next = (void *(*) (void *, const char *) ) dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }
    if (handle != RTLD_NEXT && !strcmp(name, "syscall")) return (void *) syscall;
    return next(handle, name);
}
