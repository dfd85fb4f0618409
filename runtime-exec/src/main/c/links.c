#define _GNU_SOURCE
#include "links.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

/* Groups, in the byte order of the machines that this is for (little endian): a head, and `count` keys. */
struct head {
	uint32_t uid, gid, count;
};

enum { KEY = sizeof(uint64_t) };

/*
 * As OwnerRecords.java has it. Files of one inode number have different keys, since they were born at different times;
 * the factor (2^64 divided by the golden ratio) keeps those of different numbers apart.
 */
static uint64_t number_of(struct link_key key)
{
	return key.inode * 0x9e3779b97f4a7c15U + (uint64_t)key.born * 1000000000U + key.born_nanos;
}

/* Reads the head of the group that begins `at`, and tells how long the group is; 0 when there is none. */
static size_t read_head(const char *text, size_t length, size_t at, struct head *head)
{
	if (length - at < sizeof *head)
		return 0;
	memcpy(head, text + at, sizeof *head);
	if (head->count > (length - at - sizeof *head) / KEY)
		return 0;
	return sizeof *head + (size_t)head->count * KEY;
}

/* Where in the text the key is, in the group that begins `at`; 0: nowhere. */
static size_t place_of(const char *text, size_t at, const struct head *head, uint64_t number)
{
	size_t place = at + sizeof *head;
	for (uint32_t i = 0; i < head->count; i++, place += KEY)
		if (memcmp(text + place, &number, KEY) == 0)
			return place;
	return 0;
}

int links_find(const char *text, size_t length, struct link_key key, struct owner *owner)
{
	struct head head;
	uint64_t number = number_of(key);
	for (size_t at = 0, size; (size = read_head(text, length, at, &head)) > 0; at += size) {
		if (place_of(text, at, &head, number) == 0)
			continue;
		*owner = (struct owner){head.uid, head.gid};
		return 1;
	}
	return 0;
}

static size_t cut(char *text, size_t length, size_t at, size_t size)
{
	memmove(text + at, text + at + size, length - at - size);
	return length - size;
}

/* Removes the key, and a group that has no other; returns the text's new length, without what is no group. */
static size_t without(char *text, size_t length, uint64_t number)
{
	struct head head;
	size_t at = 0, size, place;
	while ((size = read_head(text, length, at, &head)) > 0) {
		if ((place = place_of(text, at, &head, number)) > 0 && --head.count == 0) {
			length = cut(text, length, at, size);
			continue;
		}
		if (place > 0) {
			memcpy(text + at, &head, sizeof head);
			length = cut(text, length, place, KEY);
			size -= KEY;
		}
		at += size;
	}
	return at;
}

/* Adds the key to its owner's group, a new one if need be; returns the new length, for which there is space. */
static size_t with(char *text, size_t length, uint64_t number, struct owner owner)
{
	struct head head;
	size_t at = 0, size;
	while ((size = read_head(text, length, at, &head)) > 0 && (head.uid != owner.uid || head.gid != owner.gid))
		at += size;
	if (size == 0) {
		head = (struct head){owner.uid, owner.gid, 0};
		size = sizeof head;
		length += size;
	}
	head.count++;
	memcpy(text + at, &head, sizeof head);
	memmove(text + at + size + KEY, text + at + size, length - at - size);
	memcpy(text + at + size, &number, KEY);
	return length + KEY;
}

int links_put(int directory, struct link_key key, struct owner owner)
{
	char text[LINKS_SIZE + sizeof(struct head) + KEY];
	uint64_t number = number_of(key);
	ssize_t n = fgetxattr(directory, LINKS, text, LINKS_SIZE);
	size_t length = without(text, n > 0 ? (size_t)n : 0, number);
	if (owner.uid != 0 || owner.gid != 0)
		length = with(text, length, number, owner);
	if (length == 0)
		return n >= 0 && fremovexattr(directory, LINKS) ? errno : 0;
	return fsetxattr(directory, LINKS, text, length, 0) ? errno : 0;
}
