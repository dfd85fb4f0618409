package dev.jbuild.cli;

import dev.jbuild.core.HeadStart;

/** Where the process begins and ends. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        // Asked more often than anything else, by scripts too: it needs none of what follows.
        if (args.length == 1 && args[0].equals("--version")) {
            System.out.println("jbuild version " + System.getProperty("jbuild.version", "unknown"));
            return;
        }
        HeadStart.begin();
        System.exit(run(args));
    }

    /** Runs one command and gives its exit code. */
    static int run(String... args) {
        try (Interruption _ = Interruption.ofThisThread()) {
            return new Jbuild(Surroundings.ofThisProcess()).number(args);
        }
    }
}
