#define _GNU_SOURCE
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "wire.h"

static const char PREFIX[] = "jbuild-";

/* The supervisor's pid names the cgroup, so that one whose supervisor is dead can be told. */
static pid_t owner;

static void path_of(char *path, const struct cgroup_spec *cgroup, const char *file)
{
	snprintf(path, PATH_MAX, "%s/%s%d%s%s", cgroup->parent, PREFIX, (int)owner, *file ? "/" : "", file);
}

/* A launcher that was killed could not remove its cgroups; the processes died with it (PR_SET_PDEATHSIG). */
static void sweep(const char *parent)
{
	DIR *dir = opendir(parent);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) != 0)
			continue;
		int pid = atoi(entry->d_name + sizeof PREFIX - 1);
		if (pid > 0 && (pid == owner || (kill(pid, 0) && errno == ESRCH)))
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

static int write_setting(const struct cgroup_spec *cgroup, const char *file, const char *value)
{
	char path[PATH_MAX];
	path_of(path, cgroup, file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -1 : 0;
}

ssize_t cgroup_read(const struct cgroup_spec *cgroup, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];
	path_of(path, cgroup, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	return n;
}

static void tell(const struct cgroup_spec *cgroup, const char *file)
{
	enum { READING_MAX = 8192 };
	char text[READING_MAX];
	size_t name = strlen(file) + 1;
	if (name >= sizeof text)
		refuse("not a file of a cgroup: %s", file);
	memcpy(text, file, name);
	/* Files that this kernel does not have are told by nothing. */
	ssize_t n = cgroup_read(cgroup, file, text + name, sizeof text - name);
	if (n >= 0)
		send_frame(STDOUT_FILENO, FRAME_READING, text, name + (size_t)n);
}

void cgroups_tell(const struct spec *spec)
{
	for (size_t i = 0; i < spec->cgroup_count; i++)
		for (size_t j = 0; j < spec->cgroups[i].readings.count; j++)
			tell(&spec->cgroups[i], spec->cgroups[i].readings.items[j]);
}

/*
 * Version 2 has no file for devices: a program of the step's decides. A step that may make nodes
 * would reach every disk without it, so it does not start then.
 */
static void restrict_devices(const struct cgroup_spec *cgroup)
{
	if (cgroup->devices.length == 0)
		return;
	char path[PATH_MAX];
	path_of(path, cgroup, "");
	int directory = must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", "%s", path);
	int program = must(sys_load_device_program(cgroup->devices.at, cgroup->devices.length), "bpf", "the device rules");
	must(sys_attach_device_program(program, directory), "bpf(BPF_PROG_ATTACH)", "the device rules on %s", path);
	close(program);
	close(directory);
}

static void note(const struct cgroup_spec *cgroup, const char *what)
{
	send_text(report_fd, FRAME_NOTE, "the step runs without the limit %s: %s: %s", what, cgroup->parent, strerror(errno));
}

static void apply(const struct cgroup_spec *cgroup)
{
	for (size_t i = 0; i < cgroup->settings.count; i++) {
		char file[64];
		const char *setting = cgroup->settings.items[i], *equals = strchr(setting, '=');
		if (!equals)
			refuse("not a cgroup setting: %s", setting);
		snprintf(file, sizeof file, "%.*s", (int)(equals - setting), setting);
		if (write_setting(cgroup, file, equals + 1))
			note(cgroup, setting);
	}
}

void cgroups_make(const struct spec *spec)
{
	owner = getpid();
	for (size_t i = 0; i < spec->cgroup_count; i++) {
		const struct cgroup_spec *cgroup = &spec->cgroups[i];
		char path[PATH_MAX];
		path_of(path, cgroup, "");
		sweep(cgroup->parent);
		if (mkdir(path, 0755))
			note(cgroup, cgroup->settings.count ? cgroup->settings.items[0] : "of its cgroup");
		else {
			apply(cgroup);
			restrict_devices(cgroup);
		}
	}
}

int cgroups_birthplace(const struct spec *spec)
{
	for (size_t i = 0; i < spec->cgroup_count; i++) {
		char path[PATH_MAX];
		path_of(path, &spec->cgroups[i], "");
		if (spec->cgroups[i].version == 2)
			return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	return -1;
}

/* "0" in tasks is the one way to move without waiting for an RCU grace period: a single thread moves itself. */
void cgroups_join(const struct spec *spec)
{
	for (size_t i = 0; i < spec->cgroup_count; i++) {
		const struct cgroup_spec *cgroup = &spec->cgroups[i];
		if (cgroup->version == 1 && write_setting(cgroup, "tasks", "0") && errno != ENOENT)
			fail("write", "%s/%s%d/tasks", cgroup->parent, PREFIX, (int)owner);
	}
}

void cgroups_remove(const struct spec *spec)
{
	enum { TRIES = 100 };
	static const struct timespec pause = {0, 1000000};
	for (size_t i = 0; i < spec->cgroup_count; i++) {
		char path[PATH_MAX];
		path_of(path, &spec->cgroups[i], "");
		/* A process that was just reaped may count for a moment longer. */
		for (int tries = 0; tries < TRIES && rmdir(path) && errno == EBUSY; tries++)
			nanosleep(&pause, NULL);
	}
}
