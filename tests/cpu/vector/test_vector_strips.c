/* SPDX-License-Identifier: MIT */
/*
 * Tests programs of vector loops, whose checks native code hoists (jit/loop): several streams that
 * overlap, are misaligned, cross pages, go backwards or wrap around; steps in registers that change
 * between executions of the loop; rounds with fewer elements; and functions that are called with
 * different vtypes, with VS in any state. Streams run over page tables and code; entries lack
 * rights, A and D; and PMP forbids bytes. The trap handler continues after the instruction, and may
 * leave vstart nonzero. Now and then an interrupt is taken, and slices end at random. Native code
 * does what the interpreter does.
 */
#include "cpu/engine/threaded.h"
#include "cpu/jit/impl.h"
#include "cpu/mmu/tlb.h"
#include "tests/cpu/jit/native.h"
#include "tests/cpu/tables.h"
#include "tests/cpu/vector/loops.h"
#include "tests/part.h"

#define PROGRAMS 700
#define SLICES 5

#define A1 11

struct side {
	struct native_machine native;
	struct hart *hart;
	bool has_avx512;
	struct stage stage;
	struct tables tables;
};

static void put(struct side *side, u64 pa, const void *bytes, size_t count)
{
	assert_true(bus_dma_write(&side->native.machine->platform.bus, pa, bytes, count));
}

static void make_tables(struct side *side)
{
	struct tables *tables = &side->tables;

	tables_init(tables, side->native.machine, &side->stage, 3);
	tables_map(tables, CODE, 0, loops_leaf(CODE_PA, LEAF | PTE_X));
	tables_map(tables, WINDOW, 0, 0);
	tables_map(tables, ALIAS, 1, *tables_entry(tables, WINDOW, 1));
	tables_map(tables, ENTRIES, 0, loops_leaf(tables_page(tables, WINDOW, 0), LEAF));
	tables_map(tables, LISTED, 0, loops_leaf(LISTED_PA, LEAF));
	tables_map(tables, TOP, 0, loops_leaf(ENDS_PA, LEAF));
	tables_map(tables, 0, 0, loops_leaf(ENDS_PA + PAGE_SIZE, LEAF));
}

static void setup(struct side *side, unsigned vlen)
{
	memset(side, 0, sizeof(*side));
	native_setup(&side->native);
	side->hart = &side->native.machine->hart;
	side->hart->vector.config.vlen = vlen;
	side->hart->vector.vlenb = vlen / 8;
	side->hart->mtvec = HANDLER_PA;
	side->hart->menvcfg |= MENVCFG_ADUE;
	side->hart->mie = SSIP;
	side->has_avx512 = side->native.jit->host.has_avx512;
	make_tables(side);
}

static void set_memory(struct side *side, struct loops_program *program)
{
	u64 *data = machine_ram(side->native.machine, DATA_PA);
	/* csrs mstatus, ON; csrr TEMP, mcause; bltz; csrr mepc; addi; csrw; csrwi vstart; mret */
	u32 handler[] = { 0x300f2073, 0x34202ff3, 0x000fcc63, 0x34102ff3, 0x004f8f93,
			  0x341f9073, 0x00805073, 0x30200073, 0x34417073, 0x30200073 };
	u64 seed = program->maker.seed;
	u32 code[CALLED_INSNS / 2];

	for (unsigned n = 0; n < ARRAY_SIZE(code); n++)
		code[n] = ADDI + (7 * n << 20);
	if (program->keeps)
		handler[6] = BLOCK_NOP;
	put(side, HANDLER_PA, handler, sizeof(handler));
	put(side, CODE_PA, program->insn, sizeof(program->insn));
	for (unsigned n = 0; n < PAGES; n++)
		put(side, tables_entry_pa(&side->tables, WINDOW + n * PAGE_SIZE, 0),
		    &program->entry[n], sizeof(u64));
	for (size_t n = 0; n < DATA_BYTES / 8; n++)
		data[n] = (random_u64(&seed) & 0xff7fffffff7fffff) | 0x3f0000003f000000;
	put(side, LISTED_PA, program->entry + PAGES, PAGES * sizeof(u64));
	put(side, LISTED_PA + 1024, code, sizeof(code));
}

static void set_state(struct side *side, struct loops_program *program)
{
	struct hart *hart = side->hart;

	set_memory(side, program);
	memcpy(hart->x, program->x, sizeof(program->x));
	memcpy(hart->f, program->f, sizeof(program->f));
	memcpy(hart->vector.v, program->v, sizeof(program->v));
	hart->vector.vl = program->vl;
	hart->vector.vtype = program->vtype[0];
	hart->vector.key = hart_vector_key(program->vtype[0]);
	hart->vector.vstart = 0;
	hart->vector.config.tail_ones = program->ones;
	hart->vector.config.half_avl = program->half_avl;
	hart->frm = hart->fflags = 0;
	hart->pc = CODE;
	hart->priv = PRIV_S;
	hart->mip = 0;
	hart->s[BANK_HS].atp = 8ull << 60 | side->stage.root >> PAGE_SHIFT;
	csr_set_mstatus(hart, MSTATUS_FS | program->vs);
	hart->pmp.addr[0] = program->forbidden >> 2 | (PMP_BYTES / 8 - 1);
	hart->pmp.cfg[0] = program->forbidden ? PMP_NAPOT << 3 : 0;
	hart->pmp.addr[1] = UINT64_MAX;
	hart->pmp.cfg[1] = PMP_NAPOT << 3 | PMP_R | PMP_W | PMP_X;
	pmp_update(&hart->pmp);
	hart_pmp_changed(hart);
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
}

static bool has_same_memory(const struct side *a, const struct side *b, u64 pa, size_t bytes)
{
	return !memcmp(machine_ram(a->native.machine, pa), machine_ram(b->native.machine, pa),
		       bytes);
}

static bool are_same(const struct side *a, const struct side *b)
{
	const struct hart *one = a->hart, *other = b->hart;
	const struct vector_state *v = &one->vector, *w = &other->vector;

	return one->pc == other->pc && one->steps == other->steps && one->priv == other->priv &&
	       one->fflags == other->fflags && one->frm == other->frm &&
	       csr_mstatus(one) == csr_mstatus(other) && one->mcause == other->mcause &&
	       one->mtval == other->mtval && one->traps == other->traps &&
	       !memcmp(one->x, other->x, 32 * sizeof(u64)) &&
	       !memcmp(one->f, other->f, sizeof(one->f)) && !memcmp(v->v, w->v, sizeof(v->v)) &&
	       v->vl == w->vl && v->vtype == w->vtype && v->vstart == w->vstart &&
	       v->vxsat == w->vxsat && has_same_memory(a, b, DATA_PA, DATA_BYTES) &&
	       has_same_memory(a, b, CODE_PA, PAGE_SIZE) && has_same_memory(a, b, RAM_BASE, TABLES);
}

static void check_program(struct side *sides, struct loops_program *program)
{
	unsigned vlenb = sides->hart->vector.vlenb;
	hart_tier tier;

	loops_make(program, vlenb);
	for (unsigned n = 0; n < 2; n++)
		set_state(&sides[n], program);
	sides[1].native.jit->host.has_avx512 = sides[1].has_avx512 &&
					       block_pick(&program->maker, 5);
	tier = block_pick(&program->maker, 8) ? jit_run : threaded_run;
	for (unsigned slice = 0; slice < SLICES; slice++) {
		u64 steps = 1 + block_pick(&program->maker,
					   block_pick(&program->maker, 2) ? 400 : 1500);

		hart_run(sides[0].hart, interp_run, steps);
		hart_run(sides[1].hart, tier, steps);
		if (!are_same(&sides[0], &sides[1])) {
			block_print(&program->maker, program->insn, program->count);
			fail_msg("VLEN %u, vtype %llx, slice %u, %llu steps: at %llx and %llx",
				 8 * vlenb, program->vtype[0], slice, steps, sides[0].hart->pc,
				 sides[1].hart->pc);
		}
		for (unsigned n = 0; n < 2; n++)
			sides[n].hart->mip = slice % 2 ? SSIP : 0;
	}
}

_Static_assert(BIT(27) == TLB_ENTRIES_MAX * PAGE_SIZE, "the loop below shifts by this");

/*
 * Two loops have the same end, and only the inner one has v8 held in a host register where it
 * begins (cpu/jit/held_vectors.h). In the outer one, a load of which nothing is known accesses a
 * page that is no longer in its view of the TLB, and execution continues in the code with checks.
 */
static const u32 left[] = {
	0x00082303, /* lw t1, 0(a6) */
	0x00820457, /* vadd.vv v8, v8, v4, v0.t */
	0x03040857, /* vadd.vv v16, v16, v8 */
	0x0067d293, /* srli t0, a5, 6 */
	0x01b29293, /* slli t0, t0, 27 */
	0x40580633, /* sub a2, a6, t0 */
	0x00062303, /* lw t1, 0(a2) */
	0x02840c57, /* vadd.vv v24, v8, v8 */
	0x0205ec27, /* vse32.v v24, (a1) */
	0x02058593, /* addi a1, a1, 32 */
	0xfff78793, /* addi a5, a5, -1 */
	0xfc079ce3, /* bnez a5, the second one */
	0xfff70713, /* addi a4, a4, -1 */
	0xfc071ae3, /* bnez a4, the third one */
	0x0000006f, /* jal x0, 0 */
};

static void test_left(void **unused)
{
	struct side *sides = calloc(2, sizeof(*sides));
	struct loops_program *program = calloc(1, sizeof(*program));

	assert_non_null(sides);
	assert_non_null(program);
	program->vl = 8;
	program->vtype[0] = 0xd0; /* e32, m1 */
	program->vs = MSTATUS_VS;
	program->maker.seed = 1;
	program->x[A1] = WINDOW + PAGE_SIZE;
	program->x[A1 + 3] = 1;
	program->x[A1 + 4] = 100;
	program->x[A1 + 5] = ALIAS;
	for (size_t n = 0; n < sizeof(program->v); n++)
		program->v[n] = (u8)(7 * n);
	for (unsigned n = 0; n < PAGES; n++)
		program->entry[n] = loops_leaf(DATA_PA + n * PAGE_SIZE, LEAF);
	memcpy(program->insn, left, sizeof(left));
	for (unsigned n = 0; n < 2; n++) {
		setup(&sides[n], 256);
		set_state(&sides[n], program);
		hart_run(sides[n].hart, n ? jit_run : interp_run, 1200);
	}
	assert_true(are_same(&sides[0], &sides[1]));
	for (unsigned n = 0; n < 2; n++)
		native_teardown(&sides[n].native);
	free(program);
	free(sides);
}

static void test_strips(void **unused)
{
	struct side *sides = calloc(2, sizeof(*sides));
	struct loops_program *program = calloc(1, sizeof(*program));

	assert_non_null(sides);
	assert_non_null(program);
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2) {
		for (unsigned n = 0; n < 2; n++)
			setup(&sides[n], vlen);
		program->maker.isa = &sides->native.machine->isa;
		program->maker.seed = vlen + 5;
		for (unsigned n = 0; n < part_of(PROGRAMS); n++)
			check_program(sides, program);
		for (unsigned n = 0; n < 2; n++)
			native_teardown(&sides[n].native);
	}
	free(program);
	free(sides);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_left),
					    cmocka_unit_test(test_strips) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
