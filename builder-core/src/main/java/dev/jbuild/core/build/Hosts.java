package dev.jbuild.core.build;

import dev.jbuild.core.api.BuildException;
import dev.jbuild.core.api.BuildException.Kind;
import dev.jbuild.runtime.HostsEntry;
import java.util.ArrayList;
import java.util.List;

/** The lines that {@code --add-host} adds to a step's hosts file. */
final class Hosts {
    private Hosts() {}

    /** @param entries {@code name:address} or {@code name=address} */
    static List<HostsEntry> of(List<String> entries) throws BuildException {
        List<HostsEntry> hosts = new ArrayList<>();
        for (String entry : entries) {
            int separator = entry.indexOf('=') >= 0 ? entry.indexOf('=') : entry.indexOf(':');
            if (separator < 1) {
                throw new BuildException(Kind.USAGE, "--add-host " + entry + " is not NAME:ADDRESS");
            }
            hosts.add(new HostsEntry(entry.substring(separator + 1), entry.substring(0, separator)));
        }
        return hosts;
    }
}
