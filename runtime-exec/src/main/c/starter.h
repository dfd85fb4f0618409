#ifndef JBUILD_STARTER_H
#define JBUILD_STARTER_H

/*
 * The starter: a small process beside the JVM that forks one launcher for each launch. For a JVM, starting a process of
 * its own takes two programs and more time than all that the launcher does.
 */

/* Forks it, and puts the number of the JVM's end of the socket into JBUILD_STARTER; without it, the JVM starts processes. */
void starter_offer(void);

/*
 * Serves the socket on standard input: each message brings the standard input and the standard output of a launcher.
 * Ends when the other end of the socket does.
 */
_Noreturn void starter_main(void);

#endif
