package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.core.api.Secret;
import dev.jbuild.core.api.SshAgent;
import dev.jbuild.core.plan.CacheKey;
import dev.jbuild.core.plan.RunMount;
import dev.jbuild.core.plan.Step;
import dev.jbuild.dockerfile.Suggestion;
import dev.jbuild.oci.Digest;
import dev.jbuild.runtime.AgentSocket;
import dev.jbuild.runtime.StepMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The mounts of one RUN: what they add to its cache key, and what they are once it runs. */
final class RunMounts {
    private final BuildSite site;
    private final Step.Run step;
    private final MountSources sources;

    RunMounts(BuildSite site, Step.Run step, MountSources sources) {
        this.site = site;
        this.step = step;
        this.sources = sources;
    }

    /** What the result depends on: of files their content, of a secret and of an agent only that they are asked for. */
    List<CacheKey> keys() throws IOException, BuildException, InterruptedException {
        List<CacheKey> keys = new ArrayList<>();
        for (RunMount mount : step.mounts()) {
            keys.add(MountKeys.of(mount, content(mount)));
        }
        return keys;
    }

    private Optional<Digest> content(RunMount mount) throws IOException, BuildException, InterruptedException {
        return switch (mount) {
            case RunMount.Bind bind -> Optional.of(sources.content(bind.input(), bind.source()));
            case RunMount.Cache cache -> seed(cache);
            case RunMount.Memory _, RunMount.Secret _, RunMount.Ssh _, RunMount.Script _ -> Optional.empty();
        };
    }

    private Optional<Digest> seed(RunMount.Cache cache) throws IOException, BuildException, InterruptedException {
        return cache.seed().isPresent() ? Optional.of(sources.content(cache.seed(), cache.source())) : Optional.empty();
    }

    /** Makes everything ready; caches are the step's until the result is closed. */
    MountedStep mount() throws IOException, BuildException, InterruptedException {
        MountedStep mounted = new MountedStep();
        try {
            takeCaches(mounted);
            for (RunMount mount : step.mounts()) {
                mount(mount, mounted);
            }
            return mounted;
        } catch (IOException | BuildException | InterruptedException | RuntimeException e) {
            mounted.close();
            throw e;
        }
    }

    private void takeCaches(MountedStep mounted) throws IOException, BuildException, InterruptedException {
        StepCaches caches = new StepCaches(site, sources);
        for (RunMount mount : step.mounts()) {
            if (mount instanceof RunMount.Cache cache) {
                caches.add(cache, seed(cache));
            }
        }
        caches.take(mounted);
    }

    private void mount(RunMount mount, MountedStep mounted) throws IOException, BuildException, InterruptedException {
        switch (mount) {
            case RunMount.Bind(var target, var input, var source, var writable) ->
                mounted.add(sources.mount(target, input, source, writable));
            case RunMount.Cache _ -> {} // Taken before, in an order that keeps steps from waiting for each other.
            case RunMount.Memory(var target, var size, var readOnly) ->
                mounted.add(new StepMount.Memory(target, size, readOnly));
            case RunMount.Secret secret -> mount(secret, mounted);
            case RunMount.Ssh agent -> mount(agent, mounted);
            case RunMount.Script(var target, var content) ->
                mounted.add(new StepMount.File(target, content.getBytes(StandardCharsets.UTF_8), 0755, 0, 0));
        }
    }

    private void mount(RunMount.Secret wanted, MountedStep mounted) throws BuildException {
        Optional<Secret> given = site.grants().secret(wanted.id());
        if (given.isEmpty()) {
            List<String> ids = site.grants().secrets().stream().map(Secret::id).toList();
            notGiven("the secret", wanted.id(), wanted.required(), "--secret id=" + wanted.id() + ",src=FILE", ids);
            return;
        }
        byte[] value = given.get().value();
        mounted.hide(value);
        RunMount.Permissions permissions = wanted.permissions();
        wanted.target()
                .ifPresent(target -> mounted.add(
                        new StepMount.File(target, value, permissions.mode(), permissions.uid(), permissions.gid())));
        if (wanted.env().isPresent()) {
            mounted.set(wanted.env().get(), variable(wanted, value));
        }
    }

    /** A step does without what is not required; that one of nearly this name was given is then still worth a note. */
    private void notGiven(String what, String id, boolean required, String flag, List<String> given)
            throws BuildException {
        Optional<String> near = Suggestion.nearestSpelling(id, given);
        String named = what + " \"" + id + "\"";
        String hint =
                near.map(name -> " (did you mean " + name + ", which was?)").orElse("");
        if (required) {
            throw new BuildException(Kind.BUILD, named + " is required and was not given: build with " + flag + hint);
        }
        if (near.isPresent()) {
            site.vertices().note(named + " of a RUN was not given" + hint);
        }
    }

    private static String variable(RunMount.Secret secret, byte[] value) throws BuildException {
        for (byte b : value) {
            if (b == 0) {
                throw new BuildException(
                        Kind.BUILD,
                        "the secret \"" + secret.id()
                                + "\" holds a NUL, so it cannot be a variable; mount it as a file");
            }
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    private void mount(RunMount.Ssh wanted, MountedStep mounted)
            throws IOException, BuildException, InterruptedException {
        Optional<SshAgent> given = site.grants().agent(wanted.id());
        if (given.isEmpty()) {
            List<String> ids = site.grants().agents().stream().map(SshAgent::id).toList();
            notGiven("the SSH agent", wanted.id(), wanted.required(), "--ssh " + wanted.id(), ids);
            return;
        }
        AgentSocket socket = site.agents().open(given.get(), wanted.permissions());
        mounted.hold(socket::close);
        mounted.add(new StepMount.Host(wanted.target(), socket.path(), false, true));
    }
}
