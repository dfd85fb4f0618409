/** Graph to layers: the only place where steps are carried out. */
@NullMarked
package dev.jbuild.core.build;

import org.jspecify.annotations.NullMarked;
