package dev.jbuild.cli;

import dev.jbuild.cli.Distribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the packaged program with {@code src/test/c/faults.c} preloaded: one call on a file of the store goes wrong. */
record FaultyCalls(Distribution jbuild, Path library) {
    /** What becomes of the call. */
    enum Fault {
        KILL(0, false),
        ENOSPC(28, false),
        EIO(5, true),
        EMFILE(24, true);

        private final int errno;
        private final boolean alsoReads;

        Fault(int errno, boolean alsoReads) {
            this.errno = errno;
            this.alsoReads = alsoReads;
        }
    }

    /** Empty where there is no C compiler. */
    static Optional<FaultyCalls> of(Distribution jbuild, Path folder) throws IOException, InterruptedException {
        Path source = Path.of("src/test/c/faults.c").toAbsolutePath();
        Path library = folder.resolve("faults.so");
        List<String> command =
                List.of("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl");
        try {
            Process compiler = new ProcessBuilder(command).inheritIO().start();
            if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
                throw new IOException("cannot compile " + source);
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such file")) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(new FaultyCalls(jbuild, library));
    }

    /** How many calls on files of the store a run makes. */
    int count(Fault fault, List<String> words) throws IOException, InterruptedException {
        Path log = Files.createTempFile(jbuild.store(), "calls", "");
        Map<String, String> environment = environment(fault, 0);
        environment.put("FAULT_LOG", log.toString());
        Ended ended = jbuild.run(jbuild.program(), environment, words);
        if (ended.code() != 0) {
            throw new IOException("jbuild " + words + ": " + ended.err());
        }
        return Files.readAllLines(log).size();
    }

    /** Lets the call of that number, from 1, go wrong. */
    Ended run(Fault fault, int call, List<String> words) throws IOException, InterruptedException {
        return jbuild.run(jbuild.program(), environment(fault, call), words);
    }

    private Map<String, String> environment(Fault fault, int call) {
        Map<String, String> environment = new HashMap<>();
        environment.put("LD_PRELOAD", library.toString());
        environment.put("FAULT_ROOT", jbuild.store().resolve("root").toString());
        environment.put("FAULT_AT", Integer.toString(call));
        environment.put("FAULT_ERRNO", Integer.toString(fault.errno));
        environment.put("FAULT_READS", fault.alsoReads ? "1" : "0");
        return environment;
    }
}
