package dev.jbuild.registry;

import dev.jbuild.oci.BlobSource;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.GrowingBlob;
import dev.jbuild.oci.VerifyingInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The blobs of one repository. */
final class Blobs {
    private final Endpoint endpoint;
    private final String repository;

    Blobs(Endpoint endpoint, String repository) {
        this.endpoint = endpoint;
        this.repository = repository;
    }

    URI uri(Digest digest) {
        return endpoint.uri("/v2/" + repository + "/blobs/" + digest);
    }

    /** The scope of all requests of an upload: one token serves them all. */
    Scope scope() {
        return Scope.push(repository);
    }

    InputStream open(Descriptor blob) throws IOException {
        URI uri = uri(blob.digest());
        BlobDownload download = BlobDownload.open(endpoint, uri, Scope.pull(repository), blob);
        return new VerifyingInputStream(download, blob, endpoint.registry() + "/" + repository);
    }

    /** Asked before an upload, hence with the upload's scope. */
    boolean has(Descriptor blob) throws IOException {
        HttpRequest request = HttpRequest.head(uri(blob.digest()));
        return endpoint.budget(request).run(() -> {
            try (HttpAnswer answer = endpoint.expect(request, scope(), 200, 404)) {
                return answer.status() == 200 && answer.length().orElse(blob.size()) == blob.size();
            }
        });
    }

    void upload(Descriptor blob, BlobSource source, List<String> mountFrom) throws IOException {
        if (has(blob)) {
            return;
        }
        Optional<UploadSession> offered = Optional.empty();
        for (String other : mountFrom) {
            Mounting mounting = tryMount(blob, other);
            if (mounting.done()) {
                return;
            }
            if (mounting.instead().isPresent()) {
                offered.ifPresent(this::cancel);
                offered = mounting.instead();
            }
        }
        UploadSession session = offered.isPresent() ? offered.get() : start();
        new BlobUpload(endpoint, this, blob, source, session).run();
    }

    /** As {@link Repository#stream}. */
    boolean stream(GrowingBlob blob) throws InterruptedException {
        return new StreamedUpload(endpoint, this, blob).run();
    }

    boolean mount(Descriptor blob, String from) throws IOException {
        Mounting mounting = tryMount(blob, from);
        mounting.instead().ifPresent(this::cancel);
        return mounting.done();
    }

    /** What came of a mount: it is done, or the registry may have opened an upload session instead. */
    private record Mounting(boolean done, Optional<UploadSession> instead) {}

    private Mounting tryMount(Descriptor blob, String from) throws IOException {
        HttpRequest request = HttpRequest.post(uploads("?mount=" + blob.digest() + "&from=" + from));
        try {
            return endpoint.budget(request).run(() -> mountOnce(request, from));
        } catch (RegistryException e) {
            return switch (e.kind()) {
                // Not to be allowed to read the other repository is no error: the upload says what it is allowed.
                case DENIED, NOT_FOUND, REJECTED -> new Mounting(false, Optional.empty());
                case REFUSED, UNAVAILABLE -> throw e;
            };
        }
    }

    private Mounting mountOnce(HttpRequest request, String from) throws IOException {
        try (HttpAnswer answer = endpoint.expect(request, scope().andPull(from), 201, 202)) {
            return answer.status() == 201
                    ? new Mounting(true, Optional.empty())
                    : new Mounting(false, Optional.of(UploadSession.opened(answer, endpoint.location(answer))));
        }
    }

    void cancel(UploadSession session) {
        try {
            endpoint.send(HttpRequest.delete(session.location()), scope()).close();
        } catch (IOException e) {
            // A courtesy: registries drop sessions that nobody goes on with, and nothing of ours depends on it.
            return;
        }
    }

    UploadSession start() throws IOException {
        HttpRequest request = HttpRequest.post(uploads(""));
        return endpoint.budget(request).run(() -> {
            try (HttpAnswer answer = endpoint.expect(request, scope(), 202)) {
                return UploadSession.opened(answer, endpoint.location(answer));
            }
        });
    }

    private URI uploads(String query) {
        return endpoint.uri("/v2/" + repository + "/blobs/uploads/" + query);
    }
}
