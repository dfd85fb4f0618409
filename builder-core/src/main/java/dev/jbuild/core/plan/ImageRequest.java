package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.SourceRange;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;

/**
 * An image that the plan cannot go on without. Two requests for one name and platform are one.
 *
 * @param range the line that asks for it first
 */
public record ImageRequest(ImageName name, Platform platform, SourceRange range) {
    /** What the request is found by. */
    public record Key(ImageName name, Platform platform) {}

    public Key key() {
        return new Key(name, platform);
    }
}
