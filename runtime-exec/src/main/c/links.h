/*
 * The attribute of a directory that tells who owns those of its entries that take no attribute themselves. An ext4 keeps
 * no more than 4 KiB of attributes for each file (ext4(5)), so it is short: for each owner the keys of what is his.
 */
#ifndef JBUILD_LINKS_H
#define JBUILD_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include "owner.h"

#define LINKS "user.jbuild.links"

enum { LINKS_SIZE = 65536 };

/* A file of a filesystem. The time of birth tells it from a later one that got its inode number. */
struct link_key {
	uint64_t inode;
	int64_t born;
	uint32_t born_nanos;
};

/* Looks for a file in the attribute's text, which is `length` long; returns whether it is there. */
int links_find(const char *text, size_t length, struct link_key key, struct owner *owner);

/* Puts a file into the attribute of an open directory, in the place of an earlier owner; returns 0 or an errno. */
int links_put(int directory, struct link_key key, struct owner owner);

#endif
