package dev.jbuild.core.build;

import dev.jbuild.core.api.SshAgent;
import dev.jbuild.core.plan.RunMount;
import dev.jbuild.layer.store.PreparedTree;
import dev.jbuild.layer.store.Store;
import dev.jbuild.runtime.AgentSocket;
import dev.jbuild.runtime.KeyAgent;
import dev.jbuild.runtime.SearchPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The SSH agents of one build: the caller's own, and those that are started for keys that were given as files. Steps reach
 * either through a socket of their own. All is gone when the build is.
 */
final class StepAgents implements Closeable {
    private final Store store;
    private final SearchPath programs;
    private final Map<String, KeyAgent> started = new HashMap<>();
    private final List<PreparedTree> folders = new ArrayList<>();

    /** @param programs where {@code ssh-agent} and {@code ssh-add} are looked for, when a key is given as a file */
    StepAgents(Store store, SearchPath programs) {
        this.store = store;
        this.programs = programs;
    }

    /** A new socket for one step; whoever asked for it closes it. */
    synchronized AgentSocket open(SshAgent agent, RunMount.Permissions permissions)
            throws IOException, InterruptedException {
        Path socket = isSocket(agent) ? agent.paths().getFirst() : keysOf(agent).socket();
        return AgentSocket.open(folder(), socket, permissions.mode(), permissions.uid(), permissions.gid());
    }

    private static boolean isSocket(SshAgent agent) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(agent.paths().getFirst(), BasicFileAttributes.class);
        return agent.paths().size() == 1 && attributes.isOther();
    }

    private KeyAgent keysOf(SshAgent agent) throws IOException, InterruptedException {
        KeyAgent known = started.get(agent.id());
        if (known != null) {
            return known;
        }
        KeyAgent keys = KeyAgent.start(programs, folder(), agent.paths());
        started.put(agent.id(), keys);
        return keys;
    }

    /** A temporary folder of the store's that only this user can enter, and that is swept should the build be killed. */
    private Path folder() throws IOException {
        PreparedTree folder = store.trees().prepare();
        folders.add(folder);
        return folder.work();
    }

    @Override
    public synchronized void close() throws IOException {
        started.values().forEach(KeyAgent::close);
        started.clear();
        for (PreparedTree folder : folders) {
            folder.close();
        }
        folders.clear();
    }
}
