package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.Output;
import dev.jbuild.core.image.FinishedImage;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.image.ImageCopier;
import dev.jbuild.core.image.ImagePusher;
import dev.jbuild.core.image.StoreSink;
import dev.jbuild.core.image.StoredOrRemote;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.IOException;
import java.util.List;

/** Brings a finished image to all the places it was asked for in. */
record Delivery(BuildTools tools, BuildRequest request, Tasks tasks, Vertices vertices, EarlyPush early) {

    /** Delivers everything, and gives the image in the form that the store and registries have it in. */
    FinishedImage deliver(Exports exports, List<PlatformResult> results)
            throws IOException, BuildException, InterruptedException {
        BlobSource blobs = new StoredOrRemote(tools.store().blobs(), tools.origins());
        FinishedImage image = exports.in(request.form());
        for (Output output : request.outputs()) {
            write(output, exports, results, blobs);
        }
        if (request.push()) {
            for (ImageName name : request.tags()) {
                push(image, blobs, name);
            }
        }
        if (request.store() && !request.tags().isEmpty()) {
            name(image, blobs);
        }
        return image;
    }

    private void write(Output output, Exports exports, List<PlatformResult> results, BlobSource blobs)
            throws IOException, BuildException {
        OutputWriter writer = new OutputWriter(
                tools, blobs, request.tags(), tools.workshop(vertices::note), request.sourceDateEpoch());
        switch (output.kind()) {
            case OCI, DOCKER -> writer.writeImage(output, exports.in(output.form()));
            case TAR, LOCAL -> writer.writeFilesystem(output, results);
        }
    }

    private void push(FinishedImage image, BlobSource blobs, ImageName name)
            throws IOException, BuildException, InterruptedException {
        ImageName target = request.pushByDigest() ? name.at(image.descriptor().digest()) : name;
        Vertices.Vertex vertex = vertices.start("pushing " + target);
        try {
            new ImagePusher(tools.registry(), tools.origins(), tasks, early::settle).push(image, blobs, target);
            vertex.done();
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** A pushed image stays where its base is, and the store only notes where that is; else it must be whole here. */
    private void name(FinishedImage image, BlobSource blobs) throws IOException, BuildException, InterruptedException {
        StoreSink store = new StoreSink(tools.store(), List.of());
        for (Image each : image.images()) {
            if (!request.push()) {
                new ImageCopier(tasks).copy(each, blobs, store);
            }
            for (Descriptor blob : each.blobs()) {
                if (!store.has(blob)) {
                    tools.origins().keep(blob.digest());
                }
            }
        }
        tools.store().blobs().put(image.descriptor().mediaType(), image.document());
        tools.store().images().putAll(request.tags(), image.descriptor());
    }
}
