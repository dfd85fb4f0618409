/** What {@link dev.jbuild.core.Bundles} is made of: a bundle's file, and one image made from another. */
@NullMarked
package dev.jbuild.core.bundle;

import org.jspecify.annotations.NullMarked;
