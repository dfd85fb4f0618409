/** Benchmarks of the way from files to layers and back. */
@NullMarked
package dev.jbuild.bench;

import org.jspecify.annotations.NullMarked;
