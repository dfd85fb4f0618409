package dev.jbuild.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountOptionsTest {
    @Test
    void aMountIsABindThatCannotBeWritten() throws ExpansionException {
        MountOptions bind = parse("target=/t");

        assertThat(bind.type()).isEqualTo(MountOptions.Type.BIND);
        assertThat(bind.target()).contains("/t");
        assertThat(bind.readOnly()).isTrue();
        assertThat(bind.source()).isEmpty();
        assertThat(bind.sharing()).isEqualTo(MountOptions.Sharing.SHARED);
    }

    @Test
    void cachesAndTmpfsCanBeWritten() throws ExpansionException {
        assertThat(parse("type=cache,target=/t").readOnly()).isFalse();
        assertThat(parse("type=cache,target=/t,ro").readOnly()).isTrue();
        assertThat(parse("type=tmpfs,target=/t").readOnly()).isFalse();
        assertThat(parse("type=bind,target=/t,rw").readOnly()).isFalse();
        assertThat(parse("type=bind,target=/t,readwrite=false").readOnly()).isTrue();
        assertThat(parse("type=bind,target=/t,readonly=0").readOnly()).isFalse();
    }

    @Test
    void allOptionsOfACacheAreRead() throws ExpansionException {
        assertThat(parse("type=cache,id=i,target=/t,sharing=Locked,from=f,source=/s,mode=0755,uid=1,gid=2"))
                .isEqualTo(new MountOptions(
                        MountOptions.Type.CACHE,
                        Optional.of("f"),
                        Optional.of("/s"),
                        Optional.of("/t"),
                        false,
                        OptionalLong.empty(),
                        Optional.of("i"),
                        MountOptions.Sharing.LOCKED,
                        false,
                        Optional.empty(),
                        OptionalInt.of(0755),
                        OptionalLong.of(1),
                        OptionalLong.of(2)));
    }

    @Test
    void secretsAndAgentsMayBeRequired() throws ExpansionException {
        MountOptions secret = parse("type=secret,id=s,env=TOKEN,required");

        assertThat(secret.required()).isTrue();
        assertThat(secret.env()).contains("TOKEN");
        assertThat(parse("type=ssh,required=true").required()).isTrue();
        assertThat(parse("type=ssh,required=false").required()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"src=a", "SOURCE=a", "Source=a"})
    void keysHaveOtherNamesAndAnyCase(String source) throws ExpansionException {
        assertThat(parse(source).source()).contains("a");
        assertThat(parse("DST=b").target()).isEqualTo(parse("destination=b").target());
    }

    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "512b, 512",
        "1k, 1024",
        "1K, 1024",
        "1kb, 1024",
        "1KiB, 1024",
        "1.5m, 1572864",
        "2 g, 2147483648",
        ".5k, 512",
        "1p, 1125899906842624",
    })
    void sizesArePowersOf1024(String size, long bytes) throws ExpansionException {
        assertThat(parse("type=tmpfs,size=" + size).size()).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "k", "1x", "1kk", "1ib", "1bb", "1.2.3", "1.", "9223372036854775808", "10000p", "1e3"})
    void whatIsNoSizeIsRefused(String size) {
        assertThat(fault("type=tmpfs,size=" + size)).isEqualTo("invalid value for size: " + size);
    }

    @Test
    void quotedFieldsMayHoldCommas() throws ExpansionException {
        MountOptions mount = parse("\"source=a,b\",\"target=/t\"\"q\"\"\"");

        assertThat(mount.source()).contains("a,b");
        // What CSV leaves of the quotes is the word's own.
        assertThat(mount.target()).contains("/tq");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "type=cach;unsupported mount type \"cach\"",
                "type=bind,sharing=shared;sharing is for cache mounts, not for bind mounts",
                "type=cache,sharing=lock;unsupported sharing value \"lock\"",
                "tagret=/x;unexpected key 'tagret' in 'tagret=/x'",
                "target;the field 'target' must be a key=value pair",
                "type;the field 'type' must be a key=value pair",
                "ro=maybe;invalid value for ro: maybe",
                "required;unexpected key 'required' for mount type 'bind'",
                "size=1;unexpected key 'size' for mount type 'bind'",
                "size=1,type=tmpfs;unexpected key 'size' for mount type 'bind'",
                "mode=755;mode, uid and gid are not allowed for bind mounts",
                "type=tmpfs,uid=1;mode, uid and gid are not allowed for tmpfs mounts",
                "type=cache,mode=8;invalid value for mode: 8",
                "type=cache,mode=10000;invalid value for mode: 10000",
                "type=cache,uid=-1;invalid value for uid: -1",
                "type=cache,uid=4294967296;invalid value for uid: 4294967296",
                "type=cache,gid=99999999999999999999;invalid value for gid: 99999999999999999999",
                "type=secret;a secret mount needs a source, a target or an id",
                "type=secret,id=a,source=b;a secret mount cannot have both a source and an id",
                "type=secret,id=a,from=b;a secret mount should not have a from",
                "type=secret,id=a,sharing=shared;a secret mount should not define sharing",
                "a\"b;the flag --mount has a quote inside a field: a\"b",
                "\"a;the flag --mount has a quote that does not end its field: \"a",
                "\"a\"b;the flag --mount has a quote that does not end its field: \"a\"b",
            })
    void whatMeansNothingIsRefused(String text, String fault) {
        assertThat(fault(text)).isEqualTo(fault);
    }

    @Test
    void misspeltWordsAreSuggested() {
        assertThat(suggestion("type=cach")).contains("cache");
        assertThat(suggestion("type=cache,sharing=lockd")).contains("locked");
        assertThat(suggestion("tagret=/x")).contains("target");
        assertThat(suggestion("nonsense=/x")).isEmpty();
    }

    @Test
    void aCommaInAVariableSplitsNothing() throws ExpansionException {
        WordExpander expander = new WordExpander('\\', ParseLimits.DEFAULT);
        Variables variables = name -> Optional.of("a,readonly");

        assertThat(MountOptions.parse(new Word("type=cache,target=/$x,id=\\$x"), expander, variables))
                .satisfies(mount -> {
                    assertThat(mount.target()).contains("/a,readonly");
                    assertThat(mount.id()).contains("$x");
                    assertThat(mount.readOnly()).isFalse();
                });
    }

    @Test
    void theFromOfAMountIsKnownBeforeItsVariablesAre() throws ExpansionException {
        assertThat(MountOptions.literalFrom(new Word("type=$t,from=build,target=$x")))
                .contains("build");
        assertThat(MountOptions.literalFrom(new Word("from=a,FROM=b"))).contains("b");
        assertThat(MountOptions.literalFrom(new Word("target=$x"))).isEmpty();
        assertThat(MountOptions.literalFrom(new Word("from="))).isEmpty();
        assertThat(MountOptions.literalFrom(new Word("from=a$"))).contains("a$");
        assertThatThrownBy(() -> MountOptions.literalFrom(new Word("from=${x}")))
                .hasMessage("'from' doesn't support variable expansion, define alias stage instead");
    }

    private static MountOptions parse(String text) throws ExpansionException {
        WordExpander expander = new WordExpander('\\', ParseLimits.DEFAULT);
        return MountOptions.parse(new Word(text), expander, name -> Optional.empty());
    }

    private static String fault(String text) {
        return String.valueOf(failure(text).getMessage());
    }

    private static Optional<String> suggestion(String text) {
        return failure(text).suggestion();
    }

    private static ExpansionException failure(String text) {
        try {
            throw new AssertionError("not refused: " + parse(text));
        } catch (ExpansionException e) {
            return e;
        }
    }
}
