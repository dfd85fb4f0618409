/** Tests of the registry client, and the registries that they and other rooms' tests talk to. */
@NullMarked
package dev.jbuild.registry;

import org.jspecify.annotations.NullMarked;
