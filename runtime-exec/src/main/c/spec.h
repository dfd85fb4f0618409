/* A step specification as Java writes it: policy. What the launcher does with it is mechanism. */
#ifndef JBUILD_SPEC_H
#define JBUILD_SPEC_H

#include <stddef.h>
#include <stdint.h>

enum step_flags {
	STEP_PIVOT = 1,      /* the overlay becomes the root; else it is attached at `attach` */
	STEP_CONFINE = 2,    /* drop to user, capabilities and seccomp before the command */
	STEP_NO_NEW_PRIVS = 4,
	STEP_SET_GROUPS = 8, /* setgroups(2) is not denied by the user namespace */
	STEP_RECORD_OWNERS = 16, /* there is one id only: who owns what and who is who is recorded, not the kernel's */
	STEP_PLAIN_ROOT = 32 /* `upper` is the whole root itself, and there is no `lower` */
};

enum op_kind {
	OP_FILESYSTEM = 1, /* a new filesystem of type `source` with `options` */
	OP_BIND = 2,       /* the host's `source` */
	OP_FILE = 3,       /* a file with this content */
	OP_DEVICE = 4,     /* a node, or the host's own node bound where mknod is not allowed */
	OP_SYMLINK = 5,    /* to `source` */
	OP_DIRECTORY = 6,
	OP_MASK = 7,       /* hidden under an empty directory or /dev/null; absent paths are passed over */
	OP_READ_ONLY = 8,  /* bound onto itself, read-only; absent paths are passed over */
	OP_STUB_DIRECTORY = 9, /* only makes sure that a mount point is there */
	OP_STUB_FILE = 10,
	OP_STACK = 11 /* the place `source` in a stack of layers, which are the `options` */
};

enum op_flags {
	OP_IN_ROOTFS = 1, /* the mount point is the image's: it may be missing, and must not reach the upper directory */
	OP_FOLLOW = 2,    /* links in the target are followed, inside the root; else they are refused */
	OP_RECURSIVE = 4, /* a bind takes what is mounted below along */
	OP_MAKE = 8,      /* a mount point that is missing inside an earlier mount is made there, never in the image */
	OP_IS_DIRECTORY = 16, /* the source in a stack is one */
	OP_WRITABLE = 32  /* what the step writes into a stack is kept until it ends */
};

struct bytes {
	const char *at;
	size_t length;
};

struct list {
	char **items; /* ends with NULL */
	size_t count;
};

struct op {
	uint32_t kind, flags;
	const char *target, *source;
	uint64_t attributes;
	struct list options;
	struct bytes content;
	uint32_t mode, major, minor;
	uint32_t uid, gid; /* of a file */
};

struct rlimit_spec {
	uint32_t resource;
	uint64_t soft, hard;
};

/* A counter of the step's cgroup that rises when the step meets a limit. */
struct tripwire {
	const char *file, *field; /* the number after `field` in `file` */
	uint32_t patience;        /* milliseconds from the first rise to a later one that ends the step */
	const char *sentence;     /* names the limit */
};

struct cgroup_spec {
	uint32_t version; /* 1 or 2 */
	const char *parent;
	struct list settings; /* file=value */
	struct list readings; /* files whose content is told when the step is over */
	struct tripwire *tripwires;
	size_t tripwire_count;
	struct bytes devices; /* struct bpf_insn: which devices may be reached (version 2) */
};

/* How much the step may write below its upper directory; 0: as much as fits. */
struct disk_spec {
	uint64_t limit, reserve; /* bytes; the reserve is what must stay free on the filesystem */
	const char *over_limit, *over_reserve; /* sentences */
};

struct spec {
	uint32_t flags, namespaces;
	struct list lower;
	const char *upper, *work, *attach, *hostname;
	struct op *ops;
	size_t op_count;
	struct list argv, env;
	const char *cwd;
	uint32_t uid, gid;
	uint32_t *groups;
	size_t group_count;
	uint64_t capabilities;
	struct rlimit_spec *rlimits;
	size_t rlimit_count;
	struct bytes seccomp;
	struct list labels; /* file=value below /proc/self/attr */
	struct cgroup_spec *cgroups;
	size_t cgroup_count;
	struct disk_spec disk;
	uint32_t oom_score; /* oom_score_adj of the step's processes (proc(5)) */
	struct list network; /* a program that connects the network namespace; none when empty */
	const char *input;    /* a file that is the command's standard input; empty: /dev/null */
	const char *terminal; /* the user's terminal, which the command gets one of its own for; empty: none */
	struct list cleanup; /* a program to run when the step is over; none when empty */
};

/* Reads all of one specification; anything that is not exactly one ends the launcher. */
void spec_read(int fd, struct spec *spec);

#endif
