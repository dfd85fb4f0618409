#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { TEXT_MAX = 1024 };

int report_fd = STDOUT_FILENO;
enum frame failure_frame = FRAME_FAILURE;

static void put_u32(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static int write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;
	while (length > 0) {
		ssize_t n = write(fd, at, length);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			at += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

int send_frame(int fd, enum frame type, const void *payload, size_t length)
{
	unsigned char header[5] = {(unsigned char)type};
	put_u32(header + 1, (uint32_t)length);
	struct iovec parts[2] = {{header, sizeof header}, {(void *)payload, length}};
	ssize_t n;
	do
		n = writev(fd, parts, 2);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	size_t sent = (size_t)n;
	if (sent < sizeof header && write_all(fd, header + sent, sizeof header - sent))
		return -1;
	size_t body = sent < sizeof header ? 0 : sent - sizeof header;
	return write_all(fd, (const char *)payload + body, length - body);
}

void send_text(int fd, enum frame type, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	send_frame(fd, type, text, strlen(text));
}

static size_t put_text(char *payload, size_t at, const char *text)
{
	size_t length = strnlen(text, TEXT_MAX - 1);
	memcpy(payload + at, text, length);
	payload[at + length] = 0;
	return at + length + 1;
}

/* One write of less than PIPE_BUF bytes, so that reports of two processes never mix. */
static void tell(int fd, enum frame type, int error, const char *call, const char *what)
{
	char payload[4 + 3 * TEXT_MAX];
	put_u32((unsigned char *)payload, (uint32_t)error);
	size_t length = put_text(payload, 4, call);
	length = put_text(payload, length, what);
	length = put_text(payload, length, error ? strerror(error) : "");
	send_frame(fd, type, payload, length);
}

static _Noreturn void report(int error, const char *call, const char *what)
{
	tell(report_fd, failure_frame, error, call, what);
	_exit(EXIT_LAUNCHER_FAILED);
}

void send_failure(int fd, const char *call, const char *what)
{
	tell(fd, FRAME_FAILURE, errno, call, what);
}

void fail(const char *call, const char *format, ...)
{
	int error = errno;
	char what[TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	report(error, call, what);
}

void refuse(const char *format, ...)
{
	char what[TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	report(0, "", what);
}
