package dev.jbuild.cli;

import dev.jbuild.core.api.BuildException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One command from its words to its exit code. */
final class Jbuild {
    private final Surroundings surroundings;
    private OptionalInt ended = OptionalInt.empty();

    Jbuild(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs one command; the number is that of its exit code, or of the command that {@code run} ran. */
    int number(String... args) {
        ExitCode code = run(args);
        return code == ExitCode.OK ? ended.orElse(code.number()) : code.number();
    }

    ExitCode run(String... args) {
        List<String> words = Arrays.asList(args);
        boolean debug =
                surroundings.variable("JBUILD_DEBUG").isPresent() || words.contains("--debug") || words.contains("-D");
        Failures failures = new Failures(surroundings.err(), debug);
        try {
            return dispatch(words);
        } catch (UsageException e) {
            return failures.usage(e);
        } catch (BuildException e) {
            return failures.build(e);
        } catch (InterruptedException e) {
            return failures.interrupted(e);
        } catch (OutOfMemoryError e) {
            return failures.outOfMemory(e);
        } catch (RuntimeException | Error e) {
            return failures.bug(e);
        }
    }

    private ExitCode dispatch(List<String> words) throws UsageException, BuildException, InterruptedException {
        if (words.isEmpty() || words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
            surroundings.out().print(Help.overview());
            return ExitCode.OK;
        }
        int position = commandPosition(words);
        List<String> rest = new ArrayList<>(words);
        Optional<Command> named = Command.named(words.subList(Math.min(position, words.size()), words.size()));
        named.ifPresent(
                command -> rest.subList(position, position + command.length()).clear());
        Command command = named.orElse(Command.BUILD);
        Arguments arguments = new ArgumentParser(command).parse(rest);
        if (arguments.isOn("--help")) {
            surroundings.out().print(Help.of(command));
            return ExitCode.OK;
        }
        return run(command, arguments);
    }

    /** Where the command's word stands when there is one: flags that every command takes may come before it. */
    private static int commandPosition(List<String> words) {
        int position = 0;
        while (position < words.size()) {
            String word = words.get(position);
            if (word.equals("--root")) {
                position += 2;
            } else if (word.startsWith("--root=") || word.equals("--debug") || word.equals("-D")) {
                position++;
            } else {
                return position;
            }
        }
        return position;
    }

    private ExitCode run(Command command, Arguments arguments)
            throws UsageException, BuildException, InterruptedException {
        ImageCommands images = new ImageCommands(arguments, surroundings);
        LayoutCommands layouts = new LayoutCommands(arguments, surroundings);
        StoreCommands store = new StoreCommands(arguments, surroundings);
        switch (command) {
            case BUILD, CHECK -> {
                return new BuildCommand(command, arguments, surroundings).run();
            }
            case RUN -> ended = OptionalInt.of(new RunCommand(arguments, surroundings).run());
            case PUSH -> images.push();
            case PULL -> images.pull();
            case IMAGES -> images.list();
            case INSPECT -> images.inspect();
            case HISTORY -> images.history();
            case RMI -> images.remove();
            case PRUNE -> store.prune();
            case DU -> store.usage();
            case IMAGE_UNPACK -> layouts.unpack();
            case IMAGE_PACK -> layouts.pack();
            case IMAGE_VALIDATE -> layouts.validate();
            case STORE_CHECK -> store.check();
            case DOCTOR -> {
                return new DoctorCommand(arguments, surroundings).run();
            }
        }
        return ExitCode.OK;
    }
}
