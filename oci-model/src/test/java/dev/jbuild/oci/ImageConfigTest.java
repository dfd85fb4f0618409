package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageConfigTest {
    private static final Digest DIFF_ID = Digest.parse("sha256:" + "cd".repeat(32));

    @Test
    void readsWhatItWrites() throws Exception {
        ImageConfig config = full();

        assertThat(ImageConfig.parse(config.toBytes(), "c")).isEqualTo(config);
    }

    @Test
    void leavesOutWhatIsEmptyAndKeepsBuildKitsOrder() {
        ImageConfig config = ImageConfig.empty(Platform.parse("linux/arm64"));

        assertThat(new String(config.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"architecture\":\"arm64\",\"config\":{},\"history\":[],\"os\":\"linux\","
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    }

    @Test
    void labelsAreWrittenSortedWhateverTheirOrder() {
        ContainerConfig oneWay = ContainerConfig.EMPTY.withLabel("b", "2").withLabel("a", "1");
        ContainerConfig other = ContainerConfig.EMPTY.withLabel("a", "1").withLabel("b", "2");
        ImageConfig image = ImageConfig.empty(Platform.parse("amd64"));

        assertThat(image.withConfig(oneWay).toBytes())
                .isEqualTo(image.withConfig(other).toBytes());
    }

    @Test
    void goWritersNullsReadAsEmpty() throws Exception {
        ImageConfig config = parse("{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":null,\"author\":null,"
                + "\"config\":{\"Env\":null,\"Cmd\":null,\"Volumes\":null,\"Labels\":null,\"Healthcheck\":null,"
                + "\"ExposedPorts\":null,\"OnBuild\":null,\"Shell\":null,\"User\":null},"
                + "\"history\":null,\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}}");

        assertThat(config).isEqualTo(ImageConfig.empty(Platform.parse("amd64")));
    }

    @Test
    void createdIsKeptAsWritten() throws Exception {
        ImageConfig config =
                parse("{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":\"2026-11-22T01:02:03.040506070Z\"}");

        assertThat(config.created()).contains("2026-11-22T01:02:03.040506070Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"architecture\":\"amd64\"}",
                "{\"architecture\":\"../x\",\"os\":\"linux\"}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"os\":\"linux\"}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"HOME\"]}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"*\"]}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"=x\"]}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"A=\\u0000\"]}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":\"A=b\"}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[1]}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Labels\":{\"a\":1}}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[\"sha256:x\"]}}",
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[null]}}"
            })
    void refusesHostileDocuments(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class).hasMessageContaining("config x");
    }

    @Test
    void environmentOfAConfigIsAMapInOrderWhereTheLaterWins() throws Exception {
        ContainerConfig config =
                ContainerConfig.EMPTY.copy().env(List.of("B=1", "A=x=y", "B=2")).build();

        assertThat(config.environment()).containsExactly(Map.entry("B", "2"), Map.entry("A", "x=y"));
        assertThat(config.withEnv("C", "").env()).containsExactly("B=2", "A=x=y", "C=");
    }

    private static ImageConfig full() {
        ContainerConfig container = new ContainerConfig(
                "1000:100",
                new TreeSet<>(List.of("80/tcp", "53/udp")),
                List.of("PATH=/bin", "EMPTY="),
                List.of("/entry"),
                List.of("a", "b c"),
                new TreeSet<>(List.of("/data")),
                "/work",
                Map.of("k", "v\n\u00e4\u2028"),
                "SIGTERM",
                true,
                Optional.of(new Healthcheck(List.of("CMD", "true"), 1_000_000_000L, 2, 3, 4, 5)),
                List.of("RUN x"),
                List.of("/bin/sh", "-c"));
        return new ImageConfig(
                Platform.parse("linux/arm/v7"),
                Optional.of("2026-01-01T00:00:00Z"),
                "someone",
                container,
                List.of(DIFF_ID),
                List.of(
                        new History(Optional.empty(), "RUN a", "", "buildkit", false),
                        new History(Optional.of("2026-01-01T00:00:00Z"), "ENV b", "x", "", true)));
    }

    private static ImageConfig parse(String text) throws IOException {
        return ImageConfig.parse(text.getBytes(StandardCharsets.UTF_8), "config x");
    }
}
