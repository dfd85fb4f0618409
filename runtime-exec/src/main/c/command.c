#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine.h"
#include "kernel.h"
#include "process.h"
#include "terminal.h"
#include "wire.h"

enum { EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

/* Makes the parents of the path and the path itself, as far as they are missing. */
static void make_directories(const char *path)
{
	char prefix[PATH_MAX];
	size_t length = strlen(path);
	if (length >= sizeof prefix)
		refuse("the working directory's path is too long");
	memcpy(prefix, path, length + 1);
	for (size_t i = 1; i <= length; i++) {
		if (prefix[i] != '/' && prefix[i] != 0)
			continue;
		prefix[i] = 0;
		if (mkdir(prefix, 0755) && errno != EEXIST)
			fail("mkdir", "the working directory %s", path);
		prefix[i] = i < length ? '/' : 0;
	}
}

static int open_directory(const char *path)
{
	int root = must(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open", "/");
	int directory = sys_openat2(root, path, O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_ROOTED | RESOLVE_NO_MAGIC);
	close(root);
	return directory;
}

/* By descriptor and without magic links, then looked at from inside: CVE-2024-21626. */
static void enter_directory(const char *path)
{
	char now[PATH_MAX];
	int directory = open_directory(path);
	if (directory < 0 && errno == ENOENT) {
		make_directories(path);
		directory = open_directory(path);
	}
	must(directory, "openat2", "the working directory %s", path);
	must(fchdir(directory), "fchdir", "the working directory %s", path);
	close(directory);
	must((int)syscall(SYS_getcwd, now, sizeof now), "getcwd", "the working directory %s", path);
	if (now[0] != '/')
		refuse("the working directory %s is outside of the step's root", path);
}

enum { STATUS = 3, OWNERS = 4, ARRANGED = 5, ABOVE = 16 };

/* Leaves the standard three, and until the command is executed the status pipe and the socket for owners. */
static void arrange_descriptors(const struct spec *spec, const struct init_pipes *pipes)
{
	int null = must(open("/dev/null", O_RDONLY | O_CLOEXEC), "open", "/dev/null");
	int from[ARRANGED] = {pipes->in >= 0 ? pipes->in : null, pipes->out, pipes->err, pipes->status,
	                      pipes->owners >= 0 ? pipes->owners : null};
	if (*spec->terminal)
		from[0] = from[1] = from[2] = terminal_give(pipes->out);
	/* Copied up first: a source may have one of the numbers that are about to be taken. */
	for (int i = 0; i < ARRANGED; i++)
		from[i] = must(fcntl(from[i], F_DUPFD_CLOEXEC, ABOVE), "fcntl(F_DUPFD)", "a standard stream");
	for (int i = 0; i < ARRANGED; i++)
		must(dup3(from[i], i, i >= STATUS ? O_CLOEXEC : 0), "dup3", "a standard stream");
	close_from(ARRANGED);
	report_fd = STATUS;
}

/* The user must be able to open /dev/stdout again by its name, so the pipes are the user's. */
static void give_streams(const struct spec *spec)
{
	if (spec->flags & STEP_RECORD_OWNERS)
		return;
	for (int i = STDOUT_FILENO; i <= STDERR_FILENO; i++)
		must(fchown(i, spec->uid, spec->gid), "fchown", "a standard stream for user %u", spec->uid);
}

/* When memory runs out, the kernel's choice is a process of a step, not the builder's or another's (proc(5)). */
static void offer_to_oom_killer(const struct spec *spec)
{
	if (spec->oom_score == 0)
		return;
	int file = must(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC), "open", "oom_score_adj");
	must(dprintf(file, "%u", spec->oom_score), "write", "%u to oom_score_adj", spec->oom_score);
	close(file);
}

static const char *variable(const struct list *env, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], name, length) == 0 && env->items[i][length] == '=')
			return env->items[i] + length + 1;
	return "";
}

static _Noreturn void not_started(int code, const char *command, const char *why)
{
	send_text(report_fd, FRAME_NOT_STARTED, "cannot execute %s: %s", command, why);
	_exit(code);
}

static _Noreturn void explain(const char *file, int error)
{
	struct stat status;
	if (error == ENOENT && stat(file, &status) == 0)
		not_started(EXIT_NOT_FOUND, file, "its interpreter or loader is not in the image");
	not_started(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE, file,
	            error == ENOENT ? "no such file in the image" : strerror(error));
}

static int is_absence(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

/* As execvp(3), with the PATH of the step's environment: a file that may not be executed hides no later one. */
static _Noreturn void execute_from_path(const struct spec *spec)
{
	const char *name = spec->argv.items[0], *path = variable(&spec->env, "PATH");
	char file[PATH_MAX];
	int denied = 0;
	for (size_t length; *path; path += length + (path[length] == ':')) {
		length = strcspn(path, ":");
		if (snprintf(file, sizeof file, "%.*s/%s", (int)length, path, name) >= (int)sizeof file)
			continue;
		execve(file, spec->argv.items, spec->env.items);
		struct stat status;
		if (!is_absence(errno) || stat(file, &status) == 0)
			denied = errno;
		if (denied && denied != EACCES)
			explain(file, denied);
	}
	not_started(denied ? EXIT_CANNOT_EXECUTE : EXIT_NOT_FOUND, name,
	            denied ? strerror(denied) : "executable file not found in $PATH of the image");
}

static _Noreturn void execute(const struct spec *spec)
{
	const char *file = spec->argv.items[0];
	if (!strchr(file, '/'))
		execute_from_path(spec);
	execve(file, spec->argv.items, spec->env.items);
	explain(file, is_absence(errno) ? ENOENT : errno);
}

void command_main(const struct spec *spec, const struct init_pipes *pipes)
{
	arrange_descriptors(spec, pipes);
	reset_signals();
	must(setsid(), "setsid", "the step's command");
	if (*spec->terminal)
		must(ioctl(STDIN_FILENO, TIOCSCTTY, 0), "ioctl(TIOCSCTTY)", "the step's terminal");
	umask(0022);
	enter_directory(spec->cwd);
	offer_to_oom_killer(spec);
	if (spec->flags & STEP_CONFINE) {
		give_streams(spec);
		confine(spec, OWNERS);
	}
	execute(spec);
}
