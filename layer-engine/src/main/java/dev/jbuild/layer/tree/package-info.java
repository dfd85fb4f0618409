/** Directories as trees of entries: read confined, stacked as overlayfs stacks them, written from layers, read back as layers. */
@NullMarked
package dev.jbuild.layer.tree;

import org.jspecify.annotations.NullMarked;
