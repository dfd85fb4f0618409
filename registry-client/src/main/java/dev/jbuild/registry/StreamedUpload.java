package dev.jbuild.registry;

import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.GrowingBlob;
import java.io.IOException;
import java.io.InputStream;

/** A long blob on its way out while it is being written: a piece is sent whenever there is one. */
final class StreamedUpload {
    /** Shorter blobs are sent at once when they are whole, in fewer requests. */
    private static final long PIECE = 16L * 1024 * 1024;

    private final Blobs blobs;
    private final Chunks chunks;
    private final GrowingBlob blob;
    private final long piece;

    StreamedUpload(Endpoint endpoint, Blobs blobs, GrowingBlob blob) {
        this.blobs = blobs;
        this.chunks = new Chunks(endpoint, blobs.scope());
        this.blob = blob;
        this.piece = Math.min(PIECE, endpoint.uploadChunk());
    }

    /** Whether the registry has the blob in the end. */
    boolean run() throws InterruptedException {
        try {
            if (blob.await(piece).whole().isPresent()) {
                return false;
            }
            return new Sending(blobs.start()).all();
        } catch (IOException e) {
            // The upload of the whole blob follows; it meets the same again and then tells of it.
            return false;
        }
    }

    /** From the session's beginning on. */
    private final class Sending {
        private UploadSession session;

        Sending(UploadSession opened) {
            this.session = opened;
        }

        boolean all() throws IOException, InterruptedException {
            boolean taken = false;
            try {
                Descriptor whole = whileItGrows();
                // It may have come there in another way; then the registry need not check and keep this one.
                if (!blobs.has(whole)) {
                    upTo(whole.size());
                    chunks.finish(session, whole.digest(), HttpRequest.Body.of(new byte[0]));
                    taken = true;
                }
                return true;
            } finally {
                if (!taken) {
                    blobs.cancel(session);
                }
            }
        }

        private Descriptor whileItGrows() throws IOException, InterruptedException {
            while (true) {
                long wanted = session.offset() + step();
                GrowingBlob.Extent there = blob.await(wanted);
                if (there.whole().isPresent()) {
                    return there.whole().get();
                }
                send(wanted);
            }
        }

        private void upTo(long size) throws IOException {
            while (session.offset() < size) {
                send(Math.min(size, session.offset() + step()));
            }
        }

        private long step() {
            return Math.max(piece, session.smallestChunk());
        }

        private void send(long end) throws IOException {
            session = chunks.send(session, end, new Piece(blob, session.offset(), end));
        }
    }

    private record Piece(GrowingBlob blob, long from, long to) implements HttpRequest.Body {
        @Override
        public long length() {
            return to - from;
        }

        @Override
        public InputStream open() throws IOException {
            return blob.open(from, to);
        }
    }
}
