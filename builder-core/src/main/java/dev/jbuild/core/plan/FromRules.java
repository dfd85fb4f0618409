package dev.jbuild.core.plan;

import dev.jbuild.core.plan.StageBase.Image;
import dev.jbuild.dockerfile.Dockerfile;
import dev.jbuild.dockerfile.DockerfileException;
import dev.jbuild.dockerfile.ExpansionException;
import dev.jbuild.dockerfile.Instruction;
import dev.jbuild.dockerfile.ParseLimits;
import dev.jbuild.dockerfile.Stage;
import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.dockerfile.Word;
import dev.jbuild.dockerfile.WordExpander;
import dev.jbuild.dockerfile.lint.Findings;
import dev.jbuild.dockerfile.lint.LintRule;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The lint rules about FROM lines: their arguments and their platforms. */
final class FromRules {
    private static final String TARGET_PLATFORM = "TARGETPLATFORM";

    private final Dockerfile dockerfile;
    private final PlanOptions options;
    private final Findings findings;
    private final WordExpander expander;
    private final Scope globals;

    FromRules(Dockerfile dockerfile, PlanOptions options, Findings findings) throws DockerfileException {
        this.dockerfile = dockerfile;
        this.options = options;
        this.findings = findings;
        this.globals = globals(options.buildArgs());
        this.expander = new WordExpander(dockerfile.directives().escape(), ParseLimits.DEFAULT);
    }

    private Scope globals(Map<String, String> given) throws DockerfileException {
        return GlobalArgs.of(dockerfile, options, given, options.target());
    }

    /** Everything that can be said before a base image is known. */
    void check() throws DockerfileException {
        checkDefaults();
        for (Stage stage : dockerfile.stages()) {
            try {
                check(stage);
            } catch (ExpansionException e) {
                throw new DockerfileException(dockerfile.name(), stage.from().range(), e);
            }
        }
    }

    private void check(Stage stage) throws ExpansionException {
        Instruction.From from = stage.from();
        Lookups image = lookups(from.image());
        undeclared(from, image);
        if (from.platform().isPresent()) {
            Lookups platform = lookups(from.platform().get());
            undeclared(from, platform);
            redundant(from, from.platform().get(), platform);
            constant(stage, from.platform().get(), platform);
        }
    }

    private Lookups lookups(Word word) throws ExpansionException {
        Lookups lookups = new Lookups(globals);
        expander.expand(word, lookups);
        return lookups;
    }

    private void undeclared(Instruction.From from, Lookups lookups) {
        Set<String> declared = declared();
        for (String name : lookups.missed()) {
            if (!declared.contains(name)) {
                findings.report(
                        from.source(),
                        LintRule.UNDEFINED_ARG_IN_FROM,
                        "FROM argument '" + name + "' is not declared"
                                + Suggestion.nearestName(name, declared)
                                        .map(near -> " (did you mean " + near + "?)")
                                        .orElse(""));
            }
        }
    }

    private Set<String> declared() {
        Set<String> names = new LinkedHashSet<>();
        for (Instruction.Arg arg : dockerfile.globalArgs()) {
            arg.definitions().forEach(definition -> names.add(definition.key().text()));
        }
        names.addAll(globals.values().keySet());
        return names;
    }

    private void redundant(Instruction.From from, Word platform, Lookups lookups) throws ExpansionException {
        boolean only = lookups.missed().isEmpty() && lookups.found().equals(Set.of(TARGET_PLATFORM));
        String value = expander.expand(platform, globals);
        if (only && globals.get(TARGET_PLATFORM).filter(value::equals).isPresent()) {
            findings.report(
                    from.source(),
                    LintRule.REDUNDANT_TARGET_PLATFORM,
                    "Setting platform to predefined " + platform.text()
                            + " in FROM is redundant as this is the default behavior");
        }
    }

    /** A stage that has its platform in its name is meant to have that one. */
    private void constant(Stage stage, Word platform, Lookups lookups) throws ExpansionException {
        String value = expander.expand(platform, globals);
        if (!lookups.missed().isEmpty() || !lookups.found().isEmpty()) {
            return;
        }
        Platform parsed = platform(value);
        String name = stage.name().orElse("");
        if (!name.contains(parsed.os()) && !name.contains(parsed.architecture())) {
            findings.report(
                    stage.from().source(),
                    LintRule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
                    "FROM --platform flag should not use constant value " + GoText.quoted(value));
        }
    }

    private Platform platform(String text) throws ExpansionException {
        try {
            return Platform.parse(text, options.buildPlatform());
        } catch (IllegalArgumentException e) {
            throw new ExpansionException(String.valueOf(e.getMessage()));
        }
    }

    /** The file should also build for those who give no arguments. */
    private void checkDefaults() {
        try {
            Scope defaults = globals(Map.of());
            for (Stage stage : dockerfile.stages()) {
                checkDefault(stage.from(), defaults);
            }
        } catch (DockerfileException | ExpansionException e) {
            // A default that cannot even be expanded, and that this build does without: no base name to judge.
            return;
        }
    }

    private void checkDefault(Instruction.From from, Scope defaults) throws ExpansionException {
        if (!isImageName(defaults.expand(from.image()))) {
            findings.report(
                    from.source(),
                    LintRule.INVALID_DEFAULT_ARG_IN_FROM,
                    "Default value for ARG " + from.image().text() + " results in empty or invalid base image name");
        }
    }

    private static boolean isImageName(String name) {
        try {
            ImageName.parse(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** That a stage's base image, once it is known, is for the platform that the stage is for. */
    void checkPlatform(Instruction.From from, StageBase base, Map<ImageRequest.Key, BaseImage> images)
            throws DockerfileException {
        if (!(base instanceof Image(ImageRequest request)) || !images.containsKey(request.key())) {
            return;
        }
        Platform actual = images.get(request.key()).config().platform();
        Platform expected = request.platform();
        if (!actual.os().equals(expected.os()) || !actual.architecture().equals(expected.architecture())) {
            findings.report(
                    from.source(),
                    LintRule.INVALID_BASE_IMAGE_PLATFORM,
                    "Base image " + baseName(from) + " was pulled with platform \"" + actual + "\", expected \""
                            + expected + "\" for current build");
        }
    }

    private String baseName(Instruction.From from) throws DockerfileException {
        try {
            return expander.expand(from.image(), globals);
        } catch (ExpansionException e) {
            throw new DockerfileException(dockerfile.name(), from.range(), e);
        }
    }
}
