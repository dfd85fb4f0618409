/** Runs one command in a root filesystem: the embedded launcher or an OCI runtime. */
@NullMarked
package dev.jbuild.runtime;

import org.jspecify.annotations.NullMarked;
