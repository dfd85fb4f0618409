package dev.jbuild.core.fetch;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.layer.LayerLimits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code git ls-tree -r -l -z}: a few objects that name each other make a commit of more files than any disk holds,
 * so they are counted before any is written.
 */
record GitListing(LayerLimits limits, String shown) {
    private static final int LONGEST_HEAD = 200;

    void requireWithinLimits(InputStream listing) throws IOException, BuildException {
        long entries = 0;
        long bytes = 0;
        byte[] head = new byte[LONGEST_HEAD];
        int length = 0;
        InputStream in = new BufferedInputStream(listing, 1 << 16);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != 0) {
                if (length < LONGEST_HEAD) {
                    head[length++] = (byte) b;
                }
                continue;
            }
            entries++;
            bytes += size(new String(head, 0, length, StandardCharsets.ISO_8859_1));
            length = 0;
            require(entries <= limits.maxEntries(), limits.maxEntries() + " files (maxEntries)");
            require(bytes >= 0 && bytes <= limits.maxBytes(), limits.maxBytes() + " bytes (maxBytes)");
        }
    }

    /** {@code mode type object    size TAB path}; a submodule has a dash for a size. */
    private static long size(String line) {
        int tab = line.indexOf('\t');
        String head = tab < 0 ? line : line.substring(0, tab);
        String size = head.substring(head.lastIndexOf(' ') + 1);
        return size.equals("-") ? 0 : Long.parseLong(size);
    }

    private void require(boolean holds, String limit) throws BuildException {
        if (!holds) {
            throw new BuildException(Kind.BUILD, shown + " is refused: its files are more than " + limit);
        }
    }
}
