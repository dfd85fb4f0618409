package dev.jbuild.runtime.launch;

import java.util.Set;

/** What a mount forbids (MOUNT_ATTR_* of mount_setattr(2)). */
public enum Attribute {
    READ_ONLY(0x01),
    NO_SETUID(0x02),
    NO_DEVICES(0x04),
    NO_EXECUTION(0x08),
    STRICT_ACCESS_TIMES(0x20);

    private final long flag;

    Attribute(long flag) {
        this.flag = flag;
    }

    static long mask(Set<Attribute> attributes) {
        return attributes.stream().mapToLong(attribute -> attribute.flag).reduce(0, (a, b) -> a | b);
    }
}
