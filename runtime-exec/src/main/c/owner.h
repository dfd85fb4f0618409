/* Owners that the kernel does not have an id for, as they are recorded beside the files. */
#ifndef JBUILD_OWNER_H
#define JBUILD_OWNER_H

#include <stdint.h>
#include <sys/stat.h>

/* The attribute of a file or directory: UID:GID. OwnerRecords.java of linux-syscalls reads and writes the same. */
#define OWNER "user.jbuild.owner"

struct owner {
	uint32_t uid, gid;
};

/* A file, found without being opened for anything. */
struct found {
	int file;     /* O_PATH */
	int parent;   /* the directory that it has its name in, O_PATH; -1 when that is not known */
	char name[256];
	struct stat status;
};

/* Opens what this process needs of its own machine, before it looks at it with another root: the step's upper directory too. */
void owner_start(const char *directory);

/* Closes what was found. */
void owner_release(struct found *found);

/* Looks at an open file; returns 0, or -1. */
int owner_found(struct found *found);

/* Whether an owner is recorded, and then which. */
int owner_read(const struct found *found, struct owner *owner);

/* Records the owner; returns 0, or an errno. Root's own files need no record. */
int owner_record(const struct found *found, struct owner owner);

/*
 * Writes what files cannot carry themselves into their directories of the upper directory, when the step is over:
 * links and FIFOs take no attributes of users (xattr(7)).
 */
void owner_settle(void);

#endif
