#define _GNU_SOURCE
#include "stubs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "kernel.h"
#include "wire.h"

enum { LINKS_MAX = 40, XATTR_MAX = 65536 };

/* A path in the view without links and dots, as far as it exists, relative to the root. */
struct canonical {
	char path[PATH_MAX];
	size_t length;
};

static void step_up(struct canonical *at)
{
	while (at->length > 0 && at->path[--at->length] != '/')
		;
	at->path[at->length] = 0;
}

static void step_into(struct canonical *at, const char *name, size_t length)
{
	if (at->length + length + 2 > sizeof at->path)
		refuse("the path %s is too long", at->path);
	if (at->length > 0)
		at->path[at->length++] = '/';
	memcpy(at->path + at->length, name, length);
	at->length += length;
	at->path[at->length] = 0;
}

/* Puts a link's text before what is left of the path. */
static void follow(struct canonical *at, char *rest, const char *link)
{
	char joined[PATH_MAX];
	int n = snprintf(joined, sizeof joined, "%s/%s", link, rest);
	if (n < 0 || (size_t)n >= sizeof joined)
		refuse("the link %s of the image leads to a path that is too long", at->path);
	memcpy(rest, joined, (size_t)n + 1);
	step_up(at);
	if (link[0] == '/') {
		at->length = 0;
		at->path[0] = 0;
	}
}

/* Cuts the first name off a path; returns its length, 0 at the end. */
static size_t cut_name(char *rest, char *name)
{
	size_t skip = strspn(rest, "/"), length = strcspn(rest + skip, "/");
	memcpy(name, rest + skip, length);
	name[length] = 0;
	memmove(rest, rest + skip + length, strlen(rest + skip + length) + 1);
	return length;
}

/* Goes to a child; returns whether it is a link, whose text then stands in `link`. */
static int visit(int view, struct canonical *at, const char *name, size_t length, char *link)
{
	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0) {
		step_up(at);
		return 0;
	}
	step_into(at, name, length);
	ssize_t n = readlinkat(view, at->path, link, PATH_MAX - 1);
	link[n > 0 ? n : 0] = 0;
	return n > 0;
}

/* Nothing runs in the image yet, so a path found free of links stays so, and joining names is safe here. */
static void canonical_path(int view, const char *path, struct canonical *at)
{
	char rest[PATH_MAX], name[PATH_MAX], link[PATH_MAX];
	if (snprintf(rest, sizeof rest, "%s", path) >= PATH_MAX)
		refuse("the path %s is too long", path);
	at->length = 0;
	at->path[0] = 0;
	size_t length;
	for (int links = 0; (length = cut_name(rest, name)) > 0;) {
		if (!visit(view, at, name, length, link))
			continue;
		if (++links > LINKS_MAX)
			refuse("%s of the image leads through too many links", path);
		follow(at, rest, link);
	}
}

static int begins_with(const char *path, const char *name)
{
	size_t length = strlen(name);
	return strncmp(path, name, length) == 0 && (path[length] == 0 || path[length] == '/');
}

int stub_is_of_kernel(int view, const char *path)
{
	struct canonical at;
	canonical_path(view, path, &at);
	return begins_with(at.path, "proc") || begins_with(at.path, "sys");
}

static void copy_xattrs(int from, int to)
{
	static char names[XATTR_MAX], value[XATTR_MAX];
	ssize_t length = flistxattr(from, names, sizeof names);
	for (char *name = names; length > 0 && name < names + length; name += strlen(name) + 1) {
		ssize_t size = must(fgetxattr(from, name, value, sizeof value), "fgetxattr", "%s", name);
		must(fsetxattr(to, name, value, (size_t)size, 0), "fsetxattr", "%s", name);
	}
}

void copy_metadata(int from, int to)
{
	struct stat status;
	must(fstat(from, &status), "fstat", "a directory of the image");
	copy_xattrs(from, to);
	must(fchown(to, status.st_uid, status.st_gid), "fchown", "a mount point's parent");
	must(fchmod(to, status.st_mode & 07777), "fchmod", "a mount point's parent");
	struct timespec times[2] = {status.st_atim, status.st_mtim};
	must(futimens(to, times), "futimens", "a mount point's parent");
}

/* A directory that only the mount point needs: its time must not tell when the step ran. */
static void give_fixed_time(int directory)
{
	struct timespec times[2] = {{0}, {0}};
	must(futimens(directory, times), "futimens", "a mount point's parent");
}

static void dress(int view, int stubs, const char *path)
{
	enum { HOW = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
	int to = must(openat(stubs, path, HOW), "openat", "%s", path);
	int from = openat(view, path, HOW);
	if (from >= 0)
		copy_metadata(from, to);
	else
		give_fixed_time(to);
	close(from);
	close(to);
}

static void make_parent(int stubs, const char *path)
{
	if (mkdirat(stubs, path, 0755) && errno != EEXIST)
		fail("mkdirat", "%s", path);
}

static void make_leaf(int stubs, const char *path, int directory)
{
	if (directory)
		make_parent(stubs, path);
	int how = directory ? O_RDONLY | O_DIRECTORY : O_WRONLY | O_CREAT;
	int leaf = must(openat(stubs, path, how | O_CLOEXEC, 0644), "openat", "%s", path);
	give_fixed_time(leaf);
	close(leaf);
}

static void make_with_parents(int stubs, struct canonical *at, int directory)
{
	for (char *slash = at->path; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = 0;
		make_parent(stubs, at->path);
	}
	make_leaf(stubs, at->path, directory);
}

void stub_make(int view, int stubs, const char *path, int directory)
{
	struct canonical at;
	canonical_path(view, path, &at);
	make_with_parents(stubs, &at, directory);
	/* From the bottom up, for making a child changes its parent's time. */
	while (at.length > 0) {
		step_up(&at);
		dress(view, stubs, at.length > 0 ? at.path : ".");
	}
}

static int open_directory(int root, const struct canonical *at)
{
	return openat(root, at->length > 0 ? at->path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Goes up to the lowest directory that is there, and opens it. */
static int open_lowest(int root, struct canonical *at)
{
	int found;
	do {
		step_up(at);
		found = open_directory(root, at);
	} while (found < 0 && at->length > 0);
	return must(found, "openat", "a mount point's parent");
}

void stub_make_within(int root, const char *path, int directory)
{
	struct canonical at;
	canonical_path(root, path, &at);
	struct canonical old = at;
	int lowest = open_lowest(root, &old);
	struct stat before;
	must(fstat(lowest, &before), "fstat", "a mount point's parent");
	make_with_parents(root, &at, directory);
	for (step_up(&at); at.length > old.length; step_up(&at)) {
		int made = must(open_directory(root, &at), "openat", "%s", at.path);
		give_fixed_time(made);
		close(made);
	}
	struct timespec times[2] = {before.st_atim, before.st_mtim};
	must(futimens(lowest, times), "futimens", "a mount point's parent");
	close(lowest);
}
