#define _GNU_SOURCE
#include "making.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "identity.h"
#include "kernel.h"
#include "owner.h"

/* A file to be made: its open directory and name, and whose it will be. */
struct place {
	int parent;
	char name[NAME_MAX + 1];
	struct owner owner;
};

/* A directory with setgid passes its group on (inode(7)). */
static struct owner heir(const struct identity *who, int parent)
{
	struct owner owner = {who->user.files, who->group.files}, above;
	struct found directory = {.file = parent, .parent = -1};
	if (owner_found(&directory) == 0 && directory.status.st_mode & S_ISGID)
		owner.gid = owner_read(&directory, &above) ? above.gid : directory.status.st_gid;
	return owner;
}

static int ends_in_slash(const char *path)
{
	size_t length = strlen(path);
	return length > 0 && path[length - 1] == '/';
}

static int makes_directory(const struct call *call)
{
#ifdef SYS_mkdir
	if (call->number == SYS_mkdir)
		return 1;
#endif
	return call->number == SYS_mkdirat;
}

/*
 * Finds where the call makes its file. 0 when there is nothing to record: the file will be root's, or is there already.
 * Then the kernel does the call.
 */
static int find_place(const struct call *call, uint64_t directory, uint64_t address, struct place *place)
{
	char path[PATH_MAX];
	struct stat there;
	int start;
	if (call_read_path(call, address, path, sizeof path) || (ends_in_slash(path) && !makes_directory(call)))
		return 0;
	if (files_enter(call, directory, &start))
		return 0;
	place->parent = files_parent(start, path, place->name, sizeof place->name);
	close(start);
	if (place->parent < 0 || strcmp(place->name, ".") == 0 || strcmp(place->name, "..") == 0)
		return 0;
	place->owner = heir(identity_of(call), place->parent);
	if (place->owner.uid == 0 && place->owner.gid == 0)
		return 0;
	return fstatat(place->parent, place->name, &there, AT_SYMLINK_NOFOLLOW) != 0;
}

static struct answer record(const struct place *place, int failed)
{
	if (failed)
		return answer_error(errno);
	struct found made = {.parent = -1};
	made.file = openat(place->parent, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int error = owner_found(&made) ? errno : owner_record(&made, place->owner);
	owner_release(&made);
	return error ? answer_error(error) : answer_value(0);
}

/* Always a new file: one that another process made meanwhile is the kernel's to open, or to refuse. */
static struct answer open_new(const struct call *call, const struct place *place, uint64_t flags, mode_t mode)
{
	struct found made = {.parent = -1};
	int how = (int)flags | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;
	made.file = openat(place->parent, place->name, how, mode & 07777);
	if (made.file < 0)
		return errno == EEXIST ? answer_by_kernel() : answer_error(errno);
	int error = owner_found(&made) ? errno : owner_record(&made, place->owner);
	int number = error ? -1 : call_give_file(call, made.file, (int)flags);
	if (!error && number < 0)
		error = errno;
	owner_release(&made);
	return error ? answer_error(error) : answer_value(number);
}

/* What a call needs beside its place: the arguments behind the path. */
static struct answer make(const struct call *call, const struct place *place, const uint64_t *rest)
{
	mode_t mode = (mode_t)rest[0];
	switch (call->number) {
	case SYS_mkdirat:
#ifdef SYS_mkdir
	case SYS_mkdir:
#endif
		return record(place, mkdirat(place->parent, place->name, mode & 07777));
	case SYS_mknodat:
#ifdef SYS_mknod
	case SYS_mknod:
#endif
		return record(place, mknodat(place->parent, place->name, mode, (dev_t)rest[1]));
	case SYS_openat:
#ifdef SYS_open
	case SYS_open:
#endif
		return open_new(call, place, rest[0], (mode_t)rest[1]);
	default: /* creat(2) */
		return open_new(call, place, O_CREAT | O_WRONLY | O_TRUNC, mode);
	}
}

static struct answer make_at(const struct call *call, uint64_t directory, uint64_t path, const uint64_t *rest)
{
	struct place place = {.parent = -1};
	struct answer answer = answer_by_kernel();
	if (find_place(call, directory, path, &place)) {
		umask(call_umask(call));
		answer = make(call, &place, rest);
	}
	close(place.parent);
	return answer;
}

static struct answer link_at(const struct call *call, uint64_t directory, uint64_t path)
{
	struct place place = {.parent = -1};
	char target[PATH_MAX];
	struct answer answer = answer_by_kernel();
	if (call_read_path(call, call->arguments[0], target, sizeof target) == 0
	    && find_place(call, directory, path, &place))
		answer = record(&place, symlinkat(target, place.parent, place.name));
	close(place.parent);
	return answer;
}

int making_answer(const struct call *call, struct answer *answer)
{
	const uint64_t *argument = call->arguments, here = (uint64_t)AT_FDCWD;
	switch (call->number) {
	case SYS_mkdirat:
	case SYS_mknodat:
	case SYS_openat:
		*answer = make_at(call, argument[0], argument[1], argument + 2);
		return 1;
	case SYS_symlinkat:
		*answer = link_at(call, argument[1], argument[2]);
		return 1;
#ifdef SYS_open
	case SYS_mkdir:
	case SYS_mknod:
	case SYS_open:
	case SYS_creat:
		*answer = make_at(call, here, argument[0], argument + 1);
		return 1;
	case SYS_symlink:
		*answer = link_at(call, here, argument[1]);
		return 1;
#endif
	default:
		(void)here;
		return 0;
	}
}
