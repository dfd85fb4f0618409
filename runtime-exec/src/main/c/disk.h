#ifndef JBUILD_DISK_H
#define JBUILD_DISK_H

#include <stdint.h>

/* How many bytes of disk the files below a directory take; counting stops at `enough`. */
uint64_t disk_used(int directory, uint64_t enough);

#endif
