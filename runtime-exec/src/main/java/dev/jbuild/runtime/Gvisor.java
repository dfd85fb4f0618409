package dev.jbuild.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.runtime.launch.Attribute;
import dev.jbuild.runtime.launch.Operation;
import dev.jbuild.runtime.launch.Operation.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What runsc must be told beside a bundle, or kept from, so that a step under it leaves the layer that it leaves elsewhere. It
 * is not told to heed the bundle's filter: the calls end in its own kernel anyway, and of the errors that the filter asks for
 * it knows EPERM alone, with which libc does not fall back from clone3 as with ENOSYS.
 */
final class Gvisor {
    // Else runsc keeps what a step writes in a file of its own beside the root, and the layer would be empty.
    private static final String WRITE_THROUGH = "--overlay2=none";

    private static final String OWN_STACK = "sandbox";

    /**
     * An empty /tmp of an image is covered by memory, and what a step writes there would not reach the layer; so it is not
     * left empty. The launcher's stubs are in no layer.
     */
    static final Operation FULL_TMP = new Operation.Stub("/tmp/.not-empty-for-gvisor", Place.IMAGE_FOLLOWED, false);

    /**
     * Covers settings in the /proc that runsc sees: it takes the network's namespace for the host's, which it refuses to use,
     * when there is a {@code rmem_default}, and Linux 6.18 shows that in each.
     */
    static final Operation NO_NETWORK_SETTINGS =
            new Operation.Filesystem("/proc/sys/net/core", Place.BOX, "tmpfs", List.of(), Set.of(Attribute.READ_ONLY));

    private Gvisor() {}

    /** A place for what runsc notes down of steps, which is all of the bundle; so it is gone with the step, whoever is killed. */
    static Operation inMemory(Path notes) {
        return new Operation.Filesystem(notes.toString(), Place.BOX, "tmpfs", List.of("mode=700"), Set.of());
    }

    /**
     * Without a namespace by name runsc gives the step a new one, in which nothing is connected, though the spec has it inherit
     * its own (config-linux.md, "Namespaces").
     */
    static void amend(ObjectNode config, Link link) {
        if (network(link).equals(OWN_STACK)) {
            config.withArray("/linux/namespaces")
                    .addObject()
                    .put("type", "network")
                    .put("path", "/proc/self/ns/net");
        }
    }

    static boolean is(Path program) {
        return program.endsWith("runsc");
    }

    /** @param panicLog where its kernel leaves its last words, for an end of it looks like the command's otherwise */
    static List<String> options(Link link, Path panicLog) {
        return List.of(WRITE_THROUGH, "--panic-log=" + panicLog, "--network=" + network(link));
    }

    /** gVisor has a network stack of its own, which takes the namespace's interfaces over unless it is told otherwise. */
    private static String network(Link link) {
        return switch (link) {
            case Link.Host _ -> "host";
            case Link.Isolated _ -> "none";
            case Link.Pasta _, Link.Slirp _ -> OWN_STACK;
        };
    }
}
