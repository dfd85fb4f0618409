#ifndef JBUILD_INIT_H
#define JBUILD_INIT_H

#include "spec.h"

struct init_pipes {
	int in;       /* the command's; -1 for none */
	int out, err; /* the command's; with a terminal, `out` is a socket that takes the terminal's other side */
	int status;   /* frames for the supervisor */
	int owners;   /* takes the descriptor by which the command's calls are seen; -1: they are not */
	int go;       /* one byte comes when the network is ready; its end means that the supervisor is dead */
};

/* Process 1 of the box: builds it, starts the command, reaps, passes signals on, and takes all with it at the end. */
_Noreturn void init_main(const struct spec *spec, const struct init_pipes *pipes);

#endif
