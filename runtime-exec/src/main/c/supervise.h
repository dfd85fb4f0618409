#ifndef JBUILD_SUPERVISE_H
#define JBUILD_SUPERVISE_H

/*
 * Runs the step whose specification comes on standard input, and tells on standard output, in frames, what it prints
 * and how it ends. Later bytes of standard input are numbers of signals for the command; its end kills the step.
 */
_Noreturn void supervise_main(void);

#endif
