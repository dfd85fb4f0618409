package dev.jbuild.runtime;

import dev.jbuild.runtime.Machine.CgroupPlace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at a machine for {@link Diagnosis}: runs a step for trial, and asks the kernel and the disk. */
public final class Examination {
    private static final List<String> PROGRAMS = List.of("newuidmap", "newgidmap", "pasta", "slirp4netns");
    private static final Path EMULATORS = Path.of("/proc/sys/fs/binfmt_misc");
    private static final int EXIT_USAGE = 2;

    private final Launcher launcher;
    private final SearchPath programs;
    private final Entered entered;

    public Examination(Launcher launcher, SearchPath programs, Entered entered) {
        this.launcher = launcher;
        this.programs = programs;
        this.entered = entered;
    }

    /** @param store where builds keep their files, or will; its nearest parent that exists is looked at */
    public Findings examine(Path store) throws IOException, InterruptedException {
        Path existing = existing(store.toAbsolutePath());
        return new Findings(
                entered,
                trial(existing),
                kernel(),
                cgroups(),
                installed(),
                emulators(),
                Files.getFileStore(existing).getUsableSpace());
    }

    private static Path existing(Path path) {
        Path parent = path.getParent();
        return parent == null || Files.isDirectory(path) ? path : existing(parent);
    }

    /** The launcher, which needs nothing of an image, is the step's only file: without arguments it says how to use it. */
    private Optional<String> trial(Path directory) throws IOException, InterruptedException {
        Path trial = Files.createTempDirectory(directory, "doctor-");
        try {
            Path lower = Files.createDirectory(trial.resolve("lower"));
            Files.copy(launcher.file(), lower.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
            Rootfs rootfs = new Rootfs(
                    List.of(lower),
                    Files.createDirectory(trial.resolve("upper")),
                    Files.createDirectory(trial.resolve("work")));
            return run(StepSpec.of(rootfs, List.of("/probe")).withNetwork(Network.NONE));
        } finally {
            new OwnDirectory(trial).delete();
        }
    }

    private Optional<String> run(StepSpec spec) throws InterruptedException {
        try {
            StepOutcome outcome = new EmbeddedRuntime(launcher, programs, entered).run(spec, new Ignored());
            return outcome.exitCode() == EXIT_USAGE
                    ? Optional.empty()
                    : Optional.of("it ended with exit code " + outcome.exitCode());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, Integer> kernel() throws IOException, InterruptedException {
        Map<String, Integer> numbers = new HashMap<>();
        Process probe = new ProcessBuilder(launcher.file().toString(), "probe")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = probe.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int equals = line.indexOf('=');
                numbers.put(line.substring(0, equals), Integer.valueOf(line.substring(equals + 1)));
            }
        }
        probe.waitFor();
        return numbers;
    }

    private static Set<String> cgroups() throws IOException {
        Set<String> controllers = new HashSet<>();
        for (CgroupPlace place : Machine.probe().cgroups()) {
            controllers.addAll(place.controllers());
        }
        return controllers;
    }

    private Set<String> installed() {
        Set<String> installed = new HashSet<>(PROGRAMS);
        installed.removeIf(program -> programs.find(program).isEmpty());
        return installed;
    }

    private static List<String> emulators() throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(EMULATORS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(EMULATORS, "qemu-*")) {
                entries.forEach(
                        entry -> names.add(entry.getFileName().toString().substring("qemu-".length())));
            }
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    /** How to use the launcher is of no interest here. */
    private static final class Ignored implements StepOutput {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {}

        @Override
        public void stderr(byte[] bytes, int offset, int length) {}
    }
}
