package dev.jbuild.runtime;

class OciMountTest extends MountContract {
    @Override
    String kind() {
        return "runc";
    }
}
