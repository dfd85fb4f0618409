#define _GNU_SOURCE
#include "starter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptor.h"
#include "process.h"
#include "sealed.h"
#include "supervise.h"
#include "wire.h"

extern char **environ;

/* Nothing of the builder's streams stays open here: whoever reads them to their end must not wait for this process. */
static void keep_only(int socket)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(socket, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		_exit(EXIT_LAUNCHER_FAILED);
	close_from(STDERR_FILENO + 1);
}

/* A build without RUN pays for a fork, not for more: what this process does comes with the first launch. */
static _Noreturn void wait_in_background(int socket)
{
	static char *nothing[] = {NULL};
	static char *argv[] = {"jbuild", "serve", NULL};
	struct pollfd request = {STDIN_FILENO, POLLIN, 0};
	/* A Ctrl-C at the terminal is the builder's to handle. */
	setsid();
	/* It outlives directories that the user may want to remove. */
	if (chdir("/"))
		_exit(EXIT_LAUNCHER_FAILED);
	keep_only(socket);
	/* Where it could not be sealed, the JVM learns by a closed socket that there is no starter. */
	if (!can_seal())
		_exit(EXIT_LAUNCHER_FAILED);
	prctl(PR_SET_NAME, "jbuild-starter");
	while (poll(&request, 1, -1) < 0)
		if (errno != EINTR)
			_exit(EXIT_LAUNCHER_FAILED);
	if (!(request.revents & POLLIN))
		_exit(0);
	environ = nothing;
	seal_self(argv);
	_exit(EXIT_LAUNCHER_FAILED);
}

void starter_offer(void)
{
	int ends[2];
	char number[16];
	unsetenv("JBUILD_STARTER");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	pid_t starter = fork();
	if (starter == 0)
		wait_in_background(ends[1]);
	close(ends[1]);
	if (starter < 0 || fcntl(ends[0], F_SETFD, 0)) {
		close(ends[0]);
		return;
	}
	snprintf(number, sizeof number, "%d", ends[0]);
	setenv("JBUILD_STARTER", number, 1);
}

static _Noreturn void launch(const int streams[2])
{
	signal(SIGCHLD, SIG_DFL);
	if (dup2(streams[0], STDIN_FILENO) < 0 || dup2(streams[1], STDOUT_FILENO) < 0)
		_exit(EXIT_LAUNCHER_FAILED);
	close_from(STDERR_FILENO + 1);
	supervise_main();
}

static void start(const int streams[2])
{
	pid_t launcher = fork();
	if (launcher == 0)
		launch(streams);
	if (launcher < 0)
		send_failure(streams[1], "fork", "the launcher");
}

void starter_main(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NAME, "jbuild-starter");
	/* Nobody here asks how a launcher ended: its reader knows. */
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (int streams[2], n; (n = descriptors_receive(STDIN_FILENO, streams, 2)) >= 0;) {
		if (n == 2)
			start(streams);
		for (int i = 0; i < n; i++)
			close(streams[i]);
	}
	_exit(0);
}
