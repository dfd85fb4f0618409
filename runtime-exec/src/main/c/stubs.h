#ifndef JBUILD_STUBS_H
#define JBUILD_STUBS_H

/*
 * Makes an empty file or directory for the path in the layer `stubs`. Its parents that the view has get the metadata
 * that they have there, for this layer's is what the step will see.
 */
void stub_make(int view, int stubs, const char *path, int directory);

/*
 * The same in the root itself: directories that are there keep their times, what is made gets a fixed one. Whoever made
 * the root takes it away again.
 */
void stub_make_within(int root, const char *path, int directory);

/* Whether the links of the image lead the path into what will be /proc or /sys. */
int stub_is_of_kernel(int view, const char *path);

/* Gives a directory the owner, mode, times and attributes of another; both are open for reading. */
void copy_metadata(int from, int to);

#endif
