#include "spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire.h"

static const char MAGIC[8] = {'j', 'b', 'u', 'i', 'l', 'd', '0', '2'};

enum { BODY_MAX = 64 << 20 };

struct reader {
	const char *at, *end;
};

static void read_all(int fd, void *into, size_t length)
{
	char *at = into;
	while (length > 0) {
		ssize_t n = read(fd, at, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail("read", "the step specification");
		if (n == 0)
			refuse("the step specification ends too early");
		at += n;
		length -= (size_t)n;
	}
}

static const char *take(struct reader *in, size_t length)
{
	if ((size_t)(in->end - in->at) < length)
		refuse("a field of the step specification is longer than the rest of it");
	const char *start = in->at;
	in->at += length;
	return start;
}

static uint64_t take_number(struct reader *in, int width)
{
	const unsigned char *bytes = (const unsigned char *)take(in, (size_t)width);
	uint64_t value = 0;
	for (int i = width - 1; i >= 0; i--)
		value = value << 8 | bytes[i];
	return value;
}

static uint32_t take_u32(struct reader *in)
{
	return (uint32_t)take_number(in, 4);
}

/* Bytes of any value; one NUL that the length does not count follows them. */
static struct bytes take_bytes(struct reader *in)
{
	size_t length = take_u32(in);
	struct bytes bytes = {take(in, length), length};
	if (*take(in, 1) != 0)
		refuse("a string of the step specification is not terminated");
	return bytes;
}

static const char *take_string(struct reader *in)
{
	struct bytes bytes = take_bytes(in);
	if (memchr(bytes.at, 0, bytes.length))
		refuse("a string of the step specification contains NUL");
	return bytes.at;
}

/* Each item takes at least `least` bytes, so a count cannot ask for more memory than the input justifies. */
static size_t take_count(struct reader *in, size_t least)
{
	size_t count = take_u32(in);
	if (count > (size_t)(in->end - in->at) / least)
		refuse("a list of the step specification is longer than the rest of it");
	return count;
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);
	if (!memory)
		fail("calloc", "%zu items of the step specification", count);
	return memory;
}

static struct list take_list(struct reader *in)
{
	size_t count = take_count(in, 5);
	struct list list = {allocate(count, sizeof(char *)), count};
	for (size_t i = 0; i < count; i++)
		list.items[i] = (char *)take_string(in);
	return list;
}

static void take_op(struct reader *in, struct op *op)
{
	op->kind = take_u32(in);
	op->flags = take_u32(in);
	op->target = take_string(in);
	op->source = take_string(in);
	op->attributes = take_number(in, 8);
	op->options = take_list(in);
	op->content = take_bytes(in);
	op->mode = take_u32(in);
	op->major = take_u32(in);
	op->minor = take_u32(in);
	op->uid = take_u32(in);
	op->gid = take_u32(in);
	if (op->kind < OP_FILESYSTEM || op->kind > OP_STACK)
		refuse("unknown operation %u in the step specification", op->kind);
	if (op->target[0] != '/')
		refuse("target is not absolute: %s", op->target);
}

static void take_ops(struct reader *in, struct spec *spec)
{
	spec->op_count = take_count(in, 50);
	spec->ops = allocate(spec->op_count, sizeof *spec->ops);
	for (size_t i = 0; i < spec->op_count; i++)
		take_op(in, &spec->ops[i]);
}

static void take_groups(struct reader *in, struct spec *spec)
{
	spec->group_count = take_count(in, 4);
	spec->groups = allocate(spec->group_count, sizeof *spec->groups);
	for (size_t i = 0; i < spec->group_count; i++)
		spec->groups[i] = take_u32(in);
}

static void take_rlimits(struct reader *in, struct spec *spec)
{
	spec->rlimit_count = take_count(in, 20);
	spec->rlimits = allocate(spec->rlimit_count, sizeof *spec->rlimits);
	for (size_t i = 0; i < spec->rlimit_count; i++) {
		spec->rlimits[i].resource = take_u32(in);
		spec->rlimits[i].soft = take_number(in, 8);
		spec->rlimits[i].hard = take_number(in, 8);
	}
}

static void take_tripwires(struct reader *in, struct cgroup_spec *cgroup)
{
	cgroup->tripwire_count = take_count(in, 19);
	cgroup->tripwires = allocate(cgroup->tripwire_count, sizeof *cgroup->tripwires);
	for (size_t i = 0; i < cgroup->tripwire_count; i++) {
		struct tripwire *wire = &cgroup->tripwires[i];
		wire->file = take_string(in);
		wire->field = take_string(in);
		wire->patience = take_u32(in);
		wire->sentence = take_string(in);
	}
}

static void take_disk(struct reader *in, struct disk_spec *disk)
{
	disk->limit = take_number(in, 8);
	disk->reserve = take_number(in, 8);
	disk->over_limit = take_string(in);
	disk->over_reserve = take_string(in);
}

static void take_cgroups(struct reader *in, struct spec *spec)
{
	spec->cgroup_count = take_count(in, 26);
	spec->cgroups = allocate(spec->cgroup_count, sizeof *spec->cgroups);
	for (size_t i = 0; i < spec->cgroup_count; i++) {
		spec->cgroups[i].version = take_u32(in);
		spec->cgroups[i].parent = take_string(in);
		spec->cgroups[i].settings = take_list(in);
		spec->cgroups[i].readings = take_list(in);
		take_tripwires(in, &spec->cgroups[i]);
		spec->cgroups[i].devices = take_bytes(in);
	}
}

static void take_process(struct reader *in, struct spec *spec)
{
	spec->argv = take_list(in);
	spec->env = take_list(in);
	spec->cwd = take_string(in);
	spec->uid = take_u32(in);
	spec->gid = take_u32(in);
	take_groups(in, spec);
	spec->capabilities = take_number(in, 8);
	take_rlimits(in, spec);
	spec->seccomp = take_bytes(in);
	spec->labels = take_list(in);
	if (spec->argv.count == 0)
		refuse("the step specification has no command");
}

static void take_spec(struct reader *in, struct spec *spec)
{
	spec->flags = take_u32(in);
	spec->namespaces = take_u32(in);
	spec->lower = take_list(in);
	spec->upper = take_string(in);
	spec->work = take_string(in);
	spec->attach = take_string(in);
	spec->hostname = take_string(in);
	take_ops(in, spec);
	take_process(in, spec);
	take_cgroups(in, spec);
	take_disk(in, &spec->disk);
	spec->oom_score = take_u32(in);
	spec->network = take_list(in);
	spec->input = take_string(in);
	spec->terminal = take_string(in);
	spec->cleanup = take_list(in);
	if (in->at != in->end)
		refuse("the step specification is longer than its fields");
}

void spec_read(int fd, struct spec *spec)
{
	char header[sizeof MAGIC + 4];
	read_all(fd, header, sizeof header);
	if (memcmp(header, MAGIC, sizeof MAGIC) != 0)
		refuse("not a step specification of this launcher's version");
	struct reader length = {header + sizeof MAGIC, header + sizeof header};
	size_t size = take_u32(&length);
	if (size > BODY_MAX)
		refuse("the step specification has %zu bytes; at most %d are read", size, BODY_MAX);
	char *body = allocate(size, 1);
	read_all(fd, body, size);
	struct reader in = {body, body + size};
	take_spec(&in, spec);
}
