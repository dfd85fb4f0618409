package dev.jbuild.layer.store;

import java.io.IOException;

/** The store is not what it must be: foreign, or damaged where nothing can be made again. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }
}
