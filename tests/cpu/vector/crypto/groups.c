/* SPDX-License-Identifier: MIT */
/* Executes vector cryptography instructions (see groups.h). */
#include "tests/cmocka.h"
#include "tests/cpu/vector/crypto/groups.h"

#include "cpu/isa/disasm.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/reference/reference.h"

#include <stdlib.h>
#include <string.h>

#define LENGTHS 4 /* VLEN 128 to 1024 */

struct groups_suite {
	struct unit *units[LENGTHS], *ones_units[LENGTHS];
	u64 executed[OP_COUNT], ones, seed;
};

struct groups_suite *groups_suite_create(void)
{
	struct groups_suite *suite = calloc(1, sizeof(*suite));

	assert_non_null(suite);
	suite->seed = 1;
	for (unsigned n = 0; n < LENGTHS; n++) {
		struct vector_config config = { .vlen = 128u << n };

		suite->units[n] = unit_create(&config);
		config.tail_ones = config.mask_ones = true;
		suite->ones_units[n] = unit_create(&config);
	}
	return suite;
}

void groups_suite_free(struct groups_suite *suite)
{
	for (unsigned n = 0; n < LENGTHS; n++) {
		unit_free(suite->units[n]);
		unit_free(suite->ones_units[n]);
	}
	free(suite);
}

u64 groups_executed(const struct groups_suite *suite, enum op op)
{
	return suite->executed[op];
}

u64 groups_ones(const struct groups_suite *suite)
{
	return suite->ones;
}

unsigned groups_pick(struct groups *g, unsigned count)
{
	return (unsigned)((random_u64(&g->suite->seed) >> 20) % count);
}

void groups_draw(struct groups *g, struct operand *operands, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		for (size_t at = 0; at < sizeof(operands[n].bytes); at += sizeof(u64)) {
			u64 value = random_u64(&g->suite->seed);

			memcpy(operands[n].bytes + at, &value, sizeof(value));
		}
}

unsigned groups_count(const struct groups *g)
{
	return (unsigned)rules_vlmax(g->vtype, g->vlenb) / g->elements;
}

unsigned groups_first(const struct groups *g)
{
	return (unsigned)g->vstart / g->elements;
}

unsigned groups_end(const struct groups *g)
{
	return (unsigned)g->vl / g->elements;
}

u8 *groups_at(const struct groups *g, struct operand *operand, unsigned n)
{
	return operand->bytes + ((size_t)n * g->elements << g->size);
}

u64 groups_get(const struct groups *g, struct operand *operand, unsigned n, unsigned element)
{
	u64 value = 0;

	memcpy(&value, groups_at(g, operand, n) + (element << g->size), 1u << g->size);
	return value;
}

void groups_put(const struct groups *g, struct operand *operand, unsigned n, unsigned element,
		u64 value)
{
	memcpy(groups_at(g, operand, n) + (element << g->size), &value, 1u << g->size);
}

unsigned groups_byte(const char *hex, unsigned n)
{
	char digits[3] = { hex[2 * n], hex[2 * n + 1], 0 };

	return (unsigned)strtoul(digits, NULL, 16);
}

void groups_fill(const struct groups *g, struct operand *to, unsigned n, const char *hex)
{
	for (unsigned at = 0; at < g->elements << g->size; at++)
		groups_at(g, to, n)[at] = (u8)groups_byte(hex, at);
}

void groups_expect(const struct groups *g, struct operand *is, unsigned n, const char *hex)
{
	struct operand should;

	groups_fill(g, &should, n, hex);
	assert_memory_equal(groups_at(g, is, n), groups_at(g, &should, n), g->elements << g->size);
}

void groups_xor(const struct groups *g, struct operand *to, struct operand *other)
{
	for (unsigned n = groups_first(g); n < groups_end(g); n++)
		for (unsigned at = 0; at < g->elements; at++)
			groups_put(g, to, n, at,
				   groups_get(g, to, n, at) ^ groups_get(g, other, n, at));
}

/* Draws a tier's forms in a vtype. */
static void each_tier(struct groups *g, void (*check)(struct groups *g))
{
	unsigned count = groups_count(g);

	for (unsigned form = 0; form < 2 * (UNIT_TIERS + 1); form++) {
		unsigned end = count;

		g->ones = form / 2 == UNIT_TIERS;
		g->tier = (enum unit_tier)(g->ones ? groups_pick(g, UNIT_TIERS) : form / 2);
		g->vtype = (g->vtype & 63) | (u64)groups_pick(g, 4) << 6;
		g->vstart = 0;
		if (form % 2) {
			end = 1 + groups_pick(g, count);
			g->vstart = (u64)groups_pick(g, end) * g->elements;
		}
		g->vl = (u64)end * g->elements;
		check(g);
	}
}

void groups_each(struct groups_suite *suite, unsigned size, unsigned elements,
		 void (*check)(struct groups *g))
{
	struct groups g = { .suite = suite, .size = size, .elements = elements };

	for (unsigned length = 0; length < LENGTHS; length++)
		for (u64 lmul = 0; lmul < 8; lmul++) {
			g.vlenb = 16u << length;
			g.vtype = (u64)size << 3 | lmul;
			if (rules_vtype(g.vtype) && groups_count(&g))
				each_tier(&g, check);
		}
}

/* Returns the size of an operand's registers in bytes. */
static size_t bytes_of(const struct groups *g, bool scalar)
{
	return (scalar ? 1 : MAX(rules_lmul(g->vtype) / 8, 1)) * g->vlenb;
}

/* The registers of operands, in groups that do not overlap. */
struct places {
	unsigned d, a, b;
};

static struct places draw_places(struct groups *g)
{
	unsigned registers = MAX(rules_lmul(g->vtype) / 8, 1), count = 32 / registers;
	struct places places = { .d = groups_pick(g, count) };

	do
		places.a = groups_pick(g, count);
	while (places.a == places.d);
	do
		places.b = groups_pick(g, count);
	while (places.b == places.d || places.b == places.a);
	places.d *= registers;
	places.a *= registers;
	places.b *= registers;
	return places;
}

/* The sources that an instruction reads; b is NULL if it has an immediate or no second source. */
struct sources {
	const struct operand *a, *b;
	unsigned immediate;
};

static u32 encode(const struct isa *isa, enum op op, const struct places *places,
		  const struct sources *sources)
{
	u32 rs1 = sources->b ? places->b : sources->immediate;
	u32 raw = places->a << 20 | rs1 << 15 | places->d << 7;

	return (raw & ~isa->mask[op]) | isa->match[op];
}

static void run(struct groups *g, struct vector_image *is, struct vector_image *should, size_t at)
{
	unsigned length = (unsigned)__builtin_ctz(g->vlenb / 16);
	struct unit *unit = g->ones ? g->suite->ones_units[length] : g->suite->units[length];
	struct vector_image in = *is;
	size_t first = g->vstart << g->size, end = g->vl << g->size;
	char text[DISASM_MAX];

	unit_run(unit, g->tier, is);
	*should = in;
	should->vstart = 0;
	memcpy(should->v + at + first, is->v + at + first, end - first);
	if (g->ones ? reference_allows(&in, should, is, g->vlenb, &g->suite->ones) :
		      !memcmp(is, should, sizeof(*is)))
		return;
	disasm(unit_isa(unit), 0, in.raw, text, sizeof(text));
	fail_msg("%s in tier %u, VLEN %u, vtype %llx, vl %llu, vstart %llu: trap %u, or others "
		 "than its elements change",
		 text, g->tier, 8 * g->vlenb, in.vtype, in.vl, in.vstart, is->trap);
}

static void execute(struct groups *g, enum op op, struct operand *d, struct sources sources)
{
	static struct vector_image image, should;
	struct places places = draw_places(g);
	const struct isa *isa = unit_isa(g->suite->units[0]);
	size_t at = (size_t)places.d * g->vlenb;
	struct form form;

	image.raw = encode(isa, op, &places, &sources);
	image.vtype = g->vtype;
	image.vl = g->vl;
	image.vstart = g->vstart;
	image.trap = IMAGE_DONE;
	rules_form(image.raw, &form);
	memcpy(image.v + at, d->bytes, bytes_of(g, false));
	memcpy(image.v + (size_t)places.a * g->vlenb, sources.a->bytes, bytes_of(g, form.a == '1'));
	if (sources.b)
		memcpy(image.v + (size_t)places.b * g->vlenb, sources.b->bytes, bytes_of(g, false));
	run(g, &image, &should, at);
	memcpy(d->bytes, image.v + at, bytes_of(g, false));
	g->suite->executed[op]++;
}

void groups_unary(struct groups *g, enum op op, struct operand *d, const struct operand *a)
{
	execute(g, op, d, (struct sources){ .a = a });
}

void groups_binary(struct groups *g, enum op op, struct operand *d, const struct operand *a,
		   const struct operand *b)
{
	execute(g, op, d, (struct sources){ .a = a, .b = b });
}

void groups_immediate(struct groups *g, enum op op, struct operand *d, const struct operand *a,
		      unsigned immediate)
{
	execute(g, op, d, (struct sources){ .a = a, .immediate = immediate });
}
