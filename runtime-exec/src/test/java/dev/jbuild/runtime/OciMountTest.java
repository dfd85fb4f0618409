package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.runtime.StepMount.Host;
import dev.jbuild.runtime.StepMount.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OciMountTest extends MountContract implements UnderRunc {
    @Test
    void besideADirectoryOfTheHostNoMountPointIsBehindALink() throws Exception {
        Files.createSymbolicLink(box.base().resolve("way"), Path.of("/real"));
        Path cache = Files.createDirectory(directory.resolve("cache"));
        StepSpec spec = box.shell("true")
                .withMounts(List.of(
                        new Host("/way", cache, true, false), new Memory("/real/new", OptionalLong.empty(), false)));
        assertThatThrownBy(() -> run(spec))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/way")
                .hasMessageContaining("symbolic link");
        assertThat(cache).isEmptyDirectory();
    }
}
