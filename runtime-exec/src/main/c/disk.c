#define _GNU_SOURCE
#include "disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 200, BLOCK = 512 };

static uint64_t count(DIR *dir, uint64_t enough, int depth);

static int is_child(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* The step goes on meanwhile: what is gone when it is looked at counts nothing, and no link is followed. */
static uint64_t count_below(int parent, const char *name, uint64_t enough, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (dir)
		return count(dir, enough, depth);
	close(fd);
	return 0;
}

/* A file counts once, however many names it has here. */
static uint64_t share_of(const struct stat *status)
{
	uint64_t bytes = (uint64_t)status->st_blocks * BLOCK;
	return S_ISDIR(status->st_mode) || status->st_nlink == 0 ? bytes : bytes / status->st_nlink;
}

static uint64_t count(DIR *dir, uint64_t enough, int depth)
{
	uint64_t used = 0;
	for (struct dirent *entry; used < enough && (entry = readdir(dir));) {
		struct stat status;
		if (!is_child(entry) || fstatat(dirfd(dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
			continue;
		used += share_of(&status);
		if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
			used += count_below(dirfd(dir), entry->d_name, enough - used, depth + 1);
	}
	closedir(dir);
	return used;
}

uint64_t disk_used(int directory, uint64_t enough)
{
	return count_below(directory, ".", enough, 0);
}
