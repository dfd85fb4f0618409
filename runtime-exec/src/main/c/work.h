#ifndef JBUILD_WORK_H
#define JBUILD_WORK_H

/*
 * Empties the work directory of a step that is over, as far as that is quick: what overlayfs and the box leave there are a
 * dozen small entries, which cost the builder more than this. Whatever stays is the builder's to remove, as the directory is.
 */
void work_empty(const char *path);

#endif
