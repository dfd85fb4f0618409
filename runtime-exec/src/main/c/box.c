#define _GNU_SOURCE
#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "kernel.h"
#include "owner.h"
#include "point.h"
#include "rootfs.h"
#include "stack.h"
#include "wire.h"

enum { PRIVATE_BIND = ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC };

struct box {
	int root, scratch, work;
	int null;  /* the host's /dev/null, verified */
	int empty; /* an empty directory */
	unsigned files;
	int records_owners; /* instead of having the kernel change them */
	dev_t image; /* the device of the step's own files */
};

static void attach(const struct box *box, const struct op *op, int mount)
{
	int target = open_target(box->root, op);
	if (target < 0 && errno == ENOENT && op->flags & OP_MAKE)
		target = point_make(box->root, box->image, op);
	point_refuse_link(target, op);
	must(target, "openat2", "%s", op->target);
	if (op->flags & OP_MAKE)
		point_check(target, op->target);
	must(sys_attach(mount, target), "move_mount", "%s", op->target);
	close(target);
	close(mount);
}

static void set_option(int fs, const char *option)
{
	char key[64];
	const char *equals = strchr(option, '=');
	if (!equals) {
		must(sys_fsconfig(fs, FS_SET_FLAG, option, NULL), "fsconfig", "%s", option);
		return;
	}
	snprintf(key, sizeof key, "%.*s", (int)(equals - option), option);
	must(sys_fsconfig(fs, FS_SET_STRING, key, equals + 1), "fsconfig", "%s", option);
}

static void do_filesystem(struct box *box, const struct op *op)
{
	int fs = must(sys_fsopen(op->source), "fsopen", "%s", op->source);
	for (size_t i = 0; i < op->options.count; i++)
		set_option(fs, op->options.items[i]);
	must(sys_fsconfig(fs, FS_CREATE, NULL, NULL), "fsconfig(CREATE)", "%s for %s", op->source, op->target);
	int mount = must(sys_fsmount(fs, op->attributes), "fsmount", "%s for %s", op->source, op->target);
	close(fs);
	attach(box, op, mount);
}

/* A detached copy of the mount that starts at this place. */
static int clone_tree(int dir, const char *path, int recursive, uint64_t attributes, const char *what)
{
	unsigned all = recursive ? AT_ALL_BELOW : 0;
	int tree = must(sys_open_tree(dir, path, TREE_CLONE | AT_EMPTY | all), "open_tree", "%s", what);
	must(sys_set_attributes(tree, all, attributes), "mount_setattr", "%s", what);
	return tree;
}

static void do_bind(struct box *box, const struct op *op)
{
	int recursive = op->flags & OP_RECURSIVE;
	attach(box, op, clone_tree(AT_FDCWD, op->source, recursive, op->attributes, op->source));
}

/* Where there is one id only. A tmpfs takes attributes since Linux 6.6; before, the file is root's. */
static void note_owner(int file, const struct op *op)
{
	char text[32];
	int length = snprintf(text, sizeof text, "%u:%u", op->uid, op->gid);
	if ((op->uid != 0 || op->gid != 0) && fsetxattr(file, OWNER, text, (size_t)length, 0) && errno != ENOTSUP)
		fail("fsetxattr", "the owner %s of %s", text, op->target);
}

static void write_file(const struct box *box, int file, const struct op *op)
{
	for (size_t done = 0; done < op->content.length;) {
		ssize_t n = write(file, op->content.at + done, op->content.length - done);
		done += (size_t)must(n, "write", "the content of %s", op->target);
	}
	/* chown clears setuid, so the mode comes after the owner (chown(2)). */
	if (!box->records_owners)
		must(fchown(file, op->uid, op->gid), "fchown", "%s to %u:%u", op->target, op->uid, op->gid);
	else
		note_owner(file, op);
	must(fchmod(file, op->mode), "fchmod", "%s", op->target);
	close(file);
}

static void do_file(struct box *box, const struct op *op)
{
	char name[16];
	snprintf(name, sizeof name, "file%u", box->files++);
	int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	write_file(box, must(openat(box->scratch, name, how, 0600), "openat", "the content of %s", op->target), op);
	attach(box, op, clone_tree(box->scratch, name, 0, op->attributes, op->target));
}

static void do_stack(struct box *box, const struct op *op)
{
	int place = stack_open(op, box->scratch, box->work, box->empty);
	attach(box, op, clone_tree(place, "", 0, op->attributes, op->target));
	close(place);
}

/* Opens the parent of what an operation makes, and tells its last name. */
static int open_parent(const struct box *box, const struct op *op, const char **name)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(op->target, '/');
	*name = slash + 1;
	snprintf(parent, sizeof parent, "%.*s/", (int)(slash - op->target), op->target);
	uint64_t rules = RESOLVE_ROOTED | RESOLVE_NO_MAGIC | RESOLVE_NO_LINKS;
	return must(sys_openat2(box->root, parent, O_PATH | O_DIRECTORY | O_CLOEXEC, rules), "openat2", "%s", parent);
}

/* A node of the host by descriptor, only if it is the device that it should be (CVE-2025-31133). */
static int open_node(const char *path, unsigned major, unsigned minor)
{
	struct stat status;
	int node = must(open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC), "open", "%s of the host", path);
	must(fstat(node, &status), "fstat", "%s of the host", path);
	if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(major, minor))
		refuse("%s of the host is not the device %u:%u", path, major, minor);
	return node;
}

/* A user namespace may not make nodes, so the host's own is bound. */
static void bind_node(struct box *box, const struct op *op, int parent, const char *name)
{
	int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	close(must(openat(parent, name, how, 0666), "openat", "%s", op->target));
	int node = open_node(op->target, op->major, op->minor);
	attach(box, op, clone_tree(node, "", 0, ATTR_NOSUID | ATTR_NOEXEC, op->target));
	close(node);
}

static void do_device(struct box *box, const struct op *op)
{
	const char *name;
	int parent = open_parent(box, op, &name);
	if (mknodat(parent, name, S_IFCHR | op->mode, makedev(op->major, op->minor)) == 0) {
		close(parent);
		return;
	}
	if (errno != EPERM)
		fail("mknodat", "%s", op->target);
	bind_node(box, op, parent, name);
	close(parent);
}

static void do_symlink(struct box *box, const struct op *op)
{
	const char *name;
	int parent = open_parent(box, op, &name);
	must(symlinkat(op->source, parent, name), "symlinkat", "%s", op->target);
	close(parent);
}

static void do_directory(struct box *box, const struct op *op)
{
	const char *name;
	int parent = open_parent(box, op, &name);
	must(mkdirat(parent, name, op->mode), "mkdirat", "%s", op->target);
	close(parent);
}

/* Opens what is to be restricted; -1 when this kernel does not have it. */
static int open_present(const struct box *box, const struct op *op)
{
	int target = open_target(box->root, op);
	if (target < 0 && errno != ENOENT)
		fail("openat2", "%s", op->target);
	return target;
}

static void do_mask(struct box *box, const struct op *op)
{
	struct stat status;
	int target = open_present(box, op);
	if (target < 0)
		return;
	must(fstat(target, &status), "fstat", "%s", op->target);
	int cover = S_ISDIR(status.st_mode) ? box->empty : box->null;
	int mount = clone_tree(cover, "", 0, PRIVATE_BIND & ~ATTR_NODEV, op->target);
	/* The cover of a file is a device: only a directory can be read-only and without devices. */
	if (cover == box->empty)
		must(sys_set_attributes(mount, 0, ATTR_RDONLY | ATTR_NODEV), "mount_setattr", "%s", op->target);
	must(sys_attach(mount, target), "move_mount", "%s", op->target);
	close(mount);
	close(target);
}

static void do_read_only(struct box *box, const struct op *op)
{
	int target = open_present(box, op);
	if (target < 0)
		return;
	int mount = clone_tree(target, "", 1, ATTR_RDONLY | PRIVATE_BIND, op->target);
	must(sys_attach(mount, target), "move_mount", "%s", op->target);
	close(mount);
	close(target);
}

static void do_nothing(struct box *box, const struct op *op)
{
	(void)box;
	(void)op;
}

static void do_ops(struct box *box, const struct spec *spec)
{
	static void (*const doers[])(struct box *, const struct op *) = {
		[OP_FILESYSTEM] = do_filesystem, [OP_BIND] = do_bind,
		[OP_FILE] = do_file,             [OP_DEVICE] = do_device,
		[OP_SYMLINK] = do_symlink,       [OP_DIRECTORY] = do_directory,
		[OP_MASK] = do_mask,             [OP_READ_ONLY] = do_read_only,
		[OP_STUB_DIRECTORY] = do_nothing, [OP_STUB_FILE] = do_nothing,
		[OP_STACK] = do_stack,
	};
	for (size_t i = 0; i < spec->op_count; i++)
		doers[spec->ops[i].kind](box, &spec->ops[i]);
}

/* The old root is stacked under the new one, then let go: no path leads back (pivot_root(2), "pivot_root(".", ".")"). */
static void pivot(int root)
{
	must(fchdir(root), "fchdir", "the step's root");
	must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root", "the step's root");
	must(umount2(".", MNT_DETACH), "umount2", "the host's root");
	must(chdir("/"), "chdir", "/");
}

static dev_t device_of(int directory)
{
	struct stat status;
	must(fstat(directory, &status), "fstat", "the step's root");
	return status.st_dev;
}

static int make_empty(int scratch)
{
	must(mkdirat(scratch, "empty", 0755), "mkdirat", "an empty directory");
	return must(openat(scratch, "empty", O_PATH | O_DIRECTORY | O_CLOEXEC), "openat", "an empty directory");
}

void box_build(const struct spec *spec)
{
	must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount(MS_PRIVATE)", "/");
	struct rootfs rootfs = rootfs_mount(spec);
	int pivots = spec->flags & STEP_PIVOT;
	struct box box = {
		.root = pivots ? rootfs.root : must(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/"),
		.scratch = rootfs.scratch,
		.work = rootfs.work,
		.null = open_node("/dev/null", 1, 3),
		.empty = make_empty(rootfs.scratch),
		.records_owners = (spec->flags & STEP_RECORD_OWNERS) != 0,
	};
	box.image = device_of(rootfs.root);
	do_ops(&box, spec);
	close(box.work);
	if (pivots)
		pivot(rootfs.root);
}
