/* What the launcher tells the JVM: frames of type (1 byte), length (4 bytes, little endian), payload. */
#ifndef JBUILD_WIRE_H
#define JBUILD_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum frame {
	FRAME_STDOUT = 1,
	FRAME_STDERR = 2,
	FRAME_EXIT = 3,        /* 4 bytes: the command's exit code, or 128 + signal */
	FRAME_FAILURE = 4,     /* 4 bytes errno, then NUL-terminated: call, what, message */
	FRAME_NOT_STARTED = 5, /* one sentence: why the command could not be executed */
	FRAME_NOTE = 6,        /* one sentence: what the box lacks on this machine */
	FRAME_NO_NETWORK = 7,  /* why the network program could not connect the step, which was not started */
	FRAME_LIMIT = 8,       /* one sentence: which limit the step met */
	FRAME_READING = 9,     /* NUL-terminated name of a file of the step's cgroup, then its content */
	FRAME_USAGE = 10,      /* 8 bytes each: wall and CPU microseconds, peak memory, bytes read and written */
	FRAME_NO_OVERLAY = 11  /* as FRAME_FAILURE, where overlayfs could not mount layers */
};

/* Where failures of this process are told: the JVM's pipe, or in the box a pipe to the supervisor. */
extern int report_fd;

/* As what they are told. */
extern enum frame failure_frame;

/* Returns 0, or -1 when nobody reads any more. */
int send_frame(int fd, enum frame type, const void *payload, size_t length);

void send_text(int fd, enum frame type, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Tells which call failed on what, with errno. */
void send_failure(int fd, const char *call, const char *what);

/* As send_failure(), where failures of this process are told, and ends it. */
_Noreturn void fail(const char *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As fail(), for a rule of ours that was broken rather than a system call. */
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The value of a call that may not fail. */
#define must(value, call, ...)                             \
	({                                                 \
		__typeof__(value) result_ = (value);       \
		if (result_ < 0)                           \
			fail(call, __VA_ARGS__);           \
		result_;                                   \
	})

enum { EXIT_LAUNCHER_FAILED = 125 };

#endif
