#ifndef JBUILD_CGROUP_H
#define JBUILD_CGROUP_H

#include <sys/types.h>

#include "spec.h"

/* Makes the step's cgroups, and tells by a note where it could not. Removes those of launchers that are dead. */
void cgroups_make(const struct spec *spec);

/* A descriptor of the version 2 cgroup, into which a process can be born; -1 when there is none. */
int cgroups_birthplace(const struct spec *spec);

/* Puts the calling process, which has one thread, into the version 1 cgroups. */
void cgroups_join(const struct spec *spec);

/* Reads a file of a cgroup as text; returns its length, or -1. */
ssize_t cgroup_read(const struct cgroup_spec *cgroup, const char *file, char *text, size_t size);

/* Tells the content of the files that the step asks for. */
void cgroups_tell(const struct spec *spec);

/* Removes the cgroups, when all their processes are gone. */
void cgroups_remove(const struct spec *spec);

#endif
