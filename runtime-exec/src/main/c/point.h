#ifndef JBUILD_POINT_H
#define JBUILD_POINT_H

#include <sys/types.h>

#include "spec.h"

/*
 * Makes the mount point of an operation, and its missing parents, inside what earlier operations mounted; returns it open.
 * In the image itself, whose device is `image`, nothing is made: it would land in the layer.
 */
int point_make(int root, dev_t image, const struct op *op);

/* Refuses a mount point that could not be opened, -1 with errno, for a link that may not be followed. */
void point_refuse_link(int found, const struct op *op);

/* Refuses a mount point in /proc or /sys, to which a link of the image can lead (CVE-2025-31133's class). */
void point_check(int target, const char *name);

#endif
