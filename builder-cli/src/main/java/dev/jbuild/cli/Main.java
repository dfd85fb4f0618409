package dev.jbuild.cli;

/** Where the process begins and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        if (args.length == 1 && args[0].equals("--version")) {
            System.out.println("jbuild version " + System.getProperty("jbuild.version", "unknown"));
        }
        return 0;
    }
}
