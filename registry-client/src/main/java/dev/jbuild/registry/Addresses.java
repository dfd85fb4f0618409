package dev.jbuild.registry;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** What a host written in a URL says of where it leads, without asking a name server. */
final class Addresses {
    private Addresses() {}

    /** {@code localhost}, a name below it, 127/8 or ::1. */
    static boolean isLoopback(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || literal(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /** A host that leads inside: loopback, private, link-local, unspecified, or shared address space. */
    static boolean isInside(String host) {
        return isLoopback(host) || literal(host).filter(Addresses::isInside).isPresent();
    }

    private static boolean isInside(InetAddress address) {
        return address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || switch (address) {
                    case Inet4Address four -> isInside(four.getAddress());
                    case Inet6Address six -> isInside(six);
                    default -> true;
                };
    }

    /** 0/8 "this network" (RFC 1122) and 100.64/10, the space shared by carriers and clouds (RFC 6598). */
    private static boolean isInside(byte[] four) {
        return four[0] == 0 || (four[0] == 100 && (four[1] & 0xc0) == 64);
    }

    /** fc00::/7 is private (RFC 4193); 64:ff9b::/96 wraps an IPv4 address (RFC 6052), as does ::/96. */
    private static boolean isInside(Inet6Address address) {
        byte[] six = address.getAddress();
        boolean nat64 = six[0] == 0 && six[1] == 0x64 && six[2] == (byte) 0xff && six[3] == (byte) 0x9b;
        return (six[0] & 0xfe) == 0xfc || nat64 || address.isIPv4CompatibleAddress();
    }

    /** The address that a resolver would take the host for; old forms such as {@code 0x7f.1} and {@code 2130706433} too. */
    private static Optional<InetAddress> literal(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        String undotted = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
        if (undotted.indexOf(':') < 0 && !startsWithDigit(undotted)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    undotted.indexOf(':') >= 0
                            ? InetAddress.ofLiteral(undotted)
                            : Inet4Address.ofPosixLiteral(undotted));
        } catch (IllegalArgumentException e) {
            // Not a literal but a name, such as 1password.example: what it leads to is the resolver's to say.
            return Optional.empty();
        }
    }

    private static boolean startsWithDigit(String text) {
        return !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    }
}
