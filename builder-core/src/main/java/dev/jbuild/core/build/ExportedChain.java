package dev.jbuild.core.build;

import dev.jbuild.core.plan.Node;
import java.util.HashSet;
import java.util.Set;

/** The nodes whose layers are part of the result: their blobs are made while later steps still run. */
record ExportedChain(Set<Node> nodes) {
    static ExportedChain of(Node result) {
        Set<Node> nodes = new HashSet<>();
        Node node = result;
        nodes.add(node);
        while (!node.inputs().isEmpty()) {
            node = node.parent();
            nodes.add(node);
        }
        return new ExportedChain(nodes);
    }

    boolean contains(Node node) {
        return nodes.contains(node);
    }
}
