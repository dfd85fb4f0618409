/** Dockerfile to graph: pure. No files, network, processes, clocks or randomness. */
@NullMarked
package dev.jbuild.core.plan;

import org.jspecify.annotations.NullMarked;
