package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.plan.BaseImage;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.core.plan.Planner;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.core.work.Vertices;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.oci.ImageConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** Finds out about the images that a plan asks for, until it asks for no more. */
record BaseImages(BuildTools tools, Tasks tasks, Vertices vertices, boolean askRegistry, FailureLocator failures) {

    Map<ImageRequest.Key, BaseImage> resolve(Planner planner)
            throws IOException, BuildException, DockerfileException, InterruptedException {
        Map<ImageRequest.Key, BaseImage> known = new HashMap<>();
        List<ImageRequest> missing = planner.missingImages(known);
        while (!missing.isEmpty()) {
            Map<ImageRequest.Key, Future<BaseImage>> wanted = new LinkedHashMap<>();
            for (ImageRequest request : missing) {
                wanted.put(request.key(), tasks.start(() -> load(request)));
            }
            for (Map.Entry<ImageRequest.Key, Future<BaseImage>> image : wanted.entrySet()) {
                known.put(image.getKey(), tasks.join(image.getValue()));
            }
            missing = planner.missingImages(known);
        }
        return known;
    }

    private BaseImage load(ImageRequest request) throws BuildException, InterruptedException {
        Vertices.Vertex vertex = vertices.start("[internal] load metadata for " + request.name());
        try {
            Image image = request.layout().isPresent()
                    ? new LayoutImages(tools, tasks).load(request.layout().get(), request.platform())
                    : tools.images().load(request.name(), request.platform(), askRegistry);
            ImageConfig config = tools.images().config(request.name(), image);
            vertex.done();
            return new BaseImage(request.name(), image.descriptor(), image.manifest(), config);
        } catch (BuildException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw failures.locate(request, e);
        } catch (IOException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw failures.locate(request, Failures.of(e));
        } catch (IllegalArgumentException e) {
            vertex.failed(String.valueOf(e.getMessage()));
            throw failures.locate(request, Failures.of(new IOException(e.getMessage(), e)));
        }
    }
}
