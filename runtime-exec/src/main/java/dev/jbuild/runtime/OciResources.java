package dev.jbuild.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jbuild.runtime.confine.DeviceRule;

/** Says a step's limits in the runtime-spec's words (config-linux.md, "Control groups"). */
final class OciResources {
    private final StepLimits limits;
    private final ObjectNode resources = JsonNodeFactory.instance.objectNode();

    private OciResources(StepLimits limits) {
        this.limits = limits;
    }

    /** @param restrictsDevices whether only those devices open that give no power over the machine */
    static ObjectNode of(StepLimits limits, boolean restrictsDevices) {
        OciResources resources = new OciResources(limits);
        if (restrictsDevices) {
            resources.putDevices();
        }
        resources.resources.putObject("pids").put("limit", limits.pids());
        limits.memory().ifPresent(resources::putMemory);
        resources.putCpu();
        return resources.resources;
    }

    // runc refuses all others unasked; crun opens every one of them to a step that is told nothing.
    private void putDevices() {
        ArrayNode devices = resources.putArray("devices");
        devices.addObject().put("allow", false).put("access", "rwm");
        for (DeviceRule rule : DeviceRule.STANDARD) {
            ObjectNode device = devices.addObject()
                    .put("allow", true)
                    .put("type", rule.type().letter())
                    .put("access", rule.access());
            rule.major().ifPresent(major -> device.put("major", major));
            rule.minor().ifPresent(minor -> device.put("minor", minor));
        }
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
