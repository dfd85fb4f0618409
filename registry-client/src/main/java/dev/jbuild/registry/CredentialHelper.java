package dev.jbuild.registry;

import java.io.IOException;

/** Runs a program that keeps credentials ({@code docker-credential-NAME get}). */
@FunctionalInterface
public interface CredentialHelper {
    /** What the program said. */
    record Reply(int exitCode, String output) {}

    /**
     * Asks for one login.
     *
     * @param name the part of the program's name after {@code docker-credential-}
     * @param server what the credentials are for, given on the program's standard input
     * @throws IOException when the program cannot be run or does not end in time
     */
    Reply get(String name, String server) throws IOException;
}
