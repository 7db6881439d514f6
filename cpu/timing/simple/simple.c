/* SPDX-License-Identifier: MIT */
/*
 * Kind `simple` has a price for each class of instructions, and adds the prices up. It is for users
 * who want a clock but no particular core: it is cheap, monotonic and reproducible, and measures no
 * hardware.
 */
#include "cpu/isa/isa.h"
#include "cpu/timing/kind.h"

#include "bus/state.h"

#include <stdlib.h>

/* Indices of the parameters. */
enum {
#define PARAM(group, name, value, min, max, unit, source) PARAM_##group##_##name,
#include "cpu/timing/simple/params.def"
#undef PARAM
	PARAM_COUNT
};

static const struct timing_param params[] = {
#define PARAM TIMING_PARAM
#include "cpu/timing/simple/params.def"
#undef PARAM
};
TIMING_PARAMS_CHECK(params, PARAM_COUNT, PARAM_core_clock);
_Static_assert(PARAM_price_alu + CLASS_SYSTEM == PARAM_price_system, "prices are in the order of "
								     "enum insn_class");
_Static_assert(PARAM_element_load + CLASS_VCRYPTO - CLASS_VLOAD == PARAM_element_crypto,
	       "so are those of elements");

struct simple {
	struct timing_model model;
	struct timing_host host;
	const u64 *values; /* the parameters of the core */
	u64 cycles, records;
};

/* Returns the price of an instruction without the price of its elements. */
static u64 price_of_class(const u64 *values, enum insn_class class)
{
	if (class_is_vector(class))
		return values[class == CLASS_VSET ? PARAM_price_vset : PARAM_price_vector];
	return values[PARAM_price_alu + class];
}

static u64 element_of_class(const u64 *values, enum insn_class class)
{
	return class > CLASS_VSET ? values[PARAM_element_load + class - CLASS_VLOAD] : 0;
}

static u64 simple_price(const u64 *values, const struct timing_record *record)
{
	enum insn_class class = isa_ops[record->op].class;
	u64 elements = element_of_class(values, class) * record->a;
	u64 cycles = price_of_class(values, class) + elements;

	if (record->flags & TIMING_TRAP)
		return values[PARAM_price_trap];
	return record->flags & TIMING_TAKEN ? cycles + values[PARAM_price_taken] : cycles;
}

_Static_assert(1000 * 255 < 1 << TIMING_PRICE_JUMPS, "the cycles of a block are fewer");

static bool is_jump(enum insn_class class)
{
	return class == CLASS_BRANCH || class == CLASS_JUMP;
}

/*
 * Returns the price of an instruction, without the parts that are known only when it is executed
 * (see simple_price()).
 */
static u32 price_of(const u64 *values, const struct timing_insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;

	return (u32)price_of_class(values, class) | (u32)is_jump(class) << TIMING_PRICE_JUMPS;
}

static u32 price_of_element(const u64 *values, const struct timing_insn *insn)
{
	return (u32)element_of_class(values, isa_ops[insn->op].class);
}

static u32 price_of_taken(const u64 *values)
{
	return (u32)values[PARAM_price_taken];
}

static u32 price_of_trap(const u64 *values)
{
	return (u32)values[PARAM_price_trap];
}

static struct timing_model *simple_create(const struct timing_core *core,
					  const struct timing_host *host)
{
	struct simple *simple = calloc(1, sizeof(*simple));

	if (!simple)
		return NULL;
	simple->host = *host;
	simple->values = core->values;
	return &simple->model;
}

static void simple_free(struct timing_model *model)
{
	free(model);
}

static void simple_reset(struct timing_model *model, u64 pc)
{
	(void)pc;
	((struct simple *)model)->cycles = ((struct simple *)model)->records = 0;
}

/* Counts a record that retires. There are no cache misses, because the model has no caches. */
static void simple_retire(struct simple *simple, const struct timing_record *record)
{
	struct timing_tally *tally = &simple->model.tally;
	enum insn_class class = isa_ops[record->op].class;
	u64 cycles = simple_price(simple->values, record);

	simple->cycles += cycles;
	timing_attribute(tally, CPI_ISSUE, cycles);
	if (!(record->flags & TIMING_TRAP) && is_jump(class))
		timing_count(tally, TIMING_BRANCH);
	timing_tally_retire(tally, record, simple->cycles);
}

static void simple_attribute(struct simple *simple, enum timing_cause cause, u64 cycles)
{
	if (simple->host.attribute)
		simple->host.attribute(simple->host.ctx, cause, cycles);
}

/* Returns the length of a record with its shadows, which this model does not use. */
static unsigned simple_length(const struct timing_record *record)
{
	return 1u + record->shadows;
}

/* Consumes a record for a host that listens to each retirement. */
static void consume_one(struct simple *simple, const struct timing_record *record)
{
	u64 before = simple->cycles;

	simple_retire(simple, record);
	simple_attribute(simple, CPI_ISSUE, simple->cycles - before);
	if (simple->host.commit)
		simple->host.commit(simple->host.ctx, simple->records, simple->cycles);
	simple->records += simple_length(record);
}

/* Passes over this many records, and reports only the last: the host does not listen to each. */
static void simple_pass(struct simple *simple, u64 records)
{
	simple->records += records;
	if (simple->host.commit)
		simple->host.commit(simple->host.ctx, simple->records - 1, simple->cycles);
}

static void simple_consume(struct timing_model *model, const struct timing_record *records,
			   unsigned count)
{
	struct simple *simple = (struct simple *)model;
	bool listens = !simple->host.listens || *simple->host.listens;

	if (listens) {
		for (unsigned n = 0; n < count; n += simple_length(&records[n]))
			consume_one(simple, &records[n]);
		return;
	}
	for (unsigned n = 0; n < count; n += simple_length(&records[n]))
		simple_retire(simple, &records[n]);
	simple_pass(simple, count);
}

static void simple_add_sums(struct timing_model *model, const struct timing_sums *sums)
{
	struct simple *simple = (struct simple *)model;

	simple->cycles += sums->cycles;
	simple_pass(simple, sums->instructions + sums->traps);
	timing_attribute(&model->tally, CPI_ISSUE, sums->cycles);
	model->tally.count[TIMING_BRANCH] += sums->jumps;
	model->tally.count[TIMING_CYCLES] = simple->cycles;
	model->tally.count[TIMING_INSTRUCTIONS] += sums->instructions;
	model->tally.count[TIMING_TRAPPED] += sums->traps;
}

static u64 simple_total(struct timing_model *model)
{
	return ((struct simple *)model)->cycles;
}

/* A core of this kind accepts vectors of any length. */
static u64 simple_vlen(const u64 *values)
{
	(void)values;
	return TIMING_VLEN_ANY;
}

/* The prices of classes are consecutive parameters, beginning with that of the ALU. */
static u64 simple_most(const u64 *values, u64 elements)
{
	u64 price = values[PARAM_price_trap], element = 0;

	for (unsigned n = PARAM_element_load; n <= PARAM_element_crypto; n++)
		element = MAX(element, values[n]);

	for (unsigned n = PARAM_price_alu; n < PARAM_price_taken; n++)
		price = MAX(price, values[n] + values[PARAM_price_taken]);
	price = MAX(price, values[PARAM_price_vset]);
	price = MAX(price, values[PARAM_price_vector] + element * elements);
	return MAX(price, 1);
}

static void simple_wake(struct timing_model *model, u64 slept)
{
	struct simple *simple = (struct simple *)model;

	simple->cycles += slept;
	timing_attribute(&model->tally, CPI_SLEEP, slept);
	simple_attribute(simple, CPI_SLEEP, slept);
}

static const struct state_field fields[] = {
	STATE_FIELD(struct simple, cycles),
	STATE_FIELD(struct simple, records),
};

static const struct state_type type = {
	.version = 1,
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

static void register_state(struct timing_model *model, struct state *state, const char *name)
{
	state_register(state, name, &type, model);
}

const struct timing_kind timing_simple = {
	.name = "simple",
	.params = params,
	.count = ARRAY_SIZE(params),
	.vlen = simple_vlen,
	.create = simple_create,
	.free = simple_free,
	.reset = simple_reset,
	.consume = simple_consume,
	.price = price_of,
	.price_element = price_of_element,
	.price_taken = price_of_taken,
	.price_trap = price_of_trap,
	.add = simple_add_sums,
	.cycles = simple_total,
	.most = simple_most,
	.wake = simple_wake,
	.register_state = register_state,
};
