package dev.jbuild.registry;

/** What a user is known by at one registry. Its text form shows no secret. */
public sealed interface Login {
    /** A user name and its password, or a token that stands for a password. */
    record Password(String user, String secret) implements Login {
        public Password {
            if (user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("a user name with a colon cannot be sent (RFC 7617 section 2)");
            }
        }

        @Override
        public String toString() {
            return "password of " + user;
        }
    }

    /** An OAuth2 refresh token, which the token server exchanges (Docker's {@code identitytoken}). */
    record IdentityToken(String token) implements Login {
        @Override
        public String toString() {
            return "identity token";
        }
    }

    /** A bearer token that the registry takes as it is (Docker's {@code registrytoken}). */
    record RegistryToken(String token) implements Login {
        @Override
        public String toString() {
            return "registry token";
        }
    }
}
