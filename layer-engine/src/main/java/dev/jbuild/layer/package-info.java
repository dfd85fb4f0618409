/** File trees to layers and layers to trees: tar, whiteouts, compression, snapshots and the local store. */
@NullMarked
package dev.jbuild.layer;

import org.jspecify.annotations.NullMarked;
