#ifndef JBUILD_NETWORK_H
#define JBUILD_NETWORK_H

#include <sys/types.h>

#include "spec.h"

/* Sets the loopback device of this process's network namespace up. */
void network_raise_loopback(void);

/*
 * Connects the network namespace of `process` by the step's network program, which gets the namespace as its standard
 * input and says on standard output that it is up. Returns the process to kill when the step is over, 0 when the step
 * has no such program, -1 when it failed (which is then reported).
 */
pid_t network_connect(const struct spec *spec, pid_t process);

#endif
