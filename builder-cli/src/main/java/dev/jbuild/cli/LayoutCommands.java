package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.Images;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.layer.image.LayoutName;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Platform;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands on images in layout folders: unpack, pack, validate. */
final class LayoutCommands {
    private final Arguments arguments;
    private final Surroundings surroundings;

    LayoutCommands(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    void unpack() throws UsageException, BuildException {
        List<String> operands = operands("jbuild image unpack takes oci:LAYOUT[:TAG] and DIR");
        LayoutName image = layout(operands.get(0));
        Path folder = surroundings.directory().resolve(operands.get(1));
        Optional<Platform> platform = platform();
        try (Engine engine = engine()) {
            engine.bundles().unpack(image, folder, arguments.isOn("--raw"), platform, this::note);
        }
    }

    void pack() throws UsageException, BuildException {
        List<String> operands = operands("jbuild image pack takes DIR and oci:LAYOUT[:TAG]");
        Path folder = surroundings.directory().resolve(operands.get(0));
        LayoutName image = layout(operands.get(1));
        Optional<Instant> created = created();
        try (Engine engine = engine()) {
            boolean refresh = arguments.isOn("--refresh-bundle");
            Descriptor manifest = engine.bundles().pack(folder, image, created, refresh, this::note);
            surroundings.out().println(manifest.digest());
        }
    }

    void validate() throws UsageException, BuildException {
        if (arguments.operands().isEmpty()) {
            throw new UsageException("the NAME of an image, or oci:LAYOUT[:TAG], is missing");
        }
        Optional<Platform> platform = platform();
        try (Engine engine = engine()) {
            List<String> invalid = new ArrayList<>();
            for (String operand : arguments.operands()) {
                List<String> problems = problems(engine.images(), operand, platform);
                tell(operand, problems);
                if (!problems.isEmpty()) {
                    invalid.add(operand);
                }
            }
            if (!invalid.isEmpty()) {
                throw new BuildException(BuildException.Kind.BUILD, "not valid: " + String.join(", ", invalid));
            }
        }
    }

    private List<String> problems(Images images, String operand, Optional<Platform> platform)
            throws UsageException, BuildException {
        return LayoutName.isOne(operand)
                ? images.problems(layout(operand))
                : images.problems(Values.imageName(operand), platform);
    }

    private void tell(String operand, List<String> problems) {
        PrintStream out = surroundings.out();
        problems.forEach(problem -> out.println(Printable.line(operand + ": " + problem)));
        if (problems.isEmpty()) {
            out.println(Printable.line(operand + ": valid"));
        }
    }

    private List<String> operands(String usage) throws UsageException {
        if (arguments.operands().size() != 2) {
            throw new UsageException(usage);
        }
        return arguments.operands();
    }

    private LayoutName layout(String text) throws UsageException {
        try {
            return LayoutName.parse(text).within(surroundings.directory());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<Platform> platform() throws UsageException {
        Optional<String> wanted = arguments.last("--platform");
        return wanted.isEmpty() ? Optional.empty() : Optional.of(Values.platform(wanted.get()));
    }

    private Optional<Instant> created() throws UsageException {
        Optional<String> epoch =
                arguments.last("--source-date-epoch").or(() -> surroundings.variable("SOURCE_DATE_EPOCH"));
        return epoch.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(Values.seconds("the source date epoch", epoch.get())));
    }

    private void note(String sentence) {
        surroundings.err().println("note: " + Printable.line(sentence));
    }

    private Engine engine() throws BuildException {
        return new Engines(arguments, surroundings).open();
    }
}
