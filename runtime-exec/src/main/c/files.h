/* The step's calls that tell or change who owns a file. */
#ifndef JBUILD_FILES_H
#define JBUILD_FILES_H

#include "listener.h"
#include "owner.h"

/* Opens the machine's root, to which `files_leave` returns. */
void files_start(void);
void files_leave(void);

/* Answers chown(2), stat(2), statx(2) and their like; 0 for other calls. */
int files_answer(const struct call *call, struct answer *answer);

/*
 * From here on this process resolves names as the calling one does: from its root, and from the directory `start` that
 * relative paths are relative to, -1 when there is none. Returns 0, or -1 when the process is no more. Links of /proc are
 * not followed: they would mean this process's files (openat2(2), RESOLVE_NO_MAGICLINKS).
 */
int files_enter(const struct call *call, uint64_t directory, int *start);

/* Opens the directory in which a path's last name lies, and tells that name; -1 when there is none. */
int files_parent(int start, const char *path, char *name, size_t size);

#endif
