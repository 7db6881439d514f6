/* SPDX-License-Identifier: MIT */
/*
 * Tests lines of commit logs: they are as Spike writes them, they can be read back in both formats,
 * and other lines are refused.
 */
#include "cpu/debug/commit_log.h"
#include "cpu/hart/exception.h"
#include "tests/cmocka.h"
#include "tests/cpu/fixture.h"
#include "tests/cpu/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines of Spike 1.1.1-dev, --log-commits -l. They are parsed and printed again unchanged. */
static const char *const spike_lines[] = {
	"core   0: 3 0x0000000000001000 (0x00000297) x5  0x0000000000001000\n",
	"core   0: 3 0x000000000000100c (0x0182b283) x5  0x0000000080000000 mem "
	"0x0000000000001018\n",
	"core   1: 0 0x0000000080000008 (0x4305) x6  0x0000000000000001\n",
	"core   0: 3 0x000000008000000a (0x0062b023) mem 0x0000000080001000 0x0000000000000001\n",
	"core   0: 3 0x000000008000000e (0xa001)\n",
	"core   0: 3 0x0000000080000136 (0x30052573) x10 0x8000000a00001800 "
	"c768_mstatus 0x8000000a00001808\n",
	"core   0: 1 0x0000000080000100 (0x0005b52f) x10 0x0000000000000007 "
	"mem 0x0000000080001000 mem 0x0000000080001000 0x0000000000000008\n",
	"core   0: 3 0x0000000080000104 (0x00b50023) mem 0x0000000080001000 0x7f\n",
	"core   0: 3 0x0000000080000108 (0x02b57553) f10 0x3ff8000000000000 "
	"c768_mstatus 0x8000000a00006000\n",
	"core   0: 3 0x0000000080000110 (0x021180d7) e32 m1 l3 "
	"v1  0x000000040000000300000002deadbeef c8_vstart 0x0000000000000000\n",
	"core   0: 3 0x0000000080000114 (0x0205d027) e16 mf2 l2 c8_vstart 0x0000000000000000 "
	"mem 0x0000000080001000 0x0001 mem 0x0000000080001002 0x0002\n",
	"core   0: exception trap_load_page_fault, epc 0xffffffff80001000\n"
	"core   0:           tval 0x0000000000000010\n",
	"core   0: exception trap_machine_ecall, epc 0x0000000080000010\n",
	"core   0: exception interrupt #7, epc 0x0000000080000010\n",
};

static void test_spike_lines(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(spike_lines); n++) {
		char line[COMMIT_TEXT_MAX], text[COMMIT_TEXT_MAX], *second;
		struct commit commit;

		snprintf(line, sizeof(line), "%s", spike_lines[n]);
		second = strchr(line, '\n');
		*second++ = '\0';
		assert_true(commit_parse(line, &commit));
		assert_int_equal(*second != '\0',
				 commit.trap && commit_trap_has_tval(commit.cause));
		if (*second)
			assert_true(commit_parse_tval(second, &commit.tval));
		commit_print(&commit, COMMIT_SPIKE, text, sizeof(text));
		assert_string_equal(text, spike_lines[n]);
	}
}

/* The other lines of such logs are no commits. */
static void test_other_lines(void **state)
{
	static const char *const lines[] = {
		"", "core", "core   0:", "core   0: >>>>  _start", "bbl loader", "{", "{}",
		"core   0: 0x0000000080000000 (0x00000297) auipc   t0, 0x0",
		"core   0: 4 0x0000000080000000 (0x00000297)",
		"core   0: 3 0x0000000080000000 0x00000297",
		"core   0: 3 0000000080000000 (0x00000297)",
		"core   0:           tval 0x0000000000000010",
		"core   0: exception trap_of_no_name, epc 0x0000000080000000",
		"core   0: exception trap_breakpoint",
		"core   x: 3 0x0000000080000000 (0x00000297)",
		"{\"hart\":0,\"priv\":\"X\",\"pc\":\"0x0\",\"insn\":\"0x0\",\"regs\":{},\"mem\":[]}",
		"{\"hart\":0,\"priv\":\"M\",\"pc\":\"0x0\",\"insn\":\"0x0\",\"regs\":{\"y1\":\"0x0\"}",
		"{\"hart\":0,\"priv\":\"M\",\"pc\":\"0x0\",\"insn\":\"0x0\",\"regs\":{},\"mem\":[[",
	};
	struct commit commit;

	for (unsigned n = 0; n < ARRAY_SIZE(lines); n++)
		assert_false(commit_parse(lines[n], &commit));
}

static void random_vectors(struct commit *commit, u64 *seed)
{
	commit->vector = true;
	commit->sew = (u16)(8u << (random_u64(seed) >> 62));
	commit->lmul = (s8)((int)(random_u64(seed) % 7) - 3);
	commit->vl = random_u64(seed) % 1025;
	commit->vlenb = 16u << (random_u64(seed) >> 62);
	for (u64 n = random_u64(seed) % 9, first = random_u64(seed) % 24; n; n--) {
		u64 bytes[VLENB_MAX / 8];

		for (unsigned at = 0; at < ARRAY_SIZE(bytes); at++)
			bytes[at] = random_u64(seed);
		commit_vector(commit, (unsigned)(first + n), (const u8 *)bytes);
	}
}

static void random_commit(struct commit *commit, u64 *seed)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };
	static const u16 csrs[] = { 1, 2, 0x300, 0x304, 0x341, 0xb02, 0x3b3 };

	*commit = (struct commit){ .hart = (unsigned)(random_u64(seed) >> 61),
				   .pc = random_u64(seed),
				   .priv = privs[random_u64(seed) % 3] };
	commit->virt = commit->priv != PRIV_M && random_u64(seed) >> 63;
	if (random_u64(seed) % 8 == 0) {
		commit->trap = true;
		commit->cause = random_u64(seed) % 64 | (random_u64(seed) & CAUSE_INTERRUPT);
		commit->tval = random_u64(seed);
		if (commit_trap_has_gpa(commit->cause))
			commit->gpa = random_u64(seed);
		return;
	}
	commit->raw = (u32)random_u64(seed);
	if ((commit->raw & 3) != 3)
		commit->raw &= 0xffff;
	for (u64 n = random_u64(seed) >> 62; n; n--)
		commit_reg(commit, random_u64(seed) % 2 ? COMMIT_X : COMMIT_F,
			   (unsigned)(random_u64(seed) >> 59), random_u64(seed));
	if (random_u64(seed) % 4 == 0)
		commit_reg(commit, COMMIT_CSR, csrs[random_u64(seed) % ARRAY_SIZE(csrs)],
			   random_u64(seed));
	if (random_u64(seed) % 4 == 0)
		random_vectors(commit, seed);
	if (random_u64(seed) % 4 == 0)
		commit_mem(commit, random_u64(seed), 0, 0);
	for (u64 n = random_u64(seed) >> 62; n; n--)
		commit_mem(commit, random_u64(seed), 1u << (random_u64(seed) >> 62),
			   random_u64(seed));
}

static void same_commit(const struct commit *a, const struct commit *b)
{
	assert_int_equal(a->hart, b->hart);
	assert_int_equal(a->pc, b->pc);
	assert_int_equal(a->trap, b->trap);
	assert_int_equal(a->cause, b->cause);
	assert_int_equal(a->raw, b->raw);
	assert_int_equal(a->vector, b->vector);
	if (a->vector) {
		assert_int_equal(a->sew, b->sew);
		assert_int_equal(a->lmul, b->lmul);
		assert_int_equal(a->vl, b->vl);
	}
	assert_int_equal(a->reg_count, b->reg_count);
	assert_int_equal(a->mem_count, b->mem_count);
	for (unsigned n = 0; n < a->reg_count; n++) {
		assert_int_equal(a->regs[n].file, b->regs[n].file);
		assert_int_equal(a->regs[n].number, b->regs[n].number);
		if (a->regs[n].file == COMMIT_V)
			assert_memory_equal(a->vectors[a->regs[n].value],
					    b->vectors[b->regs[n].value], a->vlenb);
		else
			assert_int_equal(a->regs[n].value, b->regs[n].value);
	}
	for (unsigned n = 0; n < a->mem_count; n++) {
		assert_int_equal(a->mems[n].va, b->mems[n].va);
		assert_int_equal(a->mems[n].size, b->mems[n].size);
		assert_int_equal(a->mems[n].value, b->mems[n].value);
	}
}

static void test_round_trip(void **state)
{
	u64 seed = 5;

	for (unsigned n = 0; n < 20000; n++) {
		char text[COMMIT_TEXT_MAX];
		struct commit commit, back;

		random_commit(&commit, &seed);
		commit_print(&commit, COMMIT_JSON, text, sizeof(text));
		text[strcspn(text, "\n")] = '\0';
		assert_true(commit_parse(text, &back));
		same_commit(&commit, &back);
		assert_int_equal(commit.virt, back.virt);
		assert_int_equal(commit.priv, back.priv);
		assert_int_equal(commit.tval, back.tval);
		assert_int_equal(commit.gpa, back.gpa);
		commit_print(&commit, COMMIT_SPIKE, text, sizeof(text));
		text[strcspn(text, "\n")] = '\0';
		assert_true(commit_parse(text, &back));
		same_commit(&commit, &back);
	}
}

/*
 * Lines that are cut off, or contain other bytes, are read or refused, and nothing worse happens.
 */
static void test_hostile_lines(void **state)
{
	u64 seed = 6;

	for (unsigned n = 0; n < 100000; n++) {
		char text[COMMIT_TEXT_MAX];
		struct commit commit;
		size_t size;

		random_commit(&commit, &seed);
		size = commit_print(&commit, random_u64(&seed) % 2 ? COMMIT_JSON : COMMIT_SPIKE,
				    text, sizeof(text));
		for (u64 changes = random_u64(&seed) >> 62; changes; changes--)
			text[random_u64(&seed) % size] = (char)(1 + random_u64(&seed) % 127);
		text[random_u64(&seed) % (size + 1)] = '\0';
		if (commit_parse(text, &commit)) {
			assert_true(commit.reg_count <= COMMIT_REGS_MAX);
			assert_true(commit.mem_count <= COMMIT_MEMS_MAX);
			assert_true(commit.vector_count <= COMMIT_VECTORS_MAX);
		}
	}
}

static void test_limits(void **state)
{
	struct commit commit = { .raw = 3 };
	char text[COMMIT_TEXT_MAX], tiny[8];

	for (unsigned n = 0; n < COMMIT_MEMS_MAX + 1; n++) {
		commit_reg(&commit, COMMIT_CSR, 1000 + n % 100, n);
		commit_mem(&commit, n, 8, n);
	}
	assert_int_equal(commit.reg_count, COMMIT_REGS_MAX);
	assert_int_equal(commit.mem_count, COMMIT_MEMS_MAX);
	assert_true(commit_print(&commit, COMMIT_SPIKE, text, sizeof(text)) < sizeof(text));
	assert_int_equal(commit_print(&commit, COMMIT_SPIKE, tiny, sizeof(tiny)), 7);
	assert_string_equal(tiny, "core   ");
}

struct text {
	char text[4096];
	size_t size;
};

static void keep_text(void *ctx, const char *text, size_t size)
{
	struct text *into = ctx;

	assert_true(into->size + size < sizeof(into->text));
	memcpy(into->text + into->size, text, size);
	into->size += size;
}

#define JALR_A1 0x00058067
#define NOP 0x00000013

/*
 * An instruction that traps before a tier executes it is logged, too: if it is no landing pad, or
 * cannot be fetched.
 */
static void test_landing_pads(void **state)
{
	static const struct {
		u64 target;
		const char *line;
	} cases[] = {
		{ RAM_BASE + 8, "core   0: exception trap_software_check, epc 0x0000000080000008\n"
				"core   0:           tval 0x0000000000000002\n" },
		{ 0x10, "core   0: exception trap_instruction_access_fault, epc 0x0000000000000010\n"
			"core   0:           tval 0x0000000000000010\n" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct machine *machine = machine_create(EXT_TOGETHER);
		struct text text = { .size = 0 };
		struct commit_log log = { .write = keep_text, .ctx = &text };
		struct watch watch = { .count = 0 };
		u32 code[] = { JALR_A1, NOP, NOP };

		commit_log_attach(&log, &watch);
		memcpy(machine_ram(machine, RAM_BASE), code, sizeof(code));
		watch_attach(&watch, &machine->hart);
		machine->hart.pc = RAM_BASE;
		machine->hart.x[11] = cases[n].target;
		machine->hart.mseccfg = MSECCFG_MLPE;
		hart_regime_changed(&machine->hart);
		hart_run(&machine->hart, observe_run, 2);
		if (!strstr(text.text, cases[n].line))
			fail_msg("not in the log:\n%s", text.text);
		machine_free(machine);
	}
}

#define NOWHERE 0x4000000000 /* no memory */
#define DATA (RAM_BASE + 0x800)
#define PMM_16 (3ull << 32)
#define V_NONE "00000000000000000000000000000000"
#define LINE(raw) "core   0: 3 0x0000000080000000 (0x" #raw ")"
#define FAULT(cause)                                                                               \
	"core   0: exception trap_" #cause "_access_fault, epc 0x0000000080000000\n"               \
	"core   0:           tval 0x0000004000000000\n"
#define VSTART(n) " c8_vstart 0x000000000000000" #n

/*
 * Lines of Spike 55b4658d for an instruction, and its trap. SEW is 32 bits, vl is 2, and the mask
 * of vcompress and the memory are zeros.
 */
static const struct {
	u32 raw; /* its rs1 is a1, and its rs2, if it is no vector register, is a2 */
	u64 a1, a2, vstart;
	const char *lines;
} line_cases[] = {
	/* vlse32.v v8,(a1),a2; vsse32.v v8,(a1),a2 */
	{ 0x0ac5e407, DATA, NOWHERE - DATA, 0,
	  LINE(0ac5e407) " e32 m1 l2 v8  0x" V_NONE VSTART(1) " mem 0x0000000080000800\n"
	  FAULT(load) },
	{ 0x0ac5e427, DATA, NOWHERE - DATA, 0,
	  LINE(0ac5e427) " e32 m1 l2" VSTART(1) " mem 0x0000000080000800 0x00000000\n"
	  FAULT(store) },
	{ 0x0ac5e407, NOWHERE, 0, 0, LINE(0ac5e407) " e32 m1 l2" VSTART(0) "\n"
				     FAULT(load) },
	{ 0x0ac5e427, NOWHERE, 0, 1, LINE(0ac5e427) " e32 m1 l2" VSTART(1) "\n"
				     FAULT(store) },
	/* vslideup.vi v12,v8,5; vslideup.vi v12,v8,1; vslideup.vx v12,v8,a1 */
	{ 0x3a82b657, 0, 0, 0, LINE(3a82b657) " e32 m1 l2" VSTART(0) "\n" },
	{ 0x3a80b657, 0, 0, 0,
	  LINE(3a80b657) " e32 m1 l2" VSTART(0) " v12 0x" V_NONE "\n" },
	{ 0x3a85c657, 2, 0, 0, LINE(3a85c657) " e32 m1 l2" VSTART(0) "\n" },
	/* vcompress.vm v14,v8,v1; vmv1r.v v3,v3; vl1re64.v v6,(a1); vlm.v v5,(a1) */
	{ 0x5e80a757, 0, 0, 0, LINE(5e80a757) " e32 m1 l2" VSTART(0) "\n" },
	{ 0x9e3031d7, 0, 0, 0, LINE(9e3031d7) " e32 m1 l2" VSTART(0) "\n" },
	{ 0x0285f307, DATA, 0, 2, LINE(0285f307) " e32 m1 l2" VSTART(0) "\n" },
	{ 0x0285f307, DATA, 0, 1, LINE(0285f307) " e32 m1 l2 v6  0x" V_NONE VSTART(0)
				  " mem 0x0000000080000808\n" },
	{ 0x02b58287, DATA, 0, 1, LINE(02b58287) " e32 m1 l2" VSTART(0) "\n" },
	/* amocas.q zero,a2,(a1), where memory is 0, and where it is not */
	{ 0x28c5c02f, DATA, 0, 0, LINE(28c5c02f) " mem 0x0000000080000800"
				  " mem 0x0000000080000800 0x0000000000000000"
				  " mem 0x0000000080000808 0x0000000000000000\n" },
	{ 0x28c5c02f, RAM_BASE, 0, 0, LINE(28c5c02f) " mem 0x0000000080000000\n" },
	/* cbo.zero (a1) */
	{ 0x0045a00f, DATA | 0xb4ull << 56, 0, 0,
	  LINE(0045a00f) " mem 0x0000000080000800 0x00 mem 0x0000000080000801 0x00" },
};

static void test_lines(void **unused)
{
	for (unsigned n = 0; n < ARRAY_SIZE(line_cases); n++) {
		struct machine *machine = machine_create(EXT_TOGETHER);
		struct hart *hart = &machine->hart;
		struct text text = { .size = 0 };
		struct commit_log log = { .write = keep_text, .ctx = &text };
		struct watch watch = { .count = 0 };

		commit_log_attach(&log, &watch);
		watch_attach(&watch, hart);
		memcpy(machine_ram(machine, RAM_BASE), &line_cases[n].raw,
		       sizeof(line_cases[n].raw));
		hart->pc = RAM_BASE;
		hart->x[11] = line_cases[n].a1;
		hart->x[12] = line_cases[n].a2;
		hart->mseccfg = PMM_16;
		hart->mstatus |= MSTATUS_VS;
		hart->vector.vtype = 2 << 3; /* e32, m1 */
		hart->vector.vl = 2;
		hart->vector.vstart = line_cases[n].vstart;
		hart_regime_changed(hart);
		hart_run(hart, observe_run, 1);
		if (strncmp(text.text, line_cases[n].lines, strlen(line_cases[n].lines)) != 0)
			fail_msg("the log does not begin with\n%sbut is\n%s", line_cases[n].lines,
				 text.text);
		machine_free(machine);
	}
}

#define HFENCE_GVMA 0x62000073
#define SRET 0x10200073
/* Its page is a G-stage table without entries. */
#define G_ROOT (RAM_BASE + 64 * KiB)
#define HGATP_SV39X4 (8ull << 60)

/* The traps of a guest name its mode, and its guest-page faults their guest physical address. */
static void test_traps_of_guests(void **state)
{
	static const struct {
		u8 priv;
		u32 raw;
		u64 hgatp, lines;
		const char *line;
	} cases[] = {
		{ PRIV_S, HFENCE_GVMA, 0, 0,
		  "\"priv\":\"VS\",\"pc\":\"0x0000000080000000\","
		  "\"trap\":\"virtual instruction\",\"cause\":\"0x0000000000000016\","
		  "\"tval\":\"0x0000000062000073\"}\n" },
		{ PRIV_U, SRET, 0, 0,
		  "\"priv\":\"VU\",\"pc\":\"0x0000000080000000\","
		  "\"trap\":\"virtual instruction\"" },
		{ PRIV_S, NOP, 0, BIT(IRQ_MSI),
		  "\"priv\":\"VS\",\"pc\":\"0x0000000080000000\","
		  "\"trap\":\"machine software interrupt\"" },
		{ PRIV_S, NOP, HGATP_SV39X4 | G_ROOT >> 12, 0,
		  "\"priv\":\"VS\",\"pc\":\"0x0000000080000000\","
		  "\"trap\":\"instruction guest-page fault\",\"cause\":\"0x0000000000000014\","
		  "\"tval\":\"0x0000000080000000\",\"gpa\":\"0x0000000080000000\"}\n" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct machine *machine = machine_create(EXT_TOGETHER);
		struct hart *hart = &machine->hart;
		struct text text = { .size = 0 };
		struct commit_log log = { .write = keep_text, .ctx = &text, .format = COMMIT_JSON };
		struct watch watch = { .count = 0 };

		machine_open_pmp(machine);
		commit_log_attach(&log, &watch);
		watch_attach(&watch, hart);
		memcpy(machine_ram(machine, RAM_BASE), &cases[n].raw, sizeof(cases[n].raw));
		hart->pc = RAM_BASE;
		hart->hgatp = cases[n].hgatp;
		hart->mie = hart->lines = cases[n].lines;
		hart_set_mode(hart, cases[n].priv, true);
		hart_regime_changed(hart);
		hart_run(hart, observe_run, 1);
		if (!strstr(text.text, cases[n].line))
			fail_msg("not in the log: %s\nwhich is:\n%s", cases[n].line, text.text);
		machine_free(machine);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_spike_lines),
	cmocka_unit_test(test_other_lines),
	cmocka_unit_test(test_round_trip),
	cmocka_unit_test(test_hostile_lines),
	cmocka_unit_test(test_limits),
	cmocka_unit_test(test_lines),
	cmocka_unit_test(test_landing_pads),
	cmocka_unit_test(test_traps_of_guests),
	{ 0 },
};
