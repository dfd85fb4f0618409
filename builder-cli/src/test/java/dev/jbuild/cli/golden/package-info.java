/** The golden cases of {@code testdata/dockerfiles}: what Docker's BuildKit makes of a Dockerfile, and what jbuild makes of it. */
@NullMarked
package dev.jbuild.cli.golden;

import org.jspecify.annotations.NullMarked;
