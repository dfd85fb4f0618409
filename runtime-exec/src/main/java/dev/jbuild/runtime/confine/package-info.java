/** What a step may ask of the kernel: capabilities, and system calls as a seccomp filter compiled to BPF. */
@NullMarked
package dev.jbuild.runtime.confine;

import org.jspecify.annotations.NullMarked;
