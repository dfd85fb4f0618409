package dev.jbuild.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.ImageName;
import dev.jbuild.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit that the disk turns over, of each kind of thing in the store: what a check tells of it, and what the next build makes of it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BitRotTest {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    /** A step that leaves all that an upper directory can hold: what is new, changed, touched, moved, removed and replaced. */
    private static final String[] STEPS = {
        "FROM scratch",
        "COPY busybox /bin/sh",
        "COPY tree /tree",
        "RUN echo new >/new && touch /tree/touched && chmod 700 /tree/changed && rm /tree/gone && mv /tree/moved /elsewhere"
                + " && rm -r /tree/replaced && mkdir /tree/replaced && echo other >/tree/replaced/other && ln /new /linked"
                + " && ln -s new /link && chown 7:8 /new"
    };

    @TempDir
    Path folder;

    private Workplace workplace;

    @BeforeEach
    void openWorkplace() throws Exception {
        workplace = new Workplace(folder);
        for (String name : List.of("touched", "changed", "gone", "moved/a", "replaced/b")) {
            workplace.file("tree/" + name, name);
        }
    }

    @AfterEach
    void closeWorkplace() throws Exception {
        workplace.close();
    }

    @Test
    void aTreeOfABaseIsFoundDamagedAndMadeAgain() throws Exception {
        workplace.build("FROM scratch", "COPY tree /tree");
        String[] copy = {"FROM test/image AS base", "FROM scratch", "COPY --from=base /tree/moved /moved"};
        workplace.build(copy);
        assertThat(problems()).isEmpty();
        Path file = tree(name -> name.startsWith("chain-")).resolve("fs/tree/moved/a");

        flipABit(file);

        assertThat(problems()).singleElement().asString().contains("tree chain-", "tree/moved/a", "layer sha256:");
        assertThat(file).doesNotExist();
        assertThat(problems()).isEmpty();
        workplace.build(workplace.request("FROM test/image AS base", "FROM scratch", "COPY --from=base /moved /again"));
    }

    @Test
    @Tag("root")
    void theTreeOfAStepIsFoundDamagedAndMadeAgain() throws Exception {
        assumeThat(System.getProperty("user.name")).as("needs root: steps run").isEqualTo("root");
        assumeThat(BUSYBOX).as("needs busybox: apt install busybox-static").isExecutable();
        Files.copy(BUSYBOX, workplace.context.resolve("busybox"));
        workplace.build(STEPS);
        assertThat(problems()).isEmpty();
        Path file = tree(name -> isOfStep(name, "new")).resolve("fs/new");

        flipABit(file);

        assertThat(problems()).singleElement().asString().contains("tree step-", "layer sha256:");
        assertThat(file).doesNotExist();
        assertThat(problems()).isEmpty();
        workplace.build(STEPS);
    }

    @Test
    void aStepWhoseRecordIsDamagedIsDoneAgain() throws Exception {
        String[] dockerfile = {"FROM scratch", "COPY tree /tree", "WORKDIR /work"};
        Descriptor built = workplace.build(dockerfile).manifest();
        workplace.build(dockerfile);
        assertThat(workplace.heard.cached).as("steps found by their records").hasSize(2);
        workplace.heard.cached.clear();
        for (Path record : files("records")) {
            flipABit(record);
        }
        Descriptor again = workplace.build(dockerfile).manifest();
        assertThat(again.mediaType()).isEqualTo(built.mediaType());
        assertThat(workplace.heard.cached).as("steps found by damaged records").isEmpty();
        assertThat(problems()).isEmpty();
    }

    /** A build that finds all it needs reads no layer: the bit shows at the first use, and the build after that has it right again. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aFlippedBitOfAnyBlobIsToldByNameAndHealedByABuild(int which) throws Exception {
        String[] dockerfile = {"FROM scratch", "COPY tree /tree", "WORKDIR /work"};
        workplace.build(dockerfile);
        List<Path> blobs = files("blobs/sha256");
        assertThat(blobs).as("two layers, config, manifest").hasSize(4);
        Path blob = blobs.get(which);
        flipABit(blob);

        assertThatThrownBy(() -> workplace.build(dockerfile))
                .as("the validation of an image by its name")
                .hasMessageContaining(blob.getFileName().toString());
        workplace.build(dockerfile);
        assertThat(problems()).isEmpty();
    }

    /** A copy is held against the blob that it made before; which of the two is wrong, the blob's digest tells. */
    @Test
    void aFlippedBitOfALayerIsHealedByACopyThatIsMadeAnew() throws Exception {
        String[] dockerfile = {"FROM scratch", "COPY tree /tree"};
        Descriptor layer = workplace.layers(workplace.build(dockerfile)).getFirst();
        flipABit(workplace.store.resolve("blobs/sha256").resolve(layer.digest().hex()));

        List<Descriptor> anew =
                workplace.layers(workplace.build(workplace.request(dockerfile).noCache(true)));

        assertThat(anew).containsExactly(layer);
        assertThat(problems()).isEmpty();
    }

    @ParameterizedTest
    @Tag("peer")
    @ValueSource(ints = {0, 1, 2, 3})
    void aPushOfADamagedBlobNamesItAndLeavesTheRegistryWithoutTheImage(int which) throws Exception {
        try (DebianRegistry registry = DebianRegistry.start(Files.createDirectories(folder.resolve("registry")))) {
            ImageName name = ImageName.parse(registry.host() + "/team/app:1");
            String[] dockerfile = {"FROM scratch", "COPY tree /tree", "WORKDIR /work"};
            workplace.engine.build(workplace.request(dockerfile).tag(name).build(), workplace.heard);
            Path blob = files("blobs/sha256").get(which);
            flipABit(blob);

            assertThatThrownBy(() -> workplace.engine.images().push(name, workplace.heard))
                    .isInstanceOf(BuildException.class)
                    .hasMessageContaining(blob.getFileName().toString());
            assertThat(registryTags()).isEmpty();

            workplace.engine.build(workplace.request(dockerfile).tag(name).build(), workplace.heard);
            workplace.engine.images().push(name, workplace.heard);
            assertThat(registryTags()).containsExactly("1");
        }
    }

    /** As they lie on the registry's disk. */
    private List<String> registryTags() throws IOException {
        Path tags = folder.resolve("registry/storage/docker/registry/v2/repositories/team/app/_manifests/tags");
        if (!Files.exists(tags)) {
            return List.of();
        }
        try (var files = Files.list(tags)) {
            return files.map(tag -> tag.getFileName().toString()).toList();
        }
    }

    private List<Path> files(String folder) throws IOException {
        try (var files = Files.list(workplace.store.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    private List<String> problems() throws BuildException {
        return workplace.engine.storeCare().check().problems();
    }

    private boolean isOfStep(String name, String file) {
        return name.startsWith("step-")
                && Files.exists(workplace
                        .store
                        .resolve("trees")
                        .resolve(name)
                        .resolve("fs")
                        .resolve(file));
    }

    private Path tree(Predicate<String> wanted) throws IOException {
        try (var trees = Files.list(workplace.store.resolve("trees"))) {
            return trees.filter(tree -> wanted.test(tree.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** As a disk does it: the times do not tell. Which bit, the file's own name says: another one in each file, and the same each time. */
    private static void flipABit(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
        Random random = new Random(file.getFileName().toString().hashCode());
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, content);
        Files.setLastModifiedTime(file, time);
    }
}
