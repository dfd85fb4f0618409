package dev.jbuild.cli;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.Set;

/** Calls that read the clock or the surroundings of the process. */
final class ClockReads {
    private static final Set<String> SYSTEM = Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty");

    static final DescribedPredicate<JavaMethodCall> ANY =
            DescribedPredicate.describe("reads the clock or the environment", ClockReads::isOne);

    private ClockReads() {}

    private static boolean isOne(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        String method = call.getName();
        return (owner.startsWith("java.time.") && method.equals("now"))
                || (owner.equals("java.lang.System") && SYSTEM.contains(method));
    }
}
