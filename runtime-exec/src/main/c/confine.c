#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "descriptor.h"
#include "kernel.h"
#include "listener.h"
#include "wire.h"

enum { CAPABILITY_KILL = 5, CAPABILITY_SYS_PTRACE = 19, CAPABILITY_SYS_ADMIN = 21 };

/* capset(2), version 3: two words of 32 capabilities each. */
struct capability_header {
	uint32_t version;
	int pid;
};
struct capability_words {
	uint32_t effective, permitted, inheritable;
};

enum { INSTRUCTION_SIZE = 8, INSTRUCTIONS_MAX = 4096 };

static uint64_t bit(int capability)
{
	return (uint64_t)1 << capability;
}

static void set_capabilities(uint64_t set)
{
	struct capability_header header = {0x20080522, 0};
	struct capability_words words[2] = {
		{(uint32_t)set, (uint32_t)set, 0},
		{(uint32_t)(set >> 32), (uint32_t)(set >> 32), 0},
	};
	must((int)syscall(SYS_capset, &header, words), "capset", "the step's capabilities");
}

static uint64_t permitted_capabilities(void)
{
	struct capability_header header = {0x20080522, 0};
	struct capability_words words[2];
	must((int)syscall(SYS_capget, &header, words), "capget", "the launcher's capabilities");
	return (uint64_t)words[1].permitted << 32 | words[0].permitted;
}

static void drop_bounding(uint64_t kept)
{
	for (int i = 0; i < 64 && prctl(PR_CAPBSET_READ, i) >= 0; i++)
		if (!(kept & bit(i)))
			must(prctl(PR_CAPBSET_DROP, i), "prctl(PR_CAPBSET_DROP)", "capability %d", i);
}

/* Raising a hard limit of the host takes a capability that even root may lack: then it stays, and that is told. */
static void limit(const struct rlimit_spec *wanted)
{
	struct rlimit now, set = {wanted->soft, wanted->hard};
	int resource = (int)wanted->resource;
	if (setrlimit(resource, &set) == 0)
		return;
	if (errno != EPERM)
		fail("setrlimit", "resource %d", resource);
	must(getrlimit(resource, &now), "getrlimit", "resource %d", resource);
	set.rlim_max = now.rlim_max;
	if (set.rlim_cur > set.rlim_max)
		set.rlim_cur = set.rlim_max;
	must(setrlimit(resource, &set), "setrlimit", "resource %d", resource);
	send_text(report_fd, FRAME_NOTE, "the step's limit of resource %d is %llu, not %llu: this process may not raise it",
	          resource, (unsigned long long)set.rlim_max, (unsigned long long)wanted->hard);
}

/*
 * Of processes whose owners are recorded, the limit of locks says who they are (identity.c): at the start the step's user.
 * It has limited nothing since Linux 2.4.25 (getrlimit(2)), so nothing is lost by not setting what was asked for.
 */
static void set_limits(const struct spec *spec)
{
	int records = (spec->flags & STEP_RECORD_OWNERS) != 0;
	struct rlimit locks;
	for (size_t i = 0; i < spec->rlimit_count; i++)
		if (!records || spec->rlimits[i].resource != RLIMIT_LOCKS)
			limit(&spec->rlimits[i]);
		else
			send_text(report_fd, FRAME_NOTE, "the limit of locks is not set, which Linux ignores: with one id it "
			                                 "says who a process is");
	if (!records)
		return;
	must(getrlimit(RLIMIT_LOCKS, &locks), "getrlimit", "the limit of locks");
	locks.rlim_cur = 0;
	must(setrlimit(RLIMIT_LOCKS, &locks), "setrlimit", "the limit of locks");
}

static void become_user(const struct spec *spec)
{
	/* Whoever the step's user is, it stays the one id that there is; see recorder.h. */
	if (spec->flags & STEP_RECORD_OWNERS)
		return;
	if (spec->flags & STEP_SET_GROUPS)
		must(setgroups(spec->group_count, spec->groups), "setgroups", "%zu groups", spec->group_count);
	must(setresgid(spec->gid, spec->gid, spec->gid), "setresgid", "group %u", spec->gid);
	must(prctl(PR_SET_KEEPCAPS, 1), "prctl(PR_SET_KEEPCAPS)", "1");
	must(setresuid(spec->uid, spec->uid, spec->uid), "setresuid", "user %u", spec->uid);
	must(prctl(PR_SET_KEEPCAPS, 0), "prctl(PR_SET_KEEPCAPS)", "0");
}

static void filter_calls(const struct spec *spec)
{
	size_t count = spec->seccomp.length / INSTRUCTION_SIZE;
	if (count == 0)
		return;
	if (spec->seccomp.length % INSTRUCTION_SIZE || count > INSTRUCTIONS_MAX)
		refuse("the seccomp program has %zu bytes", spec->seccomp.length);
	struct filter_program_v0 program = {(unsigned short)count, spec->seccomp.at};
	must((int)syscall(SYS_seccomp, SECCOMP_SET_FILTER, 0, &program), "seccomp", "a program of %zu instructions", count);
}

/* EBUSY: this process is under such a listener already, in a container whose engine has one. */
static void show_calls(int owners)
{
	int killable_only = 1, listener = listener_install(&killable_only);
	if (!killable_only)
		send_text(report_fd, FRAME_NOTE, "before Linux 5.19 a signal can interrupt a call whose owner was just recorded: "
		                                 "the program then makes the call a second time, which may fail (EEXIST)");
	if (listener >= 0)
		descriptor_send(owners, listener, "the descriptor of seen calls");
	else
		send_text(report_fd, FRAME_NOTE, "the step runs without a record of owners, so what it gives away stays root's: %s",
		          strerror(errno));
	close(listener);
	close(owners);
}

/* For the next execve(2): the file says which module means which, and the value what (proc_pid_attr(5)). */
static void label(const char *assignment)
{
	char file[128];
	const char *equals = strchr(assignment, '=');
	if (!equals)
		refuse("not a label for a security module: %s", assignment);
	snprintf(file, sizeof file, "/proc/self/attr/%.*s", (int)(equals - assignment), assignment);
	int fd = must(open(file, O_WRONLY | O_CLOEXEC), "open", "%s", file);
	must((int)write(fd, equals + 1, strlen(equals + 1)), "write", "%s to %s", equals + 1, file);
	close(fd);
}

/*
 * The filter comes after the change of user and before the last capability goes, for without no_new_privs installing
 * it takes CAP_SYS_ADMIN. From then on only what the profile allows works here too.
 */
void confine(const struct spec *spec, int owners)
{
	set_limits(spec);
	for (size_t i = 0; i < spec->labels.count; i++)
		label(spec->labels.items[i]);
	drop_bounding(spec->capabilities);
	must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl(PR_CAP_AMBIENT)", "none");
	become_user(spec);
	uint64_t kept = spec->capabilities & permitted_capabilities();
	set_capabilities(kept | bit(CAPABILITY_SYS_ADMIN));
	if (spec->flags & STEP_NO_NEW_PRIVS)
		must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)", "1");
	if (spec->flags & STEP_RECORD_OWNERS)
		show_calls(owners);
	filter_calls(spec);
	/* As after any setuid(2) to another user: setuid programs get theirs from the bounding set. */
	set_capabilities(spec->uid == 0 || spec->flags & STEP_RECORD_OWNERS ? kept : 0);
}

/*
 * Not dumpable: /proc/1/exe, root and fd are closed to the box. CAP_SYS_PTRACE, which a step does not have by default,
 * makes ptrace(2)'s rule "a superset of the target's capabilities" fail as well.
 */
void confine_init(void)
{
	must(prctl(PR_SET_DUMPABLE, 0), "prctl(PR_SET_DUMPABLE)", "0");
	set_capabilities(bit(CAPABILITY_KILL) | bit(CAPABILITY_SYS_PTRACE));
}
