#define _GNU_SOURCE
#include "links.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

/* One entry is NAME/UID:GID:INODE and a NUL: no name has a slash. */
static int is_of(const char *entry, const char *name)
{
	size_t length = strlen(name);
	return strncmp(entry, name, length) == 0 && entry[length] == '/';
}

int links_find(const char *text, size_t length, const char *name, uint64_t inode, struct owner *owner)
{
	for (const char *at = text, *end = text + length; at < end;) {
		size_t left = (size_t)(end - at), size = strnlen(at, left);
		unsigned long long of = 0;
		if (size == left)
			return 0;
		if (is_of(at, name)
		    && sscanf(at + strlen(name) + 1, "%u:%u:%llu", &owner->uid, &owner->gid, &of) == 3)
			return of == inode;
		at += size + 1;
	}
	return 0;
}

/* Removes the entry of that name; returns the text's new length. */
static size_t without(char *text, size_t length, const char *name)
{
	for (char *at = text; at < text + length;) {
		size_t size = strnlen(at, (size_t)(text + length - at)) + 1;
		if (is_of(at, name)) {
			memmove(at, at + size, (size_t)(text + length - at) - size);
			return length - size;
		}
		at += size;
	}
	return length;
}

int links_put(int directory, const char *name, uint64_t inode, struct owner owner)
{
	char text[LINKS_SIZE];
	ssize_t n = fgetxattr(directory, LINKS, text, sizeof text - 1);
	size_t length = n > 0 ? (size_t)n : 0;
	/* Whatever wrote it, it ends where an entry ends. */
	text[length] = 0;
	if (length > 0 && text[length - 1] != 0)
		length = 0;
	length = without(text, length, name);
	if (owner.uid != 0 || owner.gid != 0) {
		size_t space = sizeof text - length;
		int added = snprintf(text + length, space, "%s/%u:%u:%llu", name, owner.uid, owner.gid,
		                     (unsigned long long)inode);
		if (added < 0 || (size_t)added >= space)
			return ENOSPC;
		length += (size_t)added + 1;
	}
	if (length == 0)
		return n >= 0 && fremovexattr(directory, LINKS) ? errno : 0;
	return fsetxattr(directory, LINKS, text, length, 0) ? errno : 0;
}
