#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity.h"
#include "kernel.h"
#include "wire.h"

enum { HOW = O_PATH | O_CLOEXEC, FOLLOWED_MAX = 8 };

static int own_root = -1;

void files_start(void)
{
	own_root = must(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/");
}

static void change_root(int root)
{
	must(fchdir(root), "fchdir", "a root");
	must(chroot("."), "chroot", "a root");
}

void files_leave(void)
{
	change_root(own_root);
}

int files_enter(const struct call *call, uint64_t directory, int *start)
{
	int number = (int)directory, root = call_open(call, "root");
	*start = number == AT_FDCWD ? call_open(call, "cwd") : call_open(call, "fd/%d", number);
	if (root < 0 || !call_waits(call)) {
		close(root);
		close(*start);
		*start = -1;
		return -1;
	}
	change_root(root);
	close(root);
	return 0;
}

static int resolve(int start, const char *path, uint64_t flags)
{
	return sys_openat2(start, path, HOW | flags, RESOLVE_NO_MAGIC);
}

int files_parent(int start, const char *path, char *name, size_t size)
{
	char parent[PATH_MAX];
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	size_t last = length;
	while (last > 0 && path[last - 1] != '/')
		last--;
	if (length == last || length - last >= size || last >= sizeof parent)
		return -1;
	memcpy(name, path + last, length - last);
	name[length - last] = 0;
	memcpy(parent, path, last);
	parent[last] = 0;
	return resolve(start, last > 0 ? parent : ".", O_DIRECTORY);
}

static int number_in(const char *path)
{
	static const char *const places[] = {"/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		size_t length = strlen(places[i]), digits = strspn(path + strnlen(path, length), "0123456789");
		if (strncmp(path, places[i], length) == 0 && digits > 0 && digits < 10 && path[length + digits] == 0)
			return atoi(path + length);
	}
	return -1;
}

/* Which open file of the calling process a path names, as /dev/stdout does and links to it; -1 when it names none. */
static int number_of(int start, const char *path)
{
	char target[PATH_MAX];
	for (int links = 0; links < FOLLOWED_MAX; links++) {
		int number = number_in(path);
		if (number >= 0)
			return number;
		int link = resolve(start, path, O_NOFOLLOW);
		ssize_t n = link < 0 ? -1 : readlinkat(link, "", target, sizeof target - 1);
		close(link);
		if (n <= 0 || target[0] != '/')
			return -1;
		target[n] = 0;
		path = target;
	}
	return -1;
}

/* What the links of /proc lead the calling process to, which this one may not follow: they would lead to its own files. */
static int open_behind(const struct call *call, int start, const char *path)
{
	int number = number_of(start, path), file = number < 0 ? -1 : call_open(call, "fd/%d", number);
	if (file < 0 || call_waits(call))
		return file;
	close(file);
	return -1;
}

/* The file that a path leads the calling process to; an empty path leads to the directory itself. */
static int find(const struct call *call, uint64_t directory, const char *path, int follows, struct found *found)
{
	int start;
	found->parent = -1;
	found->file = -1;
	if (files_enter(call, directory, &start))
		return -1;
	if (!*path) {
		found->file = start;
		return owner_found(found);
	}
	found->file = resolve(start, path, follows ? 0 : O_NOFOLLOW);
	int is_behind = found->file < 0 && follows;
	if (is_behind)
		found->file = open_behind(call, start, path);
	int missing = owner_found(found);
	if (!missing && !is_behind && !S_ISREG(found->status.st_mode) && !S_ISDIR(found->status.st_mode))
		found->parent = files_parent(start, path, found->name, sizeof found->name);
	close(start);
	return missing;
}

/* As find(), by the address of the path in the process's memory. */
static int find_named(const struct call *call, uint64_t directory, uint64_t address, int flags, struct found *found)
{
	char path[PATH_MAX] = "";
	found->file = found->parent = -1;
	if (address != 0 && call_read_path(call, address, path, sizeof path))
		return -1;
	if (!*path && !(flags & AT_EMPTY_PATH))
		return -1;
	return find(call, directory, path, !(flags & AT_SYMLINK_NOFOLLOW), found);
}

static int find_open(const struct call *call, struct found *found)
{
	return find(call, call->arguments[0], "", 0, found);
}

/* Which owner the file is to have; a chown(2) of who may not is EPERM. */
static int decide(const struct identity *who, uint32_t uid, uint32_t gid, struct owner *owner)
{
	struct owner before = *owner;
	if (uid != UINT32_MAX)
		owner->uid = uid;
	if (gid != UINT32_MAX)
		owner->gid = gid;
	if (who->user.effective == 0)
		return 0;
	int may_group = gid == UINT32_MAX || gid == before.gid || identity_has_group(who, gid);
	return before.uid == who->user.files && owner->uid == before.uid && may_group ? 0 : EPERM;
}

/*
 * The kernel's own chown, to the owner that the file has, does what every chown does: refuses on a read-only
 * filesystem, clears setuid and capabilities, moves the time of change.
 */
static struct answer give(const struct call *call, const struct found *found, uint32_t uid, uint32_t gid)
{
	struct owner owner = {found->status.st_uid, found->status.st_gid};
	owner_read(found, &owner);
	int error = decide(identity_of(call), uid, gid, &owner);
	if (!error && fchownat(found->file, "", 0, 0, AT_EMPTY_PATH))
		error = errno;
	if (!error)
		error = owner_record(found, owner);
	return error ? answer_error(error) : answer_value(0);
}

/* What cannot be found here is the kernel's to refuse, with its own reason. */
static struct answer change(const struct call *call, struct found *found, int missing, uint64_t uid, uint64_t gid)
{
	struct answer answer = missing ? answer_by_kernel() : give(call, found, (uint32_t)uid, (uint32_t)gid);
	owner_release(found);
	return answer;
}

static struct answer tell_status(const struct call *call, struct found *found, int missing, uint64_t to)
{
	struct owner owner;
	struct answer answer = answer_by_kernel();
	if (!missing && owner_read(found, &owner)) {
		found->status.st_uid = owner.uid;
		found->status.st_gid = owner.gid;
		int written = call_write(call, to, &found->status, sizeof found->status);
		answer = written ? answer_error(EFAULT) : answer_value(0);
	}
	owner_release(found);
	return answer;
}

static struct answer tell_statx(const struct call *call)
{
	struct found found;
	struct owner owner;
	struct statx_v0 status;
	const uint64_t *argument = call->arguments;
	struct answer answer = answer_by_kernel();
	int missing = find_named(call, argument[0], argument[1], (int)argument[2], &found);
	if (!missing && owner_read(&found, &owner) && sys_statx(found.file, (unsigned)argument[3], &status) == 0) {
		status.uid = owner.uid;
		status.gid = owner.gid;
		int written = call_write(call, argument[4], &status, sizeof status);
		answer = written ? answer_error(EFAULT) : answer_value(0);
	}
	owner_release(&found);
	return answer;
}

static struct answer tell_named(const struct call *call, uint64_t directory, uint64_t path, uint64_t to, int flags)
{
	struct found found;
	int missing = find_named(call, directory, path, flags, &found);
	return tell_status(call, &found, missing, to);
}

static struct answer change_named(const struct call *call, uint64_t directory, const uint64_t *rest, int flags)
{
	struct found found;
	int missing = find_named(call, directory, rest[0], flags, &found);
	return change(call, &found, missing, rest[1], rest[2]);
}

static struct answer change_open(const struct call *call)
{
	struct found found;
	int missing = find_open(call, &found);
	return change(call, &found, missing, call->arguments[1], call->arguments[2]);
}

static struct answer tell_open(const struct call *call)
{
	struct found found;
	int missing = find_open(call, &found);
	return tell_status(call, &found, missing, call->arguments[1]);
}

int files_answer(const struct call *call, struct answer *answer)
{
	const uint64_t *argument = call->arguments, here = (uint64_t)AT_FDCWD;
	switch (call->number) {
	case SYS_fchownat:
		*answer = change_named(call, argument[0], argument + 1, (int)argument[4]);
		return 1;
	case SYS_fchown:
		*answer = change_open(call);
		return 1;
	case SYS_newfstatat:
		*answer = tell_named(call, argument[0], argument[1], argument[2], (int)argument[3]);
		return 1;
	case SYS_fstat:
		*answer = tell_open(call);
		return 1;
	case SYS_statx:
		*answer = tell_statx(call);
		return 1;
#ifdef SYS_chown
	case SYS_chown:
		*answer = change_named(call, here, argument, 0);
		return 1;
	case SYS_lchown:
		*answer = change_named(call, here, argument, AT_SYMLINK_NOFOLLOW);
		return 1;
	case SYS_stat:
		*answer = tell_named(call, here, argument[0], argument[1], 0);
		return 1;
	case SYS_lstat:
		*answer = tell_named(call, here, argument[0], argument[1], AT_SYMLINK_NOFOLLOW);
		return 1;
#endif
	default:
		(void)here;
		return 0;
	}
}
