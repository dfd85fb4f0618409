package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jbuild.core.plan.ImageRequest;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadStartTest {
    @Test
    void whatIsLinkedAheadWorks() throws Exception {
        Map<Record, JsonNode> linked = HeadStart.link();

        Digest digest = Digest.parse("sha256:fe36923e15fedd49a241f76219620a46e7bd8bfb6f17ddeffe18b0299b8b1028");
        ImageRequest.Key image = new ImageRequest.Key(ImageName.parse("image"), Platform.parse("linux/amd64"));
        assertThat(linked).containsOnlyKeys(digest, image);
        assertThat(linked.values())
                .allSatisfy(document -> assertThat(document.get("size").asInt()).isEqualTo(1));
    }
}
