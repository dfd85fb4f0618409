#define _GNU_SOURCE
#include "sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "wire.h"

enum { ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

extern char **environ;

static int memory_file(void)
{
	enum { EXECUTABLE = 0x10 }; /* MFD_EXEC, Linux 6.3 */
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int file = memfd_create("jbuild-launcher", flags | EXECUTABLE);
	return file >= 0 || errno != EINVAL ? file : memfd_create("jbuild-launcher", flags);
}

static void copy_file(int from, int to)
{
	struct stat status;
	must(fstat(from, &status), "fstat", "/proc/self/exe");
	for (off_t left = status.st_size; left > 0;) {
		ssize_t n = must(sendfile(to, from, NULL, (size_t)left), "sendfile", "/proc/self/exe");
		if (n == 0)
			refuse("the launcher's file became shorter while it was copied");
		left -= n;
	}
}

int can_seal(void)
{
	int file = access("/proc/self/exe", R_OK) == 0 ? memory_file() : -1;
	close(file);
	return file >= 0;
}

void seal_self(char **argv)
{
	int self = must(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), "open", "/proc/self/exe");
	if (fcntl(self, F_GET_SEALS) == ALL_SEALS) {
		close(self);
		return;
	}
	int copy = must(memory_file(), "memfd_create", "a sealed copy of the launcher");
	copy_file(self, copy);
	must(fcntl(copy, F_ADD_SEALS, ALL_SEALS), "fcntl(F_ADD_SEALS)", "a sealed copy of the launcher");
	/* What the box can read of this process does not name a path of the host. */
	argv[0] = "jbuild";
	syscall(SYS_execveat, copy, "", argv, environ, AT_EMPTY_PATH);
	fail("execveat", "a sealed copy of the launcher");
}
