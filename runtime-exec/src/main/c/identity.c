#define _GNU_SOURCE
#include "identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "kernel.h"
#include "wire.h"

enum { IDENTITIES_MAX = 65536, GROUPS_MAX = 1024 };
#define UNCHANGED UINT32_MAX

static struct identity identities[IDENTITIES_MAX];
static size_t identity_count;

/*
 * Which of the identities a process has, the kernel keeps: as the soft limit of locks, which has meant nothing since
 * Linux 2.4.25 (getrlimit(2)), and which children and new programs inherit at the very moment they should. A process
 * that changes it fools itself only.
 */
#define KEPT_IN RLIMIT_LOCKS

void identity_start(const struct spec *spec)
{
	identities[0] = (struct identity){{spec->uid, spec->uid, spec->uid, spec->uid},
	                                  {spec->gid, spec->gid, spec->gid, spec->gid},
	                                  spec->groups,
	                                  spec->group_count};
	identity_count = 1;
}

const struct identity *identity_of(const struct call *call)
{
	struct rlimit kept;
	if (prlimit(call->process, KEPT_IN, NULL, &kept) || kept.rlim_cur >= identity_count)
		return &identities[0];
	return &identities[kept.rlim_cur];
}

int identity_has_group(const struct identity *identity, uint32_t group)
{
	for (size_t i = 0; i < identity->group_count; i++)
		if (identity->groups[i] == group)
			return 1;
	return group == identity->group.files || group == identity->group.effective;
}

static int is_same(const struct identity *a, const struct identity *b)
{
	return memcmp(a, b, offsetof(struct identity, groups)) == 0 && a->group_count == b->group_count
	       && (a->group_count == 0 || memcmp(a->groups, b->groups, a->group_count * sizeof *a->groups) == 0);
}

/* The number of an identity, a new one if need be; -1 when there are too many. */
static long number_of(const struct identity *identity)
{
	for (size_t i = 0; i < identity_count; i++)
		if (is_same(identity, &identities[i]))
			return (long)i;
	if (identity_count == IDENTITIES_MAX)
		return -1;
	identities[identity_count] = *identity;
	return (long)identity_count++;
}

static struct answer become(const struct call *call, const struct identity *identity)
{
	struct rlimit kept;
	long number = number_of(identity);
	if (number < 0)
		return answer_error(EAGAIN);
	if (!call_waits(call) || prlimit(call->process, KEPT_IN, NULL, &kept))
		return answer_error(ESRCH);
	kept.rlim_cur = (rlim_t)number;
	if (prlimit(call->process, KEPT_IN, &kept, NULL))
		return answer_error(EPERM);
	return answer_value(0);
}

static int is_one_of(const struct ids *ids, uint32_t id)
{
	return id == UNCHANGED || id == ids->real || id == ids->effective || id == ids->saved;
}

static void put(uint32_t *id, uint32_t wanted)
{
	if (wanted != UNCHANGED)
		*id = wanted;
}

static int set_one(struct ids *ids, int is_root, uint32_t id)
{
	if (id == UNCHANGED)
		return EINVAL;
	if (is_root)
		*ids = (struct ids){id, id, id, id};
	else if (id == ids->real || id == ids->saved)
		ids->effective = ids->files = id;
	else
		return EPERM;
	return 0;
}

static int set_two(struct ids *ids, int is_root, uint32_t real, uint32_t effective)
{
	uint32_t before = ids->real;
	int may_real = real == UNCHANGED || real == ids->real || real == ids->effective;
	if (!is_root && (!may_real || !is_one_of(ids, effective)))
		return EPERM;
	put(&ids->real, real);
	put(&ids->effective, effective);
	if (real != UNCHANGED || (effective != UNCHANGED && effective != before))
		ids->saved = ids->effective;
	ids->files = ids->effective;
	return 0;
}

static int set_three(struct ids *ids, int is_root, const uint64_t *wanted)
{
	for (int i = 0; !is_root && i < 3; i++)
		if (!is_one_of(ids, (uint32_t)wanted[i]))
			return EPERM;
	put(&ids->real, (uint32_t)wanted[0]);
	put(&ids->effective, (uint32_t)wanted[1]);
	put(&ids->saved, (uint32_t)wanted[2]);
	ids->files = ids->effective;
	return 0;
}

static struct answer set_for_files(const struct call *call, struct identity *next, struct ids *ids, int is_root)
{
	uint32_t before = ids->files, wanted = (uint32_t)call->arguments[0];
	if (wanted == UNCHANGED || !(is_root || wanted == before || is_one_of(ids, wanted)))
		return answer_value(before);
	ids->files = wanted;
	become(call, next);
	return answer_value(before);
}

static int by_number(const void *a, const void *b)
{
	gid_t first = *(const gid_t *)a, second = *(const gid_t *)b;

	return (first > second) - (first < second);
}

static struct answer set_groups(const struct call *call, struct identity *next, int is_root)
{
	size_t count = (size_t)call->arguments[0];
	if (!is_root)
		return answer_error(EPERM);
	if (count > GROUPS_MAX)
		return answer_error(EINVAL);
	next->groups = calloc(count + 1, sizeof *next->groups);
	next->group_count = count;
	if (!next->groups)
		return answer_error(ENOMEM);
	if (count > 0 && call_read(call, call->arguments[1], next->groups, count * sizeof *next->groups)) {
		free(next->groups);
		return answer_error(EFAULT);
	}
	/* As the kernel keeps them (groups_sort), and getgroups(2) then tells. */
	qsort(next->groups, count, sizeof *next->groups, by_number);
	struct answer answer = become(call, next);
	long number = number_of(next);
	if (number < 0 || identities[number].groups != next->groups)
		free(next->groups);
	return answer;
}

static struct answer get_groups(const struct call *call, const struct identity *now)
{
	int size = (int)call->arguments[0];
	if (size == 0)
		return answer_value((int64_t)now->group_count);
	if (size < 0 || (size_t)size < now->group_count)
		return answer_error(EINVAL);
	if (call_write(call, call->arguments[1], now->groups, now->group_count * sizeof *now->groups))
		return answer_error(EFAULT);
	return answer_value((int64_t)now->group_count);
}

static struct answer get_three(const struct call *call, const struct ids *ids)
{
	const uint32_t told[3] = {ids->real, ids->effective, ids->saved};
	for (int i = 0; i < 3; i++)
		if (call_write(call, call->arguments[i], &told[i], sizeof told[i]))
			return answer_error(EFAULT);
	return answer_value(0);
}

static struct answer after(const struct call *call, const struct identity *next, int error)
{
	return error ? answer_error(error) : become(call, next);
}

/* Privilege is being root: capabilities of their own are not kept for those who are to be others. */
static struct answer set(const struct call *call, struct identity *next)
{
	int is_root = next->user.effective == 0;
	uint32_t first = (uint32_t)call->arguments[0], second = (uint32_t)call->arguments[1];
	switch (call->number) {
	case SYS_setuid:
		return after(call, next, set_one(&next->user, is_root, first));
	case SYS_setgid:
		return after(call, next, set_one(&next->group, is_root, first));
	case SYS_setreuid:
		return after(call, next, set_two(&next->user, is_root, first, second));
	case SYS_setregid:
		return after(call, next, set_two(&next->group, is_root, first, second));
	case SYS_setresuid:
		return after(call, next, set_three(&next->user, is_root, call->arguments));
	case SYS_setresgid:
		return after(call, next, set_three(&next->group, is_root, call->arguments));
	case SYS_setfsuid:
		return set_for_files(call, next, &next->user, is_root);
	case SYS_setfsgid:
		return set_for_files(call, next, &next->group, is_root);
	default:
		return set_groups(call, next, is_root);
	}
}

struct answer identity_answer(const struct call *call)
{
	struct identity now = *identity_of(call);
	switch (call->number) {
	case SYS_getuid:
		return answer_value(now.user.real);
	case SYS_geteuid:
		return answer_value(now.user.effective);
	case SYS_getgid:
		return answer_value(now.group.real);
	case SYS_getegid:
		return answer_value(now.group.effective);
	case SYS_getresuid:
		return get_three(call, &now.user);
	case SYS_getresgid:
		return get_three(call, &now.group);
	case SYS_getgroups:
		return get_groups(call, &now);
	default:
		return set(call, &now);
	}
}
