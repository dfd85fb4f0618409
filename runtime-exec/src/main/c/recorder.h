#ifndef JBUILD_RECORDER_H
#define JBUILD_RECORDER_H

#include "spec.h"

/*
 * Answers, in the kernel's place, the calls of the step that concern owners and ids, for a user namespace with one id.
 * The step's command sends the descriptor through the socket. Returns when no process of the step is left; what there is
 * to report goes to `status`, for only the supervisor writes to the JVM.
 *
 * This makes owners convenient and is no border: whatever it does for a process, the process could have done. It
 * either carries a call out by what it read once, or leaves all of it to the kernel; nothing is looked at first and
 * then done by the process itself, so nothing is gained by changing arguments or names meanwhile (seccomp_unotify(2)).
 */
void recorder_main(const struct spec *spec, int socket, int status);

#endif
