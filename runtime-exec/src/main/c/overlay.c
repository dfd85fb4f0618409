#define _GNU_SOURCE
#include "overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "kernel.h"
#include "wire.h"

/* mount(2) reads its options from one page. */
enum { OPTIONS_MAX = 4096, LOG_MAX = 256 };

int open_layer(const char *path)
{
	return must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "%s", path);
}

static int set_layer(int fs, const char *key, int fd)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return sys_fsconfig(fs, FS_SET_STRING, key, path);
}

/* The kernel's own sentence on what it did not like, if it has one. */
static void fail_with_log(int fs, const char *call)
{
	int error = errno;
	char log[LOG_MAX];
	ssize_t n = read(fs, log, sizeof log - 1);
	log[n > 0 ? n : 0] = 0;
	log[strcspn(log, "\n")] = 0;
	errno = error;
	fail(call, "the overlay of the step's layers %s", log);
}

static int set_lower(int fs, const struct layers *layers)
{
	for (size_t i = 0; i < layers->count; i++)
		if (set_layer(fs, "lowerdir+", layers->lower[i]))
			return -1;
	return 0;
}

/*
 * userxattr: a user namespace may not use trusted.overlay.*, and layers must mean the same for root.
 * volatile: a step that a crash interrupts is run again, so its writes need no sync (dpkg syncs thousands of times).
 * uuid=null: no identity of the mount is written into the upper directory.
 */
static int set_writable(int fs, const struct layers *layers)
{
	if (sys_fsconfig(fs, FS_SET_FLAG, "userxattr", NULL))
		return -1;
	if (layers->upper < 0)
		return 0;
	return set_layer(fs, "upperdir", layers->upper) || set_layer(fs, "workdir", layers->work)
	       || sys_fsconfig(fs, FS_SET_STRING, "uuid", "null") || sys_fsconfig(fs, FS_SET_FLAG, "volatile", NULL);
}

static size_t append(char *options, size_t at, const char *format, int fd)
{
	int n = snprintf(options + at, OPTIONS_MAX - at, format, fd);
	if (n < 0 || (size_t)n >= OPTIONS_MAX - at)
		refuse("this kernel (older than 6.7) cannot stack so many layers");
	return at + (size_t)n;
}

static void format_options(char *options, const struct layers *layers)
{
	size_t at = append(options, 0, "userxattr,lowerdir=%d", layers->lower[0]);
	for (size_t i = 1; i < layers->count; i++)
		at = append(options, at, ":%d", layers->lower[i]);
	if (layers->upper < 0)
		return;
	at = append(options, at, ",upperdir=%d", layers->upper);
	at = append(options, at, ",volatile,workdir=%d", layers->work);
}

/* Kernels before 6.7 have no lowerdir+. Names relative to /proc/self/fd are short, and need no escaping. */
static int mount_by_options(const struct layers *layers, uint64_t attributes, const char *place)
{
	char options[OPTIONS_MAX];
	format_options(options, layers);
	int fds = must(open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/proc/self/fd");
	must(fchdir(fds), "fchdir", "/proc/self/fd");
	close(fds);
	unsigned long flags = attributes & ATTR_NODEV ? MS_NODEV : 0;
	must(mount("overlay", place, "overlay", flags, options), "mount", "the overlay of the step's layers (%s)", options);
	must(chdir("/"), "chdir", "/");
	return open_layer(place);
}

static int mount_by_descriptor(int fs, const struct layers *layers, uint64_t attributes, const char *place)
{
	if (set_writable(fs, layers))
		fail_with_log(fs, "fsconfig");
	if (sys_fsconfig(fs, FS_CREATE, NULL, NULL))
		fail_with_log(fs, "fsconfig(CREATE)");
	int mount = must(sys_fsmount(fs, attributes), "fsmount", "the overlay of the step's layers");
	int at = open_layer(place);
	must(sys_attach(mount, at), "move_mount", "the overlay of the step's layers");
	close(at);
	return mount;
}

int overlay_mount(const struct layers *layers, uint64_t attributes, const char *place)
{
	failure_frame = FRAME_NO_OVERLAY;
	int fs = must(sys_fsopen("overlay"), "fsopen", "overlay");
	int root = set_lower(fs, layers) ? mount_by_options(layers, attributes, place)
	                                 : mount_by_descriptor(fs, layers, attributes, place);
	close(fs);
	failure_frame = FRAME_FAILURE;
	return root;
}
