package dev.jbuild.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Not a test: {@code testdata/hostile} calls it to write the hostile images into a folder, and beside them the file
 * {@code refusals}, each line with an image's name, a tab and what the image is refused for.
 */
final class HostileImagesWriter {
    @Test
    void writesThemAll() throws Exception {
        Path folder = Optional.ofNullable(System.getProperty("jbuild.hostile"))
                .map(Path::of)
                .orElseGet(() -> abort("jbuild.hostile names no folder"));
        main(folder.toString());
        assertThat(HostileImages.writeThoseLeadingOut(folder)).isNotEmpty();
    }

    /** The tests of other rooms call it as a program: those that are refused, into a new folder. */
    public static void main(String... folder) throws IOException {
        Path place = Path.of(folder[0]);
        List<String> refusals = new ArrayList<>();
        for (String name : HostileImages.writeTo(place).keySet()) {
            refusals.add(name + "\t" + HostileImages.refusal(name));
        }
        Files.write(place.resolve("refusals"), refusals);
    }
}
