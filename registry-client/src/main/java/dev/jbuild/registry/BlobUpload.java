package dev.jbuild.registry;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import java.io.IOException;
import java.net.URI;
import java.util.OptionalLong;

/**
 * One blob on its way out: in one request where the registry takes it, in pieces where it does not, and on from where it
 * broke off (OCI distribution-spec "Pushing blobs").
 */
final class BlobUpload {
    /** What a registry that refuses a long request is offered instead. */
    private static final long SMALLER_CHUNK = 16L * 1024 * 1024;

    private static final long SMALLEST_CHUNK = 1024 * 1024;

    private final Endpoint endpoint;
    private final Blobs blobs;
    private final Chunks chunks;
    private final Descriptor blob;
    private final BlobSource source;
    private final RetryBudget budget;
    private UploadSession session;
    private long chunk;
    private long furthest;

    /** @param opened the session to begin with */
    BlobUpload(Endpoint endpoint, Blobs blobs, Descriptor blob, BlobSource source, UploadSession opened) {
        this.endpoint = endpoint;
        this.blobs = blobs;
        this.chunks = new Chunks(endpoint, blobs.scope());
        this.blob = blob;
        this.source = source;
        this.session = opened;
        this.chunk = endpoint.uploadChunk();
        this.budget = endpoint.budget(HttpRequest.put(blobs.uri(blob.digest()), HttpRequest.Body.NONE));
    }

    void run() throws IOException {
        while (true) {
            try {
                send();
                return;
            } catch (IOException e) {
                pause(e);
            }
            // The registry may have taken the blob although its answer was lost.
            if (budget.run(() -> blobs.has(blob))) {
                return;
            }
            session = budget.run(this::resumed);
        }
    }

    private void send() throws IOException {
        if (session.offset() == 0 && blob.size() <= chunk) {
            finish(slice(0, blob.size()));
            return;
        }
        while (session.offset() < blob.size()) {
            long left = blob.size() - session.offset();
            sendChunk(session.offset() + Math.min(left, Math.max(chunk, session.smallestChunk())));
        }
        finish(HttpRequest.Body.of(new byte[0]));
    }

    private BlobSlice slice(long from, long to) {
        return new BlobSlice(blob, source, from, to);
    }

    private void sendChunk(long end) throws IOException {
        session = chunks.send(session, end, slice(session.offset(), end));
        noteProgress();
    }

    private void finish(HttpRequest.Body rest) throws IOException {
        chunks.finish(session, blob.digest(), rest);
    }

    private void noteProgress() {
        if (session.offset() > furthest) {
            furthest = session.offset();
            budget.progressed();
        }
    }

    /** Waits before going on, or throws the failure when going on is of no use. */
    private void pause(IOException failure) throws IOException {
        switch (status(failure)) {
            case 404, 416 -> budget.afterSetback(failure);
            case 413 -> {
                halveChunk(failure);
                budget.afterSetback(failure);
            }
            default -> budget.afterFailure(failure);
        }
    }

    private void halveChunk(IOException failure) throws IOException {
        if (chunk <= SMALLEST_CHUNK) {
            throw failure;
        }
        chunk = Math.max(Math.min(Math.min(chunk, blob.size()) / 2, SMALLER_CHUNK), SMALLEST_CHUNK);
    }

    private static int status(IOException failure) {
        return failure instanceof RegistryException refusal ? refusal.status().orElse(0) : 0;
    }

    /** The session as the registry now knows it, or a new one when it knows it no more. */
    private UploadSession resumed() throws IOException {
        HttpRequest request = HttpRequest.get(session.location());
        try (HttpAnswer answer = endpoint.send(request, blobs.scope())) {
            OptionalLong reached = answer.isSuccess() ? UploadSession.offset(answer) : OptionalLong.empty();
            if (reached.isPresent() && reached.getAsLong() <= blob.size()) {
                URI next = answer.field("Location").isPresent() ? endpoint.location(answer) : session.location();
                session = session.movedTo(next, reached.getAsLong());
                noteProgress();
                return session;
            }
        }
        return blobs.start();
    }
}
