#define _GNU_SOURCE
#include "owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kernel.h"
#include "links.h"
#include "wire.h"

enum { NUMBER_MAX = 16, BUCKETS = 4096, ENTRIES_MAX = 1 << 20, DEPTH_MAX = 200 };

/* Owners of what takes no attribute, as long as the step runs. */
struct remembered {
	uint64_t device;
	struct link_key key;
	struct owner owner;
	struct remembered *next;
};

static struct remembered *buckets[BUCKETS];
static size_t remembered_count;
static int upper = -1;       /* the upper directory of the step */
static int machine = -1;     /* this process's own root */
static int descriptors = -1; /* /proc/self/fd, which the names of open files lead to whatever the root is */

void owner_start(const char *directory)
{
	upper = must(open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", "%s", directory);
	machine = must(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/");
	descriptors = must(open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/proc/self/fd");
}

void owner_release(struct found *found)
{
	close(found->file);
	close(found->parent);
}

int owner_found(struct found *found)
{
	return found->file < 0 ? -1 : fstat(found->file, &found->status);
}

/* Attributes of what is open as a place only are reached by its name in this directory alone. */
static const char *name_of(int file, char *name)
{
	if (fchdir(descriptors))
		fail("fchdir", "/proc/self/fd");
	snprintf(name, NUMBER_MAX, "%d", file);
	return name;
}

static int takes_attributes(const struct stat *status)
{
	return S_ISREG(status->st_mode) || S_ISDIR(status->st_mode);
}

static int parse(const char *text, struct owner *owner)
{
	return sscanf(text, "%u:%u", &owner->uid, &owner->gid) == 2;
}

static int key_of(int file, struct remembered *key)
{
	struct statx_v0 status;
	if (sys_statx(file, STATX_ALL, &status))
		return -1;
	key->device = (uint64_t)status.device_major << 32 | status.device_minor;
	key->key = (struct link_key){status.inode, status.born.seconds, status.born.nanos};
	return 0;
}

static int is_born_with(const struct remembered *a, const struct remembered *b)
{
	return a->key.born == b->key.born && a->key.born_nanos == b->key.born_nanos;
}

static struct remembered *remembered_of(const struct remembered *key)
{
	for (struct remembered *at = buckets[key->key.inode % BUCKETS]; at; at = at->next)
		if (at->key.inode == key->key.inode && at->device == key->device && is_born_with(at, key))
			return at;
	return NULL;
}

static int remember_key(struct remembered key, struct owner owner)
{
	struct remembered *at = remembered_of(&key);
	if (!at) {
		if (remembered_count == ENTRIES_MAX || !(at = malloc(sizeof *at)))
			return ENOSPC;
		*at = key;
		at->next = buckets[key.key.inode % BUCKETS];
		buckets[key.key.inode % BUCKETS] = at;
		remembered_count++;
	}
	at->owner = owner;
	return 0;
}

/*
 * The file as it lies in the upper directory. An overlay shows what it copied up under the number of the lower file, as
 * long as it remembers that, for links take no attribute that would tell it later. The path is from the root of the
 * step's mounts, whatever root the caller has, and may lead to another file below what is mounted in the step.
 */
static int open_below(int file)
{
	char number[NUMBER_MAX], path[PATH_MAX];
	must(fchdir(machine), "fchdir", "/");
	must(chroot("."), "chroot", "/");
	ssize_t n = readlink(name_of(file, number), path, sizeof path - 1);
	if (n <= 1 || path[0] != '/')
		return -1;
	path[n] = 0;
	return sys_openat2(upper, path + 1, O_PATH | O_NOFOLLOW | O_CLOEXEC, RESOLVE_INSIDE | RESOLVE_NO_LINKS);
}

static int remember(int file, struct owner owner)
{
	struct remembered key = {0}, below_key = {0};
	int below = open_below(file), error = key_of(file, &key) ? errno : remember_key(key, owner);
	if (!error && below >= 0 && key_of(below, &below_key) == 0 && is_born_with(&key, &below_key))
		error = remember_key(below_key, owner);
	close(below);
	return error;
}

static int recall(int file, struct owner *owner)
{
	struct remembered key = {0};
	if (remembered_count == 0 || key_of(file, &key))
		return 0;
	const struct remembered *at = remembered_of(&key);
	if (at)
		*owner = at->owner;
	return at != NULL;
}

static int read_links(const struct found *found, struct owner *owner)
{
	char number[NUMBER_MAX], text[LINKS_SIZE];
	struct remembered key;
	if (found->parent < 0)
		return 0;
	ssize_t n = getxattr(name_of(found->parent, number), LINKS, text, sizeof text);
	return n > 0 && key_of(found->file, &key) == 0 && links_find(text, (size_t)n, key.key, owner);
}

int owner_read(const struct found *found, struct owner *owner)
{
	char number[NUMBER_MAX], text[64];
	if (!takes_attributes(&found->status))
		return recall(found->file, owner) || read_links(found, owner);
	ssize_t n = getxattr(name_of(found->file, number), OWNER, text, sizeof text - 1);
	text[n > 0 ? n : 0] = 0;
	return n > 0 ? parse(text, owner) : recall(found->file, owner);
}

static int write_attribute(int file, struct owner owner)
{
	char number[NUMBER_MAX], text[64];
	name_of(file, number);
	if (owner.uid == 0 && owner.gid == 0)
		return removexattr(number, OWNER) && errno != ENODATA ? errno : 0;
	int n = snprintf(text, sizeof text, "%u:%u", owner.uid, owner.gid);
	return setxattr(number, OWNER, text, (size_t)n, 0) ? errno : 0;
}

int owner_record(const struct found *found, struct owner owner)
{
	int error = takes_attributes(&found->status) ? write_attribute(found->file, owner) : EPERM;
	/* What takes none, and filesystems that have none, such as a tmpfs before Linux 6.6. */
	return error == EPERM || error == ENOTSUP ? remember(found->file, owner) : error;
}

static size_t lost;
static char first_lost[512];

/* Keeps where it began, as the layer has the path. */
static void lose(int directory, const char *name, int error)
{
	char number[NUMBER_MAX], base[PATH_MAX] = "", path[PATH_MAX] = "";
	ssize_t above = readlink(name_of(upper, number), base, sizeof base - 1);
	ssize_t n = readlink(name_of(directory, number), path, sizeof path - 1);
	const char *below = above > 0 && n >= above ? path + above : "";
	if (lost++ == 0)
		snprintf(first_lost, sizeof first_lost, "%.300s/%.100s (%s)", below, name, strerror(error));
}

static void tell_lost(void)
{
	if (lost > 0)
		send_text(report_fd, FRAME_NOTE, "the owners of %zu links and FIFOs could not be kept, so they are root's in the "
		          "layer, from %s on: a directory's attributes, 4 KiB on ext4, have space for about 480 of them",
		          lost, first_lost);
}

static void settle_entry(int directory, const char *name)
{
	struct owner owner;
	struct remembered key;
	int file = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (file >= 0 && recall(file, &owner)) {
		int error = key_of(file, &key) ? errno : links_put(directory, key.key, owner);
		if (error)
			lose(directory, name, error);
	}
	close(file);
}

/* As deep as the tree may be that the limit of a step's disk counts (disk.c). */
static void settle_directory(int directory, int depth)
{
	DIR *dir = fdopendir(directory);
	if (!dir) {
		close(directory);
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || entry->d_type == DT_REG)
			continue;
		int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
		int child = depth < DEPTH_MAX ? openat(dirfd(dir), entry->d_name, how) : -1;
		if (child >= 0)
			settle_directory(child, depth + 1);
		else
			settle_entry(dirfd(dir), entry->d_name);
	}
	closedir(dir);
}

void owner_settle(void)
{
	if (remembered_count == 0)
		return;
	/* A duplicate: what is gone through is closed. */
	settle_directory(must(openat(upper, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", "the upper directory"), 0);
	tell_lost();
}
