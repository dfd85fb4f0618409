/** What a Dockerfile says that is likely not meant: rules, findings, and the rules that its text alone can answer. Pure. */
@NullMarked
package dev.jbuild.dockerfile.lint;

import org.jspecify.annotations.NullMarked;
