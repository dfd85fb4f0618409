package dev.jbuild.linux;

/**
 * What fstatfs(2) tells of a file system.
 *
 * @param type its magic number (statfs(2)), as 0x794c7630 for overlayfs
 * @param availableBytes what an unprivileged writer may still take
 * @param freeInodes how many files may still be made; 0 also where the file system does not count them
 */
public record FileSystemSpace(long type, long availableBytes, long freeInodes) {}
