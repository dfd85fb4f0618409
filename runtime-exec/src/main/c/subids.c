#include "subids.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads one decimal field up to its end mark; returns what follows it, or NULL. */
static const char *number(const char *text, char end, unsigned long *value)
{
	char *stop;
	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	*value = strtoul(text, &stop, 10);
	return errno || *stop != end || *value > 0xffffffffUL ? NULL : stop + 1;
}

static int is_owner(const char *line, size_t length, const char *name, uid_t uid)
{
	char digits[16];
	snprintf(digits, sizeof digits, "%u", (unsigned)uid);
	return (strlen(name) == length && memcmp(line, name, length) == 0)
	       || (strlen(digits) == length && memcmp(line, digits, length) == 0);
}

static void take_line(char *line, const char *name, uid_t uid, struct subids *ids)
{
	unsigned long start, count;
	line[strcspn(line, "\n")] = 0;
	size_t owner = strcspn(line, ":");
	if (line[owner] != ':' || !is_owner(line, owner, name, uid))
		return;
	const char *rest = number(line + owner + 1, ':', &start);
	if (!rest || !number(rest, 0, &count) || count == 0 || ids->ranges == SUBID_RANGES_MAX)
		return;
	ids->start[ids->ranges] = start;
	ids->count[ids->ranges++] = count;
}

void subids_read(const char *file, const char *name, uid_t uid, struct subids *ids)
{
	char line[512];
	ids->ranges = 0;
	FILE *in = fopen(file, "re");
	while (in && fgets(line, sizeof line, in))
		take_line(line, name, uid, ids);
	if (in)
		fclose(in);
}
