package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciLogTest {
    @TempDir
    Path directory;

    private Report explain(int exitCode) throws IOException {
        Report report = new Report(exitCode, Optional.empty(), List.of(), Optional.empty());
        return new OciLog(directory.resolve("log"), directory.resolve("words")).explain(report, "runtime");
    }

    private void log(String text) throws IOException {
        Files.writeString(directory.resolve("log"), text);
    }

    private void lastWords(String text) throws IOException {
        Files.writeString(directory.resolve("words"), text);
    }

    private static String error(String message) {
        return "{\"level\": \"error\",\n \"msg\": \"" + message + "\"}\n";
    }

    private void fails(String words) {
        assertThatThrownBy(() -> explain(1))
                .isInstanceOf(OciRuntimeException.class)
                .hasMessage("the OCI runtime runtime failed: " + words);
    }

    @Test
    void anExitCodeWithoutAnErrorIsTheCommands() throws IOException {
        assertThat(explain(3).exitCode()).isEqualTo(3);
        log("{\"level\": \"warning\", \"msg\": \"an old kernel\"}\n");
        lastWords("");
        assertThat(explain(3).exitCode()).isEqualTo(3);
    }

    @Test
    void aStepThatWorkedIsNoFailureWhateverTheLogSays() throws IOException {
        log(error("could not remove something"));
        assertThat(explain(0).exitCode()).isZero();
    }

    @Test
    void theLastErrorOfSeveralIsTheRuntimes() throws IOException {
        log(error("the first") + error("the last"));
        fails("the last");
    }

    @Test
    void aLogThatIsNoJsonIsTold() throws IOException {
        log("no\n  JSON");
        fails("no JSON");
    }

    @Test
    void aCommandThatIsNotThereIs127InTheWordsOfAnyRuntime() throws IOException {
        for (String words : List.of(
                "exec: \\\"x\\\": executable file not found in $PATH",
                "executable file `x` not found in $PATH: No such file or directory",
                "error finding executable \\\"x\\\" in PATH: no such file or directory")) {
            log(error(words));
            assertThat(explain(1).exitCode()).as(words).isEqualTo(127);
            assertThat(explain(1).notStarted()).isPresent();
        }
    }

    @Test
    void aCommandThatMayNotBeExecutedIs126InTheWordsOfAnyRuntime() throws IOException {
        for (String words : List.of(
                "exec /x: permission denied",
                "open executable: Permission denied",
                "failed to load /x: permission denied")) {
            log(error(words));
            assertThat(explain(1).exitCode()).as(words).isEqualTo(126);
        }
    }

    @Test
    void aPanicIsTheCauseOfWhateverTheLogSays() throws IOException {
        log(error("waiting for the sandbox: EOF"));
        lastWords("panic: of its kernel\n\ngoroutine 1\n");
        fails("panic: of its kernel");
    }

    @Test
    void otherLastWordsOnlyFollowFromWhatTheLogSays() throws IOException {
        lastWords("unable to read from the sync descriptor\n");
        fails("unable to read from the sync descriptor");
        log(error("no network"));
        fails("no network");
    }

    @Test
    void hostileLastWordsAreOneShortLineWithoutControlCharacters() throws IOException {
        lastWords("panic: \u001b[2J" + "x".repeat(100_000));
        assertThatThrownBy(() -> explain(1))
                .message()
                .contains("panic: ?[2Jxxx")
                .doesNotContain("\u001b")
                .hasSizeLessThan(1100);
    }
}
