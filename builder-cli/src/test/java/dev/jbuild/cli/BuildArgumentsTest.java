package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.core.api.Annotation;
import dev.jbuild.core.api.Annotation.Place;
import dev.jbuild.core.api.BuildRequest;
import dev.jbuild.core.api.ContextSource;
import dev.jbuild.core.api.DockerfileSource;
import dev.jbuild.core.api.NamedContext;
import dev.jbuild.core.api.RunOptions;
import dev.jbuild.layer.tar.Compression;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import dev.jbuild.runtime.Resolver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BuildArgumentsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void makeContext() throws IOException {
        Files.createDirectory(directory.resolve("ctx"));
    }

    private BuildRequest request(Map<String, String> environment, String... words) throws UsageException {
        return build(environment, words).request(Optional.empty());
    }

    private BuildArguments build(Map<String, String> environment, String... words) throws UsageException {
        return build(directory, environment, words);
    }

    /** The arguments of a build that is called in a directory. */
    static BuildArguments build(Path directory, Map<String, String> environment, String... words)
            throws UsageException {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Surroundings surroundings =
                new Surroundings(environment, directory, new ByteArrayInputStream(new byte[0]), nowhere, nowhere);
        Arguments arguments = new ArgumentParser(Command.BUILD).parse(Arrays.asList(words));
        return new BuildArguments(arguments, surroundings);
    }

    private List<String> notes(String... flags) throws UsageException {
        return build(Map.of(), flags).notes();
    }

    private BuildRequest request(String... flags) throws UsageException {
        List<String> words = new ArrayList<>(Arrays.asList(flags));
        words.add("ctx");
        return request(Map.of(), words.toArray(String[]::new));
    }

    @Test
    void aDockerfileMayLieBehindAnAddress() throws UsageException {
        assertThat(request("-f", "https://h.example/Dockerfile").dockerfile())
                .isEqualTo(new DockerfileSource.Remote("https://h.example/Dockerfile"));
    }

    @Test
    void whatHasNoEffectIsNotedOnceHoweverOftenItIsGiven() throws UsageException {
        assertThat(notes("--cgroup-parent=a", "--cgroup-parent=b", "--rm", "--rm", "--squash"))
                .containsExactlyInAnyOrder(
                        "--cgroup-parent has no effect here and is ignored",
                        "--rm has no effect here and is ignored",
                        "--squash has no effect here and is ignored");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sbom=true", "--attest=type=sbom", "--sbom=generator=x"})
    void anSbomThatNobodyMakesIsRefusedAndNotLeftOut(String flag) {
        assertThatThrownBy(() -> request(flag))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no SBOM can be made here");
    }

    @Test
    void theDockerfileLiesInTheContext() throws UsageException {
        BuildRequest request = request();
        assertThat(request.context()).isEqualTo(new ContextSource.Directory(directory.resolve("ctx")));
        assertThat(request.dockerfile()).isEqualTo(new DockerfileSource.File(directory.resolve("ctx/Dockerfile")));
        assertThat(request.run()).isEqualTo(RunOptions.DEFAULT);
        assertThat(request.push()).isFalse();
    }

    @Test
    void aDockerfileThatIsGivenIsRelativeToTheWorkingDirectory() throws UsageException {
        assertThat(request("-f", "other/Dockerfile").dockerfile())
                .isEqualTo(new DockerfileSource.File(directory.resolve("other/Dockerfile")));
    }

    @Test
    void everyFlagReachesTheRequest() throws UsageException {
        BuildRequest request = request(
                "-t",
                "one",
                "-t",
                "two:2",
                "--build-arg",
                "A=1=2",
                "--label",
                "l=v",
                "--target",
                "stage",
                "--platform",
                "linux/arm64",
                "--no-cache",
                "--no-cache-filter",
                "one, 2",
                "--pull",
                "--push",
                "--network",
                "none",
                "--runtime",
                "runc",
                "--add-host",
                "db:10.0.0.1",
                "--source-date-epoch",
                "42");
        assertThat(request.tags()).containsExactly(ImageName.parse("one"), ImageName.parse("two:2"));
        assertThat(request.buildArgs()).containsExactly(Map.entry("A", "1=2"));
        assertThat(request.labels()).containsExactly(Map.entry("l", "v"));
        assertThat(request.target()).contains("stage");
        assertThat(request.platforms()).containsExactly(Platform.parse("linux/arm64"));
        assertThat(request.noCacheStages()).containsExactlyInAnyOrder("one", "2");
        assertThat(request.noCache()).isTrue();
        assertThat(request.pull()).isTrue();
        assertThat(request.push()).isTrue();
        assertThat(request.run()).isEqualTo(new RunOptions("none", "runc", List.of("db:10.0.0.1")));
        assertThat(request.sourceDateEpoch()).hasValue(42);
    }

    @Test
    void stepsAskTheResolverThatIsNamed() throws Exception {
        BuildRequest request =
                request("--dns", "192.0.2.1", "--dns=192.0.2.2", "--dns-search", ".", "--dns-option=ndots:2");
        assertThat(request.run().resolver())
                .isEqualTo(new Resolver(List.of("192.0.2.1", "192.0.2.2"), List.of("."), List.of("ndots:2")));
        assertThatThrownBy(() -> request("--dns", "a b"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--dns");
    }

    @Test
    void rootsOfStepsAreMadeAsAskedFor() throws Exception {
        assertThat(request().run().roots()).isEqualTo(RunOptions.Roots.AUTO);
        assertThat(request("--step-root=copy").run().roots()).isEqualTo(RunOptions.Roots.COPY);
        assertThat(request("--step-root=overlay").run().roots()).isEqualTo(RunOptions.Roots.OVERLAY);
        assertThatThrownBy(() -> request("--step-root=fuse")).hasMessageContaining("auto, overlay and copy");
    }

    @Test
    void argumentsWithoutValueComeFromTheEnvironment() throws UsageException {
        BuildRequest request = request(Map.of("A", "from outside"), "--build-arg", "A", "--build-arg", "B", "ctx");
        assertThat(request.buildArgs()).containsExactly(Map.entry("A", "from outside"));
    }

    @Test
    void theSourceDateEpochComesFromTheEnvironmentUnlessGiven() throws UsageException {
        Map<String, String> environment = Map.of("SOURCE_DATE_EPOCH", "7");
        assertThat(request(environment, "ctx").sourceDateEpoch()).hasValue(7);
        assertThat(request(environment, "--source-date-epoch=8", "ctx").sourceDateEpoch())
                .hasValue(8);
    }

    @ParameterizedTest
    @CsvSource({
        "db:10.0.0.1, db:10.0.0.1",
        "db=10.0.0.1, db:10.0.0.1",
        "db:2001:db8::1, db:2001:db8::1",
        "db=[2001:db8::1], db:2001:db8::1",
        "db:[::1], db:::1",
        "db=host-gateway, db:host-gateway"
    })
    void hostsMayBeGivenInBothForms(String given, String entry) throws UsageException {
        assertThat(request("--add-host", given).run().addHosts()).containsExactly(entry);
    }

    @Test
    void severalPlatformsMayBeGivenInBothWaysAndCountOnce() throws UsageException {
        assertThat(request("--platform=linux/amd64, linux/arm64", "--platform=linux/arm/v7", "--platform=linux/x86_64")
                        .platforms())
                .containsExactly(
                        Platform.parse("linux/amd64"), Platform.parse("linux/arm64"), Platform.parse("linux/arm/v7"));
    }

    @Test
    void theSourceDateEpochMayBeABuildArgument() throws UsageException {
        assertThat(request(Map.of("SOURCE_DATE_EPOCH", "7"), "--build-arg", "SOURCE_DATE_EPOCH=9", "ctx")
                        .sourceDateEpoch())
                .hasValue(9);
    }

    @Test
    void annotationsGoOnEveryFormOfTheImageAndTheOutputsOwnWin() throws UsageException {
        BuildRequest request = request(
                "--annotation=k=outer",
                "--annotation=index,manifest-descriptor[linux/arm64]:d=x=y",
                "-o",
                "type=image,annotation.k=own,compression=zstd",
                "-o",
                "type=oci,dest=x");
        Platform arm = Platform.parse("linux/arm64");
        List<Annotation> own = request.form().annotations();

        assertThat(Annotation.at(Place.MANIFEST, arm, own)).containsExactly(Map.entry("k", "own"));
        assertThat(Annotation.at(Place.INDEX, arm, own)).containsExactly(Map.entry("d", "x=y"));
        assertThat(Annotation.at(Place.MANIFEST_DESCRIPTOR, arm, own)).containsExactly(Map.entry("d", "x=y"));
        assertThat(Annotation.at(Place.MANIFEST_DESCRIPTOR, Platform.parse("linux/amd64"), own))
                .isEmpty();
        assertThat(request.form().compression()).isEqualTo(Compression.ZSTD);
        assertThat(Annotation.at(
                        Place.MANIFEST, arm, request.outputs().getFirst().form().annotations()))
                .containsExactly(Map.entry("k", "outer"));
    }

    @Test
    void theStoreIsPassedOverOnlyWhenNothingAsksForIt() throws UsageException {
        assertThat(request("-t", "a").store()).isTrue();
        assertThat(request("-t", "a", "-o", "type=cacheonly").store()).isFalse();
        assertThat(request("-t", "a", "-o", "type=image,store=false").store()).isFalse();
        assertThat(request("-t", "a", "-o", "type=image,store=false", "--load").store())
                .isTrue();
    }

    @Test
    void whatCannotBeAttachedIsSaidOnce() throws UsageException {
        assertThat(notes("--provenance=false", "--sbom=false", "--attest=type=provenance,disabled=true"))
                .isEmpty();
        assertThat(notes("--provenance=mode=max", "--attest=type=provenance"))
                .containsExactly("no provenance is attached to the image: --provenance has no effect here");
        assertThat(notes("--add-host=h:host-gateway", "--network=host")).isEmpty();
        assertThat(notes("--add-host=h:host-gateway"))
                .singleElement()
                .asString()
                .startsWith("host-gateway");
    }

    @Test
    void outputsAddNamesAndPush() throws UsageException {
        BuildRequest request = request("-o", "type=registry,name=a:1", "-o", "type=oci,dest=x");
        assertThat(request.tags()).containsExactly(ImageName.parse("a:1"));
        assertThat(request.push()).isTrue();
        assertThat(request.outputs()).hasSize(1);
    }

    @Test
    void whatHappensAnywayMayBeAskedFor() throws UsageException {
        assertThat(request("--provenance=false", "--sbom=false", "--call=build", "--load")
                        .tags())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--attest=type=sbom",
                "--annotation=x",
                "--annotation=nowhere:a=b",
                "--push",
                "--output=type=image,push=true",
                "--sbom=true",
                "--network=bridge",
                "--platform=linux/amd64,",
                "--platform=a/b/c/d",
                "--tag=UPPER",
                "--build-arg==x",
                "--label==x",
                "--add-host=nothing",
                "--source-date-epoch=yesterday",
                "--source-date-epoch=-1"
            })
    void whatCannotBeDoneIsRefused(String flag) {
        assertThatThrownBy(() -> request(flag)).isInstanceOf(UsageException.class);
    }

    @Test
    void aContextThatIsNeitherDirectoryNorAddressIsRefused() {
        assertThatThrownBy(() -> request(Map.of(), "nowhere"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not a directory, nor an address of one: nowhere");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host.example/x.tar", "http://host.example/a.git#main:sub", "git@host.example:a/b",
                "git://host.example/a", "ssh://git@host.example/a", "github.com/a/b"
            })
    void anAddressIsARemoteContextWhoseDockerfileLiesInIt(String address) throws UsageException {
        BuildRequest request = request(Map.of(), "-f", "sub/D", address);

        assertThat(request.context()).isEqualTo(new ContextSource.Remote(address));
        assertThat(request.dockerfile()).isEqualTo(new DockerfileSource.InContext(Optional.of("sub/D")));
    }

    @Test
    void aDirectoryIsTakenForOneWhateverItIsCalled() throws IOException, UsageException {
        Files.createDirectories(directory.resolve("github.com/a"));

        assertThat(request(Map.of(), "github.com/a").context())
                .isEqualTo(new ContextSource.Directory(directory.resolve("github.com/a")));
    }

    @Test
    void standardInputIsTheContextOrTheDockerfileButNotBoth() throws UsageException {
        assertThat(request(Map.of(), "-").context()).isInstanceOf(ContextSource.Stream.class);
        assertThat(request(Map.of(), "-").dockerfile()).isEqualTo(new DockerfileSource.InContext(Optional.empty()));
        assertThatThrownBy(() -> request(Map.of(), "-f", "-", "-"))
                .hasMessageContaining("cannot be both the build context and the Dockerfile");
    }

    @Test
    void namedContextsAreOfEveryKind() throws UsageException {
        String digest = "sha256:" + "0".repeat(64);
        BuildRequest request = request(
                "--build-context=a=ctx",
                "--build-context=b=docker-image://busybox",
                "--build-context=c=docker-image://scratch",
                "--build-context=d=oci-layout://ctx:v1@" + digest,
                "--build-context=e=oci-layout://ctx",
                "--build-context=f=target:stage",
                "--build-context=g=https://host.example/r.git#main");
        Path ctx = directory.resolve("ctx");

        assertThat(request.contexts())
                .containsEntry("a", new NamedContext.Directory(ctx))
                .containsEntry("b", new NamedContext.Image(Optional.of(ImageName.parse("busybox"))))
                .containsEntry("c", new NamedContext.Image(Optional.empty()))
                .containsEntry("d", new NamedContext.Layout(ctx, Optional.of("v1"), Optional.of(Digest.parse(digest))))
                .containsEntry("e", new NamedContext.Layout(ctx, Optional.empty(), Optional.empty()))
                .containsEntry("f", new NamedContext.Target("stage"))
                .containsEntry("g", new NamedContext.Remote("https://host.example/r.git#main"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a=",
                "=ctx",
                "a=nowhere",
                "a=oci-layout://nowhere",
                "a=docker-image://B B",
                "a=oci-layout://ctx@x"
            })
    void aNamedContextThatIsNoneIsRefused(String context) {
        assertThatThrownBy(() -> request("--build-context", context)).isInstanceOf(UsageException.class);
    }

    @Test
    void thereIsExactlyOneContext() {
        assertThatThrownBy(() -> request(Map.of())).hasMessageContaining("given: none");
        assertThatThrownBy(() -> request(Map.of(), "ctx", "b")).hasMessageContaining("given: ctx b");
    }
}
