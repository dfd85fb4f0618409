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

/** Says a profile in the runtime-spec's words ({@code linux.seccomp}), which libseccomp compiles. */
final class OciSeccomp {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

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
        if (action.equals(Action.ALLOW)) {
            node.put(name, "SCMP_ACT_ALLOW");
        } else if (action.equals(Action.KILL)) {
            node.put(name, "SCMP_ACT_KILL_PROCESS");
        } else {
            node.put(name, "SCMP_ACT_ERRNO").put(errnoName, action.errno());
        }
    }

    // libseccomp has a mask for equality only, which is all that our own profile asks of it.
    private static ObjectNode check(Check check) {
        if (check.comparison() != Comparison.EQUAL) {
            throw new IllegalArgumentException("no OCI runtime can be told " + check);
        }
        return JSON.objectNode()
                .put("index", check.index())
                .put("op", "SCMP_CMP_MASKED_EQ")
                .put("value", check.mask())
                .put("valueTwo", check.value());
    }
}
