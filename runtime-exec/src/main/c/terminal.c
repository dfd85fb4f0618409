#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "wire.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static struct termios before;
static int is_raw;

/* One byte of data carries the descriptor (unix(7), SCM_RIGHTS). */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

static void send_descriptor(int socket, int descriptor)
{
	char byte = 0;
	union control control = {{0}};
	struct iovec data = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof descriptor);
	memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
	must((int)sendmsg(socket, &message, 0), "sendmsg", "the step's terminal");
}

/* By the box's own devpts, so that the command's terminal has a name there; its peer by descriptor, not by that name. */
int terminal_give(int socket)
{
	int unlocked = 0;
	int control = must(open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "open", "/dev/pts/ptmx");
	must(ioctl(control, TIOCSPTLCK, &unlocked), "ioctl(TIOCSPTLCK)", "the step's terminal");
	int side = must(ioctl(control, TIOCGPTPEER, O_RDWR | O_NOCTTY), "ioctl(TIOCGPTPEER)", "the step's terminal");
	send_descriptor(socket, control);
	close(control);
	return side;
}

int terminal_take(int socket)
{
	char byte;
	int descriptor = -1;
	union control control;
	struct iovec data = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
	return descriptor;
}

void terminal_make_raw(int terminal)
{
	struct termios raw;
	if (tcgetattr(terminal, &before))
		return;
	raw = before;
	cfmakeraw(&raw);
	is_raw = tcsetattr(terminal, TCSANOW, &raw) == 0;
}

void terminal_restore(int terminal)
{
	if (is_raw)
		tcsetattr(terminal, TCSADRAIN, &before);
	is_raw = 0;
}

void terminal_copy_size(int from, int to)
{
	struct winsize size, now;
	if (ioctl(from, TIOCGWINSZ, &size) || ioctl(to, TIOCGWINSZ, &now))
		return;
	/* Setting it sends SIGWINCH to the command, so only when it changed. */
	if (memcmp(&size, &now, sizeof size) != 0)
		ioctl(to, TIOCSWINSZ, &size);
}
