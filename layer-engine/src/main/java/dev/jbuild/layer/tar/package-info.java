/** Layers as tar streams and compressed blobs: strict reading, deterministic writing, one pass each. */
@NullMarked
package dev.jbuild.layer.tar;

import org.jspecify.annotations.NullMarked;
