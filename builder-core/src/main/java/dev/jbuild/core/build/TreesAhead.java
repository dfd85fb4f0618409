package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.work.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Fetches the layers of an image beside each other, and unpacks them so: a layer waits for those below it only where it
 * depends on them, for a link's target, a parent that it does not describe, what a whiteout hides.
 */
final class TreesAhead {
    private TreesAhead() {}

    /** Has all these layers' trees made, lowest first. */
    static void make(List<Layer> layers) throws IOException {
        List<Layer> wanted = wanted(layers);
        if (wanted.size() < 2) {
            return;
        }
        // Closed after a failure too: then nothing that nobody waits for any more touches the store.
        try (Tasks tasks = new Tasks()) {
            List<Future<Path>> trees = new ArrayList<>();
            for (Layer layer : wanted) {
                trees.add(tasks.start(layer::tree));
            }
            for (Future<Path> tree : trees) {
                tasks.join(tree);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while layers were unpacked");
            interrupted.initCause(e);
            throw interrupted;
        } catch (BuildException e) {
            throw new IllegalStateException("unpacking is no build", e);
        }
    }

    private static List<Layer> wanted(List<Layer> layers) throws IOException {
        List<Layer> wanted = new ArrayList<>();
        for (Layer layer : layers) {
            if (!layer.hasTree()) {
                wanted.add(layer);
            }
        }
        return wanted;
    }
}
