/* SPDX-License-Identifier: MIT */
/*
 * Makes programs with guests: page tables of both stages, and the state in which their harts start.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_guest.h"

#include "cpu/mmu/regime.h"
#include "tests/cpu/tiers/tier_handler.h"
#include "tests/cpu/tiers/tier_program.h"

#include "cpu/csr/csr.h"
#include "cpu/isa/model.h"

#include <stdio.h>
#include <string.h>

static const program_unit units[] = {
	unit_compute, unit_compute, unit_compute, unit_loop, unit_loop, unit_loop, unit_loop,
	unit_loop, unit_chase, unit_switch, unit_move, unit_lr_sc, unit_device, unit_guest_mode,
	unit_guest_mode, unit_guest_mode, unit_return, unit_return, unit_world, unit_csr,
	unit_timer, unit_counter, unit_page, unit_page, unit_space, unit_code, unit_twins,
	unit_superpage, unit_rest, unit_guest_access, unit_guest_access, unit_first_stage,
	unit_g_stage, unit_g_stage, unit_call_twins, unit_call_twins, unit_implicit_store,
	unit_fences, unit_mprv, unit_stray, unit_tagged, unit_configure, unit_configure,
	unit_status, unit_status, unit_interrupts, unit_interrupts, unit_indirect, unit_files,
	unit_files, unit_message, unit_message, unit_trigger, unit_shadow, unit_landing, unit_frame,
	unit_table,
};

static u64 *page_of(struct machines *machines, unsigned page)
{
	return (u64 *)(machines->ram + page * PAGE_SIZE);
}

static u64 pointer(unsigned page)
{
	return PAGE_AT(page) >> 2 | 1;
}

static u64 leaf(u64 pa, u64 flags)
{
	return pa >> 2 | flags;
}

/* Makes the upper levels of a first stage, whose tables follow each other. */
static void make_first_upper(struct machines *machines, unsigned base)
{
	u64 *table = page_of(machines, base + FIRST_57);

	table[0] = pointer(base + FIRST_48);
	page_of(machines, base + FIRST_48)[0] = pointer(base + FIRST_39);
	page_of(machines, base + FIRST_39)[2] = pointer(base + FIRST_MIDDLE);
	page_of(machines, base + FIRST_MIDDLE)[0] = pointer(base + FIRST_LAST);
}

/*
 * Returns the rights of a page, which depend on its use; no mode has rights to the tables of
 * others.
 */
static u64 rights_of(unsigned page, u64 *seed)
{
	if (page >= PRIVATE && page < SAVE)
		return LEAF_U;
	if (page >= SHADOWS && page < SHADOWS + PROGRAM_HARTS_MAX)
		return 0xc5 | (chance(seed, 50) ? 0x10 : 0); /* a shadow stack: W alone */
	return LEAF_S;
}

/* Makes HS-mode's translation, which maps all of RAM to its physical addresses. */
static void make_hs(struct machines *machines, unsigned hart, u64 *seed)
{
	unsigned base = guest_first_stage(hart, WORLDS);
	u64 *middle = page_of(machines, base + FIRST_MIDDLE),
	    *last = page_of(machines, base + FIRST_LAST);
	u64 files = IMSIC_S_BASE + hart * (IMSIC_GUESTS + 1) * PAGE_SIZE;

	make_first_upper(machines, base);
	middle[1] = leaf(RAM_BASE, LEAF_U);
	middle[2] = leaf(RAM_BASE, LEAF_ANY);
	for (unsigned n = 0; n < DEVICES; n++)
		last[n] = leaf(PAGE_AT(n), rights_of(n, seed));
	for (unsigned n = 0; n < PROGRAM_DEVICES; n++)
		last[DEVICES + n] = leaf(program_devices[n], LEAF_U);
	for (unsigned n = 0; n < FILES; n++)
		last[DEVICES + DEVICE_FILES + n] = leaf(files + n * PAGE_SIZE, LEAF_U);
	last[OWN_LAST] = leaf(PAGE_AT(base + FIRST_LAST), LEAF_S);
	last[OWN_MIDDLE] = leaf(PAGE_AT(base + FIRST_MIDDLE), LEAF_S);
}

/* Returns the address of a page for a guest, in one of the windows of its G stage. */
static u64 gpa_of(unsigned page, bool translated, u64 *seed)
{
	if (!translated || page >= TABLES || chance(seed, 40))
		return WINDOW_A + page * PAGE_SIZE;
	if (chance(seed, 60))
		return WINDOW_B + (511 ^ page) * PAGE_SIZE;
	return (chance(seed, 50) ? WINDOW_GIGA : WINDOW_SUPER) + page * PAGE_SIZE;
}

/* Makes a guest's own translation. The guest can access only the tables of this stage. */
static void make_vs(struct machines *machines, unsigned hart, unsigned world, u64 *seed)
{
	unsigned base = guest_first_stage(hart, world);
	u64 *middle = page_of(machines, base + FIRST_MIDDLE),
	    *last = page_of(machines, base + FIRST_LAST);
	bool translated = world < GUESTS;

	make_first_upper(machines, base);
	middle[1] = leaf(translated ? WINDOW_SUPER : RAM_BASE, LEAF_U);
	middle[2] = leaf(translated && chance(seed, 50) ? WINDOW_USER : WINDOW_A, LEAF_ANY);
	for (unsigned n = 0; n < TABLES; n++) {
		u64 gpa = gpa_of(n, translated, seed);

		if (n < SAVE || n >= ROUTINE)
			last[n] = leaf(gpa, rights_of(n, seed));
	}
	for (unsigned n = 0; n <= FIRST_LAST; n++)
		last[base + n] = leaf(PAGE_AT(base + n), LEAF_S);
	for (unsigned n = 0; n < DEVICE_FILES + FILES; n++)
		last[DEVICES + n] = leaf(PAGE_AT(DEVICES + n), LEAF_U);
	last[OWN_LAST] = leaf(PAGE_AT(base + FIRST_LAST), LEAF_S);
	last[OWN_MIDDLE] = leaf(PAGE_AT(base + FIRST_MIDDLE), LEAF_S);
}

static u64 *g_table(struct machines *machines, unsigned hart, unsigned guest, unsigned table)
{
	return page_of(machines, guest_page(hart, guest, table));
}

static void make_g_last(struct machines *machines, unsigned hart, unsigned guest)
{
	u64 *last = g_table(machines, hart, guest, G_LAST),
	    *b = g_table(machines, hart, guest, G_LAST_B);
	unsigned first = guest_first_stage(hart, guest);
	u64 files = IMSIC_S_BASE + (hart * (IMSIC_GUESTS + 1) + 1) * PAGE_SIZE;

	for (unsigned n = 0; n < TABLES; n++) {
		if (n >= SAVE && n < ROUTINE)
			continue;
		last[n] = leaf(PAGE_AT(n), LEAF_ANY);
		b[511 ^ n] = leaf(PAGE_AT(n), LEAF_ANY);
	}
	for (unsigned n = 0; n <= FIRST_LAST; n++)
		last[first + n] = leaf(PAGE_AT(first + n), LEAF_ANY);
	for (unsigned n = 0; n < PROGRAM_DEVICES; n++)
		last[DEVICES + n] = leaf(program_devices[n], LEAF_U);
	for (unsigned n = 0; n < FILES; n++)
		last[DEVICES + DEVICE_FILES + n] = leaf(files + n * PAGE_SIZE, LEAF_U);
	/* This is for a guest that does not translate itself. */
	last[OWN_LAST] = leaf(PAGE_AT(first + FIRST_LAST), LEAF_ANY);
	last[OWN_MIDDLE] = leaf(PAGE_AT(first + FIRST_MIDDLE), LEAF_ANY);
}

static void make_g_stage(struct machines *machines, unsigned hart, unsigned guest)
{
	u64 *middle = g_table(machines, hart, guest, G_MIDDLE);
	u64 *giga = g_table(machines, hart, guest, G_LEVEL2);

	g_table(machines, hart, guest, G_57)[0] = pointer(guest_page(hart, guest, G_LEVEL3));
	g_table(machines, hart, guest, G_LEVEL3)[0] = pointer(guest_page(hart, guest, G_LEVEL2));
	g_table(machines, hart, guest, G_48)[0] = pointer(guest_page(hart, guest, G_LEVEL2));
	giga[2] = pointer(guest_page(hart, guest, G_MIDDLE));
	giga[4] = leaf(RAM_BASE, LEAF_ANY);
	g_table(machines, hart, guest, G_39)[2] = giga[2];
	g_table(machines, hart, guest, G_39)[4] = giga[4];
	middle[0] = pointer(guest_page(hart, guest, G_LAST));
	middle[1] = middle[2] = leaf(RAM_BASE, LEAF_ANY);
	middle[3] = pointer(guest_page(hart, guest, G_LAST_B));
	make_g_last(machines, hart, guest);
}

/* Return a value of satp or vsatp, and one of hgatp, whose VMID is the world's number plus 1. */
static u64 atp_of(unsigned hart, unsigned world, unsigned choice)
{
	static const u8 modes[] = { SATP_SV39, SATP_SV48, SATP_SV57 };
	unsigned root = guest_first_stage(hart, world) + FIRST_39 - choice % 3;

	return (u64)modes[choice % 3] << 60 | (u64)(choice / 3) << 44 | PAGE_AT(root) >> PAGE_SHIFT;
}

static u64 hgatp_of(unsigned hart, unsigned world, unsigned choice)
{
	static const u8 modes[] = { SATP_SV39, SATP_SV48, SATP_SV57 };
	static const u8 roots[] = { G_39, G_48, G_57 };

	if (world == GUESTS)
		return 0;
	return (u64)modes[choice % 3] << 60 | (u64)(world + 1) << 44 |
	       PAGE_AT(guest_page(hart, world, roots[choice % 3])) >> PAGE_SHIFT;
}

/*
 * Writes the choices that units read: the values of satp in each world, at sscratch, and the
 * worlds.
 */
static void make_choices(struct machines *machines, unsigned hart, u64 *seed)
{
	u64 *save = page_of(machines, SAVE + 2 * hart + 1);

	for (unsigned choice = 0; choice < SPACES; choice++) {
		bool bare = choice == 1 && chance(seed, 50);

		save[SAVED + choice] = bare ? 0 : atp_of(hart, WORLDS, choice);
		for (unsigned world = 0; world < WORLDS; world++)
			page_of(machines, guest_first_stage(hart, world))[SAVED + choice] =
				bare ? 0 : atp_of(hart, world, choice);
	}
	for (unsigned n = 0; n < WORLD_CHOICES; n++) {
		unsigned world = n / GUEST_CHOICES;
		u64 *words = save + WORLD_SAVED + n * WORLD_WORDS;

		words[0] = hgatp_of(hart, world, n);
		words[1] = atp_of(hart, world, (unsigned)below(seed, SPACES));
		if (chance(seed, 15))
			words[1] = 0;
		words[2] = PAGE_AT(guest_first_stage(hart, world));
	}
}

static void make_code(struct machines *machines, struct program *program)
{
	const struct handler handler = {
		.period = 5 + (unsigned)below(program->seed, 300),
		.guests = true,
		.fence_g = !program->reserves,
		.landing_pads = isa_has(program->isa, EXT_zicfilp),
	};
	struct emit *e = &program->emit;
	unsigned n = program->hart;

	emit_start(e, program->isa, machines->ram, PAGE_AT(CODE + n * CODE_EACH));
	program_emit(program, units, ARRAY_SIZE(units));
	emit_start(e, program->isa, machines->ram, PAGE_AT(HANDLERS + HANDLERS_EACH * n));
	handler_m(e, &handler);
	emit_start(e, program->isa, machines->ram, PAGE_AT(HANDLERS + HANDLERS_EACH * n + 1));
	handler_hs(e, &handler);
	emit_start(e, program->isa, machines->ram, PAGE_AT(HANDLERS + HANDLERS_EACH * n + 2));
	handler_vs(e, &handler);
}

static void make_hart(struct machines *machines, struct program *program)
{
	unsigned n = program->hart;

	make_code(machines, program);
	page_of(machines, SAVE + 2 * n)[2] = CLINT_BASE + 0x4000 + 8 * n;
	page_of(machines, SAVE + 2 * n)[3] = CLINT_BASE + 4 * n;
	make_hs(machines, n, program->seed);
	for (unsigned world = 0; world < WORLDS; world++)
		make_vs(machines, n, world, program->seed);
	for (unsigned guest = 0; guest < GUESTS; guest++)
		make_g_stage(machines, n, guest);
	make_choices(machines, n, program->seed);
}

/* Writes the addresses of the routine, as kernels and as users see it. */
static void make_jumps(struct machines *machines)
{
	for (unsigned n = 0; n < 32; n++)
		page_of(machines, JUMPS)[n] = PAGE_AT(ROUTINE) + (n % 4 == 3 ? 2 * RAM_SIZE : 0);
}

static u64 few(u64 *seed)
{
	return random_u64(seed) & random_u64(seed) & random_u64(seed);
}

static void tier_guest_start_hart(struct machines *machines, const struct program *program)
{
	struct hart *hart = machines->m[0].harts.hart[program->hart];
	u64 *seed = program->seed;
	unsigned n = program->hart, world = (unsigned)below(seed, WORLDS);
	u64 refused = program->reserves ? BIT(CAUSE_ILLEGAL) | BIT(CAUSE_VIRTUAL_INSTRUCTION) : 0;
	struct sbank *vs = &hart->s[BANK_VS];

	program_start(machines, n, seed);
	hart->s[BANK_HS].atp = atp_of(n, WORLDS, (unsigned)below(seed, SPACES));
	hart->x[29] = PAGE_AT(OWN_LAST) + (PRIVATE + n * PRIVATE_EACH) * 8;
	hart->medeleg = random_u64(seed) & 0xf0b4ff & ~refused;
	hart->hedeleg = random_u64(seed) & 0xb1fd;
	hart->mideleg = (random_u64(seed) & 0x2222) | 0x444 | (hart->imsic.guests ? 0x1000 : 0);
	hart->hideleg = random_u64(seed) & 0x2444;
	hart->mie |= random_u64(seed) & 0x1666;
	hart->hgatp = hgatp_of(n, world, (unsigned)below(seed, 3));
	hart->hstatus = field_set(0, HSTATUS_VGEIN, hart->imsic.guests ? below(seed, 3) : 0);
	hart->menvcfg |= few(seed) & (MENVCFG_PBMTE | MENVCFG_SSE | MENVCFG_LPE);
	hart->menvcfg |= random_u64(seed) & MENVCFG_DTE;
	hart->henvcfg = MENVCFG_STCE | MENVCFG_CBIE | MENVCFG_CBCFE | MENVCFG_CBZE |
			(hart->menvcfg & random_u64(seed) & (MENVCFG_ADUE | MENVCFG_DTE));
	hart->hcounteren = chance(seed, 70) ? UINT32_MAX : 2;
	for (unsigned word = 0; word < STATEENS; word++)
		hart->mstateen[word] = hart->hstateen[word] = UINT64_MAX;
	hart->sstateen0 = UINT64_MAX;
	hart->ssp = PAGE_AT(SHADOWS + n) + 0x800;
	vs->atp = atp_of(n, world, (unsigned)below(seed, SPACES));
	vs->tvec = PAGE_AT(HANDLERS + HANDLERS_EACH * n + 2);
	vs->scratch = PAGE_AT(guest_first_stage(n, world));
	vs->status = MSTATUS_SUM | MSTATUS_FS | MSTATUS_VS | MSTATUS_SIE;
	vs->timecmp = UINT64_MAX;
}

void guest_make(struct machines *machines, u64 seed)
{
	struct program programs[PROGRAM_HARTS_MAX];
	struct emit nmi;
	unsigned harts = machines->m[0].harts.count;

	assert_true(harts <= PROGRAM_HARTS_MAX);
	memset(machines->ram, 0, RAM_SIZE);
	memset(machines->tables, 0, TABLES_SIZE);
	program_shared(machines, &seed);
	make_jumps(machines);
	emit_start(&nmi, &machines->m[0].harts.isa, machines->ram, PAGE_AT(HANDLER_NMI));
	handler_nmi(&nmi);
	for (unsigned n = 0; n < harts; n++) {
		programs[n] = (struct program){
			.isa = &machines->m[0].harts.isa, .seed = &seed, .hart = n, .harts = harts,
			.reserves = chance(&seed, 50), .unfenced = machines->config.unfenced,
		};
		make_hart(machines, &programs[n]);
	}
	machines_commit(machines);
	machines_begin(machines);
	for (unsigned n = 0; n < harts; n++)
		tier_guest_start_hart(machines, &programs[n]);
	machines_mirror(machines);
}

/*
 * Returns the default model and Sv57, with some of the other opt-in extensions, and without some
 * extensions that programs do not need, both chosen at random.
 */
static struct ext_set random_extensions(u64 *seed)
{
	static const char *const more[] = { "smrnmi", "smdbltrp", "zkr", "zcmp", "zcmt" };
	static const char *const less[] = { "smaia", "ssaia", "svadu", "svpbmt", "svnapot",
					    "zicfilp", "zicfiss", "smnpm", "ssnpm", "ssdbltrp",
					    "smstateen", "ssstateen", "smcdeleg" };
	struct model_error error;
	struct ext_set extensions;
	char text[256];
	int length = snprintf(text, sizeof(text), "max,sv57=on");

	for (unsigned n = 0; n < ARRAY_SIZE(more); n++)
		if (chance(seed, 40))
			length += snprintf(text + length, sizeof(text) - (size_t)length, ",%s=on",
					   more[n]);
	for (unsigned n = 0; n < ARRAY_SIZE(less); n++)
		if (chance(seed, 12))
			length += snprintf(text + length, sizeof(text) - (size_t)length, ",%s=off",
					   less[n]);
	if (model_parse(text, &extensions, &error) < 0)
		fail_msg("%s: %s", text, error.text);
	return extensions;
}

void guest_config(struct tier_config *config, u64 seed)
{
	*config = (struct tier_config){
		.harts = 1 + (unsigned)below(&seed, PROGRAM_HARTS_MAX),
		.rnmi = { PAGE_AT(HANDLER_NMI), PAGE_AT(HANDLER_NMI) },
		.guests = IMSIC_GUESTS,
	};
	config->extensions = random_extensions(&seed);
	config->imsic = chance(&seed, 80);
}
