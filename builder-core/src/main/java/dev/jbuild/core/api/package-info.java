/** What a build is asked for, what it reports while it runs, and what it gives back. */
@NullMarked
package dev.jbuild.core.api;

import org.jspecify.annotations.NullMarked;
