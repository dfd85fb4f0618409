package dev.jbuild.runtime;

/** What network a step sees. */
public enum Network {
    /** An own network namespace with nothing but the loopback device. */
    NONE,
    /** The host's network, its loopback servers and abstract sockets included. */
    HOST,
    /** An own namespace connected by pasta where that is installed, else the host's, which the outcome then notes. */
    DEFAULT
}
