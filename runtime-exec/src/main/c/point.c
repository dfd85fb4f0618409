#define _GNU_SOURCE
#include "point.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "kernel.h"
#include "rootfs.h"
#include "wire.h"

enum { PROC_MAGIC = 0x9fa0, SYSFS_MAGIC = 0x62656572 };

static int open_inside(int root, const char *path, const struct op *op)
{
	uint64_t links = op->flags & OP_FOLLOW ? 0 : RESOLVE_NO_LINKS;
	return sys_openat2(root, path, O_PATH | O_CLOEXEC, RESOLVE_ROOTED | RESOLVE_NO_MAGIC | links);
}

void point_refuse_link(int found, const struct op *op)
{
	if (found < 0 && errno == ELOOP && !(op->flags & OP_FOLLOW))
		refuse("the mount point %s is, or lies behind, a symbolic link", op->target);
}

static void make_entry(int parent, const char *name, int directory, const char *target)
{
	if (directory) {
		must(mkdirat(parent, name, 0755), "mkdirat", "the mount point %s", target);
		return;
	}
	int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	close(must(openat(parent, name, how, 0644), "openat", "the mount point %s", target));
}

/*
 * By the parent's descriptor and one name that is no link, for what is mounted there may be a cache that another step
 * changes in this moment (CVE-2024-23651).
 */
static int make_in(int parent, const char *name, int directory, dev_t image, const struct op *op)
{
	const char *target = op->target;
	struct stat status;
	must(fstat(parent, &status), "fstat", "the parent of %s", target);
	if (op->flags & OP_FOLLOW && status.st_dev == image)
		refuse("the mount point %s lies behind a link that leads back into the image", target);
	make_entry(parent, name, directory, target);
	uint64_t rules = RESOLVE_ROOTED | RESOLVE_NO_MAGIC | RESOLVE_NO_LINKS;
	return must(sys_openat2(parent, name, O_PATH | O_CLOEXEC, rules), "openat2", "the mount point %s", target);
}

int point_make(int root, dev_t image, const struct op *op)
{
	char prefix[PATH_MAX];
	size_t length = strlen(op->target);
	if (length >= sizeof prefix)
		refuse("the mount point's path is too long: %.64s...", op->target);
	memcpy(prefix, op->target, length + 1);
	int parent = must(open_inside(root, "/", op), "openat2", "/");
	for (char *name = prefix + 1, *end; *name; name = end + 1) {
		end = name + strcspn(name, "/");
		int last = *end == 0;
		*end = 0;
		int next = open_inside(root, prefix, op);
		if (next < 0 && errno == ENOENT)
			next = make_in(parent, name, !last || is_directory_op(op), image, op);
		point_refuse_link(next, op);
		must(next, "openat2", "%s", prefix);
		close(parent);
		parent = next;
		if (last)
			break;
		*end = '/';
	}
	return parent;
}

void point_check(int target, const char *name)
{
	struct statfs fs;
	must(fstatfs(target, &fs), "fstatfs", "%s", name);
	if (fs.f_type == PROC_MAGIC || fs.f_type == SYSFS_MAGIC)
		refuse("nothing can be mounted at %s, which is a place in /proc or /sys", name);
}
