#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

#include "kernel.h"
#include "wire.h"

/*
 * Being born in a cgroup costs nothing, moving there waits for an RCU grace period. Container engines answer ENOSYS
 * to clone3, for a filter cannot see its flags.
 */
pid_t clone_process(uint64_t namespaces, int cgroup)
{
	if (cgroup >= 0) {
		struct clone3_args args = {
			.flags = namespaces | INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup};
		pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof args);
		if (child >= 0 || errno != ENOSYS)
			return child;
	}
	return (pid_t)syscall(SYS_clone, namespaces | SIGCHLD, NULL, NULL, NULL, 0);
}

void die_with_parent(void)
{
	must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl(PR_SET_PDEATHSIG)", "SIGKILL");
}

/* By system call: C libraries do not let go of two signals that they keep for themselves, and a JVM ignores them. */
void reset_signals(void)
{
	enum { SET_SIZE = 8 };
	static const unsigned long by_default[8];
	sigset_t none;
	for (int i = 1; i <= 64; i++)
		syscall(SYS_rt_sigaction, i, by_default, NULL, SET_SIZE);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void close_from(int first)
{
	must((int)syscall(SYS_close_range, first, ~0U, 0), "close_range", "from %d", first);
}
