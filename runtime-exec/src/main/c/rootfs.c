#define _GNU_SOURCE
#include "rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "kernel.h"
#include "overlay.h"
#include "stubs.h"
#include "wire.h"

int open_target(int root, const struct op *op)
{
	if (op->flags & OP_FOLLOW)
		return sys_openat2(root, op->target, O_PATH | O_CLOEXEC, RESOLVE_ROOTED | RESOLVE_NO_MAGIC);
	uint64_t flags = O_PATH | O_CLOEXEC | O_NOFOLLOW;
	return sys_openat2(root, op->target, flags, RESOLVE_ROOTED | RESOLVE_NO_MAGIC | RESOLVE_NO_LINKS);
}

static int mount_scratch(int place)
{
	int fs = must(sys_fsopen("tmpfs"), "fsopen", "tmpfs");
	must(sys_fsconfig(fs, FS_SET_STRING, "mode", "0700"), "fsconfig", "tmpfs mode");
	must(sys_fsconfig(fs, FS_SET_STRING, "size", "64m"), "fsconfig", "tmpfs size");
	must(sys_fsconfig(fs, FS_CREATE, NULL, NULL), "fsconfig(CREATE)", "tmpfs");
	/* Nobody runs anything here; what is bound from here says for itself whether it may be executed. */
	int scratch = must(sys_fsmount(fs, ATTR_NOSUID | ATTR_NODEV), "fsmount", "tmpfs");
	must(sys_attach(scratch, place), "move_mount", "a private tmpfs");
	close(fs);
	return scratch;
}

static int make_directory(int parent, const char *name)
{
	must(mkdirat(parent, name, 0755), "mkdirat", "%s", name);
	return must(openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC), "openat", "%s", name);
}

int make_fresh(int work, const char *prefix)
{
	enum { TRIES = 100 };
	char name[16];
	for (int i = 0; i < TRIES; i++) {
		snprintf(name, sizeof name, "%s%d", prefix, i);
		if (mkdirat(work, name, 0755) == 0)
			return must(openat(work, name, O_PATH | O_DIRECTORY | O_CLOEXEC), "openat", "%s", name);
		if (errno != EEXIST)
			fail("mkdirat", "%s in the step's work directory", name);
	}
	refuse("the step's work directory is full of those of other steps");
}

/* The layers with upper as one more of them: what the step will see before it writes anything. */
static int mount_view(const struct layers *layers, int scratch)
{
	if (layers->count == 0)
		return layers->upper;
	struct layers view = {calloc(layers->count + 1, sizeof(int)), layers->count + 1, -1, -1};
	if (!view.lower)
		fail("calloc", "%zu layers", layers->count);
	view.lower[0] = layers->upper;
	for (size_t i = 0; i < layers->count; i++)
		view.lower[i + 1] = layers->lower[i];
	char place[64];
	snprintf(place, sizeof place, "/proc/self/fd/%d/view", scratch);
	close(make_directory(scratch, "view"));
	int root = overlay_mount(&view, ATTR_NODEV | ATTR_RDONLY, place);
	free(view.lower);
	return root;
}

int is_directory_op(const struct op *op)
{
	struct stat source;
	switch (op->kind) {
	case OP_FILESYSTEM:
	case OP_STUB_DIRECTORY:
		return 1;
	case OP_STACK:
		return (op->flags & OP_IS_DIRECTORY) != 0;
	case OP_BIND:
		must(stat(op->source, &source), "stat", "%s", op->source);
		return S_ISDIR(source.st_mode);
	default:
		return 0;
	}
}

static void check_kind(const struct op *op, int target, int directory)
{
	struct stat status;
	must(fstat(target, &status), "fstat", "%s of the image", op->target);
	if (S_ISLNK(status.st_mode))
		refuse("%s of the image is a symbolic link, which cannot be followed here", op->target);
	if (S_ISDIR(status.st_mode) != directory)
		refuse("%s of the image %s a directory", op->target, directory ? "is not" : "is");
}

static int is_stub(const struct op *op)
{
	return op->kind == OP_STUB_DIRECTORY || op->kind == OP_STUB_FILE;
}

/* Where an OCI runtime will mount, this program cannot look when /proc is there, as point_check() does. */
static void check_place(int view, const struct op *op)
{
	if (is_stub(op) && op->flags & OP_FOLLOW && stub_is_of_kernel(view, op->target))
		refuse("nothing can be mounted at %s, which is a place in /proc or /sys", op->target);
}

/* Whether the mount point is missing. One that a link leads to is refused, but for those that may be followed. */
static int is_missing(int view, const struct op *op, int directory)
{
	check_place(view, op);
	int target = open_target(view, op);
	if (target >= 0) {
		check_kind(op, target, directory);
		close(target);
		return 0;
	}
	if (errno == ELOOP)
		refuse("%s of the image is, or lies behind, a symbolic link%s", op->target,
		       op->flags & OP_FOLLOW ? " that leads to itself or out of it" : "");
	/* Nothing can be below a file. A runtime that needs the mount point says so, and gVisor needs none where /tmp is one. */
	if (errno == ENOTDIR && is_stub(op))
		return 0;
	if (errno != ENOENT)
		fail("openat2", "%s of the image", op->target);
	return 1;
}

/* Returns how many mount points are missing from the view and now lie in `stubs`. */
static size_t make_stubs(const struct spec *spec, int view, int stubs)
{
	size_t missing = 0;
	for (size_t i = 0; i < spec->op_count; i++) {
		const struct op *op = &spec->ops[i];
		if (!(op->flags & OP_IN_ROOTFS))
			continue;
		int directory = is_directory_op(op);
		if (!is_missing(view, op, directory))
			continue;
		stub_make(view, stubs, op->target, directory);
		missing++;
	}
	return missing;
}

static void close_layers(struct layers *layers)
{
	for (size_t i = 0; i < layers->count; i++)
		close(layers->lower[i]);
	close(layers->upper);
	close(layers->work);
	free(layers->lower);
}

static struct layers open_layers(const struct spec *spec, int work)
{
	struct layers layers = {calloc(spec->lower.count + 1, sizeof(int)), spec->lower.count,
	                        open_layer(spec->upper), make_fresh(work, "overlay")};
	if (!layers.lower)
		fail("calloc", "%zu layers", spec->lower.count);
	for (size_t i = 0; i < spec->lower.count; i++)
		layers.lower[i] = open_layer(spec->lower.items[i]);
	return layers;
}

/* On top of the others, where it also beats a whiteout of the mount point in the image. */
static void add_topmost(struct layers *layers, int stubs)
{
	for (size_t i = layers->count++; i > 0; i--)
		layers->lower[i] = layers->lower[i - 1];
	layers->lower[0] = stubs;
}

static void complete_layers(const struct spec *spec, struct layers *layers, int scratch, int stubs)
{
	int view = mount_view(layers, scratch);
	if (make_stubs(spec, view, stubs) > 0 || layers->count == 0)
		add_topmost(layers, stubs);
	else
		close(stubs);
	if (view != layers->upper)
		close(view);
}

/* What is missing is made in the root itself: whoever made that takes it away again. */
static void complete_root(const struct spec *spec, int root)
{
	for (size_t i = 0; i < spec->op_count; i++) {
		const struct op *op = &spec->ops[i];
		int directory = op->flags & OP_IN_ROOTFS && is_directory_op(op);
		if (op->flags & OP_IN_ROOTFS && is_missing(root, op, directory))
			stub_make_within(root, op->target, directory);
	}
}

static struct rootfs mount_plain(const struct spec *spec, int work)
{
	struct rootfs rootfs = {.scratch = mount_scratch(work), .work = work};
	int root = open_layer(spec->upper);
	complete_root(spec, root);
	rootfs.root = must(sys_open_tree(root, "", TREE_CLONE | AT_EMPTY), "open_tree", "%s", spec->upper);
	must(sys_set_attributes(rootfs.root, 0, ATTR_NODEV), "mount_setattr", "%s", spec->upper);
	int place = spec->flags & STEP_PIVOT ? make_directory(rootfs.scratch, "root") : open_layer(spec->attach);
	must(sys_attach(rootfs.root, place), "move_mount", "%s", spec->upper);
	close(place);
	close(root);
	return rootfs;
}

struct rootfs rootfs_mount(const struct spec *spec)
{
	int work = open_layer(spec->work);
	if (spec->flags & STEP_PLAIN_ROOT)
		return mount_plain(spec, work);
	struct layers layers = open_layers(spec, work);
	int stubs = make_fresh(work, "stubs");
	struct rootfs rootfs = {.scratch = mount_scratch(work), .work = work};
	complete_layers(spec, &layers, rootfs.scratch, stubs);
	char place[64];
	snprintf(place, sizeof place, "/proc/self/fd/%d/root", rootfs.scratch);
	close(make_directory(rootfs.scratch, "root"));
	/* A device node in an image must not reach the host's device: the step runs without a device cgroup. */
	rootfs.root = overlay_mount(&layers, ATTR_NODEV, spec->flags & STEP_PIVOT ? place : spec->attach);
	close_layers(&layers);
	return rootfs;
}
