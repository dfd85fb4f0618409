#define _GNU_SOURCE
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "descriptor.h"
#include "files.h"
#include "identity.h"
#include "listener.h"
#include "making.h"
#include "owner.h"
#include "process.h"
#include "wire.h"

/* Either the process was killed, or this one may not look into it; then what it does is root's. */
static struct answer unreadable(const struct call *call)
{
	static int told;
	if (call_waits(call) && !told++)
		send_text(report_fd, FRAME_NOTE, "a process of the step cannot be looked into (sysctl kernel.yama.ptrace_scope?), so "
		                                 "its changes of owners are not recorded");
	return answer_by_kernel();
}

static struct answer answer(const struct call *call)
{
	struct answer result;
	if (call->memory < 0)
		return unreadable(call);
	if (files_answer(call, &result) || making_answer(call, &result))
		return result;
	return identity_answer(call);
}

static void serve(int listener)
{
	struct call call;
	while (listener_next(listener, &call))
		listener_answer(&call, answer(&call));
}

void recorder_main(const struct spec *spec, int socket, int status)
{
	report_fd = status;
	die_with_parent();
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_NAME, "jbuild-owners");
	listener_start();
	owner_start(spec->upper);
	files_start();
	identity_start(spec);
	int listener = descriptor_receive(socket);
	close(socket);
	if (listener < 0)
		return;
	serve(listener);
	close(listener);
	files_leave();
	owner_settle();
}
