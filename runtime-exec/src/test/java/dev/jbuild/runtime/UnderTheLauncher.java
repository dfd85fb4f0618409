package dev.jbuild.runtime;

/** Steps of jbuild's own runtime. */
interface UnderTheLauncher extends TestedRuntime {
    @Override
    default String kind() {
        return "embedded";
    }
}
