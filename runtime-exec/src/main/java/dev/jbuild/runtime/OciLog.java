package dev.jbuild.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an OCI runtime wrote down of how a step ended, which decides whether the exit code is the command's or the runtime's.
 *
 * @param log its documents, one a line with runc, over several lines with crun
 * @param lastWords where gVisor's kernel puts those of a panic, and runsc those of a process that it lost
 */
record OciLog(Path log, Path lastWords) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int NOT_FOUND = 127;
    private static final int CANNOT_EXECUTE = 126;

    /** What is read of the last words, in bytes. */
    private static final int MOST_WORDS = 1000;

    /**
     * The report, as a shell would tell it where there was nothing to execute.
     *
     * @throws OciRuntimeException with the runtime's own words, when it failed, and not the command
     */
    Report explain(Report report, String runtime) throws IOException {
        Optional<String> error = report.exitCode() == 0 ? Optional.empty() : error();
        if (error.isEmpty()) {
            return report;
        }
        String message = error.get();
        if (!isOfCommand(message)) {
            throw new OciRuntimeException("the OCI runtime " + runtime + " failed: " + message);
        }
        boolean absent = message.contains("not found") || message.contains("no such file");
        return report.withEnd(absent ? NOT_FOUND : CANNOT_EXECUTE, Optional.of(message));
    }

    /** A panic is the cause of whatever the log tells then; other last words only follow from that. */
    private Optional<String> error() throws IOException {
        Optional<String> words = firstWords();
        boolean isPanic = words.filter(line -> line.startsWith("panic: ")).isPresent();
        return isPanic ? words : lastError().or(() -> words);
    }

    /** runc says exec, the others what they looked for. */
    private static boolean isOfCommand(String message) {
        return Stream.of(
                        "exec: ",
                        "exec /",
                        "error finding executable",
                        "failed to load /",
                        "executable file `",
                        "open executable: ")
                .anyMatch(message::contains);
    }

    // A kernel that a hostile step has brought down may have written it: bytes of any kind, and any number of them.
    private Optional<String> firstWords() throws IOException {
        if (!Files.exists(lastWords)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(lastWords)) {
            String words = new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8).strip();
            return words.lines().findFirst().map(line -> line.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private Optional<String> lastError() throws IOException {
        Optional<String> last = Optional.empty();
        if (!Files.exists(log)) {
            return last;
        }
        String text = Files.readString(log);
        try (MappingIterator<JsonNode> entries =
                MAPPER.readerFor(JsonNode.class).readValues(text)) {
            while (entries.hasNextValue()) {
                JsonNode entry = entries.nextValue();
                if (entry.path("level").asText().equals("error")) {
                    last = Optional.of(entry.path("msg").asText());
                }
            }
        } catch (JsonProcessingException e) {
            // Its own words, whatever their form, tell more than that they are no JSON.
            return last.or(() -> Optional.of(text.strip().replaceAll("\\s+", " ")));
        }
        return last;
    }
}
