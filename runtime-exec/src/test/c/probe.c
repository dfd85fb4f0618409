/*
 * What a step can do, tried from inside. probe call NUMBER [ARGUMENT...]: makes a system call and prints its result, or
 * "errno N". probe clone3: as call, with memory for its argument. probe int80 NUMBER: a call of the 32-bit convention.
 * probe listen NAME: listens on that abstract socket and says so. probe connect NAME: tries to reach it.
 * probe forkbomb: forks for ever. probe memory MIB: takes and touches that much.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int print(long result)
{
	if (result == -1)
		printf("errno %d\n", errno);
	else
		printf("%ld\n", result);
	return 0;
}

static int call(char **words)
{
	long a[7] = {0};
	for (int i = 0; i < 7 && words[i]; i++)
		a[i] = strtol(words[i], NULL, 0);
	return print(syscall(a[0], a[1], a[2], a[3], a[4], a[5], a[6]));
}

/* unix(7): an abstract name begins with NUL, and no file stands for it. */
static int abstract_socket(const char *name, struct sockaddr_un *address, socklen_t *length)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	strncpy(address->sun_path + 1, name, sizeof address->sun_path - 2);
	*length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int listen_on(const char *name)
{
	struct sockaddr_un address;
	socklen_t length;
	int fd = abstract_socket(name, &address, &length);
	if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, 1))
		return 1;
	puts("listening");
	fflush(stdout);
	pause();
	return 0;
}

static int connect_to(const char *name)
{
	struct sockaddr_un address;
	socklen_t length;
	int fd = abstract_socket(name, &address, &length);
	return print(connect(fd, (struct sockaddr *)&address, length));
}

static void bomb(void)
{
	for (;;)
		fork();
}

static int take(size_t mebibytes)
{
	for (size_t i = 0; i < mebibytes; i++) {
		char *memory = malloc(1 << 20);
		if (!memory)
			return 1;
		memset(memory, 'x', 1 << 20);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static unsigned long clone3_arguments[11];
	if (argc >= 3 && strcmp(argv[1], "call") == 0)
		return call(argv + 2);
	if (argc == 2 && strcmp(argv[1], "clone3") == 0)
		return print(syscall(435, clone3_arguments, sizeof clone3_arguments));
	if (argc == 3 && strcmp(argv[1], "listen") == 0)
		return listen_on(argv[2]);
	if (argc == 3 && strcmp(argv[1], "connect") == 0)
		return connect_to(argv[2]);
	if (argc == 2 && strcmp(argv[1], "forkbomb") == 0)
		bomb();
	if (argc == 3 && strcmp(argv[1], "memory") == 0)
		return take((size_t)atol(argv[2]));
#ifdef __x86_64__
	if (argc == 3 && strcmp(argv[1], "int80") == 0) {
		long result = atol(argv[2]);
		__asm__ volatile("int $0x80" : "+a"(result));
		return print(result);
	}
#endif
	return 2;
}
