/** Files from elsewhere, fetched into trees of the store: from http and https addresses, from git repositories. */
@NullMarked
package dev.jbuild.core.fetch;

import org.jspecify.annotations.NullMarked;
