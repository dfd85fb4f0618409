package dev.jbuild.registry;

import dev.jbuild.oci.Digest;
import java.io.IOException;

/** The requests that bring the pieces of a blob into an upload session and end it (OCI distribution-spec "Pushing a blob in chunks"). */
record Chunks(Endpoint endpoint, Scope scope) {
    /**
     * Sends the piece that begins where the session is.
     *
     * @param end the offset behind the piece
     * @return the session as it is then; the registry may have kept only the front of the piece
     */
    UploadSession send(UploadSession session, long end, HttpRequest.Body piece) throws IOException {
        HttpRequest request = HttpRequest.patch(session.location(), piece)
                .with("Content-Type", "application/octet-stream")
                .with("Content-Range", session.offset() + "-" + (end - 1));
        try (HttpAnswer answer = endpoint.expect(request, scope, 202, 201, 204)) {
            long reached = Math.min(UploadSession.offset(answer).orElse(end), end);
            if (reached <= session.offset()) {
                // Or a registry could keep an upload going for ever.
                throw new RegistryException(
                        RegistryException.Kind.REFUSED, request + " was accepted, but nothing of its piece was kept");
            }
            return session.movedTo(endpoint.location(answer), reached);
        }
    }

    /** Ends the session: the registry checks the digest and keeps the blob. */
    void finish(UploadSession session, Digest digest, HttpRequest.Body rest) throws IOException {
        HttpRequest request =
                HttpRequest.put(session.closing(digest), rest).with("Content-Type", "application/octet-stream");
        endpoint.expect(request, scope, 201, 200, 204).close();
    }
}
