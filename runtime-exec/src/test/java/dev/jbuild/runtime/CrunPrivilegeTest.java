package dev.jbuild.runtime;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

class CrunPrivilegeTest extends PrivilegeContract implements UnderCrun {
    @Override
    @Test
    @Disabled("crun refuses calls that libseccomp does not know with EPERM")
    void aCallOfTheFutureIsUnknown() {}
}
