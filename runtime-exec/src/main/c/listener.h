/* Seen system calls of the step's processes, and what they are answered (seccomp_unotify(2)). */
#ifndef JBUILD_LISTENER_H
#define JBUILD_LISTENER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One system call that waits for its answer. What it needs of its process is opened before the call is found to be
 * waiting still, so that it is that process's and not that of a later one with its number.
 */
struct call {
	int listener;
	uint64_t id;
	pid_t process;
	int number;
	uint64_t arguments[6];
	int memory; /* of the process */
};

struct answer {
	int64_t value;
	int32_t error; /* 0, or an errno */
	int goes_on;   /* the kernel does the call as if nobody had seen it */
};

/*
 * From here on the calling process's calls that concern owners and ids are seen; -1 where that cannot be. Tells whether
 * nothing but a kill interrupts a call that waits for its answer.
 */
int listener_install(int *killable_only);

/* Opens what the machine tells of processes, before this one has another root. */
void listener_start(void);

/* Waits for the next call; 0 when no process is left that could make one. */
int listener_next(int listener, struct call *call);

void listener_answer(const struct call *call, struct answer answer);

/* Whether the call still waits. After that, what was opened of its process is its own. */
int call_waits(const struct call *call);

/* Copies from or to the process's memory; returns 0, or -1 when it has none there. */
int call_read(const struct call *call, uint64_t from, void *to, size_t length);
int call_write(const struct call *call, uint64_t to, const void *from, size_t length);

/* Copies a path of the process's; -1 when there is none, or too long a one. */
int call_read_path(const struct call *call, uint64_t from, char *path, size_t size);

/* Opens one of the process's own files below /proc (a printf format), as a place only; -1 when there is none. */
int call_open(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives the process an open file; returns its number there, or -1. */
int call_give_file(const struct call *call, int file, int flags);

/* The umask of the process. */
mode_t call_umask(const struct call *call);

static inline struct answer answer_value(int64_t value)
{
	return (struct answer){value, 0, 0};
}

static inline struct answer answer_error(int error)
{
	return (struct answer){0, error, 0};
}

static inline struct answer answer_by_kernel(void)
{
	return (struct answer){0, 0, 1};
}

#endif
