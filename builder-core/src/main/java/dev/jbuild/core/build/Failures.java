package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.FileFailure;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.RefusedLayerException;
import dev.jbuild.layer.tree.LinkLoopException;
import dev.jbuild.linux.Errno;
import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.NoSuchBlobException;
import dev.jbuild.registry.RegistryException;
import dev.jbuild.runtime.OciRuntimeException;
import dev.jbuild.runtime.OverlayUnavailableException;
import dev.jbuild.runtime.RuntimeUnavailableException;
import dev.jbuild.runtime.launch.LaunchException;
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
            case RefusedLayerException refusal -> isForDisk(refusal) ? Kind.STORE : Kind.REGISTRY;
            case UnreadableFileException _ -> Kind.BUILD;
            case RuntimeUnavailableException _ -> Kind.MACHINE;
            case OverlayUnavailableException _ -> Kind.MACHINE;
            case OciRuntimeException runtime ->
                runtime.getCause() instanceof LaunchException launch ? of(launch) : Kind.BUILD;
            case LinkLoopException _ -> Kind.BUILD;
            case LaunchException launch -> of(launch);
            default -> Kind.STORE;
        };
        return new BuildException(kind, FileFailure.words(failure) + advice(failure), failure);
    }

    /** What to do about a limit that a layer does not keep. */
    private static String advice(IOException failure) {
        return failure instanceof RefusedLayerException refusal ? advice(refusal) : "";
    }

    static String advice(RefusedLayerException refusal) {
        if (isForDisk(refusal)) {
            return "; make room there, as by jbuild prune, or let it take more by --layer-limit " + LayerLimits.MIN_FREE
                    + "=N";
        }
        return refusal.limit()
                .map(limit -> "; --layer-limit " + limit.name() + "=N lets it have more")
                .orElse("");
    }

    /** That the machine's disk is full, and no fault of the layer's. */
    static boolean isForDisk(RefusedLayerException refusal) {
        return refusal.limit()
                .filter(limit -> limit.name().equals(LayerLimits.MIN_FREE))
                .isPresent();
    }

    /** A box that cannot be made is the image's affair, unless the disk gave out. */
    private static Kind of(LaunchException failure) {
        return switch (failure.errno()) {
            case Errno.ENOSPC, Errno.EDQUOT, Errno.EIO -> Kind.STORE;
            default -> Kind.BUILD;
        };
    }
}
