package dev.jbuild.core.plan;

import dev.jbuild.core.api.NamedContext;
import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.util.Optional;

/**
 * An image that the plan cannot go on without. Two requests for one name, platform and place are one.
 *
 * @param layout the layout that has it; empty is the store or the name's registry
 * @param range the line that asks for it first
 * @param nearStage the stage that was probably meant, when the name is spelt almost like that of one
 */
public record ImageRequest(
        ImageName name,
        Platform platform,
        Optional<NamedContext.Layout> layout,
        SourceRange range,
        Optional<String> nearStage) {
    /** What the request is found by. */
    public record Key(ImageName name, Platform platform, Optional<NamedContext.Layout> layout) {
        public Key(ImageName name, Platform platform) {
            this(name, platform, Optional.empty());
        }
    }

    public Key key() {
        return new Key(name, platform, layout);
    }
}
