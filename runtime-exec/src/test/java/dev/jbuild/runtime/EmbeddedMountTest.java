package dev.jbuild.runtime;

class EmbeddedMountTest extends MountContract {
    @Override
    String kind() {
        return "embedded";
    }
}
