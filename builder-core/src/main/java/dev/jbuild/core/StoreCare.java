package dev.jbuild.core;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.build.BuildTools;
import dev.jbuild.core.build.Failures;
import dev.jbuild.core.build.TreeCheck;
import dev.jbuild.layer.image.ImageParts;
import dev.jbuild.layer.image.ImageValidator;
import dev.jbuild.layer.store.BlobStore;
import dev.jbuild.layer.store.Freed;
import dev.jbuild.layer.store.ImageNames.NamedImage;
import dev.jbuild.layer.store.PrunePolicy;
import dev.jbuild.layer.store.StoreReport;
import dev.jbuild.layer.store.StoreUsage;
import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What can be done with the store as such: look what it holds, free some of it, check it. */
public final class StoreCare {
    private final BuildTools tools;

    StoreCare(BuildTools tools) {
        this.tools = tools;
    }

    /** Removes what nothing needs, and as much of the cache as the policy says. */
    public Freed prune(PrunePolicy policy) throws BuildException {
        try {
            return tools.store().prune(policy);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    public StoreUsage usage() throws BuildException {
        try {
            return tools.store().usage();
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** Recomputes the store's files and every claim of its named images; damaged files leave their place. */
    public StoreHealth check() throws BuildException {
        try {
            StoreReport files = tools.store().check();
            List<NamedImage> images = tools.store().images().list();
            List<String> problems = new ArrayList<>(files.problems());
            problems.addAll(TreeCheck.problems(tools));
            for (NamedImage image : images) {
                for (String problem : problems(image.image())) {
                    problems.add("image " + image.name().familiar() + ": " + problem);
                }
            }
            return new StoreHealth(files, images.size(), problems);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }

    /** The layers of a pushed image's base may be in their registry still; such an image is looked at as far as it is here. */
    private List<String> problems(Descriptor image) {
        BlobStore blobs = tools.store().blobs();
        List<String> problems = new ArrayList<>();
        try {
            boolean isWhole = true;
            for (Descriptor part : ImageParts.of(blobs, image).blobs()) {
                boolean isHere = blobs.has(part);
                isWhole &= isHere;
                if (!isHere && tools.origins().find(part.digest()).isEmpty()) {
                    problems.add("blob " + part.digest()
                            + " is missing and no registry is known to have it: build or pull the image again");
                }
            }
            if (isWhole) {
                problems.addAll(new ImageValidator(tools.limits()).problems(blobs, image));
            }
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return problems;
    }
}
