/* SPDX-License-Identifier: MIT */
/* The vector unit. See vector.h. */
#include "cpu/timing/inorder/vector/vector.h"

/* The most groups of an instruction: eight registers of 1024 bits, in groups of 64 bits. */
#define GROUPS_MAX (8 * 1024 / 64)

/* An instruction in the unit, with the cycle in which each of its groups begins. */
struct sequence {
	struct inorder_vector_work work;
	u64 begin[GROUPS_MAX];
	u64 end; /* the cycle in which the sequencer is free again */
};

/* Returns the register that contains a group of an operand. */
static unsigned register_of(const struct inorder_vector *vector,
			    const struct inorder_vector_operand *operand, unsigned group)
{
	return (operand->first + group / inorder_vector_in_register(vector->params)) %
	       VECTOR_REGISTERS;
}

/* Returns the first cycle in which a group of an operand may be read. */
static u64 readable(const struct inorder_vector *vector,
		    const struct inorder_vector_operand *operand, unsigned group)
{
	unsigned reg = register_of(vector, operand, group);
	unsigned in_register = inorder_vector_in_register(vector->params);
	u64 groups_after = in_register - 1 - group % in_register;

	if (group % in_register == 0)
		return vector->first[reg];
	/* At most one group a cycle is written to a register. */
	return MAX(vector->first[reg], vector->last[reg] - MIN(vector->last[reg], groups_after));
}

/* Returns the group of an operand that belongs to a group of the instruction. */
static unsigned group_of(const struct inorder_vector_operand *operand,
			 const struct inorder_vector_work *work, unsigned group)
{
	return (unsigned)((u64)group * operand->groups / work->groups);
}

/* Returns when that part of a source is there which a group needs, `cycle` at the earliest. */
static u64 wait_for_source(const struct inorder_vector *vector, const struct sequence *sequence,
			   const struct inorder_vector_operand *operand, unsigned group, u64 cycle)
{
	unsigned first = 0, last = operand->groups;

	if (!operand->groups)
		return cycle;
	if (!operand->whole) {
		first = group_of(operand, &sequence->work, group);
		last = first + 1;
	}
	for (unsigned n = first; n < last; n++)
		cycle = MAX(cycle, readable(vector, operand, n));
	return cycle;
}

/*
 * Returns when a group of the destination may be overwritten, `cycle` at the earliest: when earlier
 * instructions have written it, and read it.
 */
static u64 wait_for_destination(const struct inorder_vector *vector,
				const struct sequence *sequence, unsigned group, u64 cycle)
{
	const struct inorder_vector_operand *d = &sequence->work.operand[INORDER_VECTOR_D];
	unsigned at;

	if (!sequence->work.writes_d || !d->groups)
		return cycle;
	at = group_of(d, &sequence->work, group);
	return MAX(cycle, MAX(vector->used[register_of(vector, d, at)], readable(vector, d, at)));
}

/* Notes that the part of a source that belongs to a group is read in `cycle`. */
static void note_read(struct inorder_vector *vector, const struct sequence *sequence,
		      const struct inorder_vector_operand *operand, unsigned group, u64 cycle)
{
	u64 *used;

	if (!operand->groups)
		return;
	used = &vector->used[register_of(vector, operand,
					 group_of(operand, &sequence->work, group))];
	*used = MAX(*used, cycle + 1);
}

/* Returns how many cycles the sequencer is busy with a group. */
static u64 cost_of(const struct inorder_vector_work *work, unsigned group)
{
	u64 before = group * work->group_elements, left = work->elements;

	if (!work->group_elements)
		return work->cost;
	left -= MIN(left, before);
	return work->cost * MAX(MIN(left, work->group_elements), 1);
}

/*
 * Begins the groups of an instruction, the first one in `cycle` at the earliest. The data of a load
 * arrive between the cycles data[0] and data[1]; for other instructions both are 0.
 */
static void run_groups(struct inorder_vector *vector, struct sequence *sequence, u64 cycle,
		       const u64 data[2])
{
	const struct inorder_vector_work *work = &sequence->work;
	u64 at = MAX(cycle, vector->free[work->sequencer]);
	unsigned last = work->groups - 1;

	for (unsigned n = 0; n < work->groups; n++) {
		for (unsigned k = 0; k < ARRAY_SIZE(work->operand); k++)
			if (k != INORDER_VECTOR_D || work->reads_d)
				at = wait_for_source(vector, sequence, &work->operand[k], n, at);
		at = wait_for_destination(vector, sequence, n, at);
		at = MAX(at, data[0] + (data[1] - data[0]) * n / MAX(last, 1));
		sequence->begin[n] = at;
		at += cost_of(work, n);
	}
	for (unsigned n = 0; n < work->groups; n++)
		for (unsigned k = 0; k < ARRAY_SIZE(work->operand); k++)
			if (k != INORDER_VECTOR_D || work->reads_d)
				note_read(vector, sequence, &work->operand[k], n,
					  sequence->begin[n]);
	sequence->end = at + work->folds * work->cost;
	vector->free[work->sequencer] = sequence->end + vector->params->vector_dead;
}

/* Returns when the result of a group may be read. */
static u64 done_of(const struct sequence *sequence, unsigned group)
{
	const struct inorder_vector_work *work = &sequence->work;

	if (group == work->groups - 1)
		return sequence->end - 1 + work->latency;
	return sequence->begin[group] + cost_of(work, group) - 1 + work->latency;
}

/*
 * Returns when the result of a group is forwarded: with chaining, when all groups that are chained
 * together are done, else when the whole result is.
 */
static u64 forwarded(const struct inorder_vector *vector, const struct sequence *sequence,
		     unsigned group)
{
	u64 together = vector->params->vector_chaining, last = sequence->work.groups - 1;

	if (!together || sequence->work.operand[INORDER_VECTOR_D].whole)
		return done_of(sequence, (unsigned)last);
	return done_of(sequence, (unsigned)MIN(group / together * together + together - 1, last));
}

/* Sets when the registers that the instruction writes may be read. */
static void publish_groups(struct inorder_vector *vector, const struct sequence *sequence)
{
	const struct inorder_vector_work *work = &sequence->work;
	const struct inorder_vector_operand *d = &work->operand[INORDER_VECTOR_D];
	unsigned in_register = inorder_vector_in_register(vector->params);

	for (unsigned n = 0; work->writes_d && n < d->groups; n++) {
		unsigned reg = register_of(vector, d, n);
		/* If several groups make one group of the destination, the last of them counts. */
		u64 own = ((u64)(n + 1) * work->groups + d->groups - 1) / d->groups - 1;
		u64 done = forwarded(vector, sequence, (unsigned)MIN(own, work->groups - 1));

		if (n % in_register == 0)
			vector->first[reg] = done;
		vector->last[reg] = done;
	}
}

void inorder_vector_reset(struct inorder_vector *vector)
{
	*vector = (struct inorder_vector){
		.params = vector->params,
		.actions = vector->actions,
	};
}

static u64 vector_room(const struct inorder_vector *vector)
{
	u64 most = vector->params->vector_queue;

	return vector->count < most ? 0 :
				      vector->begun[(vector->count - most) % INORDER_VECTORS_MAX];
}

u64 inorder_vector_room(const struct inorder_vector *vector)
{
	return MAX(vector_room(vector) + 1, vector->configured);
}

void inorder_vector_configure(struct inorder_vector *vector, u64 cycle)
{
	vector->configured = cycle + 1 + vector->params->vector_vset;
}

/* Returns vl in the lower half and vtype in the upper one. */
static u64 configuration_of(struct inorder_vector *vector, const struct inorder_uop *uop)
{
	const struct inorder_action action = {
		.kind = INORDER_ACTION_VECTOR,
		.which = (u8)vector->actions->values,
		.a = uop->raw,
	};

	return inorder_do(vector->actions, &action);
}

/*
 * Requests the data of an access. The first request can be made in `from`, and the last one
 * `spread` cycles later.
 */
static u64 request_memory(struct inorder_vector *vector, const struct inorder_vector_work *work,
			  u64 from, u64 spread)
{
	const struct inorder_action action = {
		.kind = INORDER_ACTION_VECTOR_ACCESS,
		.which = (u8)vector->actions->memory,
		.cycle = from,
		.a = work->insn.raw | MIN(spread, UINT32_MAX) << INORDER_VECTOR_SPREAD,
	};

	return inorder_do(vector->actions, &action);
}

static u64 answer_of(u64 answer, unsigned shift)
{
	return bits(answer, shift, INORDER_VECTOR_BITS);
}

/*
 * Reads the groups of an access's indices one after the other, the first one in times[0] at the
 * earliest. Sets times[] to the cycles of the first and of the last one.
 */
static void run_indices(struct inorder_vector *vector, struct sequence *sequence, u64 times[2])
{
	struct inorder_vector_work *work = &sequence->work;
	struct inorder_vector_operand *indices = &work->operand[INORDER_VECTOR_A];
	u64 at = times[0];

	for (unsigned n = 0; n < indices->groups; n++) {
		unsigned reg = register_of(vector, indices, n);

		at = MAX(at, readable(vector, indices, n));
		if (n == 0)
			times[0] = at;
		times[1] = at;
		vector->used[reg] = MAX(vector->used[reg], at + 1);
	}
	/* The sequencer of the data does not need the indices. */
	indices->groups = 0;
}

/*
 * Executes a load: its data are requested as soon as possible, and written in order when they are
 * there.
 */
static void run_load(struct inorder_vector *vector, struct sequence *sequence, u64 cycle)
{
	u64 times[2] = { MAX(cycle, vector->port[0]), 0 }, data[2], answer;

	times[1] = times[0];
	run_indices(vector, sequence, times);
	answer = request_memory(vector, &sequence->work, times[0], times[1] - times[0]);
	vector->port[0] = times[0] + answer_of(answer, INORDER_VECTOR_PORT);
	data[0] = times[0] + answer_of(answer, INORDER_VECTOR_FIRST);
	data[1] = times[0] + answer_of(answer, INORDER_VECTOR_LAST);
	run_groups(vector, sequence, cycle, data);
}

static void run_store(struct inorder_vector *vector, struct sequence *sequence, u64 cycle)
{
	static const u64 none[2];
	u64 times[2] = { cycle, cycle }, from, to, answer;

	run_indices(vector, sequence, times);
	run_groups(vector, sequence, times[0], none);
	from = MAX(sequence->begin[0] + 1, vector->port[1]);
	to = MAX(MAX(times[1], sequence->begin[sequence->work.groups - 1]) + 1, from);
	answer = request_memory(vector, &sequence->work, from, to - from);
	vector->port[1] = from + answer_of(answer, INORDER_VECTOR_PORT);
	/* The sequencer is one request ahead of the port. */
	vector->free[INORDER_VECTOR_STORES] =
		MAX(vector->free[INORDER_VECTOR_STORES], vector->port[1] - 1);
}

static void run_all(struct inorder_vector *vector, struct sequence *sequence, u64 cycle)
{
	static const u64 none[2];

	switch (sequence->work.sequencer) {
	case INORDER_VECTOR_LOADS:
		run_load(vector, sequence, cycle);
		break;
	case INORDER_VECTOR_STORES:
		run_store(vector, sequence, cycle);
		break;
	default:
		run_groups(vector, sequence, cycle, none);
	}
	publish_groups(vector, sequence);
}

/*
 * Returns for how many cycles the instruction delays later ones: the elements of a strided or
 * indexed access are checked one by one before.
 */
static u64 checks_of(const struct inorder_params *params, const struct inorder_vector_work *work)
{
	u8 format = isa_ops[work->insn.op].format;

	return format == FORMAT_VSTRIDED || format == FORMAT_VINDEXED ?
		       work->elements * params->vector_check :
		       0;
}

u64 inorder_vector_execute(struct inorder_vector *vector, const struct inorder_uop *uop, u64 cycle,
			   u64 *holds)
{
	const struct inorder_params *params = vector->params;
	u64 configuration = configuration_of(vector, uop);
	struct sequence sequence;

	inorder_vector_work(params, &uop->insn, (u32)configuration, configuration >> 32,
			    &sequence.work);
	*holds = checks_of(params, &sequence.work);
	/* Without elements there is nothing to do, except for a scalar result, such as a count. */
	if (!sequence.work.groups && !uop->rd)
		return cycle + 1;
	sequence.work.groups = MAX(sequence.work.groups, 1);
	run_all(vector, &sequence, cycle + params->vector_dispatch);
	vector->begun[vector->count++ % INORDER_VECTORS_MAX] = sequence.begin[0];
	return uop->rd ? done_of(&sequence, sequence.work.groups - 1) + params->vector_scalar :
			 cycle + 1;
}
