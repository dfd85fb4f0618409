#define _GNU_SOURCE
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "wire.h"

/* Berkeley packet filter, as seccomp(2) takes it. */
struct instruction {
	uint16_t code;
	uint8_t if_true, if_false;
	uint32_t value;
};
enum { LOAD = 0x20, JUMP_EQUAL = 0x15, JUMP_ANY_BIT = 0x45, RETURN = 0x06 };
#define RETURN_ALLOW 0x7fff0000U
#define RETURN_NOTIFY 0x7fc00000U

#if defined(__x86_64__)
#define NATIVE 0xc000003eU
#elif defined(__aarch64__)
#define NATIVE 0xc00000b7U
#else
#error "the launcher is for x86-64 and aarch64"
#endif

static const int seen[] = {
	SYS_fchown,    SYS_fchownat,  SYS_fstat,     SYS_newfstatat, SYS_statx,     SYS_mkdirat,   SYS_mknodat,
	SYS_symlinkat, SYS_setuid,    SYS_setgid,    SYS_setreuid,   SYS_setregid,  SYS_setresuid, SYS_setresgid,
	SYS_setfsuid,  SYS_setfsgid,  SYS_setgroups, SYS_getuid,     SYS_geteuid,   SYS_getgid,    SYS_getegid,
	SYS_getresuid, SYS_getresgid, SYS_getgroups,
#ifdef SYS_chown
	SYS_chown,     SYS_lchown,    SYS_stat,      SYS_lstat,      SYS_mkdir,     SYS_mknod,     SYS_symlink,
	SYS_creat,
#endif
};

/* Calls that are seen only when they may make a file, and which of their arguments tells. */
static const struct {
	int number, argument;
} opening[] = {
	{SYS_openat, 2},
#ifdef SYS_open
	{SYS_open, 1},
#endif
};

static int processes = -1; /* this machine's /proc, whatever this process's root is */

enum { SEEN = sizeof seen / sizeof *seen, OPENING = sizeof opening / sizeof *opening };
enum { INSTRUCTIONS = 3 + SEEN + 4 * OPENING + 2 };

static struct instruction *load(struct instruction *at, size_t offset)
{
	*at = (struct instruction){LOAD, 0, 0, (uint32_t)offset};
	return at + 1;
}

static struct instruction *jump(struct instruction *at, uint16_t code, uint32_t value, int if_true, int if_false)
{
	*at = (struct instruction){code, (uint8_t)if_true, (uint8_t)if_false, value};
	return at + 1;
}

/* Calls of other architectures' numbers (32-bit programs) are the kernel's alone. */
static void write_filter(struct instruction *program)
{
	const struct instruction *notify = program + INSTRUCTIONS - 1, *allow = notify - 1;
	struct instruction *at = load(program, offsetof(struct seccomp_data_v0, architecture));
	at = jump(at, JUMP_EQUAL, NATIVE, 0, (int)(allow - at) - 1);
	at = load(at, offsetof(struct seccomp_data_v0, number));
	for (size_t i = 0; i < SEEN; i++)
		at = jump(at, JUMP_EQUAL, (uint32_t)seen[i], (int)(notify - at) - 1, 0);
	for (size_t i = 0; i < OPENING; i++) {
		at = jump(at, JUMP_EQUAL, (uint32_t)opening[i].number, 0, 3);
		at = load(at, offsetof(struct seccomp_data_v0, arguments) + 8 * (size_t)opening[i].argument);
		at = jump(at, JUMP_ANY_BIT, O_CREAT, (int)(notify - at) - 1, 0);
		at = load(at, offsetof(struct seccomp_data_v0, number));
	}
	*at++ = (struct instruction){RETURN, 0, 0, RETURN_ALLOW};
	*at = (struct instruction){RETURN, 0, 0, RETURN_NOTIFY};
}

/* Killable only: a signal must not make a call that was carried out be made a second time (Linux 5.19). */
int listener_install(int *killable_only)
{
	struct instruction instructions[INSTRUCTIONS];
	struct filter_program_v0 program = {INSTRUCTIONS, instructions};
	write_filter(instructions);
	int flags = FILTER_NEW_LISTENER | FILTER_WAIT_KILLABLE;
	int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_FILTER, flags, &program);
	*killable_only = listener >= 0 || errno != EINVAL;
	if (!*killable_only)
		listener = (int)syscall(SYS_seccomp, SECCOMP_SET_FILTER, FILTER_NEW_LISTENER, &program);
	return listener;
}

void listener_start(void)
{
	processes = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/proc");
}

/* Where the kernel can, it runs who waits for the answer next, on the same processor. */
static void prefer_quick_answers(int listener)
{
	static int asked;
	if (!asked++)
		ioctl(listener, NOTIFICATION_SET_FLAGS, (uint64_t)NOTIFICATION_WAKES_HERE);
}

static int take(int listener, struct call *call)
{
	struct notification_v0 seen_call = {0};
	char path[64];
	if (ioctl(listener, NOTIFICATION_RECEIVE, &seen_call))
		return 0;
	*call = (struct call){listener, seen_call.id, (pid_t)seen_call.process, seen_call.call.number, {0}, -1};
	memcpy(call->arguments, seen_call.call.arguments, sizeof call->arguments);
	snprintf(path, sizeof path, "%d/mem", (int)call->process);
	call->memory = openat(processes, path, O_RDWR | O_CLOEXEC);
	return 1;
}

int listener_next(int listener, struct call *call)
{
	prefer_quick_answers(listener);
	struct pollfd waiting = {listener, POLLIN, 0};
	for (;;) {
		if (poll(&waiting, 1, -1) < 0 && errno != EINTR)
			fail("poll", "the seen calls");
		/* A process that was killed since it was heard of is no error (ENOENT). */
		if (waiting.revents & POLLIN && take(listener, call))
			return 1;
		if (waiting.revents & POLLNVAL) {
			errno = EBADF;
			fail("poll", "the seen calls");
		}
		if (waiting.revents & (POLLHUP | POLLERR) && !(waiting.revents & POLLIN))
			return 0;
	}
}

void listener_answer(const struct call *call, struct answer answer)
{
	struct notification_answer_v0 sent = {call->id, answer.value, -answer.error,
	                                      answer.goes_on ? ANSWER_CONTINUE : 0};
	/* ENOENT: it was killed meanwhile. */
	ioctl(call->listener, NOTIFICATION_ANSWER, &sent);
	close(call->memory);
}

int call_waits(const struct call *call)
{
	return ioctl(call->listener, NOTIFICATION_IS_VALID, &call->id) == 0;
}

int call_read(const struct call *call, uint64_t from, void *to, size_t length)
{
	return pread(call->memory, to, length, (off_t)from) == (ssize_t)length ? 0 : -1;
}

int call_write(const struct call *call, uint64_t to, const void *from, size_t length)
{
	return pwrite(call->memory, from, length, (off_t)to) == (ssize_t)length ? 0 : -1;
}

/* In parts that end with a page, for the next page may not be there. */
int call_read_path(const struct call *call, uint64_t from, char *path, size_t size)
{
	enum { PAGE = 4096 };
	for (size_t done = 0; done < size;) {
		size_t part = PAGE - (from + done) % PAGE;
		if (part > size - done)
			part = size - done;
		ssize_t n = pread(call->memory, path + done, part, (off_t)(from + done));
		if (n <= 0)
			return -1;
		if (memchr(path + done, 0, (size_t)n))
			return 0;
		done += (size_t)n;
	}
	return -1;
}

int call_open(const struct call *call, const char *format, ...)
{
	char path[64];
	va_list args;
	int n = snprintf(path, sizeof path, "%d/", (int)call->process);
	va_start(args, format);
	vsnprintf(path + n, sizeof path - (size_t)n, format, args);
	va_end(args);
	return openat(processes, path, O_PATH | O_CLOEXEC);
}

int call_give_file(const struct call *call, int file, int flags)
{
	struct notification_file_v0 given = {call->id, 0, (uint32_t)file, 0, (uint32_t)flags & O_CLOEXEC};
	return ioctl(call->listener, NOTIFICATION_ADD_FILE, &given);
}

mode_t call_umask(const struct call *call)
{
	char path[64], text[1024];
	snprintf(path, sizeof path, "%d/status", (int)call->process);
	int file = openat(processes, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);
	close(file);
	text[n > 0 ? n : 0] = 0;
	const char *line = strstr(text, "\nUmask:");
	return line ? (mode_t)strtoul(line + 7, NULL, 8) : 0022;
}
