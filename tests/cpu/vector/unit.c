/* SPDX-License-Identifier: MIT */
/* Executes images in Baya (see unit.h). */
#include "tests/cpu/vector/unit.h"

#include "cpu/csr/csr.h"
#include "cpu/engine/block_cache.h"
#include "cpu/engine/threaded.h"
#include "cpu/hart/harts.h"
#include "cpu/jit/impl.h"
#include "cpu/vector/loops.h"
#include "tests/cpu/jit/native_insns.h"
#include "tests/cpu/tables.h"
#include "tests/cpu/vector/extensions.h"

/* The program's code is after the tables. */
#define CODE (RAM_BASE + 4 * PAGE_SIZE)

#define WINDOW_PAGES (IMAGE_BYTES / PAGE_SIZE)

const char *const unit_tier_names[] = {
	"interpreter", "threaded code", "native code", "native code with AVX2",
	"native code of x86-64-v3", "native code of x86-64-v2",
};

struct unit {
	struct machine *machine;
	struct hart *hart;
	struct harts harts;
	struct jit *jit;
	struct jit_host host;
	u64 status;
};

/*
 * Returns the physical address of a page of the window. The pages are in reverse order, so that an
 * access that leaves a page without a translation reaches a wrong one.
 */
static u64 page_pa(unsigned page)
{
	return IMAGE_WINDOW + (WINDOW_PAGES - 1 - page) * PAGE_SIZE;
}

static void make_tables(struct machine *machine)
{
	struct stage stage = { 0 };
	struct tables tables;
	u64 flags = PTE_V | PTE_U | PTE_A | PTE_D;

	tables_init(&tables, machine, &stage, 3);
	tables_map(&tables, CODE, 0, CODE >> 2 | flags | PTE_X);
	for (unsigned n = 0; n < WINDOW_PAGES; n++)
		tables_map(&tables, IMAGE_WINDOW + n * PAGE_SIZE, 0,
			   page_pa(n) >> 2 | flags | PTE_R | PTE_W);
	assert_true(tables.next <= CODE);
	machine->hart.s[BANK_HS].atp = 8ull << 60 | stage.root >> PAGE_SHIFT;
}

/* Lets U-mode access the window and fetch the code, and nothing else. */
static void limit_memory(struct hart *hart)
{
	hart->pmp.addr[0] = IMAGE_WINDOW >> 2 | (IMAGE_BYTES / 8 - 1);
	hart->pmp.cfg[0] = PMP_NAPOT << 3 | PMP_R | PMP_W;
	hart->pmp.addr[1] = CODE >> 2 | (PAGE_SIZE / 8 - 1);
	hart->pmp.cfg[1] = PMP_NAPOT << 3 | PMP_X;
	hart->pmp.addr[2] = RAM_BASE >> 2 | ((CODE - RAM_BASE) / 8 - 1); /* the tables */
	hart->pmp.cfg[2] = PMP_NAPOT << 3 | PMP_R;
	pmp_update(&hart->pmp);
	hart_pmp_changed(hart);
}

struct unit *unit_create(const struct vector_config *config)
{
	struct unit *unit = calloc(1, sizeof(*unit));

	assert_non_null(unit);
	unit->machine = machine_create(vector_extensions());
	unit->hart = unit->harts.hart[0] = &unit->machine->hart;
	unit->harts.count = 1;
	unit->hart->vector.config = *config;
	unit->hart->vector.vlenb = config->vlen / 8;
	unit->hart->blocks = unit->harts.blocks = block_cache_create(unit->harts.hart, 1);
	assert_non_null(unit->hart->blocks);
	assert_int_equal(block_cache_watch(unit->hart->blocks, &unit->machine->ram, RAM_BASE), 0);
	make_tables(unit->machine);
	limit_memory(unit->hart);
	/* Blocks become native code when they are run for the first time. */
	unit->jit = jit_create(&unit->harts, &(struct jit_config){ .only = JIT_ALL });
	assert_non_null(unit->jit);
	unit->host = unit->jit->host;
	unit->status = MSTATUS_FS | MSTATUS_VS;
	return unit;
}

void unit_free(struct unit *unit)
{
	jit_free(unit->jit);
	block_cache_free(unit->hart->blocks);
	machine_free(unit->machine);
	free(unit);
}

const struct isa *unit_isa(const struct unit *unit)
{
	return &unit->machine->isa;
}

/*
 * Returns the vector loops that a tier uses, different ones for each tier as far as the host can
 * execute them: their results are the same.
 */
static const struct vector_loops *loops_for(enum unit_tier tier)
{
	const struct vector_loops *best = vector_loops_best();

	if (tier == UNIT_INTERP || tier == UNIT_V2 || best == &vector_loops_v2)
		return &vector_loops_v2;
	return tier == UNIT_NATIVE ? best : &vector_loops_v3;
}

/* Returns what a tier's native code may use of the host. */
static struct jit_host host_for(const struct unit *unit, enum unit_tier tier)
{
	struct jit_host host = unit->host;

	if (tier == UNIT_V2)
		return (struct jit_host){ 0 };
	if (tier == UNIT_V3)
		return (struct jit_host){
			.has_bmi2 = host.has_bmi2, .has_bextr = host.has_bextr,
			.has_fma = host.has_fma, .has_counts = host.has_counts,
			.has_f16c = host.has_f16c,
			.has_avx = host.has_avx, .has_avx2 = host.has_avx2,
		};
	if (tier == UNIT_AVX2)
		host.has_avx512 = host.has_vbmi = false;
	return host;
}

struct hart *unit_hart(struct unit *unit)
{
	return unit->hart;
}

void unit_set_status(struct unit *unit, u64 status)
{
	unit->status = status;
}

static void set_state(struct unit *unit, const struct vector_image *image)
{
	struct hart *hart = unit->hart;

	memcpy(hart->x, image->x, sizeof(image->x));
	memcpy(hart->f, image->f, sizeof(image->f));
	memcpy(hart->vector.v, image->v, VECTOR_REGISTERS * hart->vector.vlenb);
	for (unsigned n = 0; n < WINDOW_PAGES; n++)
		memcpy(machine_ram(unit->machine, page_pa(n)), image->memory + n * PAGE_SIZE,
		       PAGE_SIZE);
	hart->vector.vl = image->vl;
	hart->vector.vtype = image->vtype;
	hart->vector.vstart = image->vstart;
	hart->vector.vxrm = image->vcsr >> 1 & 3;
	hart->vector.vxsat = image->vcsr & 1;
	hart->vector.key = hart_vector_key(image->vtype);
	hart->frm = image->fcsr >> 5 & 7;
	hart->fflags = image->fcsr & 31;
	hart->pc = CODE;
	hart->priv = PRIV_U;
	csr_set_mstatus(hart, unit->status);
	hart_regime_changed(hart);
	hart->stop = hart->yield = false;
}

static void get_state(const struct unit *unit, struct vector_image *image)
{
	const struct hart *hart = unit->hart;

	memcpy(image->x, hart->x, sizeof(image->x));
	memcpy(image->f, hart->f, sizeof(image->f));
	memcpy(image->v, hart->vector.v, VECTOR_REGISTERS * hart->vector.vlenb);
	for (unsigned n = 0; n < WINDOW_PAGES; n++)
		memcpy(image->memory + n * PAGE_SIZE, machine_ram(unit->machine, page_pa(n)),
		       PAGE_SIZE);
	image->vl = hart->vector.vl;
	image->vtype = hart->vector.vtype;
	image->vstart = hart->vector.vstart;
	image->vcsr = (u64)hart->vector.vxrm << 1 | hart->vector.vxsat;
	image->fcsr = (u64)hart->frm << 5 | hart->fflags;
}

u64 unit_run_again(struct unit *unit, enum unit_tier tier, const struct unit_code *code,
		   struct vector_image *image)
{
	static const hart_tier tiers[] = {
		[UNIT_INTERP] = interp_run,
		[UNIT_THREADED] = threaded_run,
		[UNIT_NATIVE] = jit_run,
		[UNIT_AVX2] = jit_run,
		[UNIT_V3] = jit_run,
		[UNIT_V2] = jit_run,
	};
	struct hart *hart = unit->hart;
	enum hart_exit left;

	set_state(unit, image);
	hart->limit = hart->steps + code->steps;
	unit->jit->host = host_for(unit, tier);
	hart->vector.loops = loops_for(tier);
	/* A tier may return early: where blocks have one instruction, or some are evicted. */
	do {
		hart->stop = false;
		left = tiers[tier](hart);
	} while (left != EXIT_TRAP && hart->steps < hart->limit);
	hart->index = 0;
	image->trap = IMAGE_DONE;
	if (left == EXIT_TRAP && hart->trap.cause != CAUSE_ECALL_U)
		image->trap = hart->trap.cause == CAUSE_ILLEGAL ? IMAGE_ILLEGAL : IMAGE_FAULT;
	get_state(unit, image);
	return hart->pc - CODE;
}

u64 unit_run_code(struct unit *unit, enum unit_tier tier, const struct unit_code *code,
		  struct vector_image *image)
{
	assert_true(
		bus_dma_write(&unit->machine->platform.bus, CODE, code->insn, sizeof(code->insn)));
	return unit_run_again(unit, tier, code, image);
}

u64 unit_native_insns(const struct unit *unit)
{
	return native_insns(unit->jit);
}

void unit_run(struct unit *unit, enum unit_tier tier, struct vector_image *image)
{
	const struct unit_code code = { { image->raw, UNIT_STAY }, 2 };
	u64 at = unit_run_code(unit, tier, &code, image);

	assert_true(image->trap != IMAGE_DONE || at == 4);
}

void unit_run_behind(struct unit *unit, enum unit_tier tier, u32 first, struct vector_image *image)
{
	const struct unit_code code = { { first, image->raw, UNIT_STAY }, 3 };
	u64 at = unit_run_code(unit, tier, &code, image);

	assert_true(image->trap != IMAGE_DONE || at == 8);
}
