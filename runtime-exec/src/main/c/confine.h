#ifndef JBUILD_CONFINE_H
#define JBUILD_CONFINE_H

#include "spec.h"

/*
 * Leaves this process with the step's user, groups, capabilities, limits and system calls. Where owners are recorded, it
 * sends the descriptor by which its calls are seen through the socket `owners`.
 */
void confine(const struct spec *spec, int owners);

/* What the first process of the box keeps: it passes signals on, and nothing in the box may look into it. */
void confine_init(void);

#endif
