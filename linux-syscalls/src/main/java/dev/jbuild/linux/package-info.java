/** The kernel's calls that the JDK lacks, behind one interface; the only room with java.lang.foreign. */
@NullMarked
package dev.jbuild.linux;

import org.jspecify.annotations.NullMarked;
