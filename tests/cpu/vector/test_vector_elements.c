/* SPDX-License-Identifier: MIT */
/*
 * Tests each integer vector instruction, those of Zvbb and Zvbc included, in each vtype, masked and
 * not, with vl from 0 to VLMAX and with vstart, at VLEN 128 to 1024: interpreter, threaded and
 * native code make of a random state what the reference (reference/reference.h) makes of it, faults
 * of loads and stores included. A hart that sets agnostic elements to ones does so with no other
 * elements.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/reference/reference.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"

#include <stdio.h>
#include <string.h>

/* vl: 0, 1, at random, VLMAX, and at random with vstart. */
#define LENGTHS 5

struct elements {
	struct unit *unit, *ones_unit; /* the second sets agnostic elements to ones */
	u64 ones; /* bytes of them */
	u64 done; /* cases that did not trap */
	struct case_maker maker;
	u64 vlmax;
	unsigned counter; /* vta and vma change from case to case */
};

static void print_bytes(const char *name, const u8 *is, const u8 *should, size_t count)
{
	for (size_t n = 0; n < count; n++)
		if (is[n] != should[n]) {
			printf("%s, byte %zu: is %02x, should be %02x\n", name, n, is[n],
			       should[n]);
			return;
		}
}

static void fail_case(struct elements *e, const struct vector_image *in,
		      const struct vector_image *is, const struct vector_image *should)
{
	char text[256], name[16];

	for (unsigned n = 0; n < 32; n++) {
		size_t at = (size_t)n * e->maker.vlenb;

		snprintf(name, sizeof(name), "v%u", n);
		print_bytes(name, is->v + at, should->v + at, e->maker.vlenb);
	}
	print_bytes("memory", is->memory, should->memory, IMAGE_BYTES);
	print_bytes("the rest", (const u8 *)is, (const u8 *)should,
		    offsetof(struct vector_image, v));
	case_print(&e->maker, in, text, sizeof(text));
	fail_msg("%s", text);
}

static u64 below(struct elements *e, u64 count)
{
	return (random_u64(&e->maker.seed) >> 20) % count;
}

static void check(struct elements *e, const struct vector_image *in)
{
	static struct vector_image should, is;

	if (!reference_run(in, &should, e->maker.vlenb))
		return;
	for (unsigned tier = 0; tier < UNIT_TIERS; tier++) {
		is = *in;
		unit_run(e->unit, (enum unit_tier)tier, &is);
		if (memcmp(&is, &should, sizeof(is)))
			fail_case(e, in, &is, &should);
	}
	is = *in;
	unit_run(e->ones_unit, (enum unit_tier)below(e, UNIT_TIERS), &is);
	if (!reference_allows(in, &should, &is, e->maker.vlenb, &e->ones))
		fail_case(e, in, &is, &should);
	e->done += should.trap == IMAGE_DONE;
}

static struct case_state state_of(struct elements *e, u64 vtype, unsigned length)
{
	const u64 lengths[LENGTHS] = {
		0, 1, below(e, e->vlmax + 1), e->vlmax, below(e, e->vlmax + 1),
	};
	struct case_state state = { .vtype = vtype | (u64)(e->counter++ & 3) << 6,
				    .vl = MIN(lengths[length], e->vlmax) };

	if (length == LENGTHS - 1)
		state.vstart = below(e, e->vlmax);
	return state;
}

static void check_row(struct elements *e, unsigned op)
{
	static struct vector_image in;

	for (u64 vtype = 0; vtype < 64; vtype++) {
		if (!rules_vtype(vtype))
			continue;
		e->vlmax = rules_vlmax(vtype, e->maker.vlenb);
		for (unsigned n = 0; n < 2 * LENGTHS; n++) {
			struct case_state state = state_of(e, vtype, n / 2);

			state.masked = n % 2;
			/* The instruction may be reserved in this vtype, or with a mask. */
			if (case_make_in(&e->maker, op, &state, &in))
				check(e, &in);
		}
	}
}

static bool is_integer(const struct isa *isa, unsigned op)
{
	struct form form;

	return isa_has_row(isa, op) && rules_form(isa->match[op], &form) != RULES_UNKNOWN &&
	       form.integer;
}

static void check_length(unsigned vlen, bool *judged)
{
	static struct vector_image in;
	const struct vector_config config = { .vlen = vlen };
	const struct vector_config ones = { .vlen = vlen, .tail_ones = true, .mask_ones = true };
	struct elements e = { .unit = unit_create(&config), .maker.seed = vlen };

	e.ones_unit = unit_create(&ones);
	e.maker.isa = unit_isa(e.unit);
	e.maker.vlenb = vlen / 8;
	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++) {
		u64 done = e.done;

		if (!is_integer(e.maker.isa, op))
			continue;
		if (part_has_row(op, vlen))
			check_row(&e, op);
		/* Reserved encodings are tested as well, with any vstart. */
		for (unsigned n = 0; n < 20; n++) {
			case_make(&e.maker, op, 2, &in);
			check(&e, &in);
		}
		judged[op] |= e.done != done;
	}
	unit_free(e.unit);
	unit_free(e.ones_unit);
	assert_in_range(e.ones, 10000, UINT64_MAX);
}

static void test_128(void **judged)
{
	check_length(128, *judged);
}

static void test_256(void **judged)
{
	check_length(256, *judged);
}

static void test_512(void **judged)
{
	check_length(512, *judged);
}

static void test_1024(void **judged)
{
	check_length(1024, *judged);
}

/*
 * Checks that no row is left out. The rows of floating point are tested in ../fpu, and those of
 * cryptography in crypto/test_vector_crypto.c; each counts its own rows.
 */
static void test_complete(void **state)
{
	const bool *judged = *state;

	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++) {
		enum insn_class class = isa_ops[op].class;
		bool elsewhere = class_needs_fp(class) || class == CLASS_VCRYPTO;

		if (judged[op] == elsewhere)
			fail_msg("%s is judged %s", isa_ops[op].name,
				 elsewhere ? "here, too" : "nowhere");
	}
}

int main(void)
{
	static bool judged[OP_COUNT];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_128, judged),
		cmocka_unit_test_prestate(test_256, judged),
		cmocka_unit_test_prestate(test_512, judged),
		cmocka_unit_test_prestate(test_1024, judged),
		cmocka_unit_test_prestate(test_complete, judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
