package dev.jbuild.core.plan;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths of instructions, made absolute in the image as BuildKit makes them. */
final class ImagePaths {
    private ImagePaths() {}

    /** A WORKDIR: an absolute path is kept as it is written, a relative one is joined to the current one and cleaned. */
    static String workdir(String current, String path) {
        if (path.isEmpty()) {
            return current.isEmpty() ? "/" : current;
        }
        return path.startsWith("/") ? path : clean(current + "/" + path);
    }

    /** A COPY's destination: relative to the WORKDIR; a trailing slash stays, for it says that it is a directory. */
    static String destination(String workdir, String path) {
        String wanted = path.isEmpty() || path.equals(".") ? "./" : path;
        String absolute = wanted.startsWith("/") ? clean(wanted) : clean(workdir + "/" + wanted);
        boolean directory = wanted.endsWith("/") || wanted.endsWith("/.");
        return directory && !absolute.endsWith("/") ? absolute + "/" : absolute;
    }

    /** A COPY's source: absolute below its root, above which {@code ..} does not lead. */
    static String source(String path) {
        return clean("/" + path);
    }

    /** The shortest absolute form: no empty, {@code .} or {@code ..} components. */
    static String clean(String path) {
        Deque<String> kept = new ArrayDeque<>();
        for (String component : path.split("/")) {
            if (component.equals("..")) {
                kept.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                kept.addLast(component);
            }
        }
        return "/" + String.join("/", kept);
    }
}
