#define _GNU_SOURCE
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "descriptor.h"
#include "init.h"
#include "network.h"
#include "process.h"
#include "recorder.h"
#include "spec.h"
#include "terminal.h"
#include "watch.h"
#include "wire.h"
#include "work.h"

enum { CHUNK = 65536, STATUS_MAX = 65536 };

struct supervisor {
	struct spec spec;
	pid_t init, keeper, recorder;
	int out, err, status, go; /* this side of the pipes */
	int terminal_ended;
	int terminal, command;    /* the user's, and the controlling side of the command's; -1 when there is none */
	char reports[STATUS_MAX]; /* frames of the box, told when the step is over */
	size_t reported;
	uint64_t began; /* microseconds */
};

static struct supervisor self;

static void make_pipe(int *mine, int *theirs, int i_read)
{
	int ends[2];
	must(pipe2(ends, O_CLOEXEC), "pipe2", "the step");
	*mine = ends[i_read ? 0 : 1];
	*theirs = ends[i_read ? 1 : 0];
}

/* The command's output, or what its terminal comes through. */
static void make_output(struct init_pipes *pipes)
{
	int ends[2];
	if (!*self.spec.terminal) {
		make_pipe(&self.out, &pipes->out, 1);
		return;
	}
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair", "the step's terminal");
	self.out = ends[0];
	pipes->out = ends[1];
}

/* A process of its own, for it takes on the root and the umask of those whose calls it answers. */
static int start_recorder(int status)
{
	int ends[2];
	if (!(self.spec.flags & STEP_RECORD_OWNERS))
		return -1;
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair", "the record of owners");
	self.recorder = must(fork(), "fork", "the record of owners");
	if (self.recorder == 0) {
		close(ends[1]);
		recorder_main(&self.spec, ends[0], status);
		_exit(0);
	}
	close(ends[0]);
	return ends[1];
}

static int open_input(void)
{
	if (!*self.spec.input)
		return -1;
	return must(open(self.spec.input, O_RDONLY | O_CLOEXEC), "open", "the step's standard input");
}

static void open_terminal(void)
{
	self.command = self.terminal = -1;
	if (*self.spec.terminal)
		self.terminal = must(open(self.spec.terminal, O_RDWR | O_NOCTTY | O_CLOEXEC), "open", "the user's terminal");
}

static void close_pipes(const struct init_pipes *pipes)
{
	close(pipes->in);
	close(pipes->out);
	close(pipes->err);
	close(pipes->status);
	close(pipes->owners);
	close(pipes->go);
}

static void start_init(void)
{
	struct init_pipes pipes = {.in = open_input()};
	make_pipe(&self.status, &pipes.status, 1);
	/* Before the pipes that end with the step's processes: it outlives them. */
	pipes.owners = start_recorder(pipes.status);
	make_output(&pipes);
	make_pipe(&self.err, &pipes.err, 1);
	make_pipe(&self.go, &pipes.go, 0);
	int cgroup = cgroups_birthplace(&self.spec);
	uint64_t namespaces = self.spec.namespaces & ~(uint32_t)CLONE_NEWCGROUP;
	self.init = must(clone_process(namespaces, cgroup), "clone", "namespaces 0x%x", self.spec.namespaces);
	if (self.init == 0) {
		/* This side's ends: with a writer of its own, the box would never see the supervisor's death. */
		close(self.go);
		init_main(&self.spec, &pipes);
	}
	close(cgroup);
	close_pipes(&pipes);
}

static uint64_t microseconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void kill_step(void)
{
	kill(self.init, SIGKILL);
}

static void start_command(void)
{
	self.began = microseconds();
	self.keeper = network_connect(&self.spec, self.init);
	if (self.keeper < 0)
		kill_step();
	/* EPIPE: the box could not be built, which its report tells. */
	else if (write(self.go, "", 1) < 0 && errno != EPIPE)
		fail("write", "the step's start");
}

/* Reads what is there; returns 0 at the end. */
static int relay(int from, enum frame type)
{
	static char chunk[CHUNK];
	ssize_t n = read(from, chunk, sizeof chunk);
	if (n > 0 && send_frame(STDOUT_FILENO, type, chunk, (size_t)n))
		kill_step();
	return n > 0 || (n < 0 && errno == EINTR);
}

static int collect(void)
{
	size_t space = sizeof self.reports - self.reported;
	ssize_t n = read(self.status, self.reports + self.reported, space);
	self.reported += n > 0 ? (size_t)n : 0;
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Each byte is a signal for the command. The end of the input says that the builder gave up, or is dead. */
static int obey(void)
{
	unsigned char signal;
	ssize_t n = read(STDIN_FILENO, &signal, 1);
	if (n == 1)
		kill(self.init, signal);
	else if (n == 0)
		kill_step();
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Looks at the limits once a period, however often output wakes this process. */
static int is_over(void)
{
	static uint64_t next;
	uint64_t time = microseconds();
	if (time < next)
		return 0;
	next = time + WATCH_PERIOD * 1000;
	/* SIGWINCH goes to the terminal's own session, of which this process is not. */
	if (self.command >= 0)
		terminal_copy_size(self.terminal, self.command);
	int over = watch_is_over(&self.spec);
	if (over)
		kill_step();
	return over;
}

/* Copies what is there from one terminal to the other; returns 0 at the end (EIO: the command's side is closed). */
static int pass(int from, int to)
{
	static char chunk[CHUNK];
	ssize_t n = read(from, chunk, sizeof chunk);
	for (ssize_t done = 0, m; done < n; done += m)
		if ((m = write(to, chunk + done, (size_t)(n - done))) < 0)
			return 0;
	return n > 0 || (n < 0 && errno == EINTR);
}

/* The first that comes through the socket is the command's terminal, which takes the socket's place. */
static int take_terminal(void)
{
	self.command = descriptor_receive(self.out);
	close(self.out);
	self.out = self.command;
	if (self.command < 0)
		return 0;
	terminal_copy_size(self.terminal, self.command);
	terminal_make_raw(self.terminal);
	return 1;
}

static int relay_output(void)
{
	if (self.terminal < 0)
		return relay(self.out, FRAME_STDOUT);
	return self.command < 0 ? take_terminal() : pass(self.command, self.terminal);
}

/* Until the box is gone, whose processes hold the other ends of all three pipes, and the record of owners is written. */
static void serve(void)
{
	struct pollfd fds[5] = {{self.out, POLLIN, 0},
	                        {self.err, POLLIN, 0},
	                        {self.status, POLLIN, 0},
	                        {STDIN_FILENO, POLLIN, 0},
	                        {-1, POLLIN, 0}};
	int over = 0;
	while (fds[0].fd >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0) {
		over = over || is_over();
		if (poll(fds, 5, over ? -1 : WATCH_PERIOD) <= 0)
			continue;
		if (fds[0].revents)
			fds[0].fd = relay_output() ? self.out : -1;
		if (fds[1].revents && !relay(self.err, FRAME_STDERR))
			fds[1].fd = -1;
		if (fds[2].revents && !collect())
			fds[2].fd = -1;
		if (fds[3].revents && !obey())
			fds[3].fd = -1;
		if (fds[4].revents && !pass(self.terminal, self.command))
			self.terminal_ended = 1;
		fds[4].fd = self.command >= 0 && fds[0].fd >= 0 && !self.terminal_ended ? self.terminal : -1;
	}
}

static void run_cleanup(void)
{
	/* The pids that the runtime wrote down are those of a namespace that is gone, and it may kill whoever has them: here,
	 * nobody has. Where no such namespace can be had, what the runtime left of a step that was killed stays. */
	if (self.spec.cleanup.count == 0 || unshare(CLONE_NEWPID))
		return;
	pid_t cleaner = fork();
	if (cleaner == 0) {
		reset_signals();
		close_from(STDERR_FILENO + 1);
		int null = open("/dev/null", O_RDWR);
		for (int i = 0; i < 3; i++)
			dup2(null, i);
		execve(self.spec.cleanup.items[0], self.spec.cleanup.items, self.spec.env.items);
		_exit(EXIT_LAUNCHER_FAILED);
	}
	waitpid(cleaner, NULL, 0);
}

static void clean_up(void)
{
	terminal_restore(self.terminal);
	if (self.keeper > 0) {
		kill(self.keeper, SIGKILL);
		waitpid(self.keeper, NULL, 0);
	}
	run_cleanup();
	work_empty(self.spec.work);
	cgroups_remove(&self.spec);
}

/* Whether a frame of this type is among what the box and the record of owners told. */
static int has_reported(enum frame type)
{
	enum { HEADER = 5 };
	uint32_t length;
	for (size_t at = 0; at + HEADER <= self.reported; at += HEADER + length) {
		if (self.reports[at] == (char)type)
			return 1;
		memcpy(&length, self.reports + at + 1, sizeof length); /* little endian, as the machines that this is for */
	}
	return 0;
}

/* It ends when no process of the step is left, and has written down then what the layer needs. */
static void wait_for_recorder(void)
{
	int status = 0;
	while (self.recorder > 0 && waitpid(self.recorder, &status, 0) < 0)
		if (errno != EINTR)
			fail("waitpid", "the record of owners");
	if (status != 0 && !has_reported(FRAME_FAILURE))
		refuse("the record of the step's owners was lost: its process ended with status %d", status);
}

/* The kernel lets a namespace's first process go only after all others of it (zap_pid_ns_processes). */
static int wait_for_end(struct rusage *usage)
{
	int status;
	while (wait4(self.init, &status, 0, usage) < 0)
		if (errno != EINTR)
			fail("waitpid", "the step");
	return status;
}

static uint64_t micros_of(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

/* What the box's first process and all that it reaped used. Linux counts blocks of 512 bytes here (getrusage(2)). */
static void tell_usage(const struct rusage *usage)
{
	enum { NUMBERS = 5, KIB = 1024, BLOCK = 512 };
	uint64_t numbers[NUMBERS] = {
		microseconds() - self.began, micros_of(&usage->ru_utime) + micros_of(&usage->ru_stime),
		(uint64_t)usage->ru_maxrss * KIB, (uint64_t)usage->ru_inblock * BLOCK, (uint64_t)usage->ru_oublock * BLOCK};
	unsigned char payload[NUMBERS * 8];
	for (size_t i = 0; i < sizeof payload; i++)
		payload[i] = (unsigned char)(numbers[i / 8] >> (8 * (i % 8)));
	send_frame(STDOUT_FILENO, FRAME_USAGE, payload, sizeof payload);
}

static void tell_killed(int limited, int status)
{
	unsigned char code[4] = {128 + SIGKILL};
	if (limited)
		send_frame(STDOUT_FILENO, FRAME_EXIT, code, sizeof code);
	else if (self.keeper >= 0)
		refuse("the first process of the step was killed by signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void tell_reports(int limited, int status)
{
	ssize_t n = write(STDOUT_FILENO, self.reports, self.reported);
	(void)n; /* Nobody is left to be told. */
	if (!has_reported(FRAME_EXIT) && !has_reported(FRAME_FAILURE))
		tell_killed(limited, status);
}

void supervise_main(void)
{
	/* A Ctrl-C at the terminal is the builder's to handle. */
	setsid();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NAME, "jbuild-step");
	spec_read(STDIN_FILENO, &self.spec);
	open_terminal();
	cgroups_make(&self.spec);
	watch_start(&self.spec);
	start_init();
	start_command();
	serve();
	struct rusage usage;
	int status = wait_for_end(&usage);
	wait_for_recorder();
	int limited = watch_tell(&self.spec);
	cgroups_tell(&self.spec);
	tell_usage(&usage);
	clean_up();
	tell_reports(limited, status);
	_exit(0);
}
