package dev.jbuild.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "debian, docker.io/library/debian:latest",
        "debian:12, docker.io/library/debian:12",
        "user/app, docker.io/user/app:latest",
        "docker.io/debian, docker.io/library/debian:latest",
        "index.docker.io/debian, docker.io/library/debian:latest",
        "docker.io/user/app:1, docker.io/user/app:1",
        "localhost/app, localhost/app:latest",
        "localhost:5000/app:1, localhost:5000/app:1",
        "127.0.0.1:5000/a/b/c:1, 127.0.0.1:5000/a/b/c:1",
        "ghcr.io/Owner_is_no_host, ",
        "[::1]:5000/app, [::1]:5000/app:latest",
        "REGISTRY/app, REGISTRY/app:latest",
        "host:5000, docker.io/library/host:5000",
        "a__b/c--d.e_f, docker.io/a__b/c--d.e_f:latest"
    })
    void completesAsDockerDoes(String typed, String full) {
        if (full == null) {
            assertThatIllegalArgumentException().isThrownBy(() -> ImageName.parse(typed));
        } else {
            assertThat(ImageName.parse(typed)).hasToString(full);
        }
    }

    @Test
    void digestNeedsNoTag() {
        ImageName name = ImageName.parse("debian@" + DIGEST);

        assertThat(name.tag()).isEmpty();
        assertThat(name.reference()).isEqualTo(DIGEST);
    }

    @Test
    void digestWinsOverTagAsReference() {
        ImageName name = ImageName.parse("debian:12@" + DIGEST);

        assertThat(name.tag()).contains("12");
        assertThat(name.reference()).isEqualTo(DIGEST);
        assertThat(name).hasToString("docker.io/library/debian:12@" + DIGEST);
    }

    @Test
    void atADigestForgetsTheTag() {
        assertThat(ImageName.parse("debian:12").at(Digest.parse(DIGEST)))
                .hasToString("docker.io/library/debian@" + DIGEST);
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/debian:12, debian:12",
        "docker.io/user/app:1, user/app:1",
        "docker.io/library/a/b:1, library/a/b:1",
        "example.org/app:1, example.org/app:1"
    })
    void familiarFormIsHowPeopleWriteIt(String full, String familiar) {
        ImageName name = ImageName.parse(full);

        assertThat(name.familiar()).isEqualTo(familiar);
        assertThat(ImageName.parse(name.familiar())).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "@",
                "/",
                "UPPER",
                "debian:",
                "debian@",
                "debian:12:13",
                "-debian",
                "debian-",
                "a//b",
                "../../etc/passwd",
                "a/../b",
                "./a",
                "debian\n",
                "debian:\u001b[2J",
                "de bian",
                "host:port/app",
                "host:123456/app",
                "http://host/app",
                "user:secret@host/app",
                "debian@sha256:abc",
                "a..b",
                "a___b",
                "[::1/app",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void refusesWhatIsNoName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageName.parse(text))
                .withMessageContaining("invalid image name")
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).chars()).noneMatch(Character::isISOControl));
    }

    @Test
    void refusesTagsOfMoreThan128Characters() {
        assertThat(ImageName.parse("a:" + "t".repeat(128)).tag()).isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> ImageName.parse("a:" + "t".repeat(129)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", "a/", "a-", "a", "A", "@", ":"})
    void refusesEndlessNamesWithoutOverflowingTheStack(String part) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageName.parse(part.repeat(200_000) + "a"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000));
    }
}
