#ifndef JBUILD_SEALED_H
#define JBUILD_SEALED_H

/*
 * Goes on as a copy of this program in a sealed memory file. A hostile image can make the process that is about to
 * become its command execute /proc/self/exe, and so get hold of the launcher's file: it must not be one that the next
 * step runs (CVE-2019-5736).
 */
void seal_self(char **argv);

/* Whether this machine lets a program do that: not all let files in memory be executed (vm.memfd_noexec). */
int can_seal(void);

#endif
