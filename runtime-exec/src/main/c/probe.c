#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kernel.h"

enum { NOBODY = 65534, PERMISSION_EXIT = 255 };

/* The kernel's own word on whether an ordinary user may comes only when one tries. */
static void become_ordinary(void)
{
	if (geteuid() != 0)
		return;
	/* Where this fails (a namespace with one id), the process is an ordinary user already. */
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return;
	/* The change of user made /proc/self root's (proc(5)). */
	prctl(PR_SET_DUMPABLE, 1);
}

static int write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int try_user_namespace(void)
{
	char uids[32], gids[32];
	become_ordinary();
	snprintf(uids, sizeof uids, "0 %u 1", geteuid());
	snprintf(gids, sizeof gids, "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -1;
	return write_text("/proc/self/uid_map", uids) || write_text("/proc/self/setgroups", "deny")
	       || write_text("/proc/self/gid_map", gids);
}

static int try_user_overlay(void)
{
	if (try_user_namespace() || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -1;
	if (mount("tmpfs", "/tmp", "tmpfs", 0, NULL) || chdir("/tmp"))
		return -1;
	if (mkdir("lower", 0755) || mkdir("upper", 0755) || mkdir("work", 0755) || mkdir("root", 0755))
		return -1;
	return mount("overlay", "root", "overlay", 0, "userxattr,lowerdir=lower,upperdir=upper,workdir=work");
}

/* In a child, for what is tried cannot be undone. Returns 0, or the errno of what failed. */
static int trial(int (*try)(void))
{
	int status = -1;
	pid_t child = fork();
	if (child == 0)
		_exit(try() ? (errno > 0 && errno < PERMISSION_EXIT ? errno : PERMISSION_EXIT) : 0);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : PERMISSION_EXIT;
}

static int landlock_version(void)
{
	enum { ASK_VERSION = 1 };
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	return version > 0 ? (int)version : 0;
}

/* An unknown operation is EINVAL where there is the call at all (seccomp(2)). */
static int has_seccomp(void)
{
	enum { UNKNOWN_OPERATION = 0x7fff };
	return syscall(SYS_seccomp, UNKNOWN_OPERATION, 0, NULL) < 0 && errno == EINVAL;
}

int probe_main(void)
{
	printf("user-namespace=%d\n", trial(try_user_namespace));
	printf("user-overlay=%d\n", trial(try_user_overlay));
	printf("landlock=%d\n", landlock_version());
	printf("seccomp=%d\n", has_seccomp());
	return 0;
}
