package dev.jbuild.core.fetch;

/**
 * What a ref stands for.
 *
 * @param id the commit's id
 * @param object the id that the ref itself names: of an annotated tag that of the tag
 * @param ref its full name; empty where only the commit is known
 */
record GitCommit(String id, String object, String ref) {
    /** What is fetched: by its id, so that a branch that moves meanwhile changes nothing; a tag keeps its name. */
    String refspec() {
        return ref.startsWith("refs/tags/") ? "+" + object + ":" + ref : id;
    }
}
