package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.core.api.ContextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line written for Docker is a command line for jbuild. */
final class DockerFlagsTest {
    @TempDir
    private Path directory;

    /** Every flag of {@code docker build} and {@code docker buildx build}, with a value of the kind that people give. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--add-host a:1.2.3.4",
                "--allow network.host",
                "--annotation a=b",
                "--attest type=provenance,mode=min",
                "--attest type=sbom,disabled=true",
                "--build-arg A=b",
                "--build-context n=ctx",
                "--builder default",
                "--cache-from type=registry,ref=r.example/c",
                "--cache-to type=gha,mode=max",
                "--call check",
                "--cgroup-parent /x",
                "--check",
                "--compress",
                "--cpu-period 100000",
                "--cpu-quota 50000",
                "--cpu-shares 512",
                "-c 512",
                "--cpuset-cpus 0",
                "--cpuset-mems 0",
                "-D",
                "--debug",
                "-f ctx/Dockerfile",
                "--file ctx/Dockerfile",
                "--force-rm",
                "--iidfile id",
                "--isolation default",
                "--label a=b",
                "--load",
                "-m 512m",
                "--memory 512m",
                "--memory 512m --memory-swap 1g",
                "--metadata-file m",
                "--network host",
                "--no-cache",
                "--no-cache-filter a,b",
                "-o out",
                "--output type=image,push=false",
                "--platform linux/amd64,linux/arm64",
                "--progress plain",
                "--provenance false",
                "--provenance mode=max",
                "--pull",
                "--push=false",
                "-q",
                "--quiet",
                "--rm",
                "--rm=false",
                "--sbom false",
                "--secret id=a,env=HOME",
                "--security-opt no-new-privileges",
                "--shm-size 128m",
                "--squash",
                "--ssh default=ctx",
                "-t a:b",
                "--tag a:b",
                "--target a",
                "--ulimit nofile=1024:2048",
            })
    void everyFlagOfDockerIsTaken(String flag) throws IOException, UsageException {
        Files.createDirectory(directory.resolve("ctx"));
        List<String> words = new ArrayList<>(Arrays.asList(flag.split(" ")));
        words.add("ctx");
        BuildArguments build = BuildArgumentsTest.build(directory, Map.of("HOME", "h"), words.toArray(String[]::new));

        assertThat(build.request(Optional.empty()).context())
                .isEqualTo(new ContextSource.Directory(directory.resolve("ctx")));
    }
}
