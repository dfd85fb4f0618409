#define _GNU_SOURCE
#include "descriptor.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "wire.h"

/* One byte of data carries the descriptor (unix(7), SCM_RIGHTS). */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

void descriptor_send(int socket, int descriptor, const char *what)
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
	must((int)sendmsg(socket, &message, 0), "sendmsg", "%s", what);
}

int descriptor_receive(int socket)
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
