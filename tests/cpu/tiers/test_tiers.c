/* SPDX-License-Identifier: MIT */
/*
 * The generated differential test: executes random encodings of every row of isa.def, of compressed
 * instructions, and random blocks of them, from random states in all tiers; registers, memory,
 * traps and all other registered state must agree. There is no list of instructions here.
 *
 * Environment: BAYA_TIERS_SEED (a number; the default is fixed), BAYA_TIERS_PERCENT (of the default
 * number of cases), BAYA_TIERS_CASE (as a failure prints it: runs that case alone).
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_emit.h"
#include "tests/cpu/tiers/tier_random.h"
#include "tests/part.h"
#include "tests/setting.h"

#include "cpu/hart/limits.h"
#include "cpu/isa/disasm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_SEED 20240611
#define CASES_PER_ROW 1000
#define CASES_COMPRESSED 30000
#define CASES_BLOCK 30000
/* How often the default number of cases must execute each row, at least. */
#define RETIRED_PER_ROW 200
#define RETIRED_IN_GUESTS 20

#define BLOCK_WORDS 64

/*
 * Single rows hardly depend on the sizes of caches, so with sanitizers they are only run with small
 * caches, and with the usual ones only blocks are run.
 */
#ifdef BAYA_SANITIZE
#define ROWS limits_paranoid()
#else
#define ROWS true
#endif

struct test {
	struct machines machines;
	u64 seed;
	unsigned percent;
	const char *only; /* BAYA_TIERS_CASE */
	u32 retired[OP_COUNT], trapped[OP_COUNT];
	u32 guests[OP_COUNT]; /* retired with V=1 */
	u64 block_steps, block_traps;
};

/* A case, which is determined by its kind, row and seed. */
struct one {
	const char *kind; /* "row", "compressed", "block" */
	unsigned op; /* OP_COUNT: no row */
	u64 seed;
	u64 pc;
	u16 code[2 * BLOCK_WORDS + 8]; /* the code at pc */
	unsigned halves;
	unsigned tested; /* instructions before the one that is tested */
};

static void case_name(const struct one *one, char *text, size_t size)
{
	snprintf(text, size, "%s:%s:0x%llx", one->kind,
		 one->op < OP_COUNT ? isa_ops[one->op].name : "-", one->seed);
}

static void print_code(const struct test *test, const struct one *one)
{
	unsigned at = 0;

	while (at < one->halves) {
		u32 raw = one->code[at] | (u32)one->code[at + 1] << 16;
		char text[DISASM_MAX];

		if (insn_length(raw) == 2)
			raw &= 0xffff;
		disasm(&test->machines.m[0].harts.isa, one->pc + 2 * at, raw, text, sizeof(text));
		print_error("  0x%llx: %08x  %s\n", one->pc + 2 * at, raw, text);
		at += insn_length(raw) / 2;
	}
}

static void report(const struct test *test, const struct one *one, const char *difference)
{
	const struct hart *hart = test->machines.m[0].harts.hart[0];
	char name[64];

	case_name(one, name, sizeof(name));
	print_error("the tiers differ: %s (the interpreter's, then the other's)\n", difference);
	print_code(test, one);
	print_error("  now %s-mode, pc 0x%llx, satp 0x%llx; last trap: %s at 0x%llx: %s\n",
		    priv_name(hart->priv, false), hart->pc, hart->s[BANK_HS].atp,
		    trap_name(hart->trap.cause), hart->trap.from,
		    trap_reason_text(hart->trap.reason));
	print_error("again: BAYA_TIERS_CASE=%s test_tiers\n", name);
	print_error("or, when it needs what ran before: BAYA_TIERS_SEED=%llu "
		    "BAYA_TIERS_PERCENT=%u test_tiers\n",
		    test->seed, test->percent);
}

static void append(struct one *one, u32 raw)
{
	one->code[one->halves++] = (u16)raw;
	if (insn_length(raw) == 4)
		one->code[one->halves++] = (u16)(raw >> 16);
}

/* Returns whether the address of an instruction of `format` is translated by a first stage. */
static bool translates(const struct hart *hart, u8 format)
{
	bool guests = format == FORMAT_HLV || format == FORMAT_HSV;

	return guests ? guest_translates(hart) : data_translates(hart);
}

/* Sets useful operands: addresses of memory for accesses, and of code for jumps. */
static void tiers_aim(struct test *test, u32 raw, u64 *seed)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	struct insn insn;
	enum insn_class class;
	u64 *rs1;

	isa_decode(&test->machines.m[0].harts.isa, raw, &insn);
	if (insn.op == OP_illegal || insn.rs1 == 0)
		return;
	class = isa_ops[insn.op].class;
	rs1 = &hart->x[insn.rs1];
	if (insn.op == OP_jalr && chance(seed, 70))
		*rs1 = hart->pc + below(seed, 64) - 32 - (u64)(s64)insn.imm;
	if (!(class_touches_memory(class) || class == CLASS_VLOAD || class == CLASS_VSTORE) ||
	    chance(seed, 10))
		return;
	*rs1 = random_address(seed, translates(hart, isa_ops[insn.op].format));
	if ((insn.op == OP_hlvx_hu || insn.op == OP_hlvx_wu) && chance(seed, 40))
		*rs1 = hart->pc;
	if (chance(seed, 60))
		*rs1 &= ~(chance(seed, 50) ? 7ull : 15ull);
	if (class != CLASS_AMO) {
		*rs1 -= (u64)(s64)insn.imm;
		return;
	}
	/* LR's reservation lets an SC succeed, and the value makes a comparison equal. */
	if (chance(seed, 40))
		hart->reservation = RAM_BASE + (*rs1 & (RAM_SIZE - 1));
	if (chance(seed, 40) && insn.rd < 31)
		machines_poke(&test->machines, RAM_BASE + MIN(*rs1 & (RAM_SIZE - 1), RAM_SIZE - 16),
			      &hart->x[insn.rd], 16);
}

static void tiers_place(struct test *test, struct one *one)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	u64 offset = hart->pc & (RAM_SIZE - 1);

	one->pc = hart->pc;
	machines_poke(&test->machines, RAM_BASE + offset, one->code, one->halves * 2);
	machines_mirror(&test->machines);
}

static bool tiers_compare(struct test *test, const struct one *one)
{
	char difference[256];

	if (!machines_differs(&test->machines, difference, sizeof(difference)))
		return true;
	report(test, one, difference);
	return false;
}

/* Runs the interpreter up to the tested instruction, which it executes, and counts the outcome. */
static void run_tested(struct test *test, const struct one *one, u64 start)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	u64 traps = hart->traps, fetched;
	bool virt;

	tier_run(&test->machines.m[0], start + one->tested);
	fetched = hart->pc;
	virt = hart->virt;
	if (hart->traps != traps)
		return;
	tier_run(&test->machines.m[0], start + one->tested + 1);
	if (hart->traps == traps) {
		test->retired[one->op]++;
		test->guests[one->op] += virt;
	} else if (hart->trap.from == fetched && !(hart->trap.cause & CAUSE_INTERRUPT)) {
		test->trapped[one->op]++;
	}
}

/* Runs a few other instructions, the tested one, and an ECALL. */
static bool run_single(struct test *test, struct one *one, u32 raw, u64 *seed)
{
	u64 start;

	one->tested = (unsigned)below(seed, 4);
	for (unsigned n = 0; n < one->tested; n++)
		append(one, chance(seed, 50) ? 0x0001 : 0x00000013);
	append(one, raw);
	append(one, 0x00000013);
	append(one, 0x00000073);
	if (chance(seed, 12)) /* near or across the end of the page */
		test->machines.m[0].harts.hart[0]->pc |= PAGE_SIZE - 2 - below(seed, 8) * 2;
	tiers_aim(test, raw, seed);
	tiers_place(test, one);
	start = test->machines.m[0].harts.hart[0]->steps;
	if (one->op < OP_COUNT)
		run_tested(test, one, start);
	start += one->tested + 2 + below(seed, 12);
	for (unsigned n = 0; n < test->machines.count; n++)
		tier_run(&test->machines.m[n], start);
	return tiers_compare(test, one);
}

static void tiers_begin(struct test *test, u64 *seed)
{
	machines_begin(&test->machines);
	random_hart(&test->machines, seed);
}

static bool row_case(struct test *test, unsigned op, u64 case_seed)
{
	struct one one = { .kind = "row", .op = op, .seed = case_seed };
	u64 seed = case_seed;

	tiers_begin(test, &seed);
	return run_single(test, &one, random_row(&test->machines.m[0].harts.isa, op, &seed), &seed);
}

static bool compressed_case(struct test *test, u64 case_seed)
{
	struct one one = { .kind = "compressed", .op = OP_COUNT, .seed = case_seed };
	u64 seed = case_seed;

	tiers_begin(test, &seed);
	return run_single(test, &one, random_compressed(&test->machines.m[0].harts.isa, &seed),
			  &seed);
}

/* From here on: blocks. */

/*
 * Changes the operands so that x8 to x11, which hold addresses, are mostly used as such, and rarely
 * written.
 */
static u32 keep_pointers(u32 raw, enum insn_class class, u64 *seed)
{
	u64 rd = bits(raw, 7, 5);

	if (insn_length(raw) == 2)
		return raw;
	if (class_touches_memory(class) && chance(seed, 80))
		raw = (u32)field_set(raw, 31u << 15, 8 + below(seed, 4));
	if (class != CLASS_STORE && class != CLASS_FSTORE && class != CLASS_BRANCH && rd >= 8 &&
	    rd < 12 && chance(seed, 90))
		raw = (u32)field_set(raw, 31u << 7, rd + 8);
	return raw;
}

static u32 random_member(struct test *test, const struct one *one, u64 *seed)
{
	/*
	 * These rows are frequent, because compilers emit sequences of one class; the rest is any
	 * row.
	 */
	static const u16 common[] = { OP_addi, OP_add, OP_ld, OP_sd, OP_lw, OP_sw, OP_beq, OP_bne,
				      OP_bltu, OP_jal, OP_lbu, OP_sb, OP_fld, OP_fsd, OP_fadd_d };
	const struct isa *isa = &test->machines.m[0].harts.isa;
	s64 target = (s64)below(seed, one->halves + 40) - (s64)one->halves;
	unsigned op;
	u32 raw;

	if (chance(seed, 15))
		return random_compressed(isa, seed);
	op = chance(seed, 50) ? common[below(seed, ARRAY_SIZE(common))] :
				(unsigned)below(seed, OP_COUNT);
	raw = keep_pointers(random_row(isa, op, seed), isa_ops[op].class, seed);
	if (isa_ops[op].class == CLASS_BRANCH && chance(seed, 90))
		raw = encode_branch(raw, target * 2);
	if (op == OP_jal && chance(seed, 90))
		raw = encode_jump(raw, target * 2);
	return raw;
}

/* One pointer is into the code, so that stores may hit code that runs. */
static void aim_pointers(struct test *test, u64 *seed)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	bool translated = data_translates(hart);

	for (unsigned n = 8; n < 12; n++)
		hart->x[n] = random_address(seed, translated) & (chance(seed, 60) ? ~7ull : ~0ull);
	if (chance(seed, 50))
		hart->x[11] = hart->pc + below(seed, 256) - 64;
}

/* The interpreter stops where the case demands, the other tiers do not; that must not matter. */
static void run_block(struct test *test, u64 *seed)
{
	struct hart *hart = test->machines.m[0].harts.hart[0];
	u64 start = hart->steps, end = start + 50 + below(seed, 400);

	while (hart->steps < end && !hart->waiting && !hart->dead) {
		u64 stop = hart->steps + 1 + below(seed, 100);

		tier_run(&test->machines.m[0], MIN(end, stop));
	}
	for (unsigned n = 1; n < test->machines.count; n++)
		tier_run(&test->machines.m[n], end);
	test->block_steps += hart->steps - start;
	test->block_traps += hart->traps;
}

static bool block_case(struct test *test, u64 case_seed)
{
	struct one one = { .kind = "block", .op = OP_COUNT, .seed = case_seed };
	u64 seed = case_seed;
	unsigned count;

	tiers_begin(test, &seed);
	count = 10 + (unsigned)below(&seed, BLOCK_WORDS - 10);
	aim_pointers(test, &seed);
	while (count--)
		append(&one, random_member(test, &one, &seed));
	append(&one, encode_jump(0x0000006f, -2 * (s64)one.halves));
	tiers_place(test, &one);
	run_block(test, &seed);
	return tiers_compare(test, &one);
}

/* From here on: the tests. */

static bool alone(const struct test *test, const char *kind)
{
	return !test->only || strncmp(test->only, kind, strlen(kind)) == 0;
}

/* Runs only the case that was named, or else `count` of them. */
static bool repeat(struct test *test, const char *kind, unsigned op, u64 count)
{
	u64 seed = test->seed * 2 + 1 + op * 0x9e3779b97f4a7c15ull + (u64)kind[0] * 1000003;

	count = MAX(count * test->percent / 100, 1);
	if (test->only) {
		seed = strtoull(strrchr(test->only, ':') + 1, NULL, 0);
		count = 1;
	}
	for (; count; count--) {
		u64 case_seed = test->only ? seed : random_u64(&seed) | 1;
		bool same = op < OP_COUNT  ? row_case(test, op, case_seed) :
			    kind[0] == 'c' ? compressed_case(test, case_seed) :
					     block_case(test, case_seed);

		if (!same)
			return false;
	}
	return true;
}

/* Returns whether more than its fetch can make the row trap, according to its class. */
static bool can_trap(unsigned op)
{
	const struct opinfo *info = &isa_ops[op];

	return class_touches_memory(info->class) || class_is_fp(info->class) ||
	       (class_is_vector(info->class) && info->class != CLASS_VSET) ||
	       info->class == CLASS_CSR ||
	       (info->class == CLASS_SYSTEM && (info->ext == EXT_s || info->ext == EXT_svinval));
}

/*
 * Returns whether the row needs shadow stack pages, which are too rare in random states:
 * facts/cfi.facts runs it.
 */
static bool on_shadow_stacks(unsigned op)
{
	return op == OP_ssamoswap_w || op == OP_ssamoswap_d;
}

/* Returns whether guests cannot execute the row, or only in part: they have few CSRs. */
static bool hosts_only(unsigned op)
{
	enum insn_class class = isa_ops[op].class;

	return isa_ops[op].ext == EXT_h || class == CLASS_SYSTEM || class == CLASS_CSR;
}

/* Most operands of vectors are reserved in most vtypes; some rows are legal in few, too. */
static unsigned lesser_part(unsigned op)
{
	enum insn_class class = isa_ops[op].class;
	u8 ext = isa_ops[op].ext;

	if (class == CLASS_VCRYPTO || ext == EXT_zvfbfmin || ext == EXT_zvfbfwma)
		return 8;
	return class_is_vector(class) ? 3 : 1;
}

static void check_counts(const struct test *test)
{
	unsigned percent = test->percent < 100 ? 0 : test->percent; /* a part misses what is rare */
	unsigned wanted = RETIRED_PER_ROW * percent / 100, least = UINT32_MAX;
	unsigned in_guests = RETIRED_IN_GUESTS * percent / 100;
	u64 retired = 0, trapped = 0;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		bool always = op == OP_ecall || op == OP_ebreak || on_shadow_stacks(op);
		unsigned part = lesser_part(op);

		retired += test->retired[op];
		trapped += test->trapped[op];
		if (!always)
			least = MIN(least, test->retired[op]);
		if (!always && !hosts_only(op) && test->guests[op] < in_guests / part)
			fail_msg("%s: %u executions in guests retired: too few to mean anything",
				 isa_ops[op].name, test->guests[op]);
		if ((!always && test->retired[op] < wanted / part) ||
		    ((always || can_trap(op)) && wanted && !test->trapped[op]))
			fail_msg("%s: %u executions retired, %u trapped: too few to mean anything",
				 isa_ops[op].name, test->retired[op], test->trapped[op]);
	}
	print_message("%u rows: %llu executions retired (at least %u of each), %llu trapped\n",
		      OP_COUNT, retired, least, trapped);
}

static void test_every_row(void **state)
{
	struct test *test = *state;

	if (!alone(test, "row") || !(ROWS || test->only))
		skip();
	for (unsigned op = 0; op < OP_COUNT; op++) {
		char prefix[48];

		snprintf(prefix, sizeof(prefix), "row:%s:", isa_ops[op].name);
		if (alone(test, prefix))
			assert_true(repeat(test, "row", op, CASES_PER_ROW));
	}
	if (!test->only)
		check_counts(test);
}

static void test_compressed(void **state)
{
	struct test *test = *state;

	if (!alone(test, "compressed"))
		skip();
	assert_true(repeat(test, "compressed", OP_COUNT, CASES_COMPRESSED));
}

static void test_blocks(void **state)
{
	struct test *test = *state;

	if (!alone(test, "block"))
		skip();
	assert_true(repeat(test, "block", OP_COUNT, CASES_BLOCK));
	print_message("%llu instructions in blocks, of which %llu trapped\n", test->block_steps,
		      test->block_traps);
}

/* Differences must be found: each kind of state is changed in one machine only. */
static void check_differences(struct machines *machines, unsigned number)
{
	struct tier_machine *machine = &machines->m[number];
	struct hart *hart = machine->harts.hart[0];
	char text[256];

	assert_false(machines_differs(machines, text, sizeof(text)));
	hart->x[7] ^= 1;
	assert_true(machines_differs(machines, text, sizeof(text)));
	assert_non_null(strstr(text, number == 1 ? "threaded code: " : "native code: "));
	assert_non_null(strstr(text, "hart0.x[7]"));
	hart->x[7] ^= 1;
	hart->f[3] ^= BIT(63);
	assert_true(machines_differs(machines, text, sizeof(text)));
	hart->f[3] ^= BIT(63);
	machine->words.reads++;
	assert_true(machines_differs(machines, text, sizeof(text)));
	machine->words.reads--;
	hart->traps++;
	assert_true(machines_differs(machines, text, sizeof(text)));
	hart->traps--;
	assert_false(machines_differs(machines, text, sizeof(text)));
}

static void test_differences_are_seen(void **state)
{
	struct test *test = *state;
	struct machines *machines = &test->machines;
	u64 seed = 1, word = 0x1234567;
	char text[256];

	tiers_begin(test, &seed);
	machines_mirror(machines);
	for (unsigned n = 1; n < machines->count; n++)
		check_differences(machines, n);
	machines_poke(machines, PAGE_AT(PAGE_DATA + 3) + 16, &word, 4);
	assert_true(machines_differs(machines, text, sizeof(text)));
	assert_non_null(strstr(text, "ram+0x13010"));
}

int main(void)
{
	const struct tier_config config = {
		.harts = 1, .extensions = TIER_EXTENSIONS, .three = true,
	};
	struct test *test = calloc(1, sizeof(*test));
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_differences_are_seen, test),
		cmocka_unit_test_prestate(test_every_row, test),
		cmocka_unit_test_prestate(test_compressed, test),
		cmocka_unit_test_prestate(test_blocks, test),
	};
	int failed;

	if (!test)
		return 1;
	test->seed = setting("BAYA_TIERS_SEED", DEFAULT_SEED);
	test->percent = (unsigned)setting("BAYA_TIERS_PERCENT", part_of(100));
	test->only = getenv("BAYA_TIERS_CASE");
	machines_init(&test->machines, &config);
	random_memory(&test->machines, test->seed | 1);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	machines_free(&test->machines);
	free(test);
	return failed;
}
