package dev.jbuild.registry;

import dev.jbuild.oci.CorruptBlobException;
import dev.jbuild.oci.NoSuchBlobException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;

/** How often, and after which pauses, one request may be tried again. */
final class RetryBudget {
    /** Something that may fail for a while. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    /** A host that is not there is more often a typing error than an outage. */
    private static final int MOST_CONNECTS = 3;

    private final String what;
    private final HttpLimits limits;
    private final Timing timing;
    private int failures;
    private Duration waited = Duration.ZERO;

    /** @param what the request, for messages */
    RetryBudget(String what, HttpLimits limits, Timing timing) {
        this.what = what;
        this.limits = limits;
        this.timing = timing;
    }

    /** Runs it until it succeeds or the budget is used up. */
    <T> T run(Attempt<T> attempt) throws IOException {
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                afterFailure(e);
            }
        }
    }

    /** The transfer moved on: a long one over a poor line may fail any number of times. */
    void progressed() {
        failures = 0;
    }

    /** Pauses before the next attempt, or throws why there is none: the failure would only repeat itself. */
    void afterFailure(IOException failure) throws IOException {
        if (!isTransient(failure)) {
            failures++;
            throw explained(failure);
        }
        afterSetback(failure);
    }

    /** As {@link #afterFailure} for a failure that the next attempt will go about in another way. */
    void afterSetback(IOException failure) throws IOException {
        failures++;
        if (Thread.currentThread().isInterrupted()) {
            throw explained(failure);
        }
        Duration wait = wait(failure);
        waited = waited.plus(wait);
        int most = isUnreachable(failure) ? Math.min(MOST_CONNECTS, limits.attempts()) : limits.attempts();
        if (failures >= most || waited.compareTo(limits.totalWait()) > 0) {
            throw explained(failure);
        }
        timing.pause(wait);
    }

    /** Full jitter, so that many clients that failed together do not come back together. */
    private Duration wait(IOException failure) {
        Duration ceiling = min(FIRST_WAIT.multipliedBy(1L << Math.min(failures, 16)), limits.longestWait());
        Duration jitter = Duration.ofNanos((long) (ceiling.toNanos() * timing.random()));
        Duration asked = failure instanceof RegistryException refusal ? refusal.retryAfter() : Duration.ZERO;
        return asked.isZero() ? jitter : min(asked.plus(jitter), limits.longestWait());
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    static boolean isTransient(IOException failure) {
        return switch (failure) {
            case RegistryException refusal -> refusal.kind() == RegistryException.Kind.UNAVAILABLE;
            case BodyEntity.SourceException source -> false;
            case CorruptBlobException corrupt -> false;
            case NoSuchBlobException absent -> false;
            default -> !isUntrusted(failure);
        };
    }

    private static boolean isUnreachable(IOException failure) {
        return failure instanceof ConnectException || failure instanceof UnknownHostException;
    }

    private static boolean isUntrusted(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private IOException explained(IOException failure) {
        return switch (failure) {
            case BodyEntity.SourceException source -> source.reason();
            case RegistryException told when failures == 1 -> told;
            case CorruptBlobException told -> told;
            case NoSuchBlobException told -> told;
            case RegistryException told -> new RegistryException(told, attempts());
            default ->
                new RegistryException(
                        RegistryException.Kind.UNAVAILABLE, what + ": " + plain(failure) + attempts(), failure);
        };
    }

    private String attempts() {
        return failures == 1 ? "" : " (after " + failures + " attempts)";
    }

    /** Java's messages for what users meet most say too little. */
    private static String plain(IOException failure) {
        String message = Redacted.text(String.valueOf(failure.getMessage()));
        if (failure instanceof UnknownHostException) {
            return "no address is known for the host " + message;
        }
        if (message.startsWith("Unsupported or unrecognized SSL message")) {
            return "the server does not speak TLS; a registry that speaks plain HTTP must be listed as insecure";
        }
        return message;
    }
}
