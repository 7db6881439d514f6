/* SPDX-License-Identifier: MIT */
/* Makes programs without guests: their memory, and the state in which their harts start. */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_program.h"

#include "cpu/counters/pmu.h"
#include "cpu/mmu/regime.h"
#include "tests/cpu/tiers/tier_handler.h"
#include "tests/cpu/tiers/tier_units.h"

#include "cpu/csr/csr.h"

#include <string.h>

static const program_unit units[] = {
	unit_compute, unit_compute, unit_compute, unit_loop, unit_loop, unit_loop, unit_loop,
	unit_move, unit_lr_sc, unit_device, unit_mode, unit_mode, unit_csr, unit_timer,
	unit_counter, unit_page, unit_page, unit_space, unit_code, unit_code, unit_twins,
	unit_superpage, unit_chase, unit_switch, unit_rest, unit_idioms, unit_idioms, unit_near,
	unit_near, unit_streams, unit_streams, unit_streams, unit_arrays, unit_arrays,
	unit_search, unit_search, unit_copy, unit_copy,
};

/* Many of these units depend on which parts of the page tables are remembered. */
static const program_unit unfenced_units[] = {
	unit_compute, unit_loop, unit_loop, unit_move, unit_lr_sc, unit_mode, unit_timer, unit_page,
	unit_page, unit_page, unit_page, unit_space, unit_code, unit_twins, unit_twins,
	unit_superpage, unit_superpage, unit_pointer, unit_pointer, unit_own_page, unit_own_page,
	unit_chase, unit_switch, unit_streams, unit_streams, unit_arrays, unit_search,
	unit_copy,
};

const u64 program_devices[PROGRAM_DEVICES] = {
	BYTES_BASE, WORDS_BASE, CLINT_BASE, CLINT_BASE + 0x4000, CLINT_BASE + 0xb000,
};

/* The pages of tables of a hart. */
enum { TABLES_EACH = 8 };

static void make_tables(struct machines *machines, unsigned hart)
{
	u64 *root = (u64 *)(machines->tables + hart * TABLES_EACH * PAGE_SIZE);
	u64 base = TABLES_BASE + hart * TABLES_EACH * PAGE_SIZE;
	u64 *sv48 = root + 512, *sv39 = root + 1024, *middle = root + 1536, *last = root + 2048;
	u64 *other = last + 512; /* for unit_pointer */

	root[0] = (base + PAGE_SIZE) >> 2 | 1;
	sv48[0] = (base + 2 * PAGE_SIZE) >> 2 | 1;
	sv39[2] = (base + 3 * PAGE_SIZE) >> 2 | 1;
	middle[0] = (base + 4 * PAGE_SIZE) >> 2 | 1;
	middle[1] = RAM_BASE >> 2 | LEAF_U;
	middle[2] = RAM_BASE >> 2 | LEAF_S | 0x10;
	for (unsigned n = 0; n < 512; n++)
		last[n] = PAGE_AT(n) >> 2 | LEAF_S;
	for (unsigned n = PRIVATE; n < SAVE; n++)
		last[n] = PAGE_AT(n) >> 2 | LEAF_U;
	last[TABLES] = (base + 4 * PAGE_SIZE) >> 2 | LEAF_S;
	last[TABLES + 1] = (base + 3 * PAGE_SIZE) >> 2 | LEAF_S;
	for (unsigned n = 0; n < PROGRAM_DEVICES; n++)
		last[DEVICES + n] = program_devices[n] >> 2 | LEAF_U;
	for (unsigned n = 0; n < 512; n++)
		other[n] = last[n >= PRIVATE && n < SHARED ? n ^ 1 : n];
}

void program_shared(struct machines *machines, u64 *seed)
{
	const struct isa *isa = &machines->m[0].harts.isa;
	u64 *words = (u64 *)machines->ram;
	u32 *routine = (u32 *)(machines->ram + ROUTINE * PAGE_SIZE);

	for (u64 at = PRIVATE * PAGE_SIZE; at < SAVE * PAGE_SIZE; at += 8)
		words[at / 8] = chance(seed, 50) ? random_float(seed) : random_value(seed);
	for (unsigned n = 0; n < 16; n++)
		routine[n] = isa->match[OP_addi];
	routine[16] = isa->match[OP_jalr] | 26u << 15;
	for (unsigned n = 0; n < 2 * PROGRAM_HARTS_MAX; n++) {
		routine = (u32 *)(machines->ram + (TWINS + n) * PAGE_SIZE);
		routine[0] = isa->match[OP_addi] | (n * 16 + 7) << 20 | 5u << 15 | 5u << 7;
		routine[1] = isa->match[OP_jalr] | 26u << 15;
	}
}

static u64 satp_of(unsigned hart, unsigned choice)
{
	static const u8 modes[] = { SATP_SV39, SATP_SV48, SATP_SV57 };
	u64 base = TABLES_BASE + hart * TABLES_EACH * PAGE_SIZE;

	return (u64)modes[choice % 3] << 60 | (u64)(choice / 3) << 44 |
	       ((base >> PAGE_SHIFT) + 2 - choice % 3);
}

void program_start(struct machines *machines, unsigned n, u64 *seed)
{
	struct hart *hart = machines->m[0].harts.hart[n];
	struct sbank *s = &hart->s[BANK_HS];
	bool adue;
	u64 hole = program_private(n) + below(seed, PRIVATE_EACH * 512) * 8;

	hart->pc = PAGE_AT(CODE + n * CODE_EACH);
	hart->mtvec = PAGE_AT(HANDLERS + HANDLERS_EACH * n);
	s->tvec = PAGE_AT(HANDLERS + HANDLERS_EACH * n + 1);
	hart->mscratch = PAGE_AT(SAVE + 2 * n);
	s->scratch = PAGE_AT(SAVE + 2 * n + 1);
	hart->medeleg = random_u64(seed) & 0xb0fd;
	hart->mideleg = random_u64(seed) & 0x2022;
	hart->mie = 0x88 | (random_u64(seed) & 0x2822);
	hart->pmu.event[3] = pmu_selector((enum pmu_event)below(seed, PMU_EVENTS)) |
			     (random_u64(seed) & random_u64(seed) & MHPMEVENT_FILTER);
	hart->pmu.count[3] = -below(seed, 1000) - 1;
	hart->mnstatus = MNSTATUS_NMIE;
	hart->mstatus = MSTATUS_MIE | MSTATUS_SUM | MSTATUS_FS | MSTATUS_VS;
	adue = machines->config.unfenced ? program_adue(n) : chance(seed, 50);
	hart->menvcfg = MENVCFG_STCE | MENVCFG_CBIE | MENVCFG_CBCFE | MENVCFG_CBZE |
			(adue ? MENVCFG_ADUE : 0);
	hart->senvcfg = MENVCFG_CBCFE | MENVCFG_CBZE;
	hart->mcounteren = hart->scounteren = chance(seed, 70) ? UINT32_MAX : 2;
	hart->pmp.addr[15] = PMP_ADDR_MASK;
	hart->pmp.cfg[15] = PMP_NAPOT << 3 | PMP_R | PMP_W | PMP_X;
	hart->pmp.addr[3] = hole >> 2;
	hart->pmp.cfg[3] = PMP_NA4 << 3 | PMP_R;
	for (unsigned r = 1; r < 21; r++)
		hart->x[r] = random_value(seed);
	for (unsigned r = 0; r < 32; r++)
		hart->f[r] = random_float(seed);
	hart->x[22] = program_private(n) + PAGE_SIZE;
	hart->x[23] = PAGE_AT(SHARED + 1);
	hart->x[24] = program_private(n);
	hart->x[28] = PAGE_AT(DEVICES);
	machines->m[0].clint.mtimecmp[n] = below(seed, 100);
}

static void tier_program_start_hart(struct machines *machines, unsigned n, u64 *seed)
{
	struct hart *hart = machines->m[0].harts.hart[n];

	program_start(machines, n, seed);
	hart->s[BANK_HS].atp = satp_of(n, (unsigned)below(seed, SPACES));
	hart->x[29] = PAGE_AT(TABLES) + (PRIVATE + n * PRIVATE_EACH) * 8;
}

static void make_hart(struct machines *machines, unsigned n, u64 *seed)
{
	struct program program = {
		.isa = &machines->m[0].harts.isa, .seed = seed, .hart = n,
		.harts = machines->m[0].harts.count, .unfenced = machines->config.unfenced,
	};
	const struct handler handler = { .period = 5 + (unsigned)below(seed, 300) };
	u64 *save_m = (u64 *)(machines->ram + (SAVE + 2 * n) * PAGE_SIZE);
	u64 *save_s = save_m + PAGE_SIZE / 8;

	emit_start(&program.emit, program.isa, machines->ram, PAGE_AT(CODE + n * CODE_EACH));
	if (program.unfenced)
		program_emit(&program, unfenced_units, ARRAY_SIZE(unfenced_units));
	else
		program_emit(&program, units, ARRAY_SIZE(units));
	emit_start(&program.emit, program.isa, machines->ram,
		   PAGE_AT(HANDLERS + HANDLERS_EACH * n));
	handler_m(&program.emit, &handler);
	emit_start(&program.emit, program.isa, machines->ram,
		   PAGE_AT(HANDLERS + HANDLERS_EACH * n + 1));
	handler_hs(&program.emit, &handler);
	save_m[2] = CLINT_BASE + 0x4000 + 8 * n;
	save_m[3] = CLINT_BASE + 4 * n;
	make_tables(machines, n);
	for (unsigned choice = 0; choice < SPACES; choice++)
		save_s[SAVED + choice] = satp_of(n, choice);
}

void program_make(struct machines *machines, u64 seed)
{
	unsigned harts = machines->m[0].harts.count;

	assert_true(harts <= PROGRAM_HARTS_MAX);
	memset(machines->ram, 0, RAM_SIZE);
	memset(machines->tables, 0, TABLES_SIZE);
	program_shared(machines, &seed);
	for (unsigned n = 0; n < harts; n++)
		make_hart(machines, n, &seed);
	machines_commit(machines);
	machines_begin(machines);
	for (unsigned n = 0; n < harts; n++)
		tier_program_start_hart(machines, n, &seed);
	machines_mirror(machines);
}
