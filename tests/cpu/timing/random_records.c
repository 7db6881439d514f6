/* SPDX-License-Identifier: MIT */
/* Makes records of a random program (see random_records.h). */
#include "tests/cpu/timing/random_records.h"
#include "tests/cpu/vector_names.h"

#include <string.h>

#define CSR_SATP 0x180
#define CALM 100

/*
 * The page tables at the end of memory: TABLES roots, as many tables of the next level, and
 * TABLES_LAST of the last level.
 */
#define TABLES 2
#define TABLES_LAST 2

/* Instructions; the bits that are 0 in the mask are random (registers, immediates and so on). */
static const struct {
	u32 bits, mask;
} templates[] = {
	{ 0x00000033, 0xfe00707f }, { 0x00000013, 0x0000707f }, { 0x02000033, 0xfe00707f },
	{ 0x02004033, 0xfe00707f }, { 0x0200503b, 0xfe00707f }, { 0x00003003, 0x0000707f },
	{ 0x00003023, 0x0000707f }, { 0x00000003, 0x0000707f }, { 0x00000023, 0x0000707f },
	{ 0x00000063, 0x0000707f }, { 0x00001063, 0x0000707f }, { 0x0000006f, 0x0000007f },
	{ 0x00000067, 0x0000707f }, { 0x00008067, 0xffffffff }, { 0x02000053, 0xfe00007f },
	{ 0x1a000053, 0xfe00007f }, { 0x5a000053, 0xfff0007f }, { 0xd2200053, 0xfff0007f },
	{ 0x0ff0000f, 0xffffffff }, { 0x0000100f, 0xffffffff }, { 0x12000073, 0xfe007fff },
	{ 0xb0002073, 0xfff0707f }, { 0x34001073, 0xfff0707f }, { 0x18001073, 0xfff0707f },
	{ 0x30001073, 0xfff0707f }, { 0x0000302f, 0xf800707f }, { 0x1000302f, 0xf9f0707f },
	{ 0x1800302f, 0xf800707f }, { 0x00000073, 0xffffffff }, { 0x30200073, 0xffffffff },
	{ 0x10500073, 0xffffffff },
};

static bool random_records_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	const struct world *world = ctx;

	if (!range_within(pa, size, WORLD_BASE, WORLD_SIZE))
		return false;
	memcpy(data, world->memory + (pa - WORLD_BASE), size);
	return true;
}

static u64 random_records_below(struct world *world, u64 limit)
{
	return random_u64(&world->seed) % limit;
}

/* Returns the instruction with a random target in memory if it is a jump or branch at `at`. */
static u32 random_records_aim(struct world *world, u32 raw, unsigned at)
{
	bool jump = (raw & 0x7f) == 0x6f, branch = (raw & 0x7f) == 0x63;
	u64 target = random_records_below(world, WORLD_SIZE - 64) & ~1ull, offset = target - at;

	if (jump)
		return (raw & 0xfff) | (u32)(bits(offset, 20, 1) << 31 | bits(offset, 1, 10) << 21 |
					     bits(offset, 11, 1) << 20 | bits(offset, 12, 8) << 12);
	/* A branch offset has thirteen bits, so its target may not be farther away. */
	if (branch && at + 0x1000 < WORLD_SIZE - 64 && at >= 0x1000)
		return raw;
	if (branch)
		return (raw & 0x01fff07f) | (at < 0x1000 ? 0x400 : 0xfe000c80);
	return raw;
}

void world_init(struct world *world, u64 seed)
{
	memset(world, 0, sizeof(*world));
	world->seed = seed;
	world->calm = CALM;
	isa_init(&world->isa, ext_without(EXT_TOGETHER, VECTOR_EXTENSIONS));
	for (unsigned at = 0; at < WORLD_SIZE;) {
		u32 random = (u32)random_u64(&world->seed),
		    chosen = (u32)random_records_below(world, 40);
		bool full = chosen < ARRAY_SIZE(templates);
		u32 raw = full ? templates[chosen].bits | (random & ~templates[chosen].mask) :
				 random & 0xfffc;

		raw = full ? random_records_aim(world, raw, at) : raw;
		memcpy(world->memory + at, &raw, full && at + 4 <= WORLD_SIZE ? 4 : 2);
		at += full ? 4 : 2;
	}
	world->pc = WORLD_BASE;
	world->host = (struct timing_host){
		.ctx = world, .isa = &world->isa, .read = random_records_read_memory,
	};
}

void world_run_wild(struct world *world)
{
	world->wild = true;
	for (unsigned n = WORLD_SIZE / 2; n < WORLD_SIZE; n += 8) {
		u64 value = random_u64(&world->seed);

		if (n % 24)
			value = (WORLD_BASE + random_records_below(world, WORLD_SIZE)) >>
					PAGE_SHIFT << 10 |
				value % 0x100;
		memcpy(world->memory + n, &value, sizeof(value));
	}
}

void world_add_vectors(struct world *world)
{
	isa_init(&world->isa, EXT_TOGETHER);
	for (unsigned at = 0; at < WORLD_SIZE / 2; at += 4) {
		u64 op = OP_vsetivli + random_records_below(world, OP_COUNT - OP_vsetivli);
		u32 raw = (u32)random_u64(&world->seed);

		raw = world->isa.match[op] | (raw & ~world->isa.mask[op]);
		if (random_records_below(world, 3) == 0)
			memcpy(world->memory + at, &raw, sizeof(raw));
	}
}

static void set_entry(struct world *world, unsigned page, unsigned index, u64 pa, u64 flags)
{
	u64 entry = pa >> PAGE_SHIFT << 10 | flags;

	memcpy(world->memory + page * PAGE_SIZE + 8 * index, &entry, sizeof(entry));
}

/*
 * Writes a random entry: mostly a leaf with some rights that maps the address to itself, or a
 * pointer to a table.
 */
static void random_records_map(struct world *world, unsigned page, unsigned index, u64 pa,
			       unsigned table)
{
	u64 flags = random_records_below(world, 8) ? 0xcf : random_records_below(world, 0x100);

	if (table && random_records_below(world, 2))
		set_entry(world, page, index, WORLD_BASE + table * PAGE_SIZE, 1);
	else
		set_entry(world, page, index, pa,
			  flags | (random_records_below(world, 3) ? 0 : 0x10));
}

void world_translate(struct world *world)
{
	unsigned end = WORLD_SIZE / PAGE_SIZE, last = end - TABLES_LAST, middle = last - TABLES;

	world->translates = true;
	world->roots = middle - TABLES;
	for (unsigned n = 0; n < TABLES; n++) {
		random_records_map(world, world->roots + n, 2, WORLD_BASE, middle + n);
		random_records_map(world, middle + n, 0, WORLD_BASE, last + n);
	}
	for (unsigned page = last; page < end; page++)
		for (unsigned n = 0; n < end; n++)
			random_records_map(world, page, n, WORLD_BASE + n * PAGE_SIZE, 0);
}

static u64 somewhere(struct world *world)
{
	return WORLD_BASE + (random_records_below(world, WORLD_SIZE - 64) & ~1ull);
}

/*
 * Makes the record of a vector access: some elements, mostly near each other, in a vtype that need
 * not be legal.
 */
static void take_vector(struct world *world, const struct insn *insn, struct timing_record *record)
{
	u8 class = isa_ops[insn->op].class;

	record->a = random_records_below(world, 70);
	record->b = random_records_below(world, 9) * 8 - 32;
	record->c = random_records_below(world, 64);
	if (class != CLASS_VLOAD && class != CLASS_VSTORE)
		return;
	record->va = record->pa = WORLD_BASE + random_records_below(world, WORLD_SIZE / 8);
	record->flags |= class == CLASS_VLOAD ? TIMING_LOAD : TIMING_STORE;
}

static void touch_memory(struct world *world, const struct insn *insn, struct timing_record *record)
{
	u8 class = isa_ops[insn->op].class;

	if (class > CLASS_VSET)
		take_vector(world, insn, record);
	if (!class_touches_memory(class))
		return;
	record->size = (u8)(1u << (insn->raw >> 12 & 3));
	record->va =
		align_down(WORLD_BASE + random_records_below(world, WORLD_SIZE / 8), record->size);
	if (random_records_below(world, 50) == 0)
		record->va = align_down(0x10000000 + random_records_below(world, 64), record->size);
	record->pa = record->va;
	if (class != CLASS_STORE && class != CLASS_FSTORE)
		record->flags |= TIMING_LOAD;
	if (class != CLASS_LOAD && class != CLASS_FLOAD)
		record->flags |= TIMING_STORE;
}

static void set_next(struct world *world, const struct insn *insn, struct timing_record *record)
{
	u8 class = isa_ops[insn->op].class;

	if (class == CLASS_BRANCH && random_records_below(world, 2))
		record->flags |= TIMING_TAKEN;
	if (record->flags & TIMING_TAKEN || insn->op == OP_jal)
		record->next = record->pc + (u64)(s64)insn->imm;
	if (insn->op == OP_jalr || insn->op == OP_mret || random_records_below(world, 5000) == 0)
		record->next = somewhere(world);
	if (!range_within(record->next, 4, WORLD_BASE, WORLD_SIZE - 64))
		record->next = somewhere(world);
}

static void trap(struct world *world, const struct insn *insn, struct timing_record *record)
{
	static const u8 causes[] = { 2, 4, 5, 6, 7, 8, 12, 13, 15 };

	if (insn->op != OP_ecall && insn->op != OP_illegal &&
	    random_records_below(world, world->calm))
		return;
	record->flags |= TIMING_TRAP;
	record->cause = causes[random_records_below(world, ARRAY_SIZE(causes))];
	record->flags |= record->cause == 12 ? TIMING_FETCH : 0;
	record->pa = 0;
	record->next = somewhere(world);
	record->shadows = (u8)random_records_below(world, 6);
}

/* Sets flags, operands, sizes and targets that contradict each other and the instruction. */
static void go_wild(struct world *world, struct timing_record *record)
{
	static const u16 flags[] = {
		0, 0, 0, 0, 0, 0, TIMING_TRAP | TIMING_INTERRUPT, TIMING_TRAP | TIMING_FETCH,
		TIMING_TAKEN, TIMING_WAITS, TIMING_SC_FAILED,
	};

	record->flags |= flags[random_records_below(world, ARRAY_SIZE(flags))] | TIMING_LOAD;
	record->after =
		(u8)(random_records_below(world, 3) ? 0xf : random_records_below(world, 64));
	record->size = (u8)(1u << random_records_below(world, 7) >> 1);
	record->va = WORLD_BASE + random_records_below(world, WORLD_SIZE);
	if (random_records_below(world, 100) == 0)
		record->va = random_u64(&world->seed);
	record->pa = record->flags & TIMING_TRAP ? 0 : record->va;
	record->flags |= random_records_below(world, 2) ? TIMING_TRANSLATED : 0;
	if (random_records_below(world, 8) == 0)
		record->next = somewhere(world);
}

/*
 * Sets the mode, which changes now and then, and the operands of CSR writes to satp (Sv39 or Bare)
 * and of SFENCE.VMA.
 */
static void translate(struct world *world, const struct insn *insn, struct timing_record *record)
{
	static const u8 modes[] = { 0xf, 0x5, 0x0, 0x5, 0x0, 0x25 };
	u64 root = WORLD_BASE + (world->roots + random_records_below(world, TABLES)) * PAGE_SIZE;

	if (random_records_below(world, 40) == 0)
		world->after = modes[random_records_below(world, ARRAY_SIZE(modes))];
	record->after = world->after;
	if (isa_ops[insn->op].class == CLASS_CSR && bits(insn->raw, 20, 12) == CSR_SATP)
		record->a = (random_records_below(world, 8) ? BIT(63) : 0) |
			    random_records_below(world, 4) << 44 | root >> PAGE_SHIFT;
	if (insn->op == OP_sfence_vma) {
		record->a = random_records_below(world, 2) ? somewhere(world) : 0;
		record->b = random_records_below(world, 4);
	}
}

static void describe(struct world *world, struct timing_record *record, u64 pc)
{
	struct insn insn;
	u32 raw;

	memcpy(&raw, world->memory + (pc - WORLD_BASE), sizeof(raw));
	isa_decode(&world->isa, raw, &insn);
	*record = (struct timing_record){ .pc = pc, .raw = insn.raw, .op = insn.op };
	record->next = pc + insn_length(raw);
	record->a = random_u64(&world->seed) >> random_records_below(world, 64);
	record->b = random_u64(&world->seed) >> random_records_below(world, 64);
	/*
	 * The mode is mostly machine mode; now and then it is another one, with random memory as
	 * tables.
	 */
	record->after = random_records_below(world, 20) ? 0xf : (u8)random_records_below(world, 16);
	if (world->translates)
		translate(world, &insn, record);
	touch_memory(world, &insn, record);
	set_next(world, &insn, record);
	if (record->after != 0xf && record->flags & (TIMING_LOAD | TIMING_STORE) &&
	    random_records_below(world, 2))
		record->flags |= TIMING_TRANSLATED;
	if (world->wild)
		go_wild(world, record);
}

unsigned world_step(struct world *world, struct timing_record *records)
{
	struct insn insn;
	u64 pc;

	describe(world, &records[0], world->pc);
	isa_decode(&world->isa, records[0].raw, &insn);
	trap(world, &insn, &records[0]);
	world->pc = records[0].next;
	pc = records[0].pc + insn_length(records[0].raw);
	for (unsigned n = 1; n <= records[0].shadows; n++) {
		if (!range_within(pc, 4, WORLD_BASE, WORLD_SIZE))
			pc = WORLD_BASE;
		describe(world, &records[n], pc);
		pc = records[n].next;
	}
	return 1u + records[0].shadows;
}
