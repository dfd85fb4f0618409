/** Request to plan to graph to layers to image: the builder itself. */
@NullMarked
package dev.jbuild.core;

import org.jspecify.annotations.NullMarked;
