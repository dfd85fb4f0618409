package dev.jbuild.cli;

import java.util.ArrayList;
import java.util.List;

/** Which flags each command takes. */
final class CommandFlags {
    private static final Flag QUIET = Flag.aSwitch("--quiet", "-q", "Print nothing but errors and digests");

    private static final Flag PLATFORM = Flag.valued("--platform", "", "OS/ARCH", "Which image of several to take");
    private static final Flag ROOTLESS =
            Flag.aSwitch("--rootless", "", "Accepted for the habit: without root it always is");

    private CommandFlags() {}

    static List<Flag> of(Command command) {
        List<Flag> flags = new ArrayList<>(own(command));
        flags.add(Flag.valued("--root", "", "DIR", "Keep the store in this directory (default: JBUILD_ROOT)"));
        flags.add(Flag.valued("--layer-limit", "", "NAME=N", "Let a layer have more of what a refusal names"));
        flags.add(Flag.aSwitch("--debug", "-D", "Print the stack trace of a failure"));
        flags.add(Flag.aSwitch("--help", "-h", "Print this help"));
        return flags;
    }

    private static List<Flag> own(Command command) {
        return switch (command) {
            case BUILD, CHECK -> BuildFlags.ALL;
            case RUN -> RunFlags.ALL;
            case PUSH -> List.of(QUIET, BuildFlags.INSECURE);
            case PULL ->
                List.of(QUIET, BuildFlags.INSECURE, Flag.valued("--platform", "", "OS/ARCH", "The platform to fetch"));
            case IMAGES ->
                List.of(
                        Flag.aSwitch("--quiet", "-q", "Print image ids only"),
                        Flag.aSwitch("--no-trunc", "", "Print ids in full"));
            case INSPECT, DOCTOR -> List.of();
            case HISTORY -> List.of(Flag.aSwitch("--no-trunc", "", "Print instructions in full"));
            case RMI -> List.of(Flag.aSwitch("--force", "-f", "Do not fail when a name is unknown"));
            case PRUNE ->
                List.of(
                        Flag.aSwitch("--all", "-a", "Remove the whole cache too; named images stay"),
                        Flag.valued("--filter", "", "until=TIME", "Remove the cache not used since a time, or for 24h"),
                        Flag.valued("--keep-storage", "", "SIZE", "Remove the cache but for what was used last"),
                        Flag.aSwitch("--force", "-f", "Accepted for the habit: no question is asked"));
            case DU -> List.of(Flag.aSwitch("--verbose", "-v", "List every blob, tree and record"));
            case IMAGE_UNPACK ->
                List.of(
                        Flag.aSwitch("--raw", "", "Make DIR the root directory itself, with nothing to pack it by"),
                        PLATFORM,
                        ROOTLESS);
            case IMAGE_PACK ->
                List.of(
                        Flag.aSwitch("--refresh-bundle", "", "Let the next pack start from this image"),
                        Flag.valued(
                                "--source-date-epoch",
                                "",
                                "SECONDS",
                                "Stands in for the clock (default: SOURCE_DATE_EPOCH)"),
                        ROOTLESS);
            case IMAGE_VALIDATE -> List.of(BuildFlags.INSECURE, PLATFORM);
            case STORE_CHECK -> List.of();
        };
    }
}
