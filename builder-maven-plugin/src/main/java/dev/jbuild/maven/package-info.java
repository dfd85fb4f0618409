/** Builds images from Maven: the engine runs as a process on a JDK of its own. */
@NullMarked
package dev.jbuild.maven;

import org.jspecify.annotations.NullMarked;
