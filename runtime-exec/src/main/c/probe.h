#ifndef JBUILD_PROBE_H
#define JBUILD_PROBE_H

/*
 * Tries what an ordinary user can do on this kernel and prints it as lines NAME=NUMBER: user-namespace and user-overlay
 * (0, or the errno of what failed), landlock (the ABI's version, 0 for none), seccomp (1 or 0).
 */
int probe_main(void);

#endif
