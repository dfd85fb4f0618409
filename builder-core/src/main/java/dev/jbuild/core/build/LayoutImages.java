package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.core.image.Image;
import dev.jbuild.core.image.ImageCopier;
import dev.jbuild.core.image.StoreSink;
import dev.jbuild.core.work.Tasks;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.layer.image.OciLayout;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.Platform;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Brings images of OCI layouts into the store, where they have no name; every blob is verified. */
record LayoutImages(BuildTools tools, Tasks tasks) {
    Image load(NamedContext.Layout layout, Platform platform) throws IOException, BuildException, InterruptedException {
        try (OciLayout source = OciLayout.open(layout.folder(), tools.linux())) {
            Image image = tools.images().read(shown(layout), top(layout, source.index()), source, platform);
            new ImageCopier(tasks).copy(image, source, new StoreSink(tools.store(), List.of()));
            return image;
        }
    }

    private static Descriptor top(NamedContext.Layout layout, Index index) throws BuildException {
        Optional<Descriptor> found = layout.digest().isPresent()
                ? index.entries().stream()
                        .map(Index.Entry::manifest)
                        .filter(entry -> entry.digest().equals(layout.digest().get()))
                        .findFirst()
                : new LayoutName(layout.folder(), layout.tag()).select(index);
        return found.orElseThrow(
                () -> new BuildException(Kind.USAGE, "there is no image " + shown(layout) + " in that layout"));
    }

    private static String shown(NamedContext.Layout layout) {
        return "oci-layout://" + layout.folder()
                + layout.tag().map(tag -> ":" + tag).orElse("")
                + layout.digest().map(digest -> "@" + digest).orElse("");
    }
}
