package dev.jbuild.cli;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.runtime.Diagnosis;
import dev.jbuild.runtime.Diagnosis.Check;
import java.io.PrintStream;

/** {@code jbuild doctor}: tells what this machine can give a build, and how it could give more. */
final class DoctorCommand {
    private final Arguments arguments;
    private final Surroundings surroundings;

    DoctorCommand(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    /** Tells it; fails when no build with RUN is possible. */
    ExitCode run() throws UsageException, BuildException, InterruptedException {
        if (!arguments.operands().isEmpty()) {
            throw new UsageException("not a flag: " + arguments.operands().getFirst());
        }
        Diagnosis diagnosis = new Engines(arguments, surroundings).diagnose();
        print(diagnosis, surroundings.out());
        return diagnosis.runs() ? ExitCode.OK : ExitCode.MACHINE;
    }

    static void print(Diagnosis diagnosis, PrintStream out) {
        Table table = new Table("THING", "STATE", "FOUND");
        for (Check check : diagnosis.checks()) {
            table.row(check.thing(), word(check), Printable.line(check.found()));
        }
        out.print(table);
        out.println("\nRung: " + diagnosis.rung());
        for (Check check : diagnosis.checks()) {
            check.fix().ifPresent(fix -> out.println("To mend " + check.thing() + ": " + fix));
        }
    }

    private static String word(Check check) {
        return switch (check.state()) {
            case GOOD -> "ok";
            case LESS -> "less";
            case MISSING -> "MISSING";
        };
    }
}
