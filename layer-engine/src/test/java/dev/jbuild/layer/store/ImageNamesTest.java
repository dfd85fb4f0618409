package dev.jbuild.layer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.linux.Linux;
import dev.jbuild.oci.Descriptor;
import dev.jbuild.oci.Digest;
import dev.jbuild.oci.ImageName;
import dev.jbuild.oci.Index;
import dev.jbuild.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNamesTest {
    private static final ImageName APP = ImageName.parse("app:1");
    private static final Descriptor FIRST = image('a');
    private static final Descriptor SECOND = image('b');

    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.open(folder.resolve("store"), Linux.system());
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void nameIsFoundUntilRemoved() throws Exception {
        assertThat(store.images().find(APP)).isEmpty();

        store.images().put(APP, FIRST);
        assertThat(store.images().find(APP)).contains(FIRST);
        assertThat(store.images().find(ImageName.parse("app:2"))).isEmpty();

        assertThat(store.images().remove(APP)).isTrue();
        assertThat(store.images().remove(APP)).isFalse();
        assertThat(store.images().find(APP)).isEmpty();
    }

    @Test
    void nameMovesToTheNewImage() throws Exception {
        store.images().put(APP, FIRST);
        store.images().put(APP, SECOND);

        assertThat(store.images().list()).containsExactly(new ImageNames.NamedImage(APP, SECOND));
    }

    @Test
    void severalNamesAreGivenAtOnceAndListedSorted() throws Exception {
        ImageName other = ImageName.parse("a.example/other");
        store.images().putAll(List.of(APP, other), FIRST);

        assertThat(store.images().list())
                .extracting(ImageNames.NamedImage::name)
                .containsExactly(other, APP);
    }

    @Test
    void namesOutliveTheStore() throws Exception {
        store.images().put(APP, FIRST);
        store.close();
        store = Store.open(store.root(), Linux.system());

        assertThat(store.images().find(APP)).contains(FIRST);
    }

    @Test
    void indexIsReadableByOthersUnderTheWholeName() throws Exception {
        store.images().put(APP, FIRST);
        Index index =
                Index.parse(Files.readAllBytes(store.root().resolve("index.json")), MediaTypes.OCI_INDEX, "index");

        assertThat(index.entries().getFirst().manifest().annotations())
                .containsEntry("org.opencontainers.image.ref.name", "docker.io/library/app:1")
                .containsEntry("io.containerd.image.name", "docker.io/library/app:1");
    }

    @Test
    void entriesOfOthersStayButAreNoNames() throws Exception {
        Descriptor foreign = new Descriptor(
                FIRST.mediaType(), FIRST.digest(), FIRST.size(), Map.of("org.opencontainers.image.ref.name", "app:1"));
        Descriptor hostile = new Descriptor(
                FIRST.mediaType(), FIRST.digest(), FIRST.size(), Map.of("io.containerd.image.name", "../\u001b[2J"));
        Index index = Index.oci(
                List.of(new Index.Entry(foreign, Optional.empty()), new Index.Entry(hostile, Optional.empty())));
        Files.write(store.root().resolve("index.json"), index.toBytes());

        assertThat(store.images().find(APP)).isEmpty();
        assertThat(store.images().list()).isEmpty();

        store.images().put(APP, SECOND);
        Index after =
                Index.parse(Files.readAllBytes(store.root().resolve("index.json")), MediaTypes.OCI_INDEX, "index");
        assertThat(after.entries()).hasSize(3).containsAll(index.entries());
    }

    @Test
    void noFlippedBitChangesANameUnseen() throws Exception {
        store.images().put(APP, FIRST);
        store.images().put(ImageName.parse("app:2"), SECOND);
        List<ImageNames.NamedImage> sound = store.images().list();
        Path file = store.root().resolve("index.json");
        byte[] bytes = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, flipped);
            try {
                assertThat(store.images().list()).as("bit " + bit).isEqualTo(sound);
            } catch (IOException e) {
                assertThat(e).as("bit " + bit).hasMessageContaining("index.json");
            }
        }
    }

    @Test
    void damagedNamesAreToldAndKeptAsTheyStandByACheck() throws Exception {
        store.images().put(APP, FIRST);
        Path file = store.root().resolve("index.json");
        Files.writeString(file, Files.readString(file).replace("library/app:1", "library/aqp:1"));

        assertThatThrownBy(() -> store.images().find(APP))
                .hasMessageContaining("index.json is damaged")
                .hasMessageContaining("store check");
        assertThatThrownBy(() -> store.images().put(APP, SECOND)).hasMessageContaining("index.json is damaged");

        assertThat(store.check().problems()).singleElement().asString().startsWith("index.json is damaged");
        assertThat(store.check().problems()).isEmpty();
        assertThat(store.images().find(ImageName.parse("aqp:1"))).contains(FIRST);
    }

    @Test
    void noNameIsLostWhenManyAreGivenAtOnce() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Store other = Store.open(store.root(), Linux.system())) {
            for (int i = 0; i < 20; i++) {
                ImageName name = ImageName.parse("app:" + i);
                ImageNames names = i % 2 == 0 ? store.images() : other.images();
                all.add(threads.submit(() -> {
                    names.put(name, FIRST);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(store.images().list()).hasSize(20);
    }

    private static Descriptor image(char digit) {
        Digest digest = Digest.parse("sha256:" + String.valueOf(digit).repeat(64));
        return new Descriptor(MediaTypes.OCI_MANIFEST, digest, 10);
    }
}
