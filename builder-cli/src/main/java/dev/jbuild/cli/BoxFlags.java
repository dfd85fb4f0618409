package dev.jbuild.cli;

import static dev.jbuild.cli.Flag.valued;

import java.util.List;

/** The flags that say what a step may use and do, as {@code docker run} spells them. */
final class BoxFlags {
    static final List<Flag> ALL = List.of(
            valued("--cap-add", "", "NAME", "Give the steps this capability beside the standard eleven, or ALL"),
            valued("--cap-drop", "", "NAME", "Take this capability from the steps, or ALL"),
            valued("--cpu-period", "", "MICROS", "The period of --cpu-quota (default: 100000)"),
            valued("--cpu-quota", "", "MICROS", "CPU time of a step in each period"),
            valued("--cpu-shares", "-c", "N", "A step's weight among the busy; 1024 is the usual one"),
            valued("--cpus", "", "N", "How many processors' time a step may use, such as 1.5"),
            valued("--cpuset-cpus", "", "LIST", "The processors that a step may run on, such as 0-2,4"),
            valued("--dns", "", "ADDRESS", "A name server for the steps instead of the host's; may be given again"),
            valued("--dns-option", "", "OPTION", "An option of the steps' resolver, such as ndots:2"),
            valued("--dns-search", "", "DOMAIN", "A domain that short names are looked for in; . is none"),
            valued("--memory", "-m", "SIZE", "How much memory a step may use, such as 512m"),
            valued("--memory-swap", "", "SIZE", "Memory and swap together; -1 is any swap (default: twice --memory)"),
            valued("--pids-limit", "", "N", "How many processes a step may have at once (default: 4096)"),
            valued(
                    "--security-opt",
                    "",
                    "OPTION",
                    "seccomp=FILE|unconfined, no-new-privileges, apparmor=NAME, label=..."),
            valued("--shm-size", "", "SIZE", "The size of /dev/shm (default: 64m)"),
            valued("--step-root", "", "HOW", "How layers become a step's root: auto, overlay or copy"),
            valued("--storage-opt", "", "size=SIZE", "How much a step may write to disk (default: 32g)"),
            valued("--ulimit", "", "NAME=SOFT[:HARD]", "A limit of each process, such as nofile=1024:4096"));

    private BoxFlags() {}
}
