package dev.jbuild.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
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

    @Test
    void treesAreReadAndWrittenAsJacksonsMapperDoes() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 300; round++) {
            JsonNode tree = tree(random, 5);
            byte[] written = mapper.writeValueAsBytes(tree);
            assertThat(Json.bytes(tree)).asString(UTF_8).isEqualTo(new String(written, UTF_8));
            assertThat(Json.parse(written, written.length, "a tree")).isEqualTo(mapper.readTree(written));
        }
    }

    @Test
    void aNumberThatNoDoubleHoldsIsRefused() {
        assertThatThrownBy(() -> Json.parse("{\"n\":1e400}".getBytes(UTF_8), LIMIT, "a config"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1e400");
    }

    @Test
    void bytesAreWrittenInBase64() {
        byte[] bytes = {1, 2, (byte) 255};
        assertThat(Json.bytes(Json.object().put("log", bytes))).asString(UTF_8).isEqualTo("{\"log\":\"AQL/\"}");
    }

    private static JsonNode tree(SplittableRandom random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        int kind = random.nextInt(depth == 0 ? 7 : 11);
        return switch (kind) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt());
            case 3 -> nodes.numberNode(random.nextLong());
            case 4 -> nodes.numberNode(BigInteger.valueOf(random.nextLong()).pow(3));
            case 5 -> nodes.numberNode((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20));
            case 6 -> nodes.textNode("t\u0001\"\\/é\ud83d\ude00<".substring(random.nextInt(5)));
            case 7, 8 -> {
                ArrayNode array = nodes.arrayNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    array.add(tree(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = nodes.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set("key" + random.nextInt(100), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }
}
