package dev.jbuild.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Says a step's limits in the runtime-spec's words (config-linux.md, "Control groups"). */
final class OciResources {
    private final StepLimits limits;
    private final ObjectNode resources = JsonNodeFactory.instance.objectNode();

    private OciResources(StepLimits limits) {
        this.limits = limits;
    }

    static ObjectNode of(StepLimits limits) {
        OciResources resources = new OciResources(limits);
        resources.resources.putObject("pids").put("limit", limits.pids());
        limits.memory().ifPresent(resources::putMemory);
        resources.putCpu();
        return resources.resources;
    }

    private void putMemory(long bytes) {
        resources
                .putObject("memory")
                .put("limit", bytes)
                .put("swap", limits.memorySwap().orElse(2 * bytes));
    }

    private void putCpu() {
        ObjectNode cpu = resources.objectNode();
        limits.cpu().quotaMicros().ifPresent(quota -> {
            cpu.put("quota", quota);
            cpu.put("period", limits.cpu().periodMicros());
        });
        limits.cpu().shares().ifPresent(shares -> cpu.put("shares", shares));
        limits.cpu().processors().ifPresent(list -> cpu.put("cpus", list));
        if (!cpu.isEmpty()) {
            resources.set("cpu", cpu);
        }
    }
}
