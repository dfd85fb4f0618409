package dev.jbuild.runtime;

import dev.jbuild.runtime.StepMount.Host;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Operation.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the mounts that a step asks for reach it through an OCI runtime: the launcher mounts each at a place in the bundle,
 * by descriptor and without a secret that touches the disk, and the runtime binds these places. A mount inside another
 * one is put there by the launcher as well. A runtime would make its mount point by name in what may be a cache, while
 * another step swaps a directory of that cache for a link to the host (CVE-2024-45310, runc before 1.1.14 and 1.2.0-rc3).
 */
final class OciMounts {
    private final Path bundle;
    private final List<StepMount> ordered;
    private final List<Outer> outer;

    /** A mount that lies in no other one, and its place in the bundle. */
    record Outer(StepMount mount, Path place) {
        boolean contains(StepMount other) {
            return other.target().equals(mount.target()) || other.target().startsWith(mount.target() + "/");
        }
    }

    private OciMounts(Path bundle, List<StepMount> ordered, List<Outer> outer) {
        this.bundle = bundle;
        this.ordered = ordered;
        this.outer = outer;
    }

    static OciMounts of(List<StepMount> mounts, Path bundle) {
        List<StepMount> ordered = MountOperations.inOrder(mounts);
        List<Outer> outer = new ArrayList<>();
        for (StepMount mount : ordered) {
            if (outer.stream().noneMatch(other -> other.contains(mount))) {
                outer.add(new Outer(mount, bundle.resolve("mounts").resolve(Integer.toString(outer.size()))));
            }
        }
        return new OciMounts(bundle, ordered, outer);
    }

    /** What the runtime binds, mounts inside included. */
    List<Outer> outer() {
        return List.copyOf(outer);
    }

    void makePlaces() throws IOException {
        Files.createDirectory(bundle.resolve("mounts"));
        for (Outer each : outer) {
            if (MountOperations.isDirectory(each.mount())) {
                Files.createDirectory(each.place());
            } else {
                Files.createFile(each.place());
            }
        }
    }

    /** What the launcher mounts at the places. */
    List<Operation> operations() {
        return ordered.stream()
                .map(mount -> MountOperations.operation(mount, placeOf(mount), Place.BOX_WITHOUT_LINKS))
                .toList();
    }

    /**
     * The mount points that the image has to have. Where a link leads to them, one of them may lie in another mount in
     * spite of its name: beside a directory of the host, which others change, none may be behind a link.
     */
    List<Operation> stubs() {
        boolean mayFollowLinks = ordered.size() == 1 || ordered.stream().noneMatch(OciMounts::isChangedByOthers);
        Place place = mayFollowLinks ? Place.IMAGE_FOLLOWED : Place.IMAGE;
        return outer.stream()
                .map(Outer::mount)
                .filter(mount -> !(mount.target() + "/").startsWith("/dev/"))
                .<Operation>map(mount -> new Operation.Stub(mount.target(), place, MountOperations.isDirectory(mount)))
                .toList();
    }

    /** A message of the launcher with the step's paths instead of those in the bundle. */
    String inStepsPaths(String message) {
        String told = message;
        // Backwards, for the place of the first mount is the beginning of that of the tenth.
        for (Outer each : outer.reversed()) {
            told = told.replace(each.place().toString(), each.mount().target());
        }
        return told;
    }

    private static boolean isChangedByOthers(StepMount mount) {
        return mount instanceof Host host && host.directory();
    }

    private String placeOf(StepMount mount) {
        Outer around = outer.stream()
                .filter(other -> other.contains(mount))
                .findFirst()
                .orElseThrow();
        return around.place() + mount.target().substring(around.mount().target().length());
    }
}
