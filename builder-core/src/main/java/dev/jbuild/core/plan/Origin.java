package dev.jbuild.core.plan;

import dev.jbuild.oci.Digest;
import java.nio.file.Path;
import java.util.Optional;

/** Where files come from that lie neither in the build context nor in an image. */
public sealed interface Origin {
    /** What it is called in progress and errors, without secrets. */
    String shown();

    /**
     * What the address of a named context means: a git repository or one file.
     *
     * @throws IllegalArgumentException for an address of a repository that makes no sense
     */
    static Origin ofContext(String address) {
        Optional<GitReference> repository = GitReference.parseContext(address);
        return repository.isPresent()
                ? new GitTree(repository.get(), repository.get().keepGitDir().orElse(false))
                : new HttpFile(address, HttpFile.CONTEXT, Optional.empty());
    }

    /**
     * One file behind an http or https address.
     *
     * @param name what the file is called, whatever the server says: one component of a path
     * @param checksum what its content must hash to
     */
    record HttpFile(String url, String name, Optional<Digest> checksum) implements Origin {
        /** What a file is called whose address ends in no name. */
        public static final String UNNAMED = "__unnamed__";

        /** What a context is called that is one file, as BuildKit calls it: a Dockerfile can copy itself by that name. */
        public static final String CONTEXT = "context";

        /** The file of ADD: it is called as the path of its address ends. */
        public static HttpFile of(String url, Optional<Digest> checksum) {
            return new HttpFile(url, nameIn(url), checksum);
        }

        @Override
        public String shown() {
            int query = url.indexOf('?');
            return query < 0 ? url : url.substring(0, query) + "?…";
        }

        /** The last component of the path, percent signs read as the bytes they stand for. */
        private static String nameIn(String url) {
            String path = UrlText.path(url);
            int end = path.length();
            while (end > 0 && path.charAt(end - 1) == '/') {
                end--;
            }
            String name = path.substring(path.lastIndexOf('/', end - 1) + 1, end);
            boolean isNone = name.isEmpty() || name.equals(".") || name.equals("..");
            return isNone || name.indexOf('\0') >= 0 ? UNNAMED : name;
        }
    }

    /**
     * The files of one commit of a git repository.
     *
     * @param keepGitDir whether {@code .git} is among them
     */
    record GitTree(GitReference reference, boolean keepGitDir) implements Origin {
        @Override
        public String shown() {
            return reference.shown();
        }
    }

    /** A directory of this machine, less what its own {@code .dockerignore} excludes. */
    record LocalDirectory(Path path) implements Origin {
        @Override
        public String shown() {
            return path.toString();
        }
    }
}
