/** Dockerfile text to value: instructions, words, heredocs, ignore rules. Pure. */
@NullMarked
package dev.jbuild.dockerfile;

import org.jspecify.annotations.NullMarked;
