package dev.jbuild.runtime;

import dev.jbuild.runtime.launch.Launch;
import dev.jbuild.runtime.launch.LaunchException;
import dev.jbuild.runtime.launch.LaunchedProcess;
import dev.jbuild.runtime.launch.Namespace;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs steps with an OCI runtime (runc) through a bundle, in the same box as {@link EmbeddedRuntime}'s. The launcher
 * mounts the layers for it in a mount namespace of their own, and keeps it on the leash.
 */
public final class OciRuntime implements StepRuntime {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private final Launcher launcher;
    private final SearchPath programs;
    private final String runtime;
    private final Path state;
    private final StepNetworks networks;
    private final LazyHost host = new LazyHost();

    /**
     * @param programs where the runtime and pasta are looked for
     * @param runtime its name, such as runc, or its absolute path
     * @param state an existing directory of the user's own for bundles and the runtime's state
     */
    public OciRuntime(Launcher launcher, SearchPath programs, String runtime, Path state) {
        this.launcher = launcher;
        this.programs = programs;
        this.runtime = runtime;
        this.state = state;
        this.networks = new StepNetworks(programs);
    }

    @Override
    public StepOutcome run(StepSpec spec, StepOutput output) throws IOException, InterruptedException {
        Path program = locate();
        Host known = host.get();
        checkRoot(known.machine());
        checkInput(spec.input());
        return networks.run(spec.network(), link -> launch(spec, link, known, program, output));
    }

    private Path locate() throws RuntimeUnavailableException {
        return (runtime.startsWith("/") ? Optional.of(Path.of(runtime)) : programs.find(runtime))
                .orElseThrow(() -> new RuntimeUnavailableException(
                        "the OCI runtime " + runtime + " is not installed", "apt install " + runtime));
    }

    private void checkRoot(Machine machine) throws RuntimeUnavailableException {
        if (!machine.mayMount() || !machine.uids().isWhole()) {
            throw new RuntimeUnavailableException(
                    "steps run with " + runtime + " as root only", "build as root, or without --runtime");
        }
    }

    private void checkInput(StepInput input) throws RuntimeUnavailableException {
        if (input instanceof StepInput.Terminal) {
            throw new RuntimeUnavailableException(
                    "a terminal is not passed through " + runtime + " yet", "leave -t or --runtime out");
        }
    }

    private Report launch(StepSpec spec, Link link, Host known, Path program, StepOutput output)
            throws IOException, InterruptedException {
        Requirements.check(spec.resolver(), link);
        List<Operation> operations =
                BoxOperations.of(known.machine(), link, BoxFiles.of(spec, link, known.resolvConf()), spec);
        try (OciBundle bundle = OciBundle.create(program, state)) {
            OciMounts mounts = OciMounts.of(spec.mounts(), bundle.directory());
            mounts.makePlaces();
            List<Operation> preparations = preparations(operations, mounts, program);
            preparations.addAll(bundle.write(spec, operations, mounts, known, link));
            Launch launch = plan(spec, link, preparations, bundle);
            return bundle.log().explain(run(launch, mounts, output), runtime);
        }
    }

    private Report run(Launch launch, OciMounts mounts, StepOutput output) throws IOException, InterruptedException {
        try {
            return LaunchedProcess.run(launcher.starter(), launch, new Relay(output));
        } catch (LaunchException e) {
            if (e.isOverlayUnsupported()) {
                throw OverlayUnavailableException.of(e);
            }
            throw new OciRuntimeException(mounts.inStepsPaths(String.valueOf(e.getMessage())), e);
        }
    }

    private Launch plan(StepSpec spec, Link link, List<Operation> preparations, OciBundle bundle) {
        return new Launch(
                spec.rootfs().lower(),
                spec.rootfs().upper(),
                spec.rootfs().work(),
                spec.rootfs().isPlain(),
                Optional.of(bundle.rootfs()),
                namespaces(link),
                spec.hostname(),
                preparations,
                bundle.runCommand(link),
                ENVIRONMENT,
                bundle.directory().toString(),
                Optional.empty(),
                List.of(),
                CgroupPlanner.disk(spec.limits(), spec.rootfs()),
                0,
                LaunchPlanner.network(link),
                LaunchPlanner.input(spec.input()),
                Optional.empty(),
                bundle.deleteCommand());
    }

    // A pid namespace around the runtime's own: whatever happens to the runtime, nothing outlives the launcher's init.
    private static Set<Namespace> namespaces(Link link) {
        EnumSet<Namespace> namespaces = EnumSet.of(Namespace.MOUNT, Namespace.PID);
        if (!(link instanceof Link.Host)) {
            namespaces.add(Namespace.NETWORK);
        }
        return namespaces;
    }

    // The runtime would make missing mount points in the upper directory.
    private static List<Operation> preparations(List<Operation> operations, OciMounts mounts, Path program) {
        List<Operation> prepared = new ArrayList<>();
        operations.stream()
                .flatMap(operation -> OciBundle.stub(operation).stream())
                .forEach(prepared::add);
        prepared.addAll(mounts.stubs());
        if (Gvisor.is(program)) {
            prepared.add(Gvisor.FULL_TMP);
        }
        prepared.addAll(mounts.operations());
        prepared.add(new Operation.Filesystem("/proc", Operation.Place.BOX, "proc", List.of(), Set.of()));
        if (Gvisor.is(program)) {
            prepared.add(Gvisor.NO_NETWORK_SETTINGS);
        }
        return prepared;
    }
}
