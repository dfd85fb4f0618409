package dev.jbuild.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CredentialHelperProcessTest {
    @TempDir
    private Path folder;

    private CredentialHelperProcess helpers(Duration timeout) {
        return new CredentialHelperProcess(folder + "/docker-credential-", timeout);
    }

    private void install(String name, String script) throws IOException {
        Path program = Files.writeString(folder.resolve("docker-credential-" + name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aHelperIsToldTheServerAndGivesTheLogin() throws IOException {
        install("echo", "echo \"$1 $(cat)\"; echo noise >&2; exit 3");

        assertThat(helpers(Duration.ofSeconds(30)).get("echo", "https://r.io"))
                .isEqualTo(new CredentialHelper.Reply(3, "get https://r.io\n"));
    }

    @Test
    void aHelperThatNeverAnswersIsStopped() throws IOException {
        install("slow", "exec sleep 600");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> helpers(Duration.ofMillis(300)).get("slow", "r.io"))
                .withMessageContaining("did not answer");
    }

    @Test
    void aHelperThatNeverEndsItsAnswerIsStopped() throws IOException {
        install("endless", "exec cat /dev/zero");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> helpers(Duration.ofSeconds(30)).get("endless", "r.io"))
                .withMessageContaining("more than the limit of 65536 bytes");
    }

    @Test
    void aHelperNeedNotReadWhatItIsTold() throws IOException {
        install("deaf", "exec <&-; echo ok");

        assertThat(helpers(Duration.ofSeconds(30)).get("deaf", "r.io").output()).isEqualTo("ok\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../evil", "a b", "a/b", "a\0b", "a;b"})
    void theNameOfAHelperCannotLeadElsewhere(String name) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new CredentialHelperProcess().get(name, "r.io"))
                .withMessageContaining("not the name of a credential helper");
    }

    @Test
    void aHelperThatIsNotInstalledIsNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new CredentialHelperProcess().get("of-nobody", "r.io"))
                .withMessageContaining("docker-credential-of-nobody");
    }
}
