package dev.jbuild.runtime;

/** Steps of an OCI runtime that shares the host's kernel. */
interface UnderRunc extends TestedRuntime {
    @Override
    default String kind() {
        return "runc";
    }
}
