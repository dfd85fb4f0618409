/** Doing several things at once, and telling of it. */
@NullMarked
package dev.jbuild.core.work;

import org.jspecify.annotations.NullMarked;
