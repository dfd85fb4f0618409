package dev.jbuild.cli;

import static dev.jbuild.cli.Flag.aSwitch;
import static dev.jbuild.cli.Flag.ignored;
import static dev.jbuild.cli.Flag.ignoredSwitch;
import static dev.jbuild.cli.Flag.notYet;
import static dev.jbuild.cli.Flag.valued;

import java.util.List;
import java.util.stream.Stream;

/** The flags of {@code docker build}, as they are typed. */
final class BuildFlags {
    static final Flag INSECURE =
            valued("--insecure-registry", "", "HOST", "Speak plain HTTP to this registry (loopback ones always)");

    private static final List<Flag> HONOURED = List.of(
            valued("--add-host", "", "NAME:ADDRESS", "Add a line to the steps' hosts file"),
            valued("--allow", "", "WHAT", "Let RUN have network.host or security.insecure"),
            valued("--annotation", "", "[PLACE:]NAME=VALUE", "Add an annotation to the manifest, or to the index"),
            valued("--build-arg", "", "NAME[=VALUE]", "Set an ARG; without a value, from the environment"),
            valued("--build-context", "", "NAME=VALUE", "What stands in for the stage or image of this name"),
            valued("--call", "", "METHOD", "build, check, outline or targets; with ,format=json as JSON"),
            aSwitch("--check", "", "Look for mistakes instead of building: --call=check"),
            valued("--file", "-f", "FILE", "The Dockerfile (default: PATH/Dockerfile; - is standard input)"),
            valued("--iidfile", "", "FILE", "Write the image id to a file"),
            INSECURE,
            valued("--label", "", "NAME=VALUE", "Add a label to the image"),
            aSwitch("--load", "", "Accepted for the habit: the image always goes to the store"),
            valued("--metadata-file", "", "FILE", "Write the result's digests to a file, as JSON"),
            valued("--network", "", "MODE", "Network of RUN: default, none or host"),
            aSwitch("--no-cache", "", "Run every step anew"),
            valued("--no-cache-filter", "", "STAGE,...", "Run every step of these stages anew"),
            valued("--on-error", "", "shell", "Open a shell in the box of a step that failed; needs a terminal"),
            valued("--output", "-o", "DEST", "Also write the result: type=oci|docker|tar|local,dest=PATH"),
            valued("--platform", "", "OS/ARCH,...", "The platform of the image; several make an index"),
            valued("--progress", "", "FORM", "How to report: auto, tty, plain, quiet or rawjson"),
            aSwitch("--pull", "", "Look base images up in their registry even when the store has them"),
            aSwitch("--push", "", "Send the image to the registry of each of its names"),
            aSwitch("--quiet", "-q", "Print nothing but errors and, at the end, the image id"),
            valued("--runtime", "", "NAME", "What carries out RUN: embedded, or an OCI runtime such as runc"),
            valued("--secret", "", "id=ID[,src=FILE]", "Give a secret to the steps that mount it; also env=VARIABLE"),
            valued(
                    "--ssh",
                    "",
                    "ID[=SOCKET|KEY]",
                    "Give an SSH agent to the steps that mount it; ID is mostly default"),
            valued("--source-date-epoch", "", "SECONDS", "Stands in for the clock (default: SOURCE_DATE_EPOCH)"),
            valued("--tag", "-t", "NAME", "Name the image; may be given again"),
            valued("--target", "", "STAGE", "Build this stage instead of the last"));

    /** Honoured only in the value that asks for what happens anyway; {@link BuildArguments} refuses the others. */
    private static final List<Flag> ONE_VALUE = List.of(
            new Flag("--attest", "", "TYPE", Flag.Support.HONOURED, ""),
            new Flag("--provenance", "", "BOOL", Flag.Support.HONOURED, ""),
            new Flag("--sbom", "", "BOOL", Flag.Support.HONOURED, ""));

    /** They tuned the old builder's containers or its transport; no image ever differed by them. */
    private static final List<Flag> LEGACY = List.of(
            ignoredSwitch("--rm"),
            ignoredSwitch("--force-rm"),
            ignoredSwitch("--compress"),
            // Steps lie below the builder's own cgroup: another one's is not ours to write.
            ignored("--cgroup-parent", ""),
            ignored("--cpuset-mems", ""),
            ignored("--isolation", ""),
            ignoredSwitch("--squash"),
            ignored("--cache-from", ""),
            ignored("--cache-to", ""),
            ignored("--builder", ""));

    /** A policy forbids; who asks for one must not get a build without it. */
    private static final List<Flag> LATER = List.of(notYet("--policy"));

    static final List<Flag> ALL = Stream.of(HONOURED, BoxFlags.ALL, ONE_VALUE, LEGACY, LATER)
            .flatMap(List::stream)
            .toList();

    private BuildFlags() {}
}
