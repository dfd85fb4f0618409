package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.Annotation.Place;
import dev.jbuild.core.api.ImageForm;
import dev.jbuild.core.api.Output;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputArgumentTest {
    private static final Path HERE = Path.of("/here");

    private static OutputArgument parse(String text) throws UsageException {
        return OutputArgument.parse(text, HERE);
    }

    @ParameterizedTest
    @CsvSource({"oci,OCI", "docker,DOCKER", "tar,TAR", "local,LOCAL"})
    void filesAreRelativeToTheWorkingDirectory(String type, Output.Kind kind) throws UsageException {
        assertThat(parse("type=" + type + ",dest=out").output())
                .contains(new Output(kind, Optional.of(HERE.resolve("out"))));
    }

    @Test
    void archivesWithoutDestinationGoToStandardOutput() throws UsageException {
        assertThat(parse("type=oci").output()).contains(new Output(Output.Kind.OCI, Optional.empty()));
        assertThat(parse("type=docker,dest=-").output()).contains(new Output(Output.Kind.DOCKER, Optional.empty()));
        assertThat(parse("-").output()).contains(new Output(Output.Kind.TAR, Optional.empty()));
    }

    @Test
    void aBareWordIsADirectory() throws UsageException {
        assertThat(parse("out/put").output())
                .contains(new Output(Output.Kind.LOCAL, Optional.of(HERE.resolve("out/put"))));
    }

    @Test
    void quotesKeepCommas() throws UsageException {
        assertThat(parse("type=local,\"dest=a,b\"").output())
                .contains(new Output(Output.Kind.LOCAL, Optional.of(HERE.resolve("a,b"))));
        assertThat(parse("type=image,\"name=a:1,b:2\"").names())
                .containsExactly(ImageName.parse("a:1"), ImageName.parse("b:2"));
    }

    @Test
    void imageAndRegistryNameAndPush() throws UsageException {
        OutputArgument image = parse("type=image,name=a:1,push=true");
        assertThat(image.names()).containsExactly(ImageName.parse("a:1"));
        assertThat(image.push()).isTrue();
        assertThat(parse("type=image,name=a:1").push()).isFalse();
        assertThat(parse("type=registry,name=a:1").push()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dest=x",
                "type=nonsense",
                "type=local",
                "type=oci,dest=x,compression=estargz",
                "type=oci,dest=x,compression=zstd,compression-level=23",
                "type=oci,dest=x,compression=zstd,compression-level=0",
                "type=oci,dest=x,compression-level=10",
                "type=oci,dest=x,compression-level=fast",
                "type=image,compression=zstd,oci-mediatypes=false",
                "type=image,annotation=x",
                "type=image,annotation.=x",
                "type=image,annotation-nowhere.k=x",
                "type=image,annotation[linux/arm64.k=x",
                "type=local,dest=x,compression=zstd",
                "type=oci,tar=false",
                "type=image,name=UPPER//",
                "type=image,push=perhaps",
                "type=oci,type=tar",
                "type=oci,\"dest=x"
            })
    void whatCannotBeDoneIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UsageException.class);
    }

    @Test
    void theRefusalNamesTheAttribute() {
        assertThatThrownBy(() -> parse("type=local,dest=x,compression=zstd"))
                .hasMessage("--output type=local has no attribute compression");
        assertThatThrownBy(() -> parse("type=oci,compression=estargz"))
                .hasMessage("--output: compression=estargz is not one of uncompressed, gzip and zstd");
    }

    @Test
    void theFormOfAnImageIsRead() throws UsageException {
        ImageForm form = parse(
                        "type=image,compression=gzip,compression-level=9,force-compression=true,"
                                + "rewrite-timestamp=true,oci-mediatypes=false,annotation.a=b,annotation-index[linux/arm64].c=d")
                .form()
                .orElseThrow();

        assertThat(form)
                .isEqualTo(new ImageForm(
                        new Compression(Compression.Format.GZIP, 9),
                        true,
                        true,
                        false,
                        List.of(
                                new Annotation(Place.MANIFEST, Optional.empty(), "a", "b"),
                                new Annotation(Place.INDEX, Optional.of(Platform.parse("linux/arm64")), "c", "d"))));
        assertThat(parse("type=oci,compression=uncompressed")
                        .output()
                        .orElseThrow()
                        .form()
                        .compression())
                .isEqualTo(Compression.NONE);
    }

    @Test
    void anArchiveMayBeAFolderAndFilesystemsMayLieOnOneAnother() throws UsageException {
        assertThat(parse("type=oci,tar=false,dest=x").output().orElseThrow().asFolder())
                .isTrue();
        assertThat(parse("type=local,dest=x").output().orElseThrow().split()).isTrue();
        assertThat(parse("type=local,dest=x,platform-split=false")
                        .output()
                        .orElseThrow()
                        .split())
                .isFalse();
    }

    @Test
    void aResultMayStayInTheCacheOrGoWithoutItsTag() throws UsageException {
        assertThat(parse("type=cacheonly").store()).isFalse();
        assertThat(parse("type=image,store=false").store()).isFalse();
        assertThat(parse("type=registry,name=a:1,push-by-digest=true,name-canonical=true")
                        .pushByDigest())
                .isTrue();
    }
}
