#ifndef JBUILD_ROOTFS_H
#define JBUILD_ROOTFS_H

#include "spec.h"

struct rootfs {
	int root;    /* the overlay */
	int scratch; /* a private tmpfs that goes away with the old root */
	int work;    /* the step's work directory, on disk */
};

/*
 * Mounts the step's layers. Mount points that the image lacks come from one more lower layer made for the purpose, so
 * that they are there and yet never land in the upper directory.
 */
struct rootfs rootfs_mount(const struct spec *spec);

/*
 * Makes a directory of its own in the work directory. A step that was built, but then not started for want of a network,
 * has left its own there.
 */
int make_fresh(int work, const char *prefix);

/* Opens what an operation names; -1 with errno where it cannot. */
int open_target(int root, const struct op *op);

/* Whether the mount point of an operation is a directory. */
int is_directory_op(const struct op *op);

#endif
