#ifndef JBUILD_PROCESS_H
#define JBUILD_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* As fork(2), into new namespaces, and into a version 2 cgroup when one is given (-1: none). */
pid_t clone_process(uint64_t namespaces, int cgroup);

/* SIGKILL for this process when its parent dies; whoever needs to know of an earlier death reads a pipe of it. */
void die_with_parent(void);

/* Handlers, masks and ignored signals as a shell would start a program. */
void reset_signals(void);

void close_from(int first);

#endif
