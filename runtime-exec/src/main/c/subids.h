#ifndef JBUILD_SUBIDS_H
#define JBUILD_SUBIDS_H

#include <stddef.h>
#include <sys/types.h>

enum { SUBID_RANGES_MAX = 32 };

struct subids {
	unsigned long start[SUBID_RANGES_MAX], count[SUBID_RANGES_MAX];
	size_t ranges;
};

/* The ranges that a file such as /etc/subuid gives a user, by name or number (subuid(5)); none when it cannot be read. */
void subids_read(const char *file, const char *name, uid_t uid, struct subids *ids);

#endif
