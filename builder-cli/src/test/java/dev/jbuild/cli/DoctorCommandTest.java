package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.runtime.Diagnosis;
import dev.jbuild.runtime.Diagnosis.Check;
import dev.jbuild.runtime.Diagnosis.State;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
    @Test
    void theRungIsToldAndAFixForEachThingThatLacks() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Diagnosis diagnosis = new Diagnosis(
                "root: all of it",
                true,
                List.of(
                        new Check("seccomp", State.GOOD, "works", Optional.empty()),
                        new Check("network", State.LESS, "no pasta\u001b[2J", Optional.of("apt install passt"))));
        DoctorCommand.print(diagnosis, new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.matches("seccomp +ok +works"))
                .anyMatch(line -> line.startsWith("network") && line.contains("less") && !line.contains("\u001b"))
                .contains("Rung: root: all of it", "To mend network: apt install passt");
    }
}
