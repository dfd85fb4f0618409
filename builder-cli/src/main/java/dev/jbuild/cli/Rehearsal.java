package dev.jbuild.cli;

import dev.jbuild.core.HeadStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the commands of a file one after the other in one JVM: the distribution's start-up cache is trained on them. */
final class Rehearsal {
    private Rehearsal() {}

    /** @param args the file: one command a line, its words separated by tabs */
    public static void main(String[] args) throws IOException {
        HeadStart.begin();
        List<String> commands = Files.readAllLines(Path.of(args[0]));
        for (String command : commands) {
            int code = Main.run(command.split("\t", -1));
            System.err.println("exit code " + code + ": " + command.replace('\t', ' '));
        }
        // As a command ends: the JVM's way out needs classes too.
        System.exit(0);
    }
}
