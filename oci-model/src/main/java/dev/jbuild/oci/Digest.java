package dev.jbuild.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The content address of a blob: {@code sha256:} and 64 lower-case hex digits.
 *
 * <p>A digest is put into paths and URLs, so nothing else may pass (OCI image-spec "Digests"; CVE-2024-3727). jbuild
 * writes sha256 only; sha512, the other registered algorithm, is accepted when read.
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
    public Digest {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha512" -> 128;
            default -> throw new IllegalArgumentException("unknown digest algorithm: " + Quoted.of(algorithm));
        };
        if (hex.length() != length || !isLowerHex(hex)) {
            throw new IllegalArgumentException("not " + length + " lower-case hex digits: " + Quoted.of(hex));
        }
    }

    /** Reads {@code algorithm:hex}; anything else is an {@link IllegalArgumentException}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not a digest (algorithm:hex): " + Quoted.of(text));
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The SHA-256 digest of these bytes. */
    public static Digest of(byte[] content) {
        return ofSha256(sha256().digest(content));
    }

    /** Wraps a finished SHA-256 value of 32 bytes. */
    public static Digest ofSha256(byte[] hash) {
        return new Digest("sha256", HexFormat.of().formatHex(hash));
    }

    /** A fresh SHA-256 computation; every Java platform has one. */
    public static MessageDigest sha256() {
        return newHash("SHA-256");
    }

    /** A fresh computation of this digest's own algorithm, to check content against it. */
    public MessageDigest newHash() {
        return newHash(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
    }

    /** Whether a finished hash of {@link #newHash()} is this digest. */
    public boolean matches(byte[] hash) {
        return HexFormat.of().formatHex(hash).equals(hex);
    }

    /** The first twelve hex digits, for people. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static MessageDigest newHash(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks " + name, e);
        }
    }

    private static boolean isLowerHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
