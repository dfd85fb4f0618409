#ifndef JBUILD_STACK_H
#define JBUILD_STACK_H

#include "spec.h"

/*
 * Mounts the layers of an operation where no step sees them, and opens the place in them that it names: links are
 * followed, but never lead out of the stack (CVE-2024-1753).
 */
int stack_open(const struct op *op, int scratch, int work, int empty);

#endif
