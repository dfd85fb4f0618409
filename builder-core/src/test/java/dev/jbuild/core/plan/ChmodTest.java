package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChmodTest {
    /** As chmod(1) has it without a umask. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0640 | 4755 | 640",
                "07777 | 0 | 7777",
                "+x | 644 | 755",
                "a+x | 644 | 755",
                "u+x | 644 | 744",
                "-x | 4755 | 4644",
                "go-rwx | 755 | 700",
                "u=rwX,go=rX | 600 | 644",
                "u=rwX,go=rX | 700 | 755",
                "u=rwX,go=rX | 4711 | 755",
                "a=rw | 7777 | 1666",
                "=r | 755 | 444",
                "u= | 755 | 55",
                "u+s | 755 | 4755",
                "g+s | 755 | 2755",
                "+t | 755 | 1755",
                "o+s | 755 | 755",
                "o+t | 755 | 755",
                "u-s | 4755 | 755",
                "g=u | 751 | 771",
                "o=g | 751 | 755",
                "o-g | 757 | 752",
                "go+u | 700 | 777",
                "u+r-w+x | 200 | 500",
                "ug+rw,o-rwx | 7 | 660",
                "+X | 644 | 644",
                "+X | 654 | 755",
                "-X | 755 | 644",
            })
    void changesTheModeOfAFile(String chmod, String before, String after) throws Exception {
        int changed = Chmod.parse(chmod).applyTo(Integer.parseInt(before, 8), false);

        assertThat(Integer.toOctalString(changed)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"u=rwX,go=rX | 600 | 755", "+X | 0 | 111", "go-X | 777 | 766", "640 | 755 | 640"})
    void aDirectoryCountsAsExecutable(String chmod, String before, String after) throws Exception {
        int changed = Chmod.parse(chmod).applyTo(Integer.parseInt(before, 8), true);

        assertThat(Integer.toOctalString(changed)).isEqualTo(after);
    }
}
