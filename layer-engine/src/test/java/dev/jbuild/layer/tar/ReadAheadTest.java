package dev.jbuild.layer.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadAheadTest {
    @Test
    void passesAllBytesInOrder() throws Exception {
        byte[] content = new byte[5_000_001];
        new Random(1).nextBytes(content);

        try (ReadAhead in = new ReadAhead(new ByteArrayInputStream(content))) {
            assertThat(in.read()).isEqualTo(content[0] & 0xff);
            assertThat(in.readNBytes(content.length))
                    .isEqualTo(java.util.Arrays.copyOfRange(content, 1, content.length));
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void passesOnWhatTheStreamThrowsAndNothingAfterIt() throws Exception {
        IOException failure = new IOException("torn");
        InputStream torn = new SequenceInputStream(new ByteArrayInputStream(new byte[1 << 20]), stream((_, _, _) -> {
            throw failure;
        }));

        try (ReadAhead in = new ReadAhead(torn)) {
            assertThatThrownBy(in::readAllBytes).isSameAs(failure);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void passesOnErrorsToo() throws Exception {
        InputStream faulty = stream((_, _, _) -> {
            throw new IllegalStateException("a bug");
        });

        try (ReadAhead in = new ReadAhead(faulty)) {
            assertThatThrownBy(in::read).hasMessage("a bug");
        }
    }

    @Test
    void readsOnlySomeBuffersAhead() throws Exception {
        AtomicLong read = new AtomicLong();
        CountDownLatch filled = new CountDownLatch(1);
        InputStream endless = stream((_, _, length) -> {
            if (read.addAndGet(length) >= 2 << 20) {
                filled.countDown();
            }
            return length;
        });

        try (ReadAhead in = new ReadAhead(endless)) {
            filled.await();
            assertThat(in.read()).isZero();
            Thread.sleep(50);
            assertThat(read.get()).isLessThanOrEqualTo(3 << 20);
        }
    }

    @Test
    void closeEndsTheOtherThreadAndClosesTheStream() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream endless = new FilterInputStream(stream((_, _, length) -> length)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };

        new ReadAhead(endless).close();

        assertThat(closed).isTrue();
    }

    @Test
    void waitingReaderCanBeInterrupted() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        InputStream stuck = stream((_, _, _) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        });

        ReadAhead in = new ReadAhead(stuck);
        Thread.currentThread().interrupt();
        assertThatThrownBy(in::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        in.close();
    }

    @FunctionalInterface
    private interface Reading {
        int read(byte[] buffer, int offset, int length) throws IOException;
    }

    private static InputStream stream(Reading reading) {
        return new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return reading.read(buffer, offset, length);
            }
        };
    }
}
