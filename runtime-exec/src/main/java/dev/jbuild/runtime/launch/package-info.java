/** The launcher as Java sees it: what it is told to do, in its wire format, and what it tells back. Mechanism only. */
@NullMarked
package dev.jbuild.runtime.launch;

import org.jspecify.annotations.NullMarked;
