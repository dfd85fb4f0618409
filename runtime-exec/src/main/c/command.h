#ifndef JBUILD_COMMAND_H
#define JBUILD_COMMAND_H

#include "init.h"

/* Becomes the step's command, confined. */
_Noreturn void command_main(const struct spec *spec, const struct init_pipes *pipes);

#endif
