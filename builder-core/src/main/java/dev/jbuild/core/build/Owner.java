package dev.jbuild.core.build;

/** Numeric ids of a file's owner. */
record Owner(long uid, long gid) {
    static final Owner ROOT = new Owner(0, 0);
}
