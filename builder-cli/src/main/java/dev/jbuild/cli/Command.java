package dev.jbuild.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The words after {@code jbuild}; {@link CommandFlags} has the flags of each. */
enum Command {
    BUILD("build", "PATH|ADDRESS|-", "Build an image from a Dockerfile (the word build may be left out)"),
    CHECK("check", "PATH|ADDRESS|-", "Look for mistakes in a Dockerfile without building it"),
    RUN("run", "IMAGE [COMMAND [ARGUMENT...]]", "Run a command in an image, in the box of a step"),
    PUSH("push", "NAME...", "Send images to their registries"),
    PULL("pull", "NAME...", "Fetch images from their registries"),
    IMAGES("images", "", "List the images of the store"),
    INSPECT("inspect", "NAME...", "Print what images consist of, as JSON"),
    HISTORY("history", "NAME", "Show the steps that made an image"),
    RMI("rmi", "NAME...", "Remove names of images from the store"),
    DOCTOR("doctor", "", "Tell what this machine can give a build, and what would mend the rest"),
    PRUNE("prune", "", "Remove what no image and no running build uses, and old parts of the cache"),
    DU("du", "", "Show what the store holds and what could be freed"),
    IMAGE_UNPACK("image unpack", "oci:LAYOUT[:TAG] DIR", "Unpack an image of a layout into a directory"),
    IMAGE_PACK("image pack", "DIR oci:LAYOUT[:TAG]", "Pack what changed in an unpacked image as one more layer"),
    IMAGE_VALIDATE("image validate", "NAME|oci:LAYOUT[:TAG]...", "Recompute everything that images claim"),
    STORE_CHECK("store check", "", "Recompute the store and its images, and put damaged files aside");

    private final String word;
    private final String operands;
    private final String summary;

    Command(String word, String operands, String summary) {
        this.word = word;
        this.operands = operands;
        this.summary = summary;
    }

    /** The command that the first word, or the first two, name. */
    static Optional<Command> named(List<String> words) {
        return Arrays.stream(values())
                .filter(command -> words.size() >= command.length()
                        && words.subList(0, command.length()).equals(List.of(command.word.split(" "))))
                .findFirst();
    }

    /** The names of all commands. */
    static List<String> words() {
        return Arrays.stream(values()).map(Command::word).toList();
    }

    /** How many words the command's name has. */
    int length() {
        return word.split(" ").length;
    }

    String word() {
        return word;
    }

    String operands() {
        return operands;
    }

    String summary() {
        return summary;
    }
}
