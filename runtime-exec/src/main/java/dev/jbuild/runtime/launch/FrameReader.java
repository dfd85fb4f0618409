package dev.jbuild.runtime.launch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the launcher's frames to their end: output goes to the sink as it comes, the rest becomes the report. */
final class FrameReader {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int EXIT = 3;
    private static final int FAILURE = 4;
    private static final int NOT_STARTED = 5;
    private static final int NOTE = 6;
    private static final int NO_NETWORK = 7;
    private static final int LIMIT = 8;
    private static final int READING = 9;
    private static final int USAGE = 10;
    private static final int NO_OVERLAY = 11;

    private static final int HEADER_BYTES = 5;
    private static final int MAX_PAYLOAD = 1 << 16;

    private final InputStream in;
    private final OutputSink sink;
    private final byte[] payload = new byte[MAX_PAYLOAD];

    private OptionalInt exitCode = OptionalInt.empty();
    private Optional<LaunchException> failure = Optional.empty();
    private Optional<String> notStarted = Optional.empty();
    private Optional<String> noNetwork = Optional.empty();
    private final List<String> notes = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();
    private final Map<String, String> readings = new HashMap<>();
    private Report.Used used = Report.Used.NOTHING;

    FrameReader(InputStream in, OutputSink sink) {
        this.in = in;
        this.sink = sink;
    }

    /** Reads until the launcher is gone. */
    Report read() throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        for (int n = in.readNBytes(header, 0, HEADER_BYTES); n > 0; n = in.readNBytes(header, 0, HEADER_BYTES)) {
            readFrame(header, n);
        }
        return report();
    }

    private void readFrame(byte[] header, int headerLength) throws IOException {
        int length = headerLength < HEADER_BYTES ? -1 : littleEndian(header, 1);
        if (length < 0 || length > MAX_PAYLOAD || in.readNBytes(payload, 0, length) < length) {
            throw new EOFException("the launcher's report is cut off or malformed");
        }
        take(header[0], length);
    }

    private void take(int type, int length) throws IOException {
        switch (type) {
            case STDOUT -> sink.stdout(payload, 0, length);
            case STDERR -> sink.stderr(payload, 0, length);
            case EXIT -> exitCode = OptionalInt.of(littleEndian(payload, 0));
            case FAILURE -> failure = failure.or(() -> Optional.of(failure(length, false)));
            case NO_OVERLAY -> failure = failure.or(() -> Optional.of(failure(length, true)));
            case NOT_STARTED -> notStarted = Optional.of(text(0, length));
            case NOTE -> notes.add(text(0, length));
            case NO_NETWORK -> noNetwork = Optional.of(text(0, length));
            case LIMIT -> limits.add(text(0, length));
            case READING -> takeReading(text(0, length));
            case USAGE -> used = used(ByteBuffer.wrap(payload, 0, length).order(ByteOrder.LITTLE_ENDIAN));
            default -> throw new IOException("the launcher sent a frame of unknown type " + type);
        }
    }

    // The first failure is the cause; what follows are its consequences.
    private Report report() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (exitCode.isEmpty() && noNetwork.isEmpty()) {
            throw new EOFException("the launcher ended without a report: it was killed");
        }
        return new Report(exitCode.orElse(-1), notStarted, notes, noNetwork, limits, used, readings);
    }

    private void takeReading(String text) {
        int end = text.indexOf('\0');
        readings.put(text.substring(0, end), text.substring(end + 1));
    }

    private static Report.Used used(ByteBuffer numbers) {
        return new Report.Used(
                Duration.of(numbers.getLong(), ChronoUnit.MICROS),
                Duration.of(numbers.getLong(), ChronoUnit.MICROS),
                numbers.getLong(),
                numbers.getLong(),
                numbers.getLong());
    }

    private LaunchException failure(int length, boolean isOfOverlay) {
        String[] texts = text(Integer.BYTES, length - Integer.BYTES).split("\0", -1);
        return new LaunchException(texts[0], littleEndian(payload, 0), texts[1], texts[2], isOfOverlay);
    }

    private String text(int offset, int length) {
        return new String(payload, offset, length, StandardCharsets.UTF_8);
    }

    private static int littleEndian(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }
}
