package dev.jbuild.core.plan;

/** A planned RUN and its history line. */
record RunPlan(Step.Run step, String createdBy) {}
