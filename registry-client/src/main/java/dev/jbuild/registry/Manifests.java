package dev.jbuild.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.Json;
import dev.jbuild.oci.Manifest;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The manifests of one repository (OCI distribution-spec "Pulling manifests", "Pushing Manifests"). */
final class Manifests {
    private static final String ACCEPTED = String.join(
            ", ", MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_INDEX, MediaTypes.DOCKER_MANIFEST);

    private static final String DIGEST_FIELD = "Docker-Content-Digest";

    private final Endpoint endpoint;
    private final String repository;

    Manifests(Endpoint endpoint, String repository) {
        this.endpoint = endpoint;
        this.repository = repository;
    }

    Optional<Descriptor> head(String reference) throws IOException {
        HttpRequest request = HttpRequest.head(uri(reference)).with("Accept", ACCEPTED);
        return endpoint.budget(request).run(() -> {
            try (HttpAnswer answer = endpoint.expect(request, Scope.pull(repository), 200, 404)) {
                return answer.status() == 404 ? Optional.empty() : Optional.of(described(answer, reference));
            }
        });
    }

    /** Digest, size and type by the fields of the answer; where the registry left one out, by the document. */
    private Descriptor described(HttpAnswer answer, String reference) throws IOException {
        Optional<Digest> digest = first(asDigest(reference), claimedDigest(answer));
        OptionalLong size = answer.length();
        String type = mediaType(answer);
        if (digest.isEmpty() || size.isEmpty() || isGeneric(type)) {
            return get(reference).descriptor();
        }
        requireSame(answer.request(), digest, claimedDigest(answer).orElse(digest.get()));
        return new Descriptor(type, digest.get(), size.getAsLong());
    }

    Document get(String reference) throws IOException {
        HttpRequest request = HttpRequest.get(uri(reference)).with("Accept", ACCEPTED);
        return endpoint.budget(request).run(() -> {
            try (HttpAnswer answer = endpoint.expect(request, Scope.pull(repository), 200)) {
                return document(answer, asDigest(reference));
            }
        });
    }

    private static Document document(HttpAnswer answer, Optional<Digest> wanted) throws IOException {
        byte[] bytes = answer.read(Manifest.MAX_BYTES);
        Optional<Digest> expected = first(wanted, claimedDigest(answer));
        if (expected.isPresent()) {
            requireSame(answer.request(), expected, digest(expected.get(), bytes));
        }
        String type = agreedType(answer, bytes);
        return new Document(new Descriptor(type, expected.orElseGet(() -> Digest.of(bytes)), bytes.length), bytes);
    }

    /** A document that its transport and itself name differently can be read in two ways (CVE-2021-41190). */
    private static String agreedType(HttpAnswer answer, byte[] bytes) throws IOException {
        String what = "the manifest of " + answer.request();
        return StrictJson.read(bytes, Manifest.MAX_BYTES, what, root -> agreedType(mediaType(answer), root, what));
    }

    private static String agreedType(String outside, JsonNode root, String what) throws IOException {
        String inside = Json.text(root, "mediaType");
        if (isGeneric(outside) && inside.isEmpty()) {
            throw refused(what + " does not say of which type it is");
        }
        if (!isGeneric(outside) && !inside.isEmpty() && !inside.equals(outside)) {
            throw refused(
                    what + " says it is " + Redacted.text(inside) + ", the registry says " + Redacted.text(outside));
        }
        if (root.has("manifests") && (root.has("layers") || root.has("config"))) {
            throw refused(what + " is an index and a manifest at once (CVE-2021-41190)");
        }
        return inside.isEmpty() ? outside : inside;
    }

    Descriptor put(String reference, String mediaType, byte[] document) throws IOException {
        HttpRequest request =
                HttpRequest.put(uri(reference), HttpRequest.Body.of(document)).with("Content-Type", mediaType);
        Descriptor sent = Descriptor.of(mediaType, document);
        requireSame(request, asDigest(reference), digest(asDigest(reference).orElse(sent.digest()), document));
        return endpoint.budget(request).run(() -> {
            try (HttpAnswer answer = endpoint.expect(request, Scope.push(repository), 201, 200)) {
                Optional<Digest> stored = claimedDigest(answer);
                requireSame(answer.request(), stored, digest(stored.orElse(sent.digest()), document));
                return sent;
            }
        });
    }

    private URI uri(String reference) {
        return endpoint.uri("/v2/" + repository + "/manifests/" + checked(reference));
    }

    private static String checked(String reference) {
        if (asDigest(reference).isEmpty() && !isTag(reference)) {
            throw new IllegalArgumentException("neither a tag nor a digest: " + Redacted.text(reference));
        }
        return reference;
    }

    /** The grammar of the OCI distribution-spec, "Pulling manifests". */
    private static boolean isTag(String text) {
        boolean wordsOnly = text.chars().allMatch(c -> isWord(c) || c == '.' || c == '-');
        return wordsOnly && !text.isEmpty() && text.length() <= 128 && isWord(text.charAt(0));
    }

    private static boolean isWord(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static Optional<Digest> asDigest(String reference) {
        return reference.indexOf(':') < 0 ? Optional.empty() : Optional.of(Digest.parse(reference));
    }

    private static Optional<Digest> first(Optional<Digest> one, Optional<Digest> other) {
        return one.isPresent() ? one : other;
    }

    private static Optional<Digest> claimedDigest(HttpAnswer answer) throws RegistryException {
        Optional<String> claimed = answer.field(DIGEST_FIELD);
        try {
            return claimed.map(Digest::parse);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    RegistryException.Kind.REFUSED, answer.request() + " is answered with an invalid digest", e);
        }
    }

    /** The digest of the bytes by the algorithm of the one that they are compared with. */
    private static Digest digest(Digest like, byte[] bytes) {
        return new Digest(
                like.algorithm(), HexFormat.of().formatHex(like.newHash().digest(bytes)));
    }

    private static void requireSame(HttpRequest request, Optional<Digest> expected, Digest actual)
            throws RegistryException {
        if (expected.isPresent() && !expected.get().equals(actual)) {
            throw refused(
                    request + ": the manifest " + expected.get() + " is corrupt: its content hashes to " + actual);
        }
    }

    /** The type without its parameters, in lower case; empty when absent. */
    private static String mediaType(HttpAnswer answer) {
        String field = answer.field("Content-Type").orElse("");
        int end = field.indexOf(';');
        return (end < 0 ? field : field.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Servers that know nothing of manifests call them so. */
    private static boolean isGeneric(String type) {
        return type.isEmpty()
                || type.equals("application/json")
                || type.equals("text/plain")
                || type.equals("application/octet-stream");
    }

    private static RegistryException refused(String why) {
        return new RegistryException(RegistryException.Kind.REFUSED, why);
    }
}
