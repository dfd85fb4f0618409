package dev.jbuild.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

final class EngineOutputTest {
    private final List<String> lines = new ArrayList<>();
    private final EngineOutput output = new EngineOutput(new SystemStreamLog() {
        @Override
        public void info(CharSequence content) {
            lines.add("info " + content);
        }

        @Override
        public void warn(CharSequence content) {
            lines.add("warn " + content);
        }

        @Override
        public void error(CharSequence content) {
            lines.add("error " + content);
        }
    });

    @Test
    void stepsAreNumberedInTheOrderInWhichTheyAreSeen() throws IOException {
        output.line("{\"vertexes\":[{\"digest\":\"sha256:aa\",\"name\":\"[1/2] FROM base\",\"started\":\"x\"}]}");
        output.line("{\"vertexes\":[{\"digest\":\"sha256:bb\",\"name\":\"[2/2] RUN make\",\"started\":\"x\"}]}");
        output.line("{\"logs\":[{\"vertex\":\"sha256:bb\",\"stream\":1,\"data\":\"b25lCnR3bwo=\"}]}");
        output.line("{\"vertexes\":[{\"digest\":\"sha256:aa\",\"cached\":true,\"completed\":\"x\"}]}");
        output.line("{\"vertexes\":[{\"digest\":\"sha256:bb\",\"completed\":\"x\"}]}");
        assertThat(lines)
                .containsExactly(
                        "info #1 [1/2] FROM base",
                        "info #2 [2/2] RUN make",
                        "info #2 one",
                        "info #2 two",
                        "info #1 CACHED",
                        "info #2 DONE");
    }

    @Test
    void failuresAndWarningsKeepTheirLevel() throws IOException {
        output.line("{\"vertexes\":[{\"digest\":\"sha256:aa\",\"error\":\"exit code: 1\",\"completed\":\"x\"}]}");
        output.line("{\"warnings\":[{\"level\":1,\"short\":\"careful\"}]}");
        assertThat(lines).containsExactly("error #1 ERROR: exit code: 1", "warn careful");
    }

    @Test
    void whatIsNoJsonIsTheExplanationOfAFailure() throws IOException {
        output.line("Dockerfile:2");
        output.line("{ this is no JSON either");
        output.line("ERROR: it did not work");
        assertThat(output.failure("otherwise"))
                .isEqualTo("Dockerfile:2\n{ this is no JSON either\nERROR: it did not work");
        assertThat(new EngineOutput(new SystemStreamLog()).failure("otherwise")).isEqualTo("otherwise");
    }
}
