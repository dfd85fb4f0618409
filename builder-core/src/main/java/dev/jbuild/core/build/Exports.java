package dev.jbuild.core.build;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.Annotation.Place;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.image.FinishedImage;
import dev.jbuild.core.image.Image;
import dev.jbuild.layer.store.Store;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The image of a build in each form that is asked for, made once; its documents and own layers are in the store then. */
final class Exports {
    private final Store store;
    private final LayerWorkshop workshop;
    private final List<PlatformResult> results;
    private final List<HistoryTimes> times;
    private final OptionalLong epoch;
    private final boolean indexed;
    private final Map<ImageForm, FinishedImage> made = new HashMap<>();

    /**
     * @param times of each result's history
     * @param epoch the source date epoch, in seconds
     * @param indexed whether the images go into an index, be there only one
     */
    Exports(
            LayerWorkshop workshop,
            List<PlatformResult> results,
            List<HistoryTimes> times,
            OptionalLong epoch,
            boolean indexed) {
        this.store = workshop.store();
        this.workshop = workshop;
        this.results = List.copyOf(results);
        this.times = List.copyOf(times);
        this.epoch = epoch;
        this.indexed = indexed;
    }

    FinishedImage in(ImageForm form) throws IOException, BuildException {
        FinishedImage known = made.get(form);
        if (known != null) {
            return known;
        }
        FinishedImage image = make(form);
        made.put(form, image);
        return image;
    }

    private FinishedImage make(ImageForm form) throws IOException, BuildException {
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            PlatformResult result = results.get(i);
            Map<String, String> annotations = Annotation.at(Place.MANIFEST, result.platform(), form.annotations());
            images.add(new ImageAssembler(store, result.graph(), times.get(i))
                    .assemble(
                            result.filesystem(),
                            new LayerForms(workshop, form, epoch).of(result.filesystem()),
                            form,
                            annotations));
        }
        return indexed ? index(images, form) : single(images.getFirst(), form);
    }

    private FinishedImage single(Image image, ImageForm form) throws BuildException {
        if (form.annotations().stream().anyMatch(annotation -> annotation.place() == Place.INDEX)) {
            throw new BuildException(
                    Kind.USAGE, "index annotations need an image of several platforms; one platform has no index");
        }
        return FinishedImage.of(new Image(described(image, 0, form), image.document(), image.manifest()));
    }

    private FinishedImage index(List<Image> images, ImageForm form) throws IOException {
        List<Index.Entry> entries = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            entries.add(new Index.Entry(
                    described(images.get(i), i, form),
                    Optional.of(results.get(i).platform())));
        }
        String type = form.ociTypes() ? MediaTypes.OCI_INDEX : MediaTypes.DOCKER_INDEX;
        byte[] document = new Index(type, entries, at(Place.INDEX, form)).toBytes();
        Descriptor stored = store.blobs().put(type, document);
        Map<String, String> annotations = at(Place.INDEX_DESCRIPTOR, form);
        Descriptor descriptor = new Descriptor(type, stored.digest(), stored.size(), annotations);
        return new FinishedImage(descriptor, document, images);
    }

    private Descriptor described(Image image, int result, ImageForm form) {
        Descriptor plain = image.descriptor();
        Map<String, String> annotations =
                Annotation.at(Place.MANIFEST_DESCRIPTOR, results.get(result).platform(), form.annotations());
        return new Descriptor(plain.mediaType(), plain.digest(), plain.size(), annotations);
    }

    private Map<String, String> at(Place place, ImageForm form) {
        return Annotation.at(place, results.getFirst().platform(), form.annotations());
    }
}
