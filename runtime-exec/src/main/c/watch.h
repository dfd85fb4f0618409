#ifndef JBUILD_WATCH_H
#define JBUILD_WATCH_H

#include "spec.h"

enum { WATCH_PERIOD = 100 /* milliseconds */ };

/* Begins to watch the limits that the kernel does not enforce to the end. */
void watch_start(const struct spec *spec);

/* Whether a limit was met in such a way that the step must end; asked about every WATCH_PERIOD. */
int watch_is_over(const struct spec *spec);

/* Tells which limits the step met. Returns whether there is one. */
int watch_tell(const struct spec *spec);

#endif
