package dev.jbuild.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.dockerfile.MountOptions;
import dev.jbuild.oci.ContainerConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountPlannerTest {
    private static final RunMount.Permissions ROOT_400 = new RunMount.Permissions(0400, 0, 0);

    private static List<RunMount> mounts(String... lines) throws Exception {
        return Plans.scratch(lines).last(Step.Run.class).mounts();
    }

    @Test
    void aBindShowsTheContextReadOnlyUnlessItSays() throws Exception {
        assertThat(mounts("RUN --mount=target=/src x"))
                .containsExactly(new RunMount.Bind("/src", OptionalInt.empty(), "/", false));
        assertThat(mounts("RUN --mount=type=bind,src=../a/./b,dst=/src,rw x"))
                .containsExactly(new RunMount.Bind("/src", OptionalInt.empty(), "/a/b", true));
    }

    @Test
    void aTargetIsRelativeToTheWorkdir() throws Exception {
        assertThat(mounts("WORKDIR /w", "RUN --mount=target=. --mount=target=a/../b --mount=source=c x"))
                .extracting(RunMountTargets::of)
                .containsExactly("/w", "/w/b", "/w");
    }

    @Test
    void variablesExpandInAllButFrom() throws Exception {
        assertThat(mounts("ARG D=/cache", "ENV ID=x", "RUN --mount=type=cache,target=$D/y,id=${ID}z x"))
                .containsExactly(new RunMount.Cache(
                        "/cache/y",
                        "/xz",
                        MountOptions.Sharing.SHARED,
                        OptionalInt.empty(),
                        "/",
                        false,
                        new RunMount.Permissions(0755, 0, 0)));
        assertThat(Plans.scratch("ARG S=a", "RUN --mount=from=$S,target=/m x").refusal())
                .contains("'from' doesn't support variable expansion");
    }

    @Test
    void aCacheWithoutIdIsCalledAsItsTargetIsSpelled() throws Exception {
        assertThat(mounts("WORKDIR /w", "RUN --mount=type=cache,target=/a//b/ --mount=type=cache,target=./c x"))
                .extracting(mount -> ((RunMount.Cache) mount).id())
                .containsExactly("//a/b", "/c");
    }

    @Test
    void theNamespaceKeepsCachesOfOtherBuildsApart() throws Exception {
        assertThat(Plans.scratch("RUN --mount=type=cache,target=/a x")
                        .arg("BUILDKIT_CACHE_MOUNT_NS", "mine")
                        .last(Step.Run.class)
                        .mounts())
                .extracting(mount -> ((RunMount.Cache) mount).id())
                .containsExactly("mine//a");
    }

    @Test
    void aSecretIsAFileOfItsNameUnlessItIsAVariable() throws Exception {
        assertThat(mounts("RUN --mount=type=secret,id=dir/key x"))
                .containsExactly(new RunMount.Secret(
                        "dir/key", Optional.of("/run/secrets/key"), Optional.empty(), false, ROOT_400));
        assertThat(mounts("RUN --mount=type=secret,id=key,env=KEY x"))
                .containsExactly(new RunMount.Secret("key", Optional.empty(), Optional.of("KEY"), false, ROOT_400));
        assertThat(mounts("RUN --mount=type=secret,src=key,env=KEY,target=/k,required,mode=0444,uid=5,gid=6 x"))
                .containsExactly(new RunMount.Secret(
                        "key", Optional.of("/k"), Optional.of("KEY"), true, new RunMount.Permissions(0444, 5, 6)));
        assertThat(mounts("RUN --mount=type=secret,target=/etc/npmrc x"))
                .containsExactly(
                        new RunMount.Secret("npmrc", Optional.of("/etc/npmrc"), Optional.empty(), false, ROOT_400));
    }

    @Test
    void agentsAreNumberedAndTheFirstIsTheOneThatSshFinds() throws Exception {
        Step.Run run = Plans.scratch("RUN --mount=type=ssh,target=/a --mount=type=ssh,id=git x")
                .last(Step.Run.class);
        assertThat(run.mounts()).extracting(RunMountTargets::of).containsExactly("/a", "/run/buildkit/ssh_agent.1");
        assertThat(run.environment()).containsEntry("SSH_AUTH_SOCK", "/a");
        assertThat(Plans.scratch("ENV SSH_AUTH_SOCK=/own", "RUN --mount=type=ssh x")
                        .last(Step.Run.class)
                        .environment())
                .containsEntry("SSH_AUTH_SOCK", "/own");
    }

    @Test
    void memoryHasItsSizeInBytes() throws Exception {
        assertThat(mounts("RUN --mount=type=tmpfs,target=/t,size=4m x"))
                .containsExactly(new RunMount.Memory("/t", OptionalLong.of(4 << 20), false));
    }

    @Test
    void historyTellsTheCommandAndNotItsMounts() throws Exception {
        assertThat(Plans.scratch("RUN --mount=type=cache,target=/c --mount=type=secret,id=s make")
                        .history())
                .containsExactly("RUN /bin/sh -c make # buildkit");
    }

    @Test
    void whatAMountTakesFromAnotherStageIsAnInputOfTheStep() throws Exception {
        Plans plans = Plans.of(
                "FROM scratch AS tools",
                "COPY a /a",
                "FROM scratch",
                "RUN --mount=target=/ctx --mount=from=tools,target=/t --mount=from=base,target=/b x");
        Node run = plans.image("base", ContainerConfig.EMPTY).plan().result();
        assertThat(((Step.Run) run.step()).mounts())
                .extracting(mount -> ((RunMount.Bind) mount).input())
                .containsExactly(OptionalInt.empty(), OptionalInt.of(1), OptionalInt.of(2));
        assertThat(run.inputs()).hasSize(3);
        assertThat(run.inputs().get(1).step()).isInstanceOf(Step.CopyFiles.class);
        assertThat(run.inputs().get(2).step()).isInstanceOf(Step.Pull.class);
    }

    @Test
    void anImageThatOnlyAMountNeedsIsAskedFor() throws Exception {
        assertThat(Plans.of("FROM scratch", "RUN --mount=from=tools:1,target=/t x")
                        .missing())
                .containsExactly("tools:1");
        assertThat(Plans.of("FROM scratch", "RUN --mount=from=scratch,target=/t x")
                        .missing())
                .isEmpty();
    }

    @Test
    void aStageThatOnlyAMountNeedsIsBuilt() throws Exception {
        assertThat(Plans.of("FROM base AS a", "FROM scratch", "RUN --mount=from=a,target=/t x")
                        .missing())
                .containsExactly("base:latest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            target=/                            | invalid mount target "/"
            source=x                            | invalid mount target "/"
            target=/proc/self                   | every step has its own /proc
            target=/sys                         | every step has its own /sys
            type=cache,target=/c,source=x       | the source /x of a cache mount needs a from
            type=ssh,source=x                   | an ssh mount has no source
            from=later,target=/m                | must be defined before the stage that mounts it
            from=0,target=/m                    | by its name, not by its number
            """)
    void whatMakesNoSenseIsRefusedWithItsLine(String mount, String why) {
        assertThat(Plans.of("FROM scratch", "LABEL a=b", "RUN --mount=" + mount + " x", "FROM scratch AS later")
                        .target("0")
                        .refusal())
                .startsWith("3: ")
                .contains(why);
    }

    /** Where a mount is seen. */
    private static final class RunMountTargets {
        static String of(RunMount mount) {
            return switch (mount) {
                case RunMount.Bind bind -> bind.target();
                case RunMount.Cache cache -> cache.target();
                case RunMount.Memory memory -> memory.target();
                case RunMount.Secret secret -> secret.target().orElse("");
                case RunMount.Ssh agent -> agent.target();
                case RunMount.Script script -> script.target();
            };
        }
    }
}
