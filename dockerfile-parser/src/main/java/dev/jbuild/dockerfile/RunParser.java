package dev.jbuild.dockerfile;

import dev.jbuild.dockerfile.Instruction.RunNetwork;
import dev.jbuild.dockerfile.Instruction.RunSecurity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The grammar of RUN's flags. */
final class RunParser {
    private final Statement statement;

    RunParser(Statement statement) {
        this.statement = statement;
    }

    Instruction.Run parse(CommandLine command, Source source) throws DockerfileException {
        if (command instanceof CommandLine.Exec(var argv) && argv.isEmpty()) {
            throw statement.error("has an empty JSON array for its command");
        }
        return new Instruction.Run(
                command,
                mounts(),
                choice("network", RunNetwork.class, RunNetwork.DEFAULT),
                choice("security", RunSecurity.class, RunSecurity.SANDBOX),
                devices(),
                source);
    }

    /** Their options are only read when variables have values, but what {@code from} names must be known before. */
    private List<Word> mounts() throws DockerfileException {
        List<Word> mounts = statement.flags().list("mount");
        for (Word mount : mounts) {
            try {
                MountOptions.literalFrom(mount);
            } catch (ExpansionException e) {
                throw statement.whole().error(e);
            }
        }
        return mounts;
    }

    private List<Device> devices() throws DockerfileException {
        List<Device> devices = new ArrayList<>();
        for (Word device : statement.flags().list("device")) {
            try {
                devices.add(Device.parse(device.text()));
            } catch (ExpansionException e) {
                throw statement.whole().error(e);
            }
        }
        return devices;
    }

    private <E extends Enum<E>> E choice(String flag, Class<E> type, E standard) throws DockerfileException {
        Optional<Word> value = statement.flags().text(flag);
        if (value.isEmpty()) {
            return standard;
        }
        Choice<E> choice = new Choice<>(type);
        String given = value.get().text();
        Optional<E> chosen = choice.find(given);
        if (chosen.isEmpty()) {
            String names = String.join(", ", choice.names());
            String sentence =
                    "the flag --" + flag + " is one of " + names + ", not \"" + Excerpt.visible(given, 80) + "\"";
            throw statement.whole().error(sentence, Suggestion.nearest(given, choice.names()));
        }
        return chosen.get();
    }
}
