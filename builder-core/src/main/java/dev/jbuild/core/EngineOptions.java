package dev.jbuild.core;

import dev.jbuild.layer.LayerLimits;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where an engine works and what it may use.
 *
 * @param storeRoot the store's directory; made when absent
 * @param dockerConfig Docker's {@code config.json} with the credentials; need not exist
 * @param insecureRegistries hosts that are spoken to in plain HTTP; loopback hosts always are
 * @param launcher the launcher beside a distribution; empty takes the one in the jar
 * @param entered the value of {@code JBUILD_ENTERED}, empty when it is not set
 * @param starter the value of {@code JBUILD_STARTER}, empty when it is not set
 * @param searchPath the value of {@code PATH}, in which OCI runtimes and credential helpers are looked for
 * @param limits how much one layer may ask for, and one archive
 * @param stdout where an output without a file goes
 */
public record EngineOptions(
        Path storeRoot,
        Path dockerConfig,
        Set<String> insecureRegistries,
        Optional<Path> launcher,
        String entered,
        String starter,
        String searchPath,
        LayerLimits limits,
        OutputStream stdout) {
    public EngineOptions {
        insecureRegistries = Set.copyOf(insecureRegistries);
    }
}
