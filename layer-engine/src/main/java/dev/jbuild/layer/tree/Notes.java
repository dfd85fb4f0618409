package dev.jbuild.layer.tree;

import java.util.ArrayList;
import java.util.List;

/** Sentences about what was left out; a hostile layer cannot make endlessly many. */
final class Notes {
    private static final int MAX = 100;

    private final List<String> sentences = new ArrayList<>();
    private long more;

    void add(String sentence) {
        if (sentences.size() < MAX) {
            sentences.add(sentence);
        } else {
            more++;
        }
    }

    List<String> all() {
        List<String> all = new ArrayList<>(sentences);
        if (more > 0) {
            all.add("and " + more + " more");
        }
        return List.copyOf(all);
    }
}
