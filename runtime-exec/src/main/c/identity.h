/* Who the step's processes are to be, where the kernel knows one id only. */
#ifndef JBUILD_IDENTITY_H
#define JBUILD_IDENTITY_H

#include "listener.h"
#include "spec.h"

/* The four ids of one kind; the last is for files. */
struct ids {
	uint32_t real, effective, saved, files;
};

struct identity {
	struct ids user, group;
	uint32_t *groups; /* supplementary */
	size_t group_count;
};

/* Begins with the step's user, who all its processes are until they change. */
void identity_start(const struct spec *spec);

/* Who the process that makes the call is; the value lives as long as this process. */
const struct identity *identity_of(const struct call *call);

int identity_has_group(const struct identity *identity, uint32_t group);

/* Answers the calls that ask for ids or change them, as credentials(7) has it. */
struct answer identity_answer(const struct call *call);

#endif
