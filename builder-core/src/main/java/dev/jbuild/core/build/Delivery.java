package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.Output;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.image.ImageCopier;
import dev.jbuild.core.image.RegistrySink;
import dev.jbuild.core.image.StoreSink;
import dev.jbuild.core.image.StoredOrRemote;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import java.io.IOException;

/** Brings a finished image to all the places it was asked for in. */
record Delivery(BuildTools tools, BuildRequest request, Tasks tasks, Vertices vertices) {

    void deliver(Image image, Snapshot filesystem) throws IOException, BuildException, InterruptedException {
        BlobSource blobs = new StoredOrRemote(tools.store().blobs(), tools.origins());
        for (Output output : request.outputs()) {
            new OutputWriter(tools, blobs, request.tags(), tools.workshop(vertices::note))
                    .write(output, image.descriptor(), filesystem);
        }
        if (request.push()) {
            for (ImageName name : request.tags()) {
                push(image, blobs, name);
            }
        }
        if (!request.tags().isEmpty()) {
            name(image, blobs);
        }
    }

    private void push(Image image, BlobSource blobs, ImageName name)
            throws IOException, BuildException, InterruptedException {
        Vertices.Vertex vertex = vertices.start("pushing " + name);
        try {
            RegistrySink sink = new RegistrySink(tools.registry().repository(name), name, tools.origins());
            new ImageCopier(tasks).copy(image, blobs, sink);
            vertex.done();
        } catch (IOException | BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** A pushed image stays where its base is, and the store only notes where that is; else it must be whole here. */
    private void name(Image image, BlobSource blobs) throws IOException, BuildException, InterruptedException {
        StoreSink store = new StoreSink(tools.store(), request.tags());
        if (!request.push()) {
            new ImageCopier(tasks).copy(image, blobs, store);
            return;
        }
        for (Descriptor blob : image.blobs()) {
            if (!store.has(blob)) {
                tools.origins().keep(blob.digest());
            }
        }
        store.publish(image);
    }
}
