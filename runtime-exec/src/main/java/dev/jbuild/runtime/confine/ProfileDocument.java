package dev.jbuild.runtime.confine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.runtime.confine.SeccompProfile.Action;
import dev.jbuild.runtime.confine.SeccompProfile.Check;
import dev.jbuild.runtime.confine.SeccompProfile.Comparison;
import dev.jbuild.runtime.confine.SeccompProfile.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A seccomp profile in Docker's JSON form, whose rules depend on the step's capabilities, the machine's architecture and
 * the kernel's version. Rules for calls that this machine does not have are idle, for one file serves all machines.
 */
public final class ProfileDocument {
    /** A profile is some thousand lines; this is far above any. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final long ALL = -1;

    private final JsonNode root;

    private ProfileDocument(JsonNode root) {
        this.root = root;
    }

    /**
     * The machine and the step that a profile is read for.
     *
     * @param kernel as in {@code uname -r}
     */
    public record Situation(Architecture architecture, Set<Capability> capabilities, String kernel) {
        public Situation {
            capabilities = Set.copyOf(capabilities);
        }
    }

    /**
     * Reads a document whole, so that a mistake is told before anything runs.
     *
     * @throws IllegalArgumentException when it is not a profile; the message says where
     */
    public static ProfileDocument parse(byte[] json) {
        if (json.length > MAX_BYTES) {
            throw new IllegalArgumentException("a seccomp profile has at most " + MAX_BYTES + " bytes");
        }
        ProfileDocument document = new ProfileDocument(read(json));
        document.check();
        return document;
    }

    private static JsonNode read(byte[] json) {
        try {
            JsonNode root = new ObjectMapper().readTree(json);
            if (root == null || !root.isObject()) {
                throw new IllegalArgumentException("a seccomp profile is a JSON object");
            }
            return root;
        } catch (IOException e) {
            throw new IllegalArgumentException("a seccomp profile is JSON: " + e.getMessage(), e);
        }
    }

    private void check() {
        fallback();
        for (JsonNode rule : root.path("syscalls")) {
            if (names(rule).isEmpty()) {
                throw new IllegalArgumentException("a rule of the seccomp profile names no system call: " + rule);
            }
            action(rule, "action", "errnoRet");
            rules(rule, "x");
            new ProfileCondition(rule.path("includes"));
            new ProfileCondition(rule.path("excludes"));
        }
    }

    /** The rules that hold in this situation. */
    public SeccompProfile resolve(Situation situation) {
        List<Rule> unconditional = new ArrayList<>();
        List<Rule> conditional = new ArrayList<>();
        for (JsonNode rule : root.path("syscalls")) {
            if (!applies(rule, situation)) {
                continue;
            }
            for (String name : names(rule)) {
                for (Rule made : rules(rule, name)) {
                    (made.checks().isEmpty() ? unconditional : conditional).add(made);
                }
            }
        }
        // A rule without conditions wins over those with, as libseccomp has it.
        unconditional.addAll(conditional);
        return new SeccompProfile(fallback(), unknown(), unconditional);
    }

    private static boolean applies(JsonNode rule, Situation situation) {
        return new ProfileCondition(rule.path("includes")).includes(situation)
                && !new ProfileCondition(rule.path("excludes")).excludes(situation);
    }

    private Action fallback() {
        return action(root, "defaultAction", "defaultErrnoRet");
    }

    // Calls younger than the profile: where others are refused, a C library must be able to tell absence from refusal.
    private Action unknown() {
        return fallback().errno() > 0 ? Action.errno(ENOSYS) : fallback();
    }

    private static Set<String> names(JsonNode rule) {
        Set<String> names = new HashSet<>();
        rule.path("names").forEach(name -> names.add(name.asText()));
        if (rule.path("name").isTextual()) {
            names.add(rule.path("name").asText());
        }
        names.remove("");
        return names;
    }

    private static Action action(JsonNode node, String field, String errnoField) {
        String name = node.path(field).asText();
        return switch (name) {
            case "SCMP_ACT_ALLOW" -> Action.ALLOW;
            case "SCMP_ACT_ERRNO" -> Action.errno(node.path(errnoField).asInt(EPERM));
            case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> Action.KILL_THREAD;
            case "SCMP_ACT_KILL_PROCESS" -> Action.KILL;
            case "SCMP_ACT_LOG" -> Action.LOG;
            case "SCMP_ACT_TRAP" -> Action.TRAP;
            default ->
                throw new IllegalArgumentException("the seccomp profile has the " + field + " \"" + name
                        + "\", which is not one of SCMP_ACT_ALLOW, ERRNO, KILL, KILL_THREAD, KILL_PROCESS, LOG, TRAP");
        };
    }

    /** One rule in which all conditions hold; but of several on one argument each is a rule, as runc has it. */
    private static List<Rule> rules(JsonNode node, String name) {
        Action action = action(node, "action", "errnoRet");
        List<Check> checks = new ArrayList<>();
        Set<Integer> arguments = new HashSet<>();
        node.path("args").forEach(argument -> {
            checks.add(check(argument));
            arguments.add(argument.path("index").asInt());
        });
        if (arguments.size() == checks.size()) {
            return List.of(new Rule(name, checks, action));
        }
        return checks.stream()
                .map(check -> new Rule(name, List.of(check), action))
                .toList();
    }

    private static Check check(JsonNode argument) {
        int index = argument.path("index").asInt(-1);
        long value = argument.path("value").asLong();
        String operator = argument.path("op").asText();
        return switch (operator) {
            case "SCMP_CMP_EQ" -> new Check(index, ALL, Comparison.EQUAL, value);
            case "SCMP_CMP_NE" -> new Check(index, ALL, Comparison.NOT_EQUAL, value);
            case "SCMP_CMP_LT" -> new Check(index, ALL, Comparison.LESS, value);
            case "SCMP_CMP_LE" -> new Check(index, ALL, Comparison.LESS_OR_EQUAL, value);
            case "SCMP_CMP_GT" -> new Check(index, ALL, Comparison.GREATER, value);
            case "SCMP_CMP_GE" -> new Check(index, ALL, Comparison.GREATER_OR_EQUAL, value);
            case "SCMP_CMP_MASKED_EQ" ->
                new Check(
                        index,
                        value,
                        Comparison.EQUAL,
                        argument.path("valueTwo").asLong());
            default ->
                throw new IllegalArgumentException("the seccomp profile has the unknown op \"" + operator + "\"");
        };
    }
}
