/** The command line: arguments, terminal, exit codes and the distribution. */
@NullMarked
package dev.jbuild.cli;

import org.jspecify.annotations.NullMarked;
