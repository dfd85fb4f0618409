/* The step's calls that make files, which belong to who made them. */
#ifndef JBUILD_MAKING_H
#define JBUILD_MAKING_H

#include "listener.h"

/* Answers open(2) where it may make a file, mkdir(2), mknod(2) and symlink(2); 0 for other calls. */
int making_answer(const struct call *call, struct answer *answer);

#endif
