#define _GNU_SOURCE
#include "stack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "overlay.h"
#include "rootfs.h"
#include "stubs.h"
#include "wire.h"

/* overlayfs wants two layers where nothing may be written: an empty one below changes nothing. */
static struct layers open_lower(const struct list *names, int empty)
{
	struct layers layers = {calloc(names->count + 1, sizeof(int)), names->count + 1, -1, -1};
	if (!layers.lower)
		fail("calloc", "%zu layers", names->count);
	for (size_t i = 0; i < names->count; i++)
		layers.lower[i] = open_layer(names->items[i]);
	layers.lower[names->count] = must(fcntl(empty, F_DUPFD_CLOEXEC, 0), "fcntl(F_DUPFD)", "an empty directory");
	return layers;
}

static int open_to_read(int directory)
{
	return must(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "openat", "a layer");
}

/* The root of an overlay looks as its upper directory does. */
static void add_upper(struct layers *layers, int work)
{
	layers->upper = make_fresh(work, "written");
	layers->work = make_fresh(work, "overlay");
	int from = open_to_read(layers->lower[0]), to = open_to_read(layers->upper);
	copy_metadata(from, to);
	close(from);
	close(to);
}

static void close_all(struct layers *layers)
{
	for (size_t i = 0; i < layers->count; i++)
		close(layers->lower[i]);
	if (layers->upper >= 0) {
		close(layers->upper);
		close(layers->work);
	}
	free(layers->lower);
}

static int mount_layers(struct layers *layers, int scratch)
{
	char place[64];
	int directory = make_fresh(scratch, "stack");
	snprintf(place, sizeof place, "/proc/self/fd/%d", directory);
	int root = overlay_mount(layers, ATTR_NODEV | (layers->upper < 0 ? ATTR_RDONLY : 0), place);
	close(directory);
	return root;
}

static void check_source(int place, const struct op *op)
{
	struct stat status;
	must(fstat(place, &status), "fstat", "%s", op->source);
	if (S_ISDIR(status.st_mode) != ((op->flags & OP_IS_DIRECTORY) != 0))
		refuse("the source %s of the mount at %s is not what it was", op->source, op->target);
}

static int open_root(const struct op *op, int scratch, int work, int empty)
{
	int writable = op->flags & OP_WRITABLE;
	if (op->options.count == 0 && !writable)
		return must(fcntl(empty, F_DUPFD_CLOEXEC, 0), "fcntl(F_DUPFD)", "an empty directory");
	struct layers layers = open_lower(&op->options, empty);
	if (writable)
		add_upper(&layers, work);
	int root = mount_layers(&layers, scratch);
	close_all(&layers);
	return root;
}

int stack_open(const struct op *op, int scratch, int work, int empty)
{
	int root = open_root(op, scratch, work, empty);
	uint64_t rules = RESOLVE_ROOTED | RESOLVE_NO_MAGIC;
	int place = must(sys_openat2(root, op->source, O_PATH | O_CLOEXEC, rules), "openat2",
	                 "the source %s of the mount at %s", op->source, op->target);
	check_source(place, op);
	close(root);
	return place;
}
