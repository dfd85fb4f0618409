package dev.jbuild.core.build;

import dev.jbuild.core.api.RunOptions;
import dev.jbuild.core.fetch.Fetchers;
import dev.jbuild.core.image.BlobOrigins;
import dev.jbuild.core.image.ImageLoader;
import dev.jbuild.layer.LayerLimits;
import dev.jbuild.layer.LayerMemory;
import dev.jbuild.layer.store.Store;
import dev.jbuild.layer.tar.LayerBlobWriter;
import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Platform;
import dev.jbuild.registry.RegistryClient;
import dev.jbuild.runtime.SearchPath;
import dev.jbuild.runtime.StepRuntime;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What all builds of one engine share.
 *
 * @param machine the platform of this machine
 * @param runtimes makes what runs RUN steps, as late as possible
 * @param programs where the host's programs are looked for
 * @param limits how much one layer may ask for
 * @param memory what layers may ask for that are unpacked at the same time
 * @param slots how many layers are fetched and unpacked at the same time
 * @param stdout where an output without a file goes
 */
public record BuildTools(
        Store store,
        Linux linux,
        LayerBlobWriter blobWriter,
        RegistryClient registry,
        BlobOrigins origins,
        ImageLoader images,
        Fetchers fetchers,
        Platform machine,
        Function<RunOptions, StepRuntime> runtimes,
        SearchPath programs,
        InstantSource clock,
        LayerLimits limits,
        LayerMemory memory,
        LayerSlots slots,
        OutputStream stdout) {
    /** @param notes hears what of a layer could not be kept on this machine */
    LayerWorkshop workshop(Consumer<String> notes) {
        return new LayerWorkshop(store, linux, blobWriter, limits, memory, slots, notes);
    }
}
