/** The OCI distribution protocol: credentials, pull, push, retry and resume. */
@NullMarked
package dev.jbuild.registry;

import org.jspecify.annotations.NullMarked;
