/* The attribute of a directory that tells who owns those of its entries that take no attribute themselves. */
#ifndef JBUILD_LINKS_H
#define JBUILD_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include "owner.h"

#define LINKS "user.jbuild.links"

enum { LINKS_SIZE = 65536 };

/* Looks for an entry in the attribute's text, which is `length` long; returns whether it is there. */
int links_find(const char *text, size_t length, const char *name, uint64_t inode, struct owner *owner);

/* Puts an entry into the attribute of an open directory, in the place of an earlier one of that name; returns 0 or an errno. */
int links_put(int directory, const char *name, uint64_t inode, struct owner owner);

#endif
