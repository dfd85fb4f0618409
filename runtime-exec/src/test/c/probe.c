/*
 * What a step can do, tried from inside. probe call NUMBER [ARGUMENT...]: makes a system call and prints its result, or
 * "errno N". probe clone3: as call, with memory for its argument. probe int80 NUMBER: a call of the 32-bit convention.
 * probe forkbomb: forks for ever. probe memory MIB: takes and touches that much.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
