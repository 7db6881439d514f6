/* SPDX-License-Identifier: MIT */
/*
 * Tests with which vl and vstart floating-point and cryptographic rows are executed, against the
 * rules of the manual (rules.c); those of integers are in test_vector_elements.c.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/rules.h"
#include "tests/cpu/vector/unit.h"

/* Returns any number up to a bound, or a multiple of 4, or one of both bounds. */
static u64 some(struct case_maker *maker, u64 bound)
{
	u64 kind = random_u64(&maker->seed) >> 8 & 7, number = random_u64(&maker->seed) >> 8;

	if (kind == 0)
		return 0;
	if (kind == 1)
		return bound;
	number %= bound + 1;
	return kind & 1 ? number : number & ~3ull;
}

static void check(struct unit *unit, struct case_maker *maker, const struct vector_image *in)
{
	static struct vector_image out;
	char text[256];
	struct form form;
	bool legal;

	rules_form(in->raw, &form);
	legal = rules_start(&form, in->vtype, in->vl, in->vstart, maker->vlenb);
	for (enum unit_tier tier = UNIT_INTERP; tier <= UNIT_NATIVE; tier++) {
		out = *in;
		unit_run(unit, tier, &out);
		if ((out.trap == IMAGE_DONE) == legal)
			continue;
		case_print(maker, in, text, sizeof(text));
		fail_msg("%s is %s by the rules, not so in tier %u", text,
			 legal ? "legal" : "reserved", tier);
	}
}

static void check_row(struct unit *unit, struct case_maker *maker, unsigned op)
{
	static struct vector_image in;

	for (u64 vtype = 0; vtype < 64; vtype++)
		for (unsigned n = 0; rules_vtype(vtype) && n < 16; n++) {
			u64 vlmax = rules_vlmax(vtype, maker->vlenb);
			struct case_state state = { .vtype = vtype, .masked = n % 4 == 3 };

			state.vl = some(maker, vlmax);
			state.vstart = n % 2 ? some(maker, vlmax) : some(maker, 2 * vlmax);
			if (case_make_in(maker, op, &state, &in))
				check(unit, maker, &in);
			else if (!state.masked)
				break;
		}
}

static void check_length(unsigned vlen)
{
	const struct vector_config config = { .vlen = vlen };
	struct unit *unit = unit_create(&config);
	struct case_maker maker = { unit_isa(unit), vlen / 8, vlen };
	struct form form;

	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
		if (isa_has_row(maker.isa, op) &&
		    rules_form(maker.isa->match[op], &form) != RULES_UNKNOWN && !form.integer)
			check_row(unit, &maker, op);
	unit_free(unit);
}

static void test_128(void **unused)
{
	check_length(128);
}

static void test_512(void **unused)
{
	check_length(512);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_128),
	cmocka_unit_test(test_512),
	{ 0 },
};
