#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "cgroup.h"
#include "command.h"
#include "confine.h"
#include "kernel.h"
#include "network.h"
#include "process.h"
#include "wire.h"

static void block_signals(void)
{
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

/* The builder's session keyring would otherwise be the step's (keyrings(7)). Kernels without keys have none to leak. */
static void leave_keyring(void)
{
	enum { JOIN_SESSION_KEYRING = 1 };
	if (syscall(SYS_keyctl, JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS && errno != EPERM && errno != EDQUOT)
		fail("keyctl", "a new session keyring");
}

static void enter_namespaces(const struct spec *spec)
{
	cgroups_join(spec);
	/* The root of a cgroup namespace is the cgroup of the process that makes it, so it comes after the join. */
	if (spec->namespaces & CLONE_NEWCGROUP)
		must(unshare(CLONE_NEWCGROUP), "unshare", "CLONE_NEWCGROUP");
	if (spec->namespaces & CLONE_NEWUTS)
		must(sethostname(spec->hostname, strlen(spec->hostname)), "sethostname", "%s", spec->hostname);
	if (spec->namespaces & CLONE_NEWNET)
		network_raise_loopback();
}

static void wait_for_go(int go)
{
	char byte;
	ssize_t n;
	do
		n = read(go, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		_exit(EXIT_LAUNCHER_FAILED);
}

static pid_t start(const struct spec *spec, const struct init_pipes *pipes)
{
	pid_t command = must(fork(), "fork", "the step's command");
	if (command == 0)
		command_main(spec, pipes);
	return command;
}

/* What the command itself was started with is all that may hold its output open: nothing here. */
static void keep_only(int status)
{
	must(dup2(status, STDIN_FILENO), "dup2", "the status pipe");
	must(fcntl(STDIN_FILENO, F_SETFD, FD_CLOEXEC), "fcntl", "the status pipe");
	close_from(1);
	report_fd = STDIN_FILENO;
}

static int exit_code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Reaps whoever ended; ends this process, and by that all others of the namespace, when it was the command. */
static void reap(pid_t command)
{
	int status;
	for (pid_t dead; (dead = waitpid(-1, &status, WNOHANG)) > 0;) {
		if (dead != command)
			continue;
		uint32_t code = (uint32_t)exit_code(status);
		unsigned char payload[4] = {(unsigned char)code, (unsigned char)(code >> 8), 0, 0};
		send_frame(report_fd, FRAME_EXIT, payload, sizeof payload);
		_exit(0);
	}
}

static _Noreturn void serve(pid_t command)
{
	sigset_t all;
	sigfillset(&all);
	for (;;) {
		int signal = sigwaitinfo(&all, NULL);
		if (signal > 0 && signal != SIGCHLD)
			kill(-command, signal);
		reap(command);
	}
}

void init_main(const struct spec *spec, const struct init_pipes *pipes)
{
	report_fd = pipes->status;
	die_with_parent();
	block_signals();
	prctl(PR_SET_NAME, "jbuild-init");
	umask(0);
	enter_namespaces(spec);
	box_build(spec);
	leave_keyring();
	wait_for_go(pipes->go);
	pid_t command = start(spec, pipes);
	keep_only(pipes->status);
	confine_init();
	serve(command);
}
