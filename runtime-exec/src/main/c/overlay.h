#ifndef JBUILD_OVERLAY_H
#define JBUILD_OVERLAY_H

#include <stddef.h>
#include <stdint.h>

/* Directories by descriptor, topmost first. */
struct layers {
	int *lower;
	size_t count;
	int upper, work; /* -1: nothing may be written */
};

/* Opens a directory of the host for layers; it must be there. */
int open_layer(const char *path);

/* Mounts an overlay of the layers on the directory `place`; returns its root. */
int overlay_mount(const struct layers *layers, uint64_t attributes, const char *place);

#endif
