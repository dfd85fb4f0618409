package dev.jbuild.core.plan;

/** A planned COPY or ADD and its history line. */
record TransferPlan(Step.CopyFiles step, String createdBy) {}
