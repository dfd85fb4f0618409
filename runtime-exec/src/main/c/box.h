#ifndef JBUILD_BOX_H
#define JBUILD_BOX_H

#include "spec.h"

/* Builds the step's filesystem in this process's own mount namespace, and makes it the root if the step asks. */
void box_build(const struct spec *spec);

#endif
