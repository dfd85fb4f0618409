package dev.jbuild.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.runtime.confine.Capability;
import dev.jbuild.runtime.confine.ProfileDocument;
import dev.jbuild.runtime.launch.Launch.Limit;
import dev.jbuild.runtime.launch.Launch.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an OCI runtime is given, whichever it is, keeps to the runtime-spec's JSON schema. */
@Tag("root")
class OciBundleTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    // Stands where runc or Kata would: keeps the config.json of the bundle that it is told to run, and where it is told
    // to delete.
    private static final String RECORDING_RUNTIME = """
            #!/bin/sh
            while [ $# -gt 0 ]; do
                if [ "$1" = --bundle ]; then cp "$2/config.json" "${0%/*}/config.json"; fi
                if [ "$1" = delete ]; then readlink /proc/self/ns/pid > "${0%/*}/deleted-in"; fi
                shift
            done
            """;

    @TempDir
    Path directory;

    private RuntimeSpecSchema schema;
    private TestBox box;
    private StepRuntime runtime;

    @BeforeEach
    void createBox() throws IOException {
        schema = RuntimeSpecSchema.installed();
        box = TestBox.create(Files.createDirectory(directory.resolve("box")));
        Path program = Files.writeString(directory.resolve("recorder"), RECORDING_RUNTIME);
        Files.setAttribute(program, "unix:mode", 0755);
        runtime = StepMain.runtime(program.toString(), Files.createDirectory(directory.resolve("runtime")));
    }

    private ObjectNode bundleOf(StepSpec spec) throws IOException, InterruptedException {
        assertThat(runtime.run(spec, new Captured()).succeeded()).isTrue();
        return (ObjectNode) MAPPER.readTree(directory.resolve("config.json").toFile());
    }

    private void isValid(StepSpec spec) throws IOException, InterruptedException {
        assertThat(schema.faultsOf(bundleOf(spec))).isEmpty();
    }

    // A runtime kills whoever has the number that it wrote down, and that was one of the box's namespace.
    @Test
    void whatIsLeftOfAStepIsDeletedWhereNoProcessOfTheHostHasANumber() throws Exception {
        bundleOf(box.shell("true"));
        assertThat(Files.readString(directory.resolve("deleted-in")).strip())
                .startsWith("pid:[")
                .isNotEqualTo(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
    }

    @Test
    void aPlainStepIsValid() throws Exception {
        isValid(box.shell("true"));
        isValid(box.shell("true").withNetwork(Network.HOST));
    }

    @Test
    void aStepOfAnotherUserElsewhereIsValid() throws Exception {
        isValid(box.shell("true")
                .withUser(new ProcessUser(4_294_967_294L, 65_534, List.of(27L, 44L)))
                .withCwd("/tmp")
                .withHostname("box.example"));
    }

    @Test
    void aLimitedStepIsValid() throws Exception {
        StepLimits limits = StepLimits.ofPids(7)
                .withMemory(64L << 20, OptionalLong.of(StepLimits.UNLIMITED))
                .withCpu(new CpuLimits(OptionalLong.of(50_000), 100_000, OptionalInt.of(512), Optional.of("0")))
                .withUlimits(List.of(
                        new Limit(Resource.OPEN_FILES, 64, 128),
                        new Limit(Resource.CORE, Limit.UNLIMITED, Limit.UNLIMITED)));
        isValid(box.shell("true").withLimits(limits));
    }

    @Test
    void aStepWithEveryKindOfMountIsValid() throws Exception {
        byte[] content = {'x'};
        isValid(box.shell("true")
                .withMounts(List.of(
                        new StepMount.Layers("/l", List.of(box.addLayer()), "/", true, true),
                        new StepMount.Host("/h", Files.createDirectory(directory.resolve("host")), true, true),
                        new StepMount.Memory("/m", OptionalLong.of(4096), false),
                        new StepMount.File("/m/s", content, 0400, 1, 2))));
    }

    @Test
    void aStepWithAProfileOfTheUsersIsValid() throws Exception {
        byte[] profile = """
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                 {"names": ["getpid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 42},
                 {"names": ["personality"], "action": "SCMP_ACT_KILL_PROCESS",
                  "args": [{"index": 0, "value": 18446744073709551615, "op": "SCMP_CMP_GE"}]},
                 {"names": ["socket"], "action": "SCMP_ACT_TRAP",
                  "args": [{"index": 0, "value": 1, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]}]}
                """.getBytes(StandardCharsets.UTF_8);
        isValid(box.shell("true")
                .withSecurity(StepSecurity.STANDARD.withFilter(
                        new StepSecurity.Filter.Custom(ProfileDocument.parse(profile)))));
    }

    @Test
    void aStepWithOtherPrivilegesIsValid() throws Exception {
        isValid(box.shell("true")
                .withSecurity(StepSecurity.STANDARD
                        .withAdded(Capability.SYS_ADMIN)
                        .withNoNewPrivileges(true)
                        .withApparmor("box")
                        .withSelinux("system_u:system_r:box_t:s0")));
        isValid(box.shell("true").withSecurity(StepSecurity.INSECURE));
    }

    @Test
    void aBundleThatIsNotValidIsFound() throws Exception {
        assertThat(faultsAfter(config -> config.remove("ociVersion")))
                .containsExactly("config.json lacks \"ociVersion\"");
        assertThat(faultsAfter(config -> config.put("hostnane", "x")))
                .containsExactly("config.json/hostnane is no field of the spec");
        assertThat(faultsAfter(config -> config.withObject("/process").put("oomScoreAdj", "500")))
                .containsExactly("config.json/process/oomScoreAdj is no integer");
        assertThat(faultsAfter(config -> config.withObject("/process/user").put("uid", 4_294_967_296L)))
                .containsExactly("config.json/process/user/uid 4294967296 is more than 4294967295");
        assertThat(faultsAfter(config -> config.withObject("/linux/seccomp").put("defaultAction", "SCMP_ACT_DENY")))
                .singleElement()
                .asString()
                .startsWith("config.json/linux/seccomp/defaultAction \"SCMP_ACT_DENY\" is none of");
        assertThat(faultsAfter(config ->
                        config.withArray("/linux/namespaces").addObject().put("type", "net")))
                .singleElement()
                .asString()
                .contains("/type \"net\" is none of");
    }

    private List<String> faultsAfter(Consumer<ObjectNode> change) throws IOException, InterruptedException {
        ObjectNode config = bundleOf(box.shell("true"));
        change.accept(config);
        return schema.faultsOf(config);
    }
}
