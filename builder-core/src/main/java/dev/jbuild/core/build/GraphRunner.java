package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.plan.Node;
import dev.jbuild.core.plan.Step;
import dev.jbuild.core.work.Tasks;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Carries out a graph: each node once, independent stages side by side, and nothing that a cached result makes needless.
 * A node's filesystem is not its files: those are made when something asks for them.
 */
final class GraphRunner {
    private final Tasks tasks;
    private final StepRunner steps;
    private final FailureLocator failures;
    private final Map<Node, FutureTask<Snapshot>> results = new ConcurrentHashMap<>();
    private final Map<Node, Future<Snapshot>> chains = new ConcurrentHashMap<>();

    GraphRunner(Tasks tasks, StepRunner steps, FailureLocator failures) {
        this.tasks = tasks;
        this.steps = steps;
        this.failures = failures;
    }

    /** Starts a node and all that it depends on. */
    Future<Snapshot> start(Node node) {
        return chains.computeIfAbsent(node, top -> tasks.start(() -> runChain(top)));
    }

    /** Starts what the chain copies from, all at once, then does the chain upwards one by one. */
    private Snapshot runChain(Node top) throws IOException, BuildException, InterruptedException {
        Deque<Node> chain = new ArrayDeque<>();
        chain.push(top);
        while (!chain.getFirst().inputs().isEmpty()) {
            Node node = chain.getFirst();
            node.inputs().stream().skip(1).forEach(this::begin);
            chain.push(node.parent());
        }
        for (Node node : chain) {
            once(node);
        }
        return once(top);
    }

    private void begin(Node node) {
        Future<Snapshot> _ = start(node);
    }

    /** A node that two chains share is done by whichever comes first. */
    private Snapshot once(Node node) throws IOException, BuildException, InterruptedException {
        FutureTask<Snapshot> mine = new FutureTask<>(() -> apply(node));
        FutureTask<Snapshot> earlier = results.putIfAbsent(node, mine);
        if (earlier == null) {
            mine.run();
        }
        return tasks.join(earlier == null ? mine : earlier);
    }

    private Snapshot apply(Node node) throws IOException, BuildException, InterruptedException {
        Optional<Snapshot> parent = node.inputs().isEmpty() ? Optional.empty() : Optional.of(once(node.parent()));
        try {
            return apply(node, parent);
        } catch (BuildException e) {
            throw failures.locate(node.range(), e);
        } catch (IOException e) {
            throw failures.locate(node.range(), Failures.of(e));
        }
    }

    private Snapshot apply(Node node, Optional<Snapshot> parent)
            throws IOException, BuildException, InterruptedException {
        return switch (node.step()) {
            case Step.Scratch() -> steps.scratch();
            case Step.Pull pull -> steps.pull(node, pull);
            case Step.Fetch fetch -> steps.fetch(node, fetch);
            case Step.Run run -> steps.run(node, run, parent.orElseThrow(), awaited(node));
            case Step.MakeDirectory directory -> steps.makeDirectory(node, directory, parent.orElseThrow());
            case Step.CopyFiles copy -> steps.copy(node, copy, parent.orElseThrow(), sourceOf(node, copy));
        };
    }

    /** What the node takes files from, each ready when it is asked for. */
    private List<CopySource.Awaited> awaited(Node node) {
        List<CopySource.Awaited> sources = new ArrayList<>();
        for (Node input : node.inputs().subList(1, node.inputs().size())) {
            sources.add(() -> tasks.join(start(input)));
        }
        return sources;
    }

    private CopySource sourceOf(Node node, Step.CopyFiles copy) {
        List<CopySource.Awaited> sources = awaited(node);
        if (!copy.remote().isEmpty()) {
            return new CopySource.Fetched(sources);
        }
        return sources.isEmpty() ? new CopySource.Context() : new CopySource.Stage(sources.getFirst());
    }
}
