package dev.jbuild.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The steps of a user with one id. */
class SingleIdEscapeTest extends EscapeContract implements UnderTheLauncher {
    @Override
    public StepRuntime createRuntime(Path runtime) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        OrdinaryUser user = OrdinaryUser.in(directory.resolve("box"));
        return user.runtime();
    }
}
