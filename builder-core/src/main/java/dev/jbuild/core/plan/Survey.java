package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.IgnoreRules;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.WordExpander;
import dev.jbuild.dockerfile.lint.CheckOptions;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.oci.ContainerConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a plan finds out beside its graph: which lint rules are broken, and what each stage can be given. */
public final class Survey {
    private final Findings findings;
    private final IgnoreRules ignore;
    private final Map<Integer, StageRules> rules = new HashMap<>();
    private final Map<Integer, StageInputs> inputs = new HashMap<>();

    /** @param ignore what the build context's ignore file leaves out */
    public Survey(Findings findings, IgnoreRules ignore) {
        this.findings = findings;
        this.ignore = ignore;
    }

    /** A survey that nobody asked for. */
    static Survey unheard() {
        return new Survey(new Findings(CheckOptions.DEFAULT), IgnoreRules.NONE);
    }

    Findings findings() {
        return findings;
    }

    /** Begins a stage; its base, when that is a stage, was begun before. */
    void begin(int stage, StageBase base, Dockerfile dockerfile, PlanOptions options, Scope globals) {
        WordExpander expander = new WordExpander(dockerfile.directives().escape(), ParseLimits.DEFAULT);
        StageArguments arguments = new StageArguments(expander, options.buildArgs(), globals);
        boolean workdirSet = base instanceof StageBase.Earlier(int earlier)
                && rules.containsKey(earlier)
                && rules.get(earlier).isWorkdirSet();
        rules.put(stage, new StageRules(findings, ignore, expander, arguments, workdirSet));
        inputs.put(stage, new StageInputs(expander, arguments));
    }

    /**
     * Looks at an instruction before it is planned.
     *
     * @param scope the variables before it
     * @param declared the names of the ARGs before it
     */
    void see(int stage, PlannedInstruction planned, Scope scope, ContainerConfig config, Set<String> declared) {
        StageRules stageRules = rules.get(stage);
        StageInputs stageInputs = inputs.get(stage);
        if (stageRules != null && stageInputs != null) {
            stageRules.check(planned.instruction(), scope, config, declared);
            stageInputs.add(planned.instruction(), scope);
        }
    }

    /** What the instructions of a stage can be given; empty where the stage was not planned. */
    StageInputs inputs(int stage) {
        StageInputs found = inputs.get(stage);
        if (found == null) {
            throw new IllegalStateException("stage " + stage + " was not surveyed");
        }
        return found;
    }
}
