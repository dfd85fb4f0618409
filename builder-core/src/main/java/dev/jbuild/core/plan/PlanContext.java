package dev.jbuild.core.plan;

import dev.jbuild.dockerfile.WordExpander;
import java.util.Map;

/**
 * What the planners of all stages of one build share.
 *
 * @param expander of all words, for what they expand to in all has a limit
 */
record PlanContext(
        String dockerfile,
        StageTable table,
        PlanOptions options,
        Map<ImageRequest.Key, BaseImage> images,
        Nodes nodes,
        Map<Integer, StageResult> results,
        UsedArgs used,
        Survey survey,
        WordExpander expander) {}
