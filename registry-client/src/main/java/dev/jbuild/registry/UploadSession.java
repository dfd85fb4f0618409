package dev.jbuild.registry;

import dev.jbuild.oci.Digest;
import java.net.URI;
import java.util.OptionalLong;

/**
 * Where a blob is being sent to.
 *
 * @param location the address of the next request; each answer may give another one
 * @param offset how many bytes the registry has
 * @param smallestChunk the least that the registry takes in one piece, the last one excepted
 */
record UploadSession(URI location, long offset, long smallestChunk) {
    /** A session that an answer opened. */
    static UploadSession opened(HttpAnswer answer, URI location) {
        OptionalLong smallest =
                answer.field("OCI-Chunk-Min-Length").map(Numbers::parse).orElse(OptionalLong.empty());
        return new UploadSession(location, 0, smallest.orElse(0));
    }

    UploadSession movedTo(URI next, long reached) {
        return new UploadSession(next, reached, smallestChunk);
    }

    /** The address that ends the session. */
    URI closing(Digest digest) {
        String separator = location.getRawQuery() == null ? "?" : "&";
        return URI.create(location + separator + "digest=" + digest);
    }

    /**
     * How many bytes the registry has, by the {@code Range} field ({@code 0-1023} are 1024). {@code 0-0} is said for
     * nothing as well as for one byte, and then counts as nothing known.
     */
    static OptionalLong offset(HttpAnswer answer) {
        String range = answer.field("Range").orElse("");
        String span = range.startsWith("bytes=") ? range.substring("bytes=".length()) : range;
        if (!span.startsWith("0-")) {
            return OptionalLong.empty();
        }
        OptionalLong last = Numbers.parse(span.substring(2));
        return last.isEmpty() || last.getAsLong() == 0 ? OptionalLong.empty() : OptionalLong.of(last.getAsLong() + 1);
    }
}
