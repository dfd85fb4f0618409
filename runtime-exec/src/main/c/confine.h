#ifndef JBUILD_CONFINE_H
#define JBUILD_CONFINE_H

#include "spec.h"

/* Leaves this process with the step's user, groups, capabilities, limits and system calls. */
void confine(const struct spec *spec);

/* What the first process of the box keeps: it passes signals on, and nothing in the box may look into it. */
void confine_init(void);

#endif
