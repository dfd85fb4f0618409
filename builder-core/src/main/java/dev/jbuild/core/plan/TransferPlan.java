package dev.jbuild.core.plan;

import java.util.List;

/**
 * A planned COPY or ADD and its history line.
 *
 * @param origins what is fetched for it, one for each remote part
 */
record TransferPlan(Step.CopyFiles step, List<Origin> origins, String createdBy) {
    TransferPlan {
        origins = List.copyOf(origins);
    }
}
