#define _GNU_SOURCE
#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "wire.h"

enum { MESSAGE_MAX = 512 };

void network_raise_loopback(void)
{
	struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
	strcpy(request.ifr_name, "lo");
	int any = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket", "AF_INET");
	must(ioctl(any, SIOCSIFFLAGS, &request), "ioctl(SIOCSIFFLAGS)", "lo");
	close(any);
}

static int open_namespace(pid_t process)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)process);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static _Noreturn void exec_program(const struct list *words, const int streams[3])
{
	char *env[] = {"PATH=/usr/bin:/bin", NULL};
	for (int i = 0; i < 3; i++)
		dup2(streams[i], i);
	close_from(STDERR_FILENO + 1);
	execve(words->items[0], words->items, env);
	dprintf(STDERR_FILENO, "%s", strerror(errno));
	_exit(EXIT_LAUNCHER_FAILED);
}

/*
 * First process of a pid namespace: whatever the program does to live on, it dies with this process, and this process
 * dies with the supervisor.
 */
static _Noreturn void keep(const struct list *words, const int streams[3])
{
	die_with_parent();
	reset_signals();
	pid_t program = fork();
	if (program == 0)
		exec_program(words, streams);
	close_from(0);
	if (program > 0)
		waitpid(program, NULL, 0);
	_exit(EXIT_LAUNCHER_FAILED);
}

/* The last line that the program said: what comes before is chatter. */
static const char *last_message(int messages, char *text)
{
	off_t end = lseek(messages, 0, SEEK_END);
	ssize_t n = pread(messages, text, MESSAGE_MAX - 1, end < MESSAGE_MAX ? 0 : end - MESSAGE_MAX + 1);
	text[n > 0 ? n : 0] = 0;
	for (size_t i = strlen(text); i > 0 && text[i - 1] == '\n'; i--)
		text[i - 1] = 0;
	const char *line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

static int wait_until_up(int ready)
{
	char byte;
	return read(ready, &byte, 1) == 1;
}

static void report_failure(const char *program, int messages)
{
	char text[MESSAGE_MAX];
	send_text(report_fd, FRAME_NO_NETWORK, "%s failed: %s", program, last_message(messages, text));
}

pid_t network_connect(const struct spec *spec, pid_t process)
{
	int ready[2];
	if (spec->network.count == 0)
		return 0;
	int namespace = open_namespace(process);
	if (namespace < 0) {
		/* The box could not be built, as its own report tells; that one counts. */
		send_text(report_fd, FRAME_NO_NETWORK, "the step's network namespace: %s", strerror(errno));
		return -1;
	}
	must(pipe2(ready, O_CLOEXEC), "pipe2", "the network program");
	/* A file, not a pipe: what the program says later must not stop it. */
	int messages = must(memfd_create("messages", MFD_CLOEXEC), "memfd_create", "the network program's messages");
	int streams[3] = {namespace, ready[1], messages};
	pid_t keeper = must(clone_process(CLONE_NEWPID, -1), "clone", "the network program");
	if (keeper == 0)
		keep(&spec->network, streams);
	close(streams[0]);
	close(ready[1]);
	int up = wait_until_up(ready[0]);
	close(ready[0]);
	if (!up) {
		report_failure(spec->network.items[0], messages);
		waitpid(keeper, NULL, 0);
	}
	close(messages);
	return up ? keeper : -1;
}
