package dev.jbuild.core.plan;

import java.util.Map;

/** What the planners of all stages of one build share. */
record PlanContext(
        String dockerfile,
        StageTable table,
        PlanOptions options,
        Map<ImageRequest.Key, BaseImage> images,
        Nodes nodes,
        Map<Integer, StageResult> results,
        UsedArgs used,
        Survey survey) {}
