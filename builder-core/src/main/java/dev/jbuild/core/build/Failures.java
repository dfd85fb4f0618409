package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.FileFailure;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.NoSuchBlobException;
import dev.jbuild.registry.RegistryException;
import dev.jbuild.runtime.RuntimeUnavailableException;
import java.io.IOException;

/** Whose affair a failure of input or output is. */
public final class Failures {
    private Failures() {}

    /** The failure as the user is to see it. */
    public static BuildException of(IOException failure) {
        Kind kind = switch (failure) {
            case RegistryException _ -> Kind.REGISTRY;
            case CorruptBlobException _ -> Kind.REGISTRY;
            case NoSuchBlobException _ -> Kind.REGISTRY;
            case RefusedLayerException _ -> Kind.REGISTRY;
            case UnreadableFileException _ -> Kind.BUILD;
            case RuntimeUnavailableException _ -> Kind.MACHINE;
            default -> Kind.STORE;
        };
        return new BuildException(kind, FileFailure.words(failure), failure);
    }
}
