#define _GNU_SOURCE
#include "descriptor.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "wire.h"

/* One byte of data carries the descriptor (unix(7), SCM_RIGHTS). */
union control {
	char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	struct cmsghdr aligned;
};

void descriptor_send(int socket, int descriptor, const char *what)
{
	char byte = 0;
	union control control = {{0}};
	struct iovec data = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = CMSG_SPACE(sizeof descriptor)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof descriptor);
	memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
	must((int)sendmsg(socket, &message, 0), "sendmsg", "%s", what);
}

int descriptors_receive(int socket, int *descriptors, int most)
{
	char byte;
	union control control;
	struct iovec data = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = CMSG_LEN(sizeof(int) * (size_t)most)};
	ssize_t n;
	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -1;
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		return 0;
	size_t bytes = header->cmsg_len - CMSG_LEN(0);
	if (bytes > sizeof(int) * (size_t)most)
		refuse("a message with more open files than there is room for");
	memcpy(descriptors, CMSG_DATA(header), bytes);
	return (int)(bytes / sizeof(int));
}

int descriptor_receive(int socket)
{
	int descriptor;
	return descriptors_receive(socket, &descriptor, 1) == 1 ? descriptor : -1;
}
