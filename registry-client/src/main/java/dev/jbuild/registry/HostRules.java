package dev.jbuild.registry;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which hosts a registry may make us talk to, and with what: it names token servers, redirects and upload addresses. */
final class HostRules {
    private final Set<String> insecure;
    private final Set<String> trusted;
    private final boolean plainEverywhere;

    HostRules(Set<String> insecure, Set<String> trusted) {
        this(insecure, trusted, false);
    }

    private HostRules(Set<String> insecure, Set<String> trusted, boolean plainEverywhere) {
        this.plainEverywhere = plainEverywhere;
        this.insecure = lowerCase(insecure);
        this.trusted = lowerCase(trusted);
    }

    /** For files that carry no login and whose address the user wrote: they may come over plain HTTP. */
    static HostRules forFiles(Set<String> trusted) {
        return new HostRules(Set.of(), trusted, true);
    }

    private static Set<String> lowerCase(Set<String> hosts) {
        return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /** Plain HTTP is spoken with loopback hosts and those that the user listed, and with no other. */
    boolean allowsPlainHttp(String host, int port) {
        return plainEverywhere || Addresses.isLoopback(host) || isListed(insecure, host, port);
    }

    /**
     * Checks an address that a registry gave us.
     *
     * @param home the registry that was asked
     * @param from what answered, which need not be the registry
     * @param target the address it gave
     * @throws RegistryException when the rules forbid going there
     */
    void checkRedirect(Origin home, URI from, URI target) throws RegistryException {
        String what = "the redirect of " + Redacted.url(from) + " to " + Redacted.url(target);
        checkAddress(home, target, what);
        if ("https".equalsIgnoreCase(from.getScheme()) && !Origin.of(target).isTls()) {
            throw refused(what, "leaves TLS");
        }
    }

    /**
     * Checks a token server that a registry names.
     *
     * @param withSecret whether a password or a refresh token will be sent there
     */
    void checkRealm(Origin home, URI realm, boolean withSecret) throws RegistryException {
        String what = "the token server " + Redacted.url(realm) + " that " + home + " names";
        checkAddress(home, realm, what);
        Origin server = Origin.of(realm);
        if (home.isTls() && !server.isTls()) {
            throw refused(what, "does not speak TLS");
        }
        if (withSecret && !isKin(home.host(), server.host()) && !isTrusted(server)) {
            throw refused(
                    what, "is not of the registry's own domain, so it gets no password unless it is a trusted host");
        }
    }

    private void checkAddress(Origin home, URI target, String what) throws RegistryException {
        boolean http = "http".equalsIgnoreCase(target.getScheme());
        boolean https = "https".equalsIgnoreCase(target.getScheme());
        if ((!http && !https) || target.getHost() == null) {
            throw refused(what, "is not an http or https address");
        }
        if (target.getRawUserInfo() != null) {
            throw refused(what, "has a user name in it");
        }
        Origin origin = Origin.of(target);
        if (Addresses.isInside(origin.host()) && !isSameHost(home, origin) && !isTrusted(origin)) {
            throw refused(what, "leads to a private address; only a trusted host may have one");
        }
        if (http && !allowsPlainHttp(origin.host(), origin.port())) {
            throw refused(what, "is plain HTTP, which only loopback and insecure hosts may speak");
        }
    }

    private static boolean isSameHost(Origin home, Origin other) {
        return home.host().equals(other.host())
                || (Addresses.isLoopback(home.host()) && Addresses.isLoopback(other.host()));
    }

    private boolean isTrusted(Origin origin) {
        return isListed(trusted, origin.host(), origin.port());
    }

    private static boolean isListed(Set<String> hosts, String host, int port) {
        return hosts.contains(host) || hosts.contains(host + ":" + port);
    }

    /**
     * Whether two hosts belong together: the same, or below one domain that somebody registered. Without the list of
     * public suffixes a domain is two labels, or three where the last two look like {@code co.uk}.
     */
    static boolean isKin(String host, String other) {
        if (host.equals(other) || (Addresses.isLoopback(host) && Addresses.isLoopback(other))) {
            return true;
        }
        String domain = domain(host);
        return !domain.isEmpty() && domain.equals(domain(other));
    }

    private static String domain(String host) {
        String[] labels = host.split("\\.", -1);
        int count = labels.length;
        if (host.startsWith("[") || count < 2 || isNumber(labels[count - 1])) {
            return "";
        }
        boolean twoPartSuffix = labels[count - 1].length() == 2 && labels[count - 2].length() <= 3;
        int needed = twoPartSuffix ? 3 : 2;
        return count < needed ? "" : String.join(".", Arrays.asList(labels).subList(count - needed, count));
    }

    private static boolean isNumber(String label) {
        return label.isEmpty() || (label.charAt(0) >= '0' && label.charAt(0) <= '9');
    }

    private static RegistryException refused(String what, String why) {
        return new RegistryException(RegistryException.Kind.REFUSED, what + " is refused: it " + why);
    }
}
