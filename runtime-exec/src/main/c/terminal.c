#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "descriptor.h"
#include "wire.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static struct termios before;
static int is_raw;

/* By the box's own devpts, so that the command's terminal has a name there; its peer by descriptor, not by that name. */
int terminal_give(int socket)
{
	int unlocked = 0;
	int control = must(open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "open", "/dev/pts/ptmx");
	must(ioctl(control, TIOCSPTLCK, &unlocked), "ioctl(TIOCSPTLCK)", "the step's terminal");
	int side = must(ioctl(control, TIOCGPTPEER, O_RDWR | O_NOCTTY), "ioctl(TIOCGPTPEER)", "the step's terminal");
	descriptor_send(socket, control, "the step's terminal");
	close(control);
	return side;
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
