package dev.jbuild.cli;

import dev.jbuild.core.Engine;
import dev.jbuild.core.ImageSummary;
import dev.jbuild.core.Images;
import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildListener;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Platform;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The commands on images beside building them. */
final class ImageCommands {
    private static final int SHORT_ID = 12;

    private final Arguments arguments;
    private final Surroundings surroundings;

    ImageCommands(Arguments arguments, Surroundings surroundings) {
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    void push() throws UsageException, BuildException, InterruptedException {
        List<ImageName> names = names();
        try (Engine engine = engine()) {
            for (ImageName name : names) {
                tell(name, engine.images().push(name, progress()));
            }
        }
    }

    void pull() throws UsageException, BuildException, InterruptedException {
        List<ImageName> names = names();
        Optional<String> wanted = arguments.last("--platform");
        Optional<Platform> platform = wanted.isEmpty() ? Optional.empty() : Optional.of(Values.platform(wanted.get()));
        try (Engine engine = engine()) {
            for (ImageName name : names) {
                tell(name, engine.images().pull(name, platform, progress()));
            }
        }
    }

    void list() throws UsageException, BuildException {
        refuseOperands();
        try (Engine engine = engine()) {
            List<ImageSummary> images = engine.images().list();
            if (arguments.isOn("--quiet")) {
                ids(images).forEach(out()::println);
            } else {
                out().print(table(images));
            }
        }
    }

    void inspect() throws UsageException, BuildException {
        List<ImageName> names = names();
        try (Engine engine = engine()) {
            List<String> documents = new ArrayList<>();
            for (ImageName name : names) {
                documents.add(new String(engine.images().inspect(name), StandardCharsets.UTF_8));
            }
            out().println("[" + String.join(",\n", documents) + "]");
        }
    }

    void history() throws UsageException, BuildException {
        List<ImageName> names = names();
        if (names.size() > 1) {
            throw new UsageException("jbuild history takes one NAME");
        }
        try (Engine engine = engine()) {
            HistoryTable table = new HistoryTable(Instant.now(), arguments.isOn("--no-trunc"));
            out().print(table.of(engine.images().config(names.getFirst())));
        }
    }

    void remove() throws UsageException, BuildException {
        List<ImageName> names = names();
        try (Engine engine = engine()) {
            Images images = engine.images();
            for (ImageName name : names) {
                if (images.remove(name)) {
                    out().println("Untagged: " + name.familiar());
                } else if (!arguments.isOn("--force")) {
                    throw new UsageException("there is no image " + name.familiar() + " in the store");
                }
            }
        }
    }

    private void tell(ImageName name, Descriptor manifest) {
        out().println(
                        arguments.isOn("--quiet")
                                ? manifest.digest().toString()
                                : name.familiar() + ": digest: " + manifest.digest() + " size: " + manifest.size());
    }

    private String table(List<ImageSummary> images) {
        Table table = new Table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
        Instant now = Instant.now();
        for (ImageSummary image : images) {
            ImageName name = image.name();
            ImageName repository =
                    new ImageName(name.registry(), name.repository(), Optional.empty(), Optional.empty());
            table.row(
                    repository.familiar(),
                    name.tag().orElse("<none>"),
                    id(image.config()),
                    Humanly.age(image.created(), now),
                    Humanly.size(image.size()));
        }
        return table.toString();
    }

    private Set<String> ids(List<ImageSummary> images) {
        Set<String> ids = new LinkedHashSet<>();
        images.forEach(image -> ids.add(id(image.config())));
        return ids;
    }

    private String id(Digest digest) {
        return arguments.isOn("--no-trunc") ? digest.toString() : digest.hex().substring(0, SHORT_ID);
    }

    private List<ImageName> names() throws UsageException {
        if (arguments.operands().isEmpty()) {
            throw new UsageException("the NAME of an image is missing");
        }
        List<ImageName> names = new ArrayList<>();
        for (String operand : arguments.operands()) {
            names.add(Values.imageName(operand));
        }
        return names;
    }

    private void refuseOperands() throws UsageException {
        if (!arguments.operands().isEmpty()) {
            throw new UsageException("not a flag: " + arguments.operands().getFirst());
        }
    }

    private BuildListener progress() {
        ProgressForm form = arguments.isOn("--quiet") ? ProgressForm.QUIET : ProgressForm.PLAIN;
        return form.listener(surroundings);
    }

    private Engine engine() throws BuildException {
        return new Engines(arguments, surroundings).open();
    }

    private PrintStream out() {
        return surroundings.out();
    }
}
