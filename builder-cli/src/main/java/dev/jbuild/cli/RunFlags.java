package dev.jbuild.cli;

import static dev.jbuild.cli.Flag.aSwitch;
import static dev.jbuild.cli.Flag.valued;

import java.util.List;
import java.util.stream.Stream;

/** The flags of {@code docker run} that make sense for a command in a step's box. */
final class RunFlags {
    private static final List<Flag> OWN = List.of(
            valued("--add-host", "", "NAME:ADDRESS", "Add a line to the hosts file"),
            valued("--entrypoint", "", "PROGRAM", "Run this instead of the image's entry point"),
            valued("--env", "-e", "NAME[=VALUE]", "Set a variable; without a value, from the environment"),
            BuildFlags.INSECURE,
            aSwitch("--interactive", "-i", "Let the command read standard input"),
            valued("--name", "", "NAME", "The host name that the command sees"),
            valued("--network", "", "MODE", "default, none or host"),
            aSwitch("--rm", "", "Accepted for the habit: nothing is ever left of the command"),
            valued("--runtime", "", "NAME", "embedded, or an OCI runtime such as runc"),
            aSwitch("--tty", "-t", "Give the command a terminal of its own"),
            valued("--user", "-u", "USER[:GROUP]", "Run as this user of the image"),
            valued("--volume", "-v", "PATH:TARGET[:ro]", "Show a file or directory of the host"),
            valued("--workdir", "-w", "DIR", "Run in this directory"));

    static final List<Flag> ALL =
            Stream.of(OWN, BoxFlags.ALL).flatMap(List::stream).toList();

    private RunFlags() {}
}
