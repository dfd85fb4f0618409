package dev.jbuild.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.runtime.confine.Architecture;
import dev.jbuild.runtime.confine.SeccompProfile;
import dev.jbuild.runtime.confine.SeccompProfile.Action;
import dev.jbuild.runtime.confine.SeccompProfile.Check;
import dev.jbuild.runtime.confine.SeccompProfile.Comparison;
import dev.jbuild.runtime.confine.SeccompProfile.Rule;
import java.math.BigInteger;
import java.util.Map;

/** Says a profile in the runtime-spec's words ({@code linux.seccomp}), which libseccomp compiles. */
final class OciSeccomp {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final Map<Action, String> NAMES = Map.of(
            Action.ALLOW, "SCMP_ACT_ALLOW",
            Action.KILL, "SCMP_ACT_KILL_PROCESS",
            Action.KILL_THREAD, "SCMP_ACT_KILL_THREAD",
            Action.TRAP, "SCMP_ACT_TRAP",
            Action.LOG, "SCMP_ACT_LOG");

    private OciSeccomp() {}

    /** The profile without {@link SeccompProfile#unknown}: runtimes answer ENOSYS to younger calls by themselves. */
    static ObjectNode of(SeccompProfile profile, Architecture architecture) {
        ObjectNode seccomp = JSON.objectNode();
        putAction(seccomp, profile.fallback(), "defaultAction", "defaultErrnoRet");
        seccomp.putArray("architectures").add("SCMP_ARCH_" + architecture);
        ArrayNode calls = seccomp.putArray("syscalls");
        profile.rules().forEach(rule -> calls.add(rule(rule)));
        return seccomp;
    }

    private static ObjectNode rule(Rule rule) {
        ObjectNode node = JSON.objectNode();
        node.putArray("names").add(rule.syscall());
        putAction(node, rule.action(), "action", "errnoRet");
        ArrayNode checks = node.putArray("args");
        rule.checks().forEach(check -> checks.add(check(check)));
        return node;
    }

    private static void putAction(ObjectNode node, Action action, String name, String errnoName) {
        if (action.errno() > 0) {
            node.put(name, "SCMP_ACT_ERRNO").put(errnoName, action.errno());
        } else {
            node.put(name, NAMES.get(action));
        }
    }

    // libseccomp has a mask for equality only; a profile of the user's can ask for no other.
    private static ObjectNode check(Check check) {
        ObjectNode node = JSON.objectNode().put("index", check.index());
        return check.comparison() == Comparison.EQUAL
                ? node.put("op", "SCMP_CMP_MASKED_EQ")
                        .put("value", unsigned(check.mask()))
                        .put("valueTwo", unsigned(check.value()))
                : node.put("op", operator(check.comparison())).put("value", unsigned(check.value()));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static String operator(Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> "SCMP_CMP_EQ";
            case NOT_EQUAL -> "SCMP_CMP_NE";
            case GREATER -> "SCMP_CMP_GT";
            case GREATER_OR_EQUAL -> "SCMP_CMP_GE";
            case LESS -> "SCMP_CMP_LT";
            case LESS_OR_EQUAL -> "SCMP_CMP_LE";
        };
    }
}
