/* SPDX-License-Identifier: MIT */
/*
 * Compares the commit log with what happened: executes one instruction of every row from random
 * states, reads its log line back and applies it to a copy of the state before. The result must
 * have the registers and memory that the instruction left, and each CSR that changed must be in the
 * line.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_random.h"
#include "tests/part.h"

#include "cpu/csr/csr.h"
#include "cpu/debug/commit_log.h"
#include "cpu/isa/disasm.h"
#include "cpu/mmu/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES_PER_ROW part_of(150)
/* The number of cases of a row that must be logged: it retired or trapped by itself. */
#define LOGGED_PER_ROW (20 / TEST_PART)
#define CASES_COMPRESSED part_of(10000)
#define LINES_MAX 4

struct test {
	struct machines machines;
	struct watch watch;
	struct commit_log log;
	char text[LINES_MAX * COMMIT_TEXT_MAX];
	size_t size;
	u16 csrs[4096];
	unsigned csr_count;
	unsigned logged[OP_COUNT];
};

static void keep(void *ctx, const char *text, size_t size)
{
	struct test *test = ctx;

	assert_true(size < sizeof(test->text) - test->size);
	memcpy(test->text + test->size, text, size + 1);
	test->size += size;
}

static int commit_log_setup(void **state)
{
	const struct tier_config config = { .harts = 1, .extensions = TIER_EXTENSIONS };
	struct test *test = calloc(1, sizeof(*test));
	char name[CSR_NAME_MAX];
	u64 value;

	assert_non_null(test);
	machines_init(&test->machines, &config);
	random_memory(&test->machines, 7);
	machines_commit(&test->machines);
	test->log.write = keep;
	test->log.ctx = test;
	commit_log_attach(&test->log, &test->watch);
	watch_attach(&test->watch, test->machines.m[0].harts.hart[0]);
	test->machines.m[0].harts.tier = observe_run;
	for (unsigned n = 0; n < 4096; n++)
		if (csr_name((u16)n, name, sizeof(name)) &&
		    csr_peek(test->machines.m[0].harts.hart[0], (u16)n, &value))
			test->csrs[test->csr_count++] = (u16)n;
	*state = test;
	return 0;
}

static int commit_log_teardown(void **state)
{
	struct test *test = *state;

	machines_free(&test->machines);
	free(test);
	return 0;
}

/* Gets the lines of one step of the first machine. */
static unsigned commit_step(struct test *test, struct commit *commits, enum commit_format format)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	unsigned count = 0;
	char *rest = NULL;

	test->size = 0;
	test->text[0] = '\0';
	test->log.format = format;
	tier_run(&test->machines.m[0], hart->steps + 1);
	for (char *line = strtok_r(test->text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (count && commit_parse_tval(line, &commits[count - 1].tval))
			continue;
		assert_true(count < LINES_MAX);
		assert_true(commit_parse(line, &commits[count]));
		count++;
	}
	return count;
}

static bool commit_log_store(struct hart *hart, u64 va, unsigned size, u64 value)
{
	return mem_store(hart, va, size, value);
}

/* Stores to a shadow stack page, to which other stores are not possible. */
static bool push(struct hart *hart, u64 va, unsigned size, u64 value)
{
	u8 *place = mem_shadow(hart, va, size, true);

	if (place)
		memcpy(place, &value, size);
	return place;
}

/* Returns the function that performs the instruction's stores. */
static bool (*store_of(const struct insn *insn))(struct hart *hart, u64 va, unsigned size,
						 u64 value)
{
	u8 format = isa_ops[insn->op].format;

	if (format == FORMAT_PUSH || format == FORMAT_CPUSH || insn->op == OP_ssamoswap_w ||
	    insn->op == OP_ssamoswap_d)
		return push;
	return format == FORMAT_HSV ? mem_guest_store : commit_log_store;
}

static void carry_out(struct hart *hart, const struct commit *commit)
{
	struct insn insn;

	for (unsigned n = 0; n < commit->reg_count; n++) {
		const struct commit_reg *reg = &commit->regs[n];

		if (reg->file == COMMIT_X)
			hart->x[reg->number] = reg->value;
		else if (reg->file == COMMIT_F)
			hart->f[reg->number] = reg->value;
		else if (reg->file == COMMIT_V)
			memcpy(vector_register(&hart->vector, reg->number),
			       commit->vectors[reg->value], commit->vlenb);
	}
	isa_decode(hart->isa, commit->raw, &insn);
	for (unsigned n = 0; n < commit->mem_count; n++) {
		const struct commit_mem *mem = &commit->mems[n];
		if (mem->size)
			assert_true(store_of(&insn)(hart, mem->va, mem->size, mem->value));
	}
}

static void same_memory(struct test *test, const char *code)
{
	const struct ram *a = &test->machines.m[0].ram, *b = &test->machines.m[1].ram;
	u64 page;

	if (tier_ram_differs(a, b, &page))
		fail_msg("%s: its log does not say what it did to page %llu", code, page);
}

static bool lists(const struct commit *commit, u16 number)
{
	for (unsigned n = 0; n < commit->reg_count; n++)
		if (commit->regs[n].file == COMMIT_CSR && commit->regs[n].number == number)
			return true;
	return false;
}

/* Checks that the CSRs in the second machine are those that the line has. */
static void same_csrs(struct test *test, const struct commit *commit, const char *code)
{
	for (unsigned n = 0; n < test->csr_count; n++) {
		u64 now, was;
		char name[CSR_NAME_MAX];

		csr_peek(test->machines.m[0].harts.hart[0], test->csrs[n], &now);
		csr_peek(test->machines.m[1].harts.hart[0], test->csrs[n], &was);
		csr_name(test->csrs[n], name, sizeof(name));
		if (now != was && csr_is_own(test->csrs[n]) && !lists(commit, test->csrs[n]))
			fail_msg("%s: its log does not say that it changed %s from 0x%llx to "
				 "0x%llx",
				 code, name, was, now);
	}
	for (unsigned n = 0; n < commit->reg_count; n++) {
		u64 now;

		if (commit->regs[n].file != COMMIT_CSR || !csr_is_own(commit->regs[n].number))
			continue;
		assert_true(
			csr_peek(test->machines.m[0].harts.hart[0], commit->regs[n].number, &now));
		assert_int_equal(now, commit->regs[n].value);
	}
}

static void same_registers(struct test *test, const char *code)
{
	const struct hart *a = test->machines.m[0].harts.hart[0],
			  *b = test->machines.m[1].harts.hart[0];

	for (unsigned n = 1; n < 32; n++)
		if (a->x[n] != b->x[n])
			fail_msg("%s: its log does not say what it did to x%u", code, n);
	for (unsigned n = 0; n < 32; n++)
		if (a->f[n] != b->f[n])
			fail_msg("%s: its log does not say what it did to f%u", code, n);
}

static void same_vectors(struct test *test, const char *code)
{
	const struct hart *a = test->machines.m[0].harts.hart[0],
			  *b = test->machines.m[1].harts.hart[0];

	for (unsigned n = 0; n < VECTOR_REGISTERS; n++) {
		size_t at = (size_t)n * a->vector.vlenb;

		if (memcmp(a->vector.v + at, b->vector.v + at, a->vector.vlenb))
			fail_msg("%s: its log does not say what it did to v%u", code, n);
	}
}

/* Sets the addresses of memory accesses, most of which are usable. */
static void commit_log_aim(struct test *test, u32 raw, u64 *seed)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	struct insn insn;

	isa_decode(hart->isa, raw, &insn);
	if (insn.op == OP_illegal || !insn.rs1)
		return;
	hart->x[insn.rs1] = random_address(seed, data_translates(hart));
	if (chance(seed, 70))
		hart->x[insn.rs1] &= ~63ull;
	hart->x[insn.rs1] -= (u64)(s64)insn.imm;
	if (isa_ops[insn.op].class == CLASS_AMO && chance(seed, 50))
		hart->reservation = RAM_BASE + (hart->x[insn.rs1] & (RAM_SIZE - 1));
}

/* A push that traps may have stored some of its registers (manual, "Zcmp"). */
static bool moves_in_part(const struct isa *isa, u32 raw)
{
	struct insn insn;

	isa_decode(isa, raw, &insn);
	return insn.op < OP_COUNT && isa_ops[insn.op].format == FORMAT_LIST;
}

/*
 * Removes the entry of a vector access that trapped, after carrying it out, so that the entry of
 * the trap remains. Returns the number of entries that remain.
 */
static unsigned carry_out_part(struct test *test, struct commit *commits, unsigned count)
{
	if (count != 2 || commits[0].trap || !commits[1].trap)
		return count;
	assert_true(commits[0].vector);
	assert_int_equal(commits[0].pc, commits[1].pc);
	carry_out(test->machines.m[1].harts.hart[0], &commits[0]);
	commit_copy(&commits[0], &commits[1]);
	return 1;
}

/*
 * Returns false if an interrupt came first, or the fetch faulted: that does not count for the row.
 */
static bool one_case(struct test *test, u32 raw, u64 *seed)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	struct commit commits[LINES_MAX];
	char code[DISASM_MAX];
	unsigned count;
	u64 pc;

	machines_begin(&test->machines);
	random_hart(&test->machines, seed);
	commit_log_aim(test, raw, seed);
	pc = hart->pc &= ~(u64)(PAGE_SIZE - 1);
	machines_poke(&test->machines, RAM_BASE + (pc & (RAM_SIZE - 1)), &raw, sizeof(raw));
	machines_mirror(&test->machines);
	disasm(hart->isa, pc, raw, code, sizeof(code));
	count = commit_step(test, commits, chance(seed, 50) ? COMMIT_SPIKE : COMMIT_JSON);
	if (carry_out_part(test, commits, count) != 1)
		return false;
	assert_int_equal(commits[0].pc, pc);
	if (commits[0].trap) {
		assert_int_equal(commits[0].cause, hart->trap.cause);
		if (commit_trap_has_tval(hart->trap.cause))
			assert_int_equal(commits[0].tval, hart->trap.tval);
	} else {
		assert_int_equal(commits[0].raw, raw);
		carry_out(test->machines.m[1].harts.hart[0], &commits[0]);
		same_csrs(test, &commits[0], code);
	}
	same_registers(test, code);
	if (commits[0].trap && moves_in_part(hart->isa, raw))
		return true;
	same_vectors(test, code);
	same_memory(test, code);
	return true;
}

static void test_every_row(void **state)
{
	struct test *test = *state;
	u64 seed = 20240917;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		/* Most operands of vectors are reserved in most vtypes. */
		unsigned cases = vector_is_row(op) ? 2 * CASES_PER_ROW : CASES_PER_ROW;

		for (unsigned n = 0; n < cases; n++) {
			u32 raw = random_row(&test->machines.m[0].harts.isa, op, &seed);

			test->logged[op] += one_case(test, raw, &seed);
		}
		if (test->logged[op] < LOGGED_PER_ROW)
			fail_msg("%s: only %u of %u cases logged", isa_ops[op].name,
				 test->logged[op], cases);
	}
}

static void test_compressed(void **state)
{
	struct test *test = *state;
	u64 seed = 99;
	unsigned logged = 0;

	for (unsigned n = 0; n < CASES_COMPRESSED; n++)
		logged += one_case(test, random_compressed(&test->machines.m[0].harts.isa, &seed),
				   &seed);
	assert_true(logged > CASES_COMPRESSED / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_compressed),
	};

	return cmocka_run_group_tests(tests, commit_log_setup, commit_log_teardown);
}
