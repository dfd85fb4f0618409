package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final int LIMIT = 1000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}{}",
                "{} x",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "// comment\n{}",
                "{\"a\":1,}",
                "\"\\u12\""
            })
    void refusesWhatIsNotOneStrictDocument(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class).hasMessageStartingWith("the test ");
    }

    @Test
    void refusesOneByteMoreThanTheLimit() throws Exception {
        byte[] fits = "[]".getBytes(StandardCharsets.US_ASCII);

        assertThat(Json.parse(fits, 2, "the test")).isEmpty();
        assertThatThrownBy(() -> Json.parse(fits, 1, "the test")).hasMessageContaining("the limit is 1");
    }

    @Test
    void refusesOneLevelMoreThanTheDepth() throws Exception {
        int depth = Json.MAX_DEPTH;

        assertThat(parse("[".repeat(depth) + "]".repeat(depth)).isArray()).isTrue();
        assertThatThrownBy(() -> parse("[".repeat(depth + 1) + "]".repeat(depth + 1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void absentAndNullReadAsEmpty() throws Exception {
        JsonNode object = parse("{\"text\":null,\"texts\":null,\"map\":null}");

        assertThat(Json.text(object, "text")).isEmpty();
        assertThat(Json.text(object, "absent")).isEmpty();
        assertThat(Json.texts(object, "texts")).isEmpty();
        assertThat(Json.textMap(object, "map")).isEmpty();
    }

    @Test
    void refusesValuesOfAnotherType() throws Exception {
        JsonNode object = parse("{\"text\":1,\"texts\":\"a\",\"mixed\":[\"a\",1],\"map\":{\"a\":[]}}");

        for (String key : List.of("text", "texts", "mixed", "map")) {
            assertThatThrownBy(() -> {
                        switch (key) {
                            case "text" -> Json.text(object, key);
                            case "map" -> Json.textMap(object, key);
                            default -> Json.texts(object, key);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("\"" + key + "\"");
        }
    }

    private static JsonNode parse(String text) throws IOException {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8), LIMIT, "the test");
    }
}
