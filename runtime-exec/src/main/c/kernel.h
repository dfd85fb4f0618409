/* The part of the kernel's interface (Linux 5.12 to 6.x) that C libraries do not name yet. */
#ifndef JBUILD_KERNEL_H
#define JBUILD_KERNEL_H

#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#define INTO_CGROUP 0x200000000ULL /* CLONE_INTO_CGROUP, Linux 5.7 */

struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

/* openat2(2) */
struct open_how_v0 {
	uint64_t flags, mode, resolve;
};
enum { RESOLVE_NO_MAGIC = 0x02, RESOLVE_NO_LINKS = 0x04, RESOLVE_INSIDE = 0x08, RESOLVE_ROOTED = 0x10 };

/* mount_setattr(2), fsmount(2) */
struct mount_attr_v0 {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
enum { ATTR_RDONLY = 0x01, ATTR_NOSUID = 0x02, ATTR_NODEV = 0x04, ATTR_NOEXEC = 0x08 };

/* fsopen(2), fsconfig(2) */
enum { FS_CLOEXEC = 1 };
enum { FS_SET_FLAG = 0, FS_SET_STRING = 1, FS_CREATE = 6 };

/* open_tree(2), move_mount(2) */
enum { TREE_CLONE = 1, TREE_CLOEXEC = 02000000, AT_EMPTY = 0x1000, AT_ALL_BELOW = 0x8000 };
enum { MOVE_FROM_EMPTY = 0x04, MOVE_TO_EMPTY = 0x40 };

static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how_v0 how = {.flags = flags, .resolve = resolve};
	return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

static inline int sys_fsopen(const char *type)
{
	return (int)syscall(SYS_fsopen, type, FS_CLOEXEC);
}

static inline int sys_fsconfig(int fs, unsigned command, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, 0);
}

static inline int sys_fsmount(int fs, uint64_t attributes)
{
	return (int)syscall(SYS_fsmount, fs, FS_CLOEXEC, attributes);
}

static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags | TREE_CLOEXEC);
}

/* Attaches the mount that one descriptor is to the place that the other is: no path is walked. */
static inline int sys_attach(int mount, int place)
{
	return (int)syscall(SYS_move_mount, mount, "", place, "", MOVE_FROM_EMPTY | MOVE_TO_EMPTY);
}

static inline int sys_set_attributes(int mount, unsigned flags, uint64_t set)
{
	struct mount_attr_v0 attr = {.attr_set = set};
	return (int)syscall(SYS_mount_setattr, mount, "", AT_EMPTY | flags, &attr, sizeof attr);
}

/* bpf(2), the parts of its attributes that a program for a cgroup takes. */
struct bpf_load_v0 {
	uint32_t type, instruction_count;
	uint64_t instructions, license;
	uint32_t log_level, log_size;
	uint64_t log;
	uint32_t kernel_version, flags;
};
struct bpf_attach_v0 {
	uint32_t target, program, type, flags;
};
enum { BPF_LOAD = 5, BPF_ATTACH = 8, BPF_DEVICE_PROGRAM = 15, BPF_TO_CGROUP_DEVICE = 6, BPF_MULTI = 2 };

static inline int sys_load_device_program(const void *instructions, size_t length)
{
	struct bpf_load_v0 load = {
		.type = BPF_DEVICE_PROGRAM,
		.instruction_count = (uint32_t)(length / 8),
		.instructions = (uint64_t)(uintptr_t)instructions,
		.license = (uint64_t)(uintptr_t) "Apache-2.0",
	};
	return (int)syscall(SYS_bpf, BPF_LOAD, &load, sizeof load);
}

static inline int sys_attach_device_program(int program, int cgroup)
{
	struct bpf_attach_v0 attach = {(uint32_t)cgroup, (uint32_t)program, BPF_TO_CGROUP_DEVICE, BPF_MULTI};
	return (int)syscall(SYS_bpf, BPF_ATTACH, &attach, sizeof attach);
}

/* seccomp(2), seccomp_unotify(2) */
struct seccomp_data_v0 {
	int number;
	uint32_t architecture;
	uint64_t instruction;
	uint64_t arguments[6];
};
struct notification_v0 {
	uint64_t id;
	uint32_t process, flags;
	struct seccomp_data_v0 call;
};
struct notification_answer_v0 {
	uint64_t id;
	int64_t value;
	int32_t error;
	uint32_t flags;
};
struct notification_file_v0 {
	uint64_t id;
	uint32_t flags, from, to, to_flags;
};
enum { SECCOMP_SET_FILTER = 1, FILTER_NEW_LISTENER = 8, FILTER_WAIT_KILLABLE = 32, ANSWER_CONTINUE = 1 };
#define NOTIFICATION_RECEIVE _IOWR('!', 0, struct notification_v0)
#define NOTIFICATION_ANSWER _IOWR('!', 1, struct notification_answer_v0)
#define NOTIFICATION_IS_VALID _IOW('!', 2, uint64_t)
#define NOTIFICATION_ADD_FILE _IOW('!', 3, struct notification_file_v0)
#define NOTIFICATION_SET_FLAGS _IOW('!', 4, uint64_t)
enum { NOTIFICATION_WAKES_HERE = 1 }; /* SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP, Linux 6.6 */

struct filter_program_v0 {
	unsigned short length;
	const void *instructions;
};

/* statx(2) */
struct statx_time_v0 {
	int64_t seconds;
	uint32_t nanos;
	int32_t reserved;
};
struct statx_v0 {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, spare;
	uint64_t inode, size, blocks, attributes_mask;
	struct statx_time_v0 accessed, born, changed, modified;
	uint32_t is_device_major, is_device_minor, device_major, device_minor;
	uint64_t rest[14];
};
enum { STATX_ALL = 0xfff };

/* Of an open file; what is open as a place only may be asked, too. */
static inline int sys_statx(int file, unsigned mask, struct statx_v0 *status)
{
	return (int)syscall(SYS_statx, file, "", AT_EMPTY, mask, status);
}

#endif
