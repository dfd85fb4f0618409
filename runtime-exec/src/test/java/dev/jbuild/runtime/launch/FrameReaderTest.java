package dev.jbuild.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final byte[] EXIT_3 = {3, 0, 0, 0};

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final StringBuilder printed = new StringBuilder();

    private FrameReaderTest frame(int type, byte[] payload) {
        stream.write(type);
        stream.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length)
                .array());
        stream.writeBytes(payload);
        return this;
    }

    private FrameReaderTest frame(int type, String payload) {
        return frame(type, payload.getBytes(StandardCharsets.UTF_8));
    }

    private Report read() throws IOException {
        OutputSink sink = new OutputSink() {
            @Override
            public void stdout(byte[] bytes, int offset, int length) {
                printed.append("out ").append(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }

            @Override
            public void stderr(byte[] bytes, int offset, int length) {
                printed.append("err ").append(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        };
        return new FrameReader(new ByteArrayInputStream(stream.toByteArray()), sink).read();
    }

    @Test
    void outputGoesToTheSinkInOrderAndTheExitCodeToTheReport() throws IOException {
        Report report =
                frame(1, "a").frame(2, "b").frame(1, "c").frame(3, EXIT_3).read();
        assertThat(printed).hasToString("out aerr bout c");
        assertThat(report.exitCode()).isEqualTo(3);
        assertThat(report.notStarted()).isEmpty();
    }

    @Test
    void whatTheStepUsedAndWhichLimitsItMetAreKept() throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : new long[] {1_500_000, 250_000, 4096, 512, 1024}) {
            numbers.putLong(number);
        }
        Report report = frame(8, "it met its limit")
                .frame(9, "io.stat\0008:0 rbytes=1\n")
                .frame(10, numbers.array())
                .frame(3, EXIT_3)
                .read();
        assertThat(report.limits()).containsExactly("it met its limit");
        assertThat(report.readings()).containsExactly(Map.entry("io.stat", "8:0 rbytes=1\n"));
        assertThat(report.used())
                .isEqualTo(new Report.Used(Duration.ofMillis(1500), Duration.ofMillis(250), 4096, 512, 1024));
    }

    @Test
    void notesAndReasonsAreKept() throws IOException {
        Report report = frame(6, "no limit")
                .frame(5, "cannot execute x")
                .frame(3, EXIT_3)
                .read();
        assertThat(report.notes()).containsExactly("no limit");
        assertThat(report.notStarted()).hasValue("cannot execute x");
    }

    @Test
    void aFailureNamesCallErrnoAndWhat() {
        frame(4, "\1\0\0\0mount\0/proc\0Operation not permitted\0").frame(3, EXIT_3);
        assertThatThrownBy(this::read)
                .hasMessage("cannot set up the step: mount /proc: Operation not permitted")
                .isInstanceOfSatisfying(LaunchException.class, failure -> {
                    assertThat(failure.call()).isEqualTo("mount");
                    assertThat(failure.errno()).isEqualTo(1);
                    assertThat(failure.what()).isEqualTo("/proc");
                });
    }

    @Test
    void onlyAnOverlayThatCanNeverBeMountedIsUnsupported() {
        String what = "\0\0\0mount\0overlay\0said so\0";
        assertThat(isUnsupported(11, "\1" + what)).isTrue();
        assertThat(isUnsupported(11, "\26" + what)).as("EINVAL").isTrue();
        assertThat(isUnsupported(11, "\34" + what)).as("ENOSPC").isFalse();
        assertThat(isUnsupported(11, "\30" + what)).as("EMFILE").isFalse();
        assertThat(isUnsupported(4, "\1" + what)).as("not of overlayfs").isFalse();
    }

    private boolean isUnsupported(int type, String payload) {
        stream.reset();
        frame(type, payload);
        return catchThrowableOfType(LaunchException.class, this::read).isOverlayUnsupported();
    }

    @Test
    void theFirstFailureIsTheCause() {
        frame(4, "\0\0\0\0\0/dev is a link\0\0").frame(4, "\1\0\0\0write\0go\0Broken pipe\0");
        assertThatThrownBy(this::read).hasMessage("/dev is a link");
    }

    @Test
    void anEndWithoutAReportIsAnError() {
        assertThatThrownBy(frame(1, "a")::read).isInstanceOf(EOFException.class).hasMessageContaining("killed");
    }

    @Test
    void aFrameThatIsCutOffOrTooLongIsAnError() {
        stream.writeBytes(new byte[] {1, 5, 0, 0, 0, 'a'});
        assertThatThrownBy(this::read).isInstanceOf(EOFException.class);
        stream.reset();
        stream.writeBytes(new byte[] {1, 0, 0, 0, 0x7f});
        assertThatThrownBy(this::read).isInstanceOf(EOFException.class);
        stream.reset();
        stream.writeBytes(new byte[] {1, 0});
        assertThatThrownBy(this::read).isInstanceOf(EOFException.class);
    }

    @Test
    void anUnknownFrameIsAnError() {
        assertThatThrownBy(frame(99, "a")::read).hasMessageContaining("99");
    }
}
