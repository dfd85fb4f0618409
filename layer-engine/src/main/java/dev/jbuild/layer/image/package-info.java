/** Whole images outside the store: layout folders, archives, and the validator that recomputes what an image claims. */
@NullMarked
package dev.jbuild.layer.image;

import org.jspecify.annotations.NullMarked;
