#define _GNU_SOURCE
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "disk.h"
#include "wire.h"

/* After so many milliseconds without a rise, the next one is a new beginning. */
enum { FILE_MAX = 4096, CALM = 1000 };

/* One for each tripwire, in their order over all cgroups. */
struct alarm {
	uint64_t value;
	uint64_t since, latest; /* when it began to rise, and rose last, in milliseconds */
};

static struct alarm *alarms;
static const char *reason; /* the sentence of what ended the step */
static int upper = -1;
static uint64_t free_at_start, next_count, reserve; /* bytes */

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static uint64_t free_bytes(uint64_t *all)
{
	struct statvfs status;
	if (upper < 0 || fstatvfs(upper, &status))
		return UINT64_MAX;
	*all = (uint64_t)status.f_blocks * status.f_frsize;
	return (uint64_t)status.f_bavail * status.f_frsize;
}

static size_t count_tripwires(const struct spec *spec)
{
	size_t count = 0;
	for (size_t i = 0; i < spec->cgroup_count; i++)
		count += spec->cgroups[i].tripwire_count;
	return count;
}

void watch_start(const struct spec *spec)
{
	uint64_t all;
	alarms = calloc(count_tripwires(spec) + 1, sizeof *alarms);
	if (!alarms)
		fail("calloc", "the alarms of the step's limits");
	if (spec->disk.limit == 0 && spec->disk.reserve == 0)
		return;
	upper = must(open(spec->upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", "%s", spec->upper);
	free_at_start = free_bytes(&all);
	next_count = spec->disk.limit;
	/* On a disk that is nearly full already, a step may have half of the rest. */
	reserve = spec->disk.reserve < free_at_start / 2 ? spec->disk.reserve : free_at_start / 2;
}

/* The number after the field's name at the start of a line; 0 when there is none. */
static uint64_t field_of(const char *text, const char *field)
{
	size_t length = strlen(field);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, field, length) == 0 && line[length] == ' ')
			return strtoull(line + length, NULL, 10);
	}
	return 0;
}

static uint64_t counter(const struct cgroup_spec *cgroup, const struct tripwire *wire)
{
	char text[FILE_MAX];
	return cgroup_read(cgroup, wire->file, text, sizeof text) < 0 ? 0 : field_of(text, wire->field);
}

/* A build that meets a limit once and goes on may do so; one that meets it again and again is a bomb. */
static int rings(struct alarm *alarm, const struct tripwire *wire, uint64_t value)
{
	if (value <= alarm->value)
		return 0;
	uint64_t time = now();
	if (time - alarm->latest > CALM)
		alarm->since = time;
	alarm->latest = time;
	alarm->value = value;
	return time - alarm->since >= wire->patience;
}

static int cgroups_ring(const struct spec *spec)
{
	struct alarm *alarm = alarms;
	for (size_t i = 0; i < spec->cgroup_count; i++) {
		const struct cgroup_spec *cgroup = &spec->cgroups[i];
		for (size_t j = 0; j < cgroup->tripwire_count; j++, alarm++) {
			const struct tripwire *wire = &cgroup->tripwires[j];
			if (!rings(alarm, wire, counter(cgroup, wire)))
				continue;
			reason = wire->sentence;
			return 1;
		}
	}
	return 0;
}

/*
 * What is free tells at no cost that a count may be worth while: the files are counted only when the filesystem lost
 * as much as the step may still write.
 */
static int fills_disk(const struct disk_spec *disk)
{
	uint64_t all = 0, left = free_bytes(&all), lost = left < free_at_start ? free_at_start - left : 0;
	if (left < reserve && lost > 0) {
		reason = disk->over_reserve;
		return 1;
	}
	if (disk->limit == 0 || lost < next_count)
		return 0;
	uint64_t used = disk_used(upper, disk->limit);
	next_count = lost + (disk->limit > used ? disk->limit - used : 0);
	if (used < disk->limit)
		return 0;
	reason = disk->over_limit;
	return 1;
}

int watch_is_over(const struct spec *spec)
{
	return cgroups_ring(spec) || (upper >= 0 && fills_disk(&spec->disk));
}

static int tell(const char *sentence)
{
	send_text(STDOUT_FILENO, FRAME_LIMIT, "%s", sentence);
	return 1;
}

static int tell_cgroup(const struct cgroup_spec *cgroup)
{
	int told = 0;
	for (size_t i = 0; i < cgroup->tripwire_count; i++) {
		const struct tripwire *wire = &cgroup->tripwires[i];
		if (wire->sentence != reason && counter(cgroup, wire) > 0)
			told = tell(wire->sentence);
	}
	return told;
}

int watch_tell(const struct spec *spec)
{
	int told = reason ? tell(reason) : 0;
	for (size_t i = 0; i < spec->cgroup_count; i++)
		told |= tell_cgroup(&spec->cgroups[i]);
	return told;
}
