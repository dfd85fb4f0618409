package dev.jbuild.runtime;

class OciRuntimeTest extends RuntimeContract {
    @Override
    String kind() {
        return "runc";
    }
}
