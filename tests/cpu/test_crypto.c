/* SPDX-License-Identifier: MIT */
/*
 * Compares scalar cryptography with known answers that QEMU gave, and tests what the manual says of
 * reserved round numbers. Both tiers run the same bodies; test_tiers shows that they agree.
 */
#include "tests/cpu/fixture.h"

struct vector {
	u32 raw;
	u64 a1, a2, a0;
};

static const struct vector vectors[] = {
#include "tests/cpu/crypto_vectors.inc"
};

static void test_known_answers(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	bool met[OP_COUNT] = { false };
	struct insn insn;

	for (unsigned n = 0; n < ARRAY_SIZE(vectors); n++) {
		const struct vector *v = &vectors[n];

		machine->hart.x[11] = v->a1;
		machine->hart.x[12] = v->a2;
		assert_true(machine_step(machine, RAM_BASE, v->raw));
		isa_decode(&machine->isa, v->raw, &insn);
		met[insn.op] = true;
		if (machine->hart.x[10] != v->a0)
			fail_msg("%s of %llx, %llx is %llx, not %llx", isa_ops[insn.op].name, v->a1,
				 v->a2, v->a0, machine->hart.x[10]);
	}
	/* No row of these extensions was left out. */
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (isa_ops[op].ext >= EXT_zknd && isa_ops[op].ext <= EXT_zksh)
			assert_true(met[op]);
	machine_free(machine);
}

/* The rnum of aes64ks1i must not be 11 to 15 (unprivileged manual, "aes64ks1i"). */
static void test_reserved_rounds(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);

	for (u32 round = 0; round < 16; round++) {
		machine->hart.x[10] = 1;
		assert_int_equal(machine_step(machine, RAM_BASE, 0x31059513 | round << 20),
				 round <= 10);
		if (round <= 10)
			continue;
		assert_int_equal(machine->hart.x[10], 1);
		assert_int_equal(machine->hart.trap.cause, CAUSE_ILLEGAL);
		assert_int_equal(machine->hart.trap.tval, 0x31059513 | round << 20);
	}
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_known_answers),
	cmocka_unit_test(test_reserved_rounds),
	{ 0 },
};
