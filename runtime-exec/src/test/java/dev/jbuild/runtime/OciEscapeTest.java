package dev.jbuild.runtime;

class OciEscapeTest extends EscapeContract {
    @Override
    String kind() {
        return "runc";
    }
}
