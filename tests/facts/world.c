/* SPDX-License-Identifier: MIT */
/* Sets facts up and runs them (see world.h). */
#include "tests/facts/world.h"

#include "cpu/trap/trap.h"
#include "tests/cpu/jit/native_insns.h"
#include "tests/facts/vector.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After the last instruction follows a jump to itself, so that running on changes nothing. */
#define STEPS_MORE 80
#define JUMP_TO_SELF 0x6fu
#define GEILEN 7

const char *const tier_names[TIERS] = { "interp", "threaded", "native" };

static const struct fact_mode modes[] = {
	{ "M", PRIV_M, false }, { "S", PRIV_S, false }, { "HS", PRIV_S, false },
	{ "U", PRIV_U, false }, { "VS", PRIV_S, true }, { "VU", PRIV_U, true },
};

static const struct {
	const char *csrs, *name;
	u8 low, width;
} fields[] = {
#define FIELD(csrs, name, low, width) { csrs, name, low, width },
#include "tests/facts/fields.def"
#undef FIELD
};

const struct fact_mode *mode_find(const char *name)
{
	for (unsigned n = 0; n < ARRAY_SIZE(modes); n++)
		if (!strcmp(modes[n].name, name))
			return &modes[n];
	return NULL;
}

static PRINTF_LIKE(2, 3) bool fail(struct world *world, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(world->error, sizeof(world->error), format, args);
	va_end(args);
	return false;
}

/* Fills memory with jumps to themselves where code may be, and with bytes to load. */
static void fill_image(u8 *ram)
{
	const u32 jump = JUMP_TO_SELF;

	for (u64 pa = HANDLER_M_PA; pa < CODE_PA + CODE_PAGES * PAGE_SIZE; pa += sizeof(jump))
		memcpy(ram + (pa - RAM_BASE), &jump, sizeof(jump));
	for (u64 pa = DATA_PA; pa < DATA_PA + DATA_PAGES * PAGE_SIZE; pa += 16) {
		const u64 values[2] = { 0x1122334455667788, 0x99aabbccddeeff00 };

		memcpy(ram + (pa - RAM_BASE), values, sizeof(values));
	}
}

/* Sends a message to a file: M's, S's, or that of guest number `file` - 1. */
static void send_msi(struct world *world, unsigned file, u64 identity)
{
	u64 page = file ? IMSIC_S_BASE + (file - IMSIC_FILE_S) * PAGE_SIZE : IMSIC_M_BASE;

	imsic_msi(&world->machine->imsic, page, (u32)identity);
}

static void world_machines_free(struct world_machines *machines)
{
	if (!ext_is_empty(machines->extensions))
		machines_free(&machines->machines);
}

static void world_machines_init(struct world_machines *machines, struct ext_set extensions,
				const struct vector_config *vector)
{
	const struct tier_config config = {
		.harts = 1, .extensions = extensions, .imsic = true, .guests = GEILEN,
		.vector = *vector, .three = true,
	};

	machines->extensions = extensions;
	machines->vector = *vector;
	machines_init(&machines->machines, &config);
	fill_image(machines->machines.ram);
	machines_commit(&machines->machines);
}

/* Returns the machines of a configuration, which are made in the place of the oldest. */
static struct world_machines *machines_of(struct world *world, struct ext_set extensions,
					  const struct vector_config *vector)
{
	struct world_machines *machines;

	for (unsigned n = 0; n < MACHINES_KEPT; n++) {
		machines = &world->kept[n];
		if (ext_equal(machines->extensions, extensions) &&
		    vector_config_equal(&machines->vector, vector))
			return machines;
	}
	machines = &world->kept[world->oldest];
	world->oldest = (world->oldest + 1) % MACHINES_KEPT;
	world_machines_free(machines);
	world_machines_init(machines, extensions, vector);
	return machines;
}

void world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	assembler_init(&world->assembler);
}

void world_free(struct world *world)
{
	for (unsigned n = 0; n < MACHINES_KEPT; n++)
		world_machines_free(&world->kept[n]);
}

static void poke(struct world *world, u64 pa, const void *data, size_t size)
{
	bus_dma_write(&world->machine->platform.bus, pa, data, size);
}

/* Executes one instruction in M-mode, with a value in t0. */
static bool execute(struct world *world, u32 raw, u64 value)
{
	struct hart *hart = world->hart;
	u64 traps = hart->traps;

	poke(world, STUB_PA, &raw, sizeof(raw));
	hart->x[5] = value;
	hart->pc = STUB_PA;
	tier_run(world->machine, hart->steps + 1);
	return hart->traps == traps;
}

static bool write_csr(struct world *world, const char *name, u64 value)
{
	int number = csr_number(&world->assembler, name);

	if (number < 0)
		return fail(world, "no such CSR: %s", name);
	/* The instruction is csrrw zero,number,t0. */
	if (!execute(world, (u32)number << 20 | 5 << 15 | 1 << 12 | 0x73, value))
		return fail(world, "a write of %s in M-mode traps", name);
	return true;
}

/* Finds the field of NAME.FIELD; the field is cut off from the register's name. */
static int find_field(char *name)
{
	char *dot = strchr(name, '.'), spaced[40];

	*dot = '\0';
	snprintf(spaced, sizeof(spaced), " %s ", name);
	for (unsigned n = 0; n < ARRAY_SIZE(fields); n++)
		if (!strcmp(fields[n].name, dot + 1) && strstr(fields[n].csrs, spaced))
			return (int)n;
	return -1;
}

static u64 field_mask(int field)
{
	return (BIT(fields[field].width) - 1) << fields[field].low;
}

static bool peek_csr(struct world *world, const char *name, u64 *value)
{
	int number = csr_number(&world->assembler, name);

	return number >= 0 && csr_peek(world->hart, (u16)number, value);
}

bool world_read(struct world *world, const char *name, u64 *value)
{
	struct hart *hart = world->hart;
	char text[64];
	int n;

	if (*name == '[') {
		snprintf(text, sizeof(text), "%.*s", (int)strcspn(name + 1, "]"), name + 1);
		return value_of(&world->symbols, text, value) &&
		       bus_dma_read(&world->machine->platform.bus, *value, value, 8);
	}
	if (vector_element(&hart->vector, name)) {
		memcpy(value, vector_element(&hart->vector, name), sizeof(*value));
		return true;
	}
	if (!strcmp(name, "reads") || !strcmp(name, "writes")) {
		*value = *name == 'r' ? world->machine->bytes.reads : world->machine->bytes.writes;
		return true;
	}
	if ((n = x_number(name)) >= 0 || (n = f_number(name)) >= 0) {
		*value = x_number(name) >= 0 ? hart->x[n] : hart->f[n];
		return true;
	}
	snprintf(text, sizeof(text), "%s", name);
	if (!strchr(text, '.'))
		return peek_csr(world, text, value);
	n = find_field(text);
	if (n < 0 || !peek_csr(world, text, value))
		return false;
	*value = field_get(*value, field_mask(n));
	return true;
}

static bool write_field(struct world *world, char *name, u64 value)
{
	int field = find_field(name);
	u64 old;

	if (field < 0 || !peek_csr(world, name, &old))
		return fail(world, "no such field: %s.%s", name, name + strlen(name) + 1);
	return write_csr(world, name, field_set(old, field_mask(field), value));
}

static bool write_memory(struct world *world, const char *address, u64 value)
{
	char text[64];
	u64 pa;

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(address, "]"), address);
	if (!value_of(&world->symbols, text, &pa))
		return fail(world, "not an address: %s", text);
	poke(world, pa, &value, sizeof(value));
	return true;
}

/* Switches the vector unit on and executes vsetvl t1,zero,t0. */
static bool set_vtype(struct world *world, u64 value)
{
	char mstatus[] = "mstatus.VS", vsstatus[] = "vsstatus.VS";
	bool guests = isa_has(world->hart->isa, EXT_h);

	return write_field(world, mstatus, 3) && (!guests || write_field(world, vsstatus, 3)) &&
	       execute(world, 0x80507357, value);
}

/* Executes vsetvl t1,t0,t2 with the vtype there is. */
static bool set_vl(struct world *world, u64 value)
{
	world->hart->x[7] = world->hart->vector.vtype;
	return execute(world, 0x8072f357, value) && world->hart->vector.vl == value;
}

/* Applies NAME=VALUE of the setup if it is about vectors; false: it is not, or *good tells how. */
static bool set_vector(struct world *world, const char *name, u64 value, bool *good)
{
	struct vector_config unused;
	u8 *element = vector_element(&world->hart->vector, name);

	*good = true;
	if (element)
		memcpy(element, &value, sizeof(value));
	else if (!strcmp(name, "vtype"))
		*good = set_vtype(world, value) || fail(world, "vtype cannot be set");
	else if (!strcmp(name, "vl"))
		*good = set_vl(world, value) || fail(world, "vl cannot be set");
	else
		return vector_config_set(&unused, name, value);
	return true;
}

/* Applies NAME=VALUE of the setup. */
static bool set(struct world *world, char *name, u64 value)
{
	bool good;
	int n;

	if (*name == '[')
		return write_memory(world, name + 1, value);
	if (set_vector(world, name, value, &good))
		return good;
	if ((n = x_number(name)) >= 0)
		world->x[n] = value;
	else if ((n = f_number(name)) >= 0)
		world->hart->f[n] = value;
	else if (!strcmp(name, "pc"))
		world->pc = value;
	else if (!strcmp(name, "time"))
		timebase_write(&world->machine->timebase, value);
	else if (!strcmp(name, "geilen"))
		world->hart->imsic.guests = (unsigned)value;
	else if (!strcmp(name, "imsic"))
		world->hart->imsic = (struct imsic_port){ 0 };
	else if (!strncmp(name, "msi", 3) && isdigit((unsigned char)name[3]))
		send_msi(world, (unsigned)atoi(name + 3), value);
	else if (!strncmp(name, "pin", 3) && isdigit((unsigned char)name[3]))
		irq_set(hart_irq(world->hart, (unsigned)atoi(name + 3)), value);
	else if (!strncmp(name, "guest", 5) && isdigit((unsigned char)name[5]))
		irq_set(hart_guest_irq(world->hart, (unsigned)atoi(name + 5)), value);
	else if (strchr(name, '.'))
		return write_field(world, name, value);
	else
		return write_csr(world, name, value);
	return true;
}

static bool set_token(struct world *world, const struct layout *layout, const char *token)
{
	static const char *const atp[STAGE_COUNT] = { "satp", "vsatp", "hgatp" };
	const char *equals = strchr(token, '=');
	char name[64];
	u64 value;

	if (layout_is_choice(token)) {
		enum stage_name stage = layout_stage(token);

		return write_csr(world, atp[stage], layout->space[stage].atp);
	}
	if (!strncmp(token, "ext", 3) || !strcmp(token, "reset"))
		return true;
	if (!equals || !value_of(&world->symbols, equals + 1, &value))
		return fail(world, "not a setting: %s", token);
	snprintf(name, sizeof(name), "%.*s", (int)(equals - token), token);
	return set(world, name, value);
}

/* Applies what among the words of a setup is about how the vector unit is made. */
static void vector_of(const char *setup, struct vector_config *vector)
{
	char word[64];

	*vector = (struct vector_config){ 0 };
	while (fact_word(&setup, word, sizeof(word))) {
		char *equals = strchr(word, '=');

		if (!equals)
			continue;
		*equals = '\0';
		vector_config_set(vector, word, strtoull(equals + 1, NULL, 0));
	}
}

/* Applies ext-NAME and ext+NAME among the words of a setup. */
static bool extensions_of(struct world *world, const char *setup, struct ext_set *extensions)
{
	char word[64];

	*extensions = EXT_TOGETHER;
	while (fact_word(&setup, word, sizeof(word))) {
		unsigned n = 0;

		if (strncmp(word, "ext", 3) != 0 || (word[3] != '-' && word[3] != '+'))
			continue;
		while (n < EXT_COUNT && strcmp(ext_name(n), word + 4) != 0)
			n++;
		if (n == EXT_COUNT)
			return fail(world, "no such extension: %s", word);
		*extensions = word[3] == '-' ? ext_without(*extensions, n) :
					       ext_with(*extensions, n);
	}
	return true;
}

static bool choose(struct world *world, struct layout *layout, const char *setup,
		   const struct fact_mode *mode)
{
	char word[64];
	const char *error;

	/* The target of a choice may name these. */
	symbol_set(&world->symbols, "HOLE", HOLE_PA);
	symbol_set(&world->symbols, "DEVICE", DEVICE_PA);
	symbol_set(&world->symbols, "PA", DATA_PA);
	while (fact_word(&setup, word, sizeof(word)))
		if (layout_is_choice(word) && !layout_choose(layout, word, &error))
			return fail(world, "%s: %s", error, word);
	layout_build(layout, mode->priv, mode->virt);
	return true;
}

/* Writes a register that the hart may not have. */
static bool write_if_there(struct world *world, const char *name, u64 value)
{
	u64 unused;

	return !peek_csr(world, name, &unused) || write_csr(world, name, value);
}

/*
 * Sets the state from which every fact starts: nothing is protected, no state is hidden, traps go
 * to jumps to themselves.
 */
static bool set_usual(struct world *world)
{
	static const struct {
		const char *csr, *symbol;
	} vectors[] = { { "mtvec", "MH" }, { "stvec", "SH" }, { "vstvec", "VSH" } };
	static const char *const open[] = {
		"pmpaddr15",
		"mstateen0", "mstateen1", "mstateen2", "mstateen3",
		"hstateen0", "hstateen1", "hstateen2", "hstateen3",
	};

	for (unsigned n = 0; n < ARRAY_SIZE(vectors); n++)
		if (!write_if_there(world, vectors[n].csr,
				    symbol_get(&world->symbols, vectors[n].symbol)))
			return false;
	for (unsigned n = 0; n < ARRAY_SIZE(open); n++)
		if (!write_if_there(world, open[n], UINT64_MAX))
			return false;
	return write_if_there(world, "pmpcfg2", 0x1full << 56);
}

/* Places an instruction in the code page, or in the data page if pc was set there. */
static void place(struct world *world, u64 at, u32 raw, unsigned bytes)
{
	bool code = world->pc == symbol_get(&world->symbols, "C");
	u64 page = code ? CODE_PA : DATA_PA;

	poke(world, page + (world->pc + at) % (2 * PAGE_SIZE), &raw, bytes);
}

/* Assembles the instructions, separated by ';', and a jump to itself behind them. */
static bool place_code(struct world *world, const char *text)
{
	u64 at = 0;

	world->last = world->pc;
	while (*text) {
		size_t length = strcspn(text, ";");
		char line[96];
		u32 raw, bytes;

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		text += length + (text[length] == ';');
		bytes = assemble(&world->assembler, &world->symbols, line, world->pc + at, &raw);
		if (!bytes)
			return fail(world, "%s", world->assembler.error);
		place(world, at, raw, bytes);
		world->last = world->pc + at;
		at += bytes;
	}
	world->end = world->pc + at;
	place(world, at, JUMP_TO_SELF, 4);
	return true;
}

static bool set_up(struct world *world, const struct fact *fact, const struct fact_mode *mode)
{
	struct layout layout = { .bus = &world->machine->platform.bus,
				 .symbols = &world->symbols };
	const char *setup = fact->text[FACT_SETUP];
	char word[64];

	memset(&world->symbols, 0, sizeof(world->symbols));
	vector_symbols(&world->symbols);
	memset(world->x, 0, sizeof(world->x));
	if (!choose(world, &layout, setup, mode))
		return false;
	if (strncmp(setup, "reset", 5) != 0 && !set_usual(world))
		return false;
	world->x[10] = symbol_get(&world->symbols, "D");
	world->pc = symbol_get(&world->symbols, "C");
	while (fact_word(&setup, word, sizeof(word)))
		if (!set_token(world, &layout, word))
			return false;
	return place_code(world, fact->text[FACT_INSNS]);
}

bool world_run(struct world *world, const struct fact *fact, const struct fact_mode *mode,
	       unsigned tier)
{
	struct hart *hart;
	struct machines *machines;
	struct vector_config vector;
	struct ext_set extensions;
	u64 before;

	if (!extensions_of(world, fact->text[FACT_SETUP], &extensions))
		return false;
	vector_of(fact->text[FACT_SETUP], &vector);
	machines = &machines_of(world, extensions, &vector)->machines;
	world->machine = &machines->m[tier];
	world->hart = hart = world->machine->harts.hart[0];
	world->hart->imsic = tier_imsic_port(world->machine, 0);
	machines_begin(machines);
	if (!set_up(world, fact, mode))
		return false;
	memcpy(hart->x, world->x, sizeof(world->x));
	hart->x[0] = 0;
	hart->pc = world->pc;
	hart_set_mode(hart, mode->priv, mode->virt);
	world->traps = hart->traps;
	before = native_insns(world->machine->jit);
	tier_run(world->machine, hart->steps + STEPS_MORE);
	world->native += native_insns(world->machine->jit) - before;
	return true;
}
