package dev.jbuild.core.plan;

/**
 * What one fetched source of an ADD adds. The nth part lies in the nth input of its node after the filesystem that is
 * changed.
 *
 * @param position how many of the step's other sources come before it
 * @param path absolute in what was fetched: {@code /} for all files of a repository
 * @param unpack whether it is unpacked when it is an archive
 */
public record RemotePart(int position, String path, boolean unpack) {}
