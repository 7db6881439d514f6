/* SPDX-License-Identifier: MIT */
/*
 * Measures how many cycles a group of instructions takes when it is executed again and again: a
 * hart with a timing model runs a program of such groups, which reads the cycle counter.
 */
#ifndef TESTS_CPU_TIMING_GROUP_H
#define TESTS_CPU_TIMING_GROUP_H

#include "cpu/debug/observe.h"
#include "cpu/timed/timed.h"
#include "cpu/vector/vector.h"
#include "tests/cpu/fixture.h"

#define GROUP_MAX 5 /* the most instructions of a group; a shorter one ends with 0 */
#define GROUP_FEW 8
#define GROUP_MANY 24
#define GROUP_DATA 0x80008000ull
#define GROUP_STEPS 400 /* enough for two passes of the program */

/*
 * Writes a program that does the following twice: it reads the counter into s0, executes the group
 * `count` times, and reads the counter into s1.
 */
static inline void group_put(struct machine *machine, const u32 insn[GROUP_MAX], unsigned count)
{
	u32 code[4 + GROUP_MAX * GROUP_MANY + 8], size = 0;
	s32 back;

	code[size++] = 0x00200293; /* li t0, 2 */
	code[size++] = 0xb0002473; /* csrr s0, mcycle */
	for (unsigned n = 0; n < count; n++)
		for (unsigned k = 0; k < GROUP_MAX && insn[k]; k++)
			code[size++] = insn[k];
	code[size++] = 0xb00024f3; /* csrr s1, mcycle */
	code[size++] = 0xfff28293; /* addi t0, t0, -1 */
	back = 4 - 4 * (s32)size; /* bnez t0, to the first csrr */
	code[size++] = 0x00029063 | ((u32)back & 0x80000000) | ((u32)back >> 11 & 1) << 7 |
		       ((u32)back >> 5 & 0x3f) << 25 | ((u32)back >> 1 & 0xf) << 8;
	code[size++] = 0x0000006f; /* j . */
	memcpy(machine_ram(machine, RAM_BASE), code, size * sizeof(code[0]));
}

/*
 * Sets the operands: a0 = DATA, the address of a doubleword that contains DATA; a1 = 100, a2 = 7,
 * a3 = 2^63 - 1, a4 = 1; fa0 = fa1 = 1.5.
 */
static inline void group_put_operands(struct machine *machine)
{
	struct hart *hart = &machine->hart;

	hart_reset(hart, RAM_BASE);
	hart->x[10] = GROUP_DATA;
	hart->x[11] = 100;
	hart->x[12] = 7;
	hart->x[13] = INT64_MAX;
	hart->x[14] = 1;
	hart->f[10] = hart->f[11] = 0x3ff8000000000000;
	hart->mstatus |= MSTATUS_FS;
	hart_regime_changed(hart);
	*machine_ram(machine, GROUP_DATA) = GROUP_DATA;
}

/* Switches the vector unit on, if the hart has one, with this vtype and vl = VLMAX. */
static inline void group_put_vectors(struct hart *hart, u64 vtype)
{
	if (!isa_has(hart->isa, EXT_zve32x))
		return;
	hart->mstatus |= MSTATUS_VS;
	hart_regime_changed(hart);
	vector_set(hart, UINT64_MAX, vtype);
}

struct group_result {
	u64 cycles; /* between the two readings in the second pass */
	struct timing_counts counts; /* the counts of both passes */
};

/* Makes a machine with the program and its operands. */
static inline struct machine *group_machine(struct ext_set extensions, const u32 insn[GROUP_MAX],
					    unsigned count)
{
	struct machine *machine = machine_create(extensions);

	group_put(machine, insn, count);
	group_put_operands(machine);
	return machine;
}

/* Returns the result of running the machine's program, and frees the machine. */
static inline struct group_result group_run_on(struct machine *machine,
					       const struct timing_core *core)
{
	struct hart *hart = &machine->hart;
	struct watch watch = { .count = 0 };
	struct group_result result;

	watch_add(&watch, &timed_observer);
	watch_attach(&watch, hart);
	assert_int_equal(timed_attach(hart, core, NULL), 0);
	/* t0 counts the passes, of which there are two. */
	for (unsigned n = 0; n < GROUP_STEPS; n++) {
		hart->stop = false;
		hart->limit = hart->steps + 1;
		assert_int_equal(observe_run(hart), EXIT_NEXT);
	}
	assert_int_equal(hart->x[5], 0);
	result.cycles = hart->x[9] - hart->x[8];
	timing_events(hart->timed->model, &result.counts);
	machine_free(machine);
	return result;
}

/*
 * Returns the result of running the group on a hart that has these extensions; vtype is used if
 * vectors are among them.
 */
static inline struct group_result group_run_in(struct ext_set extensions, u64 vtype,
					       const struct timing_core *core,
					       const u32 insn[GROUP_MAX], unsigned count)
{
	struct machine *machine = group_machine(extensions, insn, count);

	group_put_vectors(&machine->hart, vtype);
	return group_run_on(machine, core);
}

/* Returns the cycles between the two readings in the second pass. */
static inline u64 group_cycles_in(struct ext_set extensions, u64 vtype,
				  const struct timing_core *core, const u32 insn[GROUP_MAX],
				  unsigned count)
{
	return group_run_in(extensions, vtype, core, insn, count).cycles;
}

/* Does the same on a hart without vectors. */
static inline u64 group_cycles(const struct timing_core *core, const u32 insn[GROUP_MAX],
			       unsigned count)
{
	return group_cycles_in(PLAIN_EXTENSIONS, 0, core, insn, count);
}

#endif
