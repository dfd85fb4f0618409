/** Finished images on their way between stores, registries and archives. */
@NullMarked
package dev.jbuild.core.image;

import org.jspecify.annotations.NullMarked;
