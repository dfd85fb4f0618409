#define _GNU_SOURCE
#include "work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH_MAX = 6, ENTRIES_MAX = 64 };

/* Returns how many more entries may be looked at. Takes the descriptor. */
static int empty(int directory, int depth, int left)
{
	DIR *entries = fdopendir(directory);
	if (!entries) {
		close(directory);
		return left;
	}
	for (const struct dirent *entry; left > 0 && (entry = readdir(entries));) {
		const char *name = entry->d_name;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		left--;
		if (unlinkat(directory, name, 0) == 0 || errno != EISDIR || depth == DEPTH_MAX)
			continue;
		int below = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			left = empty(below, depth + 1, left);
		unlinkat(directory, name, AT_REMOVEDIR);
	}
	closedir(entries);
	return left;
}

void work_empty(const char *path)
{
	int work = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (work >= 0)
		empty(work, 0, ENTRIES_MAX);
}
