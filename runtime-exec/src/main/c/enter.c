#define _GNU_SOURCE
#include "enter.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "starter.h"
#include "subids.h"

enum { REASON_MAX = 400, WORDS = 3 + 3 * (SUBID_RANGES_MAX + 1) };
enum { EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

struct user {
	uid_t uid;
	gid_t gid;
	char name[64];
	struct subids uids, gids;
};

static char reason[REASON_MAX];

static void because(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void because(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
}

static int read_flag(const char *file)
{
	char text[16] = "";
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		text[0] = 0;
	close(fd);
	return text[0] ? atoi(text) : -1;
}

static int write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static struct user current_user(void)
{
	struct user user = {.uid = geteuid(), .gid = getegid()};
	const struct passwd *entry = getpwuid(user.uid);
	snprintf(user.name, sizeof user.name, "%s", entry ? entry->pw_name : "");
	subids_read("/etc/subuid", user.name, user.uid, &user.uids);
	subids_read("/etc/subgid", user.name, user.uid, &user.gids);
	return user;
}

/* The arguments `PID 0 OWN 1 1 START COUNT ...` of newuidmap(1) and newgidmap(1). */
static _Noreturn void exec_mapper(const char *program, pid_t process, unsigned own, const struct subids *ids)
{
	static char text[WORDS][24];
	char *argv[WORDS + 2] = {(char *)program};
	unsigned long next = 1;
	size_t n = 0;
	snprintf(text[n++], sizeof text[0], "%d", (int)process);
	snprintf(text[n++], sizeof text[0], "0");
	snprintf(text[n++], sizeof text[0], "%u", own);
	snprintf(text[n++], sizeof text[0], "1");
	for (size_t i = 0; i < ids->ranges; next += ids->count[i++]) {
		snprintf(text[n++], sizeof text[0], "%lu", next);
		snprintf(text[n++], sizeof text[0], "%lu", ids->start[i]);
		snprintf(text[n++], sizeof text[0], "%lu", ids->count[i]);
	}
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = text[i];
	execvp(program, argv);
	dprintf(STDERR_FILENO, errno == ENOENT ? "%s is not installed (Debian: apt install uidmap)" : "cannot execute %s",
	        program);
	_exit(EXIT_NOT_FOUND);
}

static int run_mapper(const char *program, pid_t process, unsigned own, const struct subids *ids)
{
	int status = -1;
	pid_t mapper = fork();
	if (mapper == 0)
		exec_mapper(program, process, own, ids);
	if (mapper > 0)
		waitpid(mapper, &status, 0);
	return status;
}

/* Stays in the old user namespace, for only there newuidmap has its power; what goes wrong it says on `messages`. */
static _Noreturn void map_for(pid_t process, const struct user *user, int go, int messages)
{
	char byte;
	dup2(messages, STDERR_FILENO);
	if (read(go, &byte, 1) != 1)
		_exit(1);
	if (run_mapper("newuidmap", process, user->uid, &user->uids) != 0)
		_exit(1);
	_exit(run_mapper("newgidmap", process, user->gid, &user->gids) != 0);
}

static pid_t start_mapper(const struct user *user, int *go, int *messages)
{
	int to[2], from[2];
	pid_t process = getpid();
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		return -1;
	pid_t mapper = fork();
	if (mapper == 0) {
		close(to[1]);
		map_for(process, user, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	*go = to[1];
	*messages = from[0];
	return mapper;
}

/* Lets the mapper begin (or not), and waits for it; returns whether all ids are mapped. */
static int finish_mapper(pid_t mapper, int begin, int go, int messages)
{
	char text[REASON_MAX / 2];
	int status = -1;
	begin = begin && write(go, "", 1) == 1;
	close(go);
	ssize_t n = read(messages, text, sizeof text - 1);
	close(messages);
	waitpid(mapper, &status, 0);
	text[n > 0 ? n : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	if (begin && status != 0)
		because("%s", text[0] ? text : "newuidmap or newgidmap failed without a word");
	return begin && status == 0;
}

static void explain_unshare(int error)
{
	if (read_flag("/proc/sys/kernel/unprivileged_userns_clone") == 0)
		because("user namespaces are for root only here (sysctl kernel.unprivileged_userns_clone=1)");
	else if (read_flag("/proc/sys/user/max_user_namespaces") == 0)
		because("user namespaces are switched off (sysctl user.max_user_namespaces=15000)");
	else
		because("no user namespace can be made: %s", strerror(error));
}

static int unshare_user(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0)
		return 1;
	explain_unshare(errno);
	return 0;
}

/* Where AppArmor gives a new user namespace no power, entering one would only lose what the process has. */
static int is_powerless(void)
{
	int status = -1;
	if (read_flag("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") != 1)
		return 0;
	pid_t trial = fork();
	if (trial == 0)
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWNS) || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	if (trial > 0)
		waitpid(trial, &status, 0);
	if (status != 0)
		because("AppArmor restricts user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0)");
	return status != 0;
}

static const char *map_single(const struct user *user)
{
	char map[64];
	snprintf(map, sizeof map, "0 %u 1", user->uid);
	/* Fails where newuidmap already wrote the map before newgidmap failed. */
	write_text("/proc/self/uid_map", map);
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", user->gid);
	if (write_text("/proc/self/gid_map", map) == 0)
		return "single";
	because("the user namespace could not be mapped: %s", strerror(errno));
	return "none";
}

static int has_ranges(const struct user *user)
{
	if (user->uids.ranges > 0 && user->gids.ranges > 0)
		return 1;
	because("%s gives user %s no ids (usermod --add-subuids 100000-165535 --add-subgids 100000-165535 %s)",
	        user->uids.ranges > 0 ? "/etc/subgid" : "/etc/subuid", user->name, user->name);
	return 0;
}

static const char *enter_mapped(const struct user *user)
{
	int go = -1, messages = -1;
	pid_t mapper = start_mapper(user, &go, &messages);
	if (mapper < 0) {
		because("the mapping process could not be started: %s", strerror(errno));
		return "none";
	}
	int entered = unshare_user();
	if (finish_mapper(mapper, entered, go, messages))
		return "mapped";
	return entered ? map_single(user) : "none";
}

static const char *enter_user(void)
{
	struct user user = current_user();
	if (is_powerless())
		return "none";
	if (has_ranges(&user))
		return enter_mapped(&user);
	return unshare_user() ? map_single(&user) : "none";
}

static const char *enter_namespaces(void)
{
	if (geteuid() != 0)
		return enter_user();
	/* Mounts of the host still come in; ours never go out. */
	if (unshare(CLONE_NEWNS) == 0 && mount("", "/", NULL, MS_REC | MS_SLAVE, NULL) == 0)
		return "root";
	/* In a container; a user namespace may still be had. */
	const char *rung = enter_user();
	if (strcmp(rung, "none") == 0) {
		size_t length = strlen(reason);
		snprintf(reason + length, sizeof reason - length, "; root lacks CAP_SYS_ADMIN here");
	}
	return rung;
}

void enter_main(char **command)
{
	char entered[REASON_MAX + 16];
	const char *rung = enter_namespaces();
	snprintf(entered, sizeof entered, "%s:%s", rung, reason);
	setenv("JBUILD_ENTERED", entered, 1);
	starter_offer();
	execvp(command[0], command);
	int error = errno;
	fprintf(stderr, "jbuild-launcher: cannot execute %s: %s\n", command[0], strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}
