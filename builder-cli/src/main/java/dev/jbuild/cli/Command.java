package dev.jbuild.cli;

import java.util.Arrays;
import java.util.Optional;

/** The words after {@code jbuild}; {@link CommandFlags} has the flags of each. */
enum Command {
    BUILD("build", "PATH", "Build an image from a Dockerfile (the word build may be left out)"),
    PUSH("push", "NAME...", "Send images to their registries"),
    PULL("pull", "NAME...", "Fetch images from their registries"),
    IMAGES("images", "", "List the images of the store"),
    INSPECT("inspect", "NAME...", "Print what images consist of, as JSON"),
    HISTORY("history", "NAME", "Show the steps that made an image"),
    RMI("rmi", "NAME...", "Remove names of images from the store"),
    PRUNE("prune", "", "Remove what no image and no running build uses");

    private final String word;
    private final String operands;
    private final String summary;

    Command(String word, String operands, String summary) {
        this.word = word;
        this.operands = operands;
        this.summary = summary;
    }

    static Optional<Command> named(String word) {
        return Arrays.stream(values()).filter(c -> c.word.equals(word)).findFirst();
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
