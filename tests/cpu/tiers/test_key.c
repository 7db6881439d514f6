/* SPDX-License-Identifier: MIT */
/*
 * Tests what native code depends on. If any bit of a hart's state is flipped, then the code of
 * every row with an emitter is the same, or the block key differs, or the row is one whose code
 * checks the mode when it runs. And code that was made before the flip does the same after it as
 * the interpreter. For vector rows with their unit on, whose code is long, only the state that
 * concerns them is flipped. Also: atomics are emitted by the function that the tier is told to use,
 * and however long a block's code becomes, it stays within the room for code.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/key_rows.h"
#include "tests/cpu/tiers/tier_directed.h"
#include "tests/cpu/tiers/tier_random.h"
#include "tests/cpu/timing/default_core.h"

#include "cpu/engine/block_cache.h"
#include "cpu/fpu/fpu.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/jit/chunks.h"
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/threaded_warm.h"
#include "cpu/mmu/view.h"
#include "cpu/timed/timed.h"

#include <stdlib.h>
#include <string.h>

#define TRAPS (RAM_BASE + 4 * PAGE_SIZE)
#define DATA (RAM_BASE + 6 * PAGE_SIZE)
#define BLOCKS 600
#define CODE_ROOM (512 * KiB)

struct native_block {
	struct block *block;
	const void *entry;
	u8 *direct;
	size_t end, cold_end; /* of its code in both halves of the arena */
};

/* The places of a program's native code in the halves of the arena. */
struct layout {
	struct native_block blocks[BLOCKS];
	unsigned count;
	size_t start, used, cold_used;
};

struct program {
	struct layout layout;
	struct key_rows rows;
	u8 code[CODE_ROOM], cold[CODE_ROOM];
};

/* One bit that turns the FP unit on. */
#define FS_ON (MSTATUS_FS & -MSTATUS_FS)
#define VS_ON (MSTATUS_VS & -MSTATUS_VS)

/*
 * The contexts of vectors have e32, m1, tu, mu; e64, m1, ta, ma; e8, mf2, ta, mu; e16, m2, tu, ma.
 */
static const struct context contexts[] = {
	{ .priv = PRIV_M, .frm = RM_RNE, .status = FS_ON },
	{ .priv = PRIV_S, .frm = RM_RNE, .status = FS_ON },
	{ .priv = PRIV_U, .frm = RM_RUP, .status = FS_ON },
	{ .priv = PRIV_S, .virt = true, .frm = RM_RNE, .status = FS_ON },
	{ .priv = PRIV_U, .virt = true, .frm = RM_RNE, .status = FS_ON },
	{ .priv = PRIV_M, .vectors = true, .vtype = 0x10, .status = FS_ON | MSTATUS_VS },
	{ .priv = PRIV_U, .virt = true, .vectors = true, .vtype = 0xd8,
	  .status = FS_ON | MSTATUS_VS },
	{ .priv = PRIV_S, .frm = RM_RUP, .vectors = true, .vtype = 0x47,
	  .status = FS_ON | VS_ON },
	{ .priv = PRIV_S, .virt = true, .vectors = true, .vtype = 0x89,
	  .status = FS_ON | MSTATUS_VS },
};

static void set_operands(struct hart *hart)
{
	u64 seed = 1;

	for (unsigned n = 1; n < 32; n++)
		hart->x[n] = n == 10 || n == 20 ? DATA : random_value(&seed);
	hart->x[16] = 0x123456789abcdef1;
	for (unsigned n = 0; n < 32; n++)
		hart->f[n] = random_float(&seed);
	hart->f[10] = 0xffffffff3eaaaaab; /* singles: a third, pi and more */
	hart->f[13] = 0xffffffff40490fdb;
	hart->f[14] = 0xffffffff42280003;
	hart->f[20] = 0x3fd5555555555555; /* doubles */
	hart->f[22] = 0x400921fb54442d18;
	hart->f[15] = 0x40450000000000f3;
	for (unsigned n = 0; n < sizeof(hart->vector.v); n++)
		hart->vector.v[n] = (u8)random_u64(&seed);
}

static void begin(struct machines *machines, struct program *program, const struct context *context)
{
	struct emit e;
	struct hart *hart = directed_begin(machines, &e, TRAPS);

	/* Some vector rows are illegal with any vtype; they are skipped. */
	if (context->vectors) {
		emit_skip_trapped(&e, 31);
		emit(&e, e.match[OP_mret]);
	}
	emit_jump(&e, e.pc);
	e.pc = RAM_BASE;
	key_write_rows(&program->rows, &e, &machines->m[0].harts.isa, context);
	set_operands(hart);
	hart->mtvec = TRAPS;
	hart->priv = context->priv;
	hart->virt = context->virt;
	hart->frm = context->frm;
	hart->mstatus = hart->s[BANK_VS].status = context->status;
	if (context->vectors) {
		hart->vector.vtype = context->vtype;
		hart->vector.vl = vector_vlmax(&hart->vector);
	}
	machines_mirror(machines);
}

/* Translates the blocks with the hart's present state, to the place where they were before. */
static void compile(struct tier_machine *machine, struct layout *layout)
{
	struct jit *jit = machine->jit;

	stubs_need(jit);
	jit_forget_code(jit);
	layout->start = jit->arena.used;
	for (unsigned n = 0; n < layout->count; n++) {
		struct native_block *at = &layout->blocks[n];

		assert_true(jit_compile(jit, machine->harts.hart[0], at->block));
		at->end = jit->arena.used - layout->start;
		at->cold_end = jit->arena.cold_used;
		at->entry = at->block->entry;
		at->direct = at->block->direct;
	}
	layout->used = jit->arena.used - layout->start;
	layout->cold_used = jit->arena.cold_used;
	assert_true(layout->used <= CODE_ROOM && layout->cold_used <= CODE_ROOM);
}

/* Decodes all blocks again; because the cache is empty, they are where they were the last time. */
static void decode_all(struct tier_machine *machine, struct program *program)
{
	struct hart *hart = machine->harts.hart[0];
	struct layout *layout = &program->layout;
	u64 pc = hart->pc;
	bool trapped;

	block_cache_drop_all(machine->harts.blocks);
	layout->count = 0;
	for (u64 at = pc; at < program->rows.end;) {
		struct block *block;

		hart->pc = at;
		block = block_cache_find(hart, &trapped);
		assert_non_null(block);
		assert_true(layout->count < BLOCKS);
		layout->blocks[layout->count++].block = block;
		at += block->bytes;
	}
	hart->pc = pc;
}

static void translate(struct machines *machines, struct program *program)
{
	struct tier_machine *machine = &machines->m[1];
	const struct jit_arena *arena = &machine->jit->arena;
	struct layout *layout = &program->layout;

	decode_all(machine, program);
	compile(machine, layout);
	memcpy(program->code, arena->write + layout->start, layout->used);
	memcpy(program->cold, jit_arena_cold(arena), layout->cold_used);
}

/* Restores the code that was made before the flip. */
static void put_back(struct tier_machine *machine, const struct program *program)
{
	struct jit_arena *arena = &machine->jit->arena;
	const struct layout *layout = &program->layout;

	for (unsigned n = 0; n < layout->count; n++) {
		const struct native_block *at = &layout->blocks[n];

		at->block->entry = at->entry;
		at->block->direct = at->direct;
	}
	memcpy(arena->write + layout->start, program->code, layout->used);
	memcpy(jit_arena_cold(arena), program->cold, layout->cold_used);
	arena->used = layout->start + layout->used;
	arena->cold_used = layout->cold_used;
}

/* Returns whether the code of the first `count` blocks (at least one) is unchanged. */
static bool code_same(const struct program *before, const struct layout *now, unsigned count,
		      const struct jit_arena *arena)
{
	const struct native_block *a = before->layout.blocks, *b = now->blocks;

	for (unsigned n = 0; n < count; n++)
		if (a[n].end != b[n].end || a[n].cold_end != b[n].cold_end)
			return false;
	return memcmp(before->code, arena->write + before->layout.start, a[count - 1].end) == 0 &&
	       memcmp(before->cold, jit_arena_cold(arena), a[count - 1].cold_end) == 0;
}

/*
 * Returns the number of blocks whose code may not differ: all, or those before the first one that
 * checks the mode.
 */
static unsigned fixed_blocks(const struct program *program, bool mode)
{
	unsigned n = 0;

	while (n < program->layout.count) {
		const struct block *block = program->layout.blocks[n].block;

		if (mode && block->pa + block->bytes > program->rows.moded)
			break;
		n++;
	}
	return n;
}

/* Bits of a byte of a field of the hart's own state, or of that of vectors. */
struct flipped {
	bool vectors;
	unsigned field, byte;
	u8 bits;
};

/*
 * Checks the code after a flip. Only the code of accesses to CSRs and of cbo.zero checks the mode.
 * All code is compared at once, and block by block only to report where it differs.
 */
static void check_code(struct tier_machine *machine, const struct program *program,
		       const char *field, const struct flipped *place)
{
	bool mode = strcmp(field, "priv") == 0 || strcmp(field, "virt") == 0;
	unsigned count = fixed_blocks(program, mode), same = 0;
	struct layout now = program->layout;

	compile(machine, &now);
	assert_int_not_equal(count, 0);
	if (!code_same(program, &now, count, &machine->jit->arena)) {
		while (code_same(program, &now, same + 1, &machine->jit->arena))
			same++;
		fail_msg("bits 0x%x of byte %u of %s change the code at 0x%llx but not its key",
			 place->bits, place->byte, field, program->layout.blocks[same].block->pa);
	}
	put_back(machine, program);
}

static const struct state_part *hart_part(const struct tier_machine *machine, bool vectors)
{
	const struct state *state = &machine->platform.state;
	const char *name = vectors ? "hart0-vector" : "hart0";

	for (unsigned n = 0; n < state->count; n++)
		if (strcmp(state->parts[n].name, name) == 0)
			return &state->parts[n];
	fail_msg("there is no %s", name);
	return NULL;
}

/*
 * Flips the bits and returns whether the machine can be in that state. With vill, vtype has no
 * other bit, and vl is 0; vl is never more than VLMAX.
 */
static bool flip(struct tier_machine *machine, const struct flipped *place)
{
	const struct state_part *part = hart_part(machine, place->vectors);
	u8 *at = (u8 *)part->self + part->type->fields[place->field].offset;
	struct vector_state *vector = &machine->harts.hart[0]->vector;

	at[place->byte] ^= place->bits;
	if (vector->vtype & VTYPE_VILL) {
		vector->vtype = VTYPE_VILL;
		vector->vl = 0;
	} else if (at == (u8 *)&vector->vtype) {
		vector->vl = MIN(vector->vl, vector_vlmax(vector));
	}
	return part->type->post_load(part->self) == 0;
}

/*
 * Returns whether the block keys of the two states differ. The program was translated in the
 * context, and is translated again only if its code is not compared. A vector row may take a trap,
 * which is four more instructions.
 */
static bool check_bit(struct machines *machines, struct program *program,
		      const struct context *context, const struct flipped *place)
{
	struct tier_machine *native = &machines->m[1];
	const char *name = hart_part(native, place->vectors)->type->fields[place->field].name;
	const struct hart *flipped = machines->m[0].harts.hart[0], *hart = native->harts.hart[0];
	const u64 steps = program->rows.insns * (context->vectors ? 5 : 1) + 4;
	char difference[256];
	u32 key;

	begin(machines, program, context);
	if (!flip(&machines->m[0], place))
		return false;
	key = flipped->block_key ^ hart->block_key;
	decode_all(native, program);
	if (key)
		compile(native, &program->layout);
	assert_true(flip(native, place));
	assert_int_equal(flipped->block_key, hart->block_key);
	if (!key)
		check_code(native, program, name, place);
	for (unsigned n = 0; n < 2; n++)
		tier_run(&machines->m[n], machines->m[n].harts.hart[0]->steps + steps);
	if (machines_differs(machines, difference, sizeof(difference)))
		fail_msg("bits 0x%x of byte %u of %s, flipped behind the translation: %s",
			 place->bits, place->byte, name, difference);
	return key;
}

/* Returns whether code of vectors could depend on the field. */
static bool concerns_vectors(const char *name)
{
	static const char *const names[] = {
		"mstatus", "s[BANK_VS].status", "frm", "fflags", "fp_dirty", "priv", "virt",
	};

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		if (strcmp(name, names[n]) == 0)
			return true;
	return false;
}

/*
 * Checks a field; of a long array only the first two elements and the last one. All values of vtype
 * are tried, not only each bit.
 */
static unsigned check_field(struct machines *machines, struct program *program,
			    const struct context *context, struct flipped place)
{
	const struct state_field *field =
		&hart_part(&machines->m[1], place.vectors)->type->fields[place.field];
	const unsigned bits = field->boolean ? 1 : 8;
	const bool is_vtype = strcmp(field->name, "vector.vtype") == 0;
	unsigned told = 0;

	for (place.byte = 0; place.byte < field->count * field->size; place.byte++) {
		unsigned n = place.byte / field->size;

		if (field->count > 4 && n > 1 && n + 1 < field->count)
			continue;
		for (unsigned mask = 1; mask < 1u << bits;
		     mask += is_vtype && !place.byte ? 1 : mask) {
			place.bits = (u8)mask;
			told += check_bit(machines, program, context, &place);
		}
	}
	return told;
}

/* Returns for how many flips of the hart's state the block key differs. */
static unsigned check_context(struct machines *machines, struct program *program,
			      const struct context *context)
{
	unsigned told = 0;

	begin(machines, program, context);
	translate(machines, program);
	for (unsigned vectors = 0; vectors <= context->vectors; vectors++) {
		const struct state_type *type = hart_part(&machines->m[1], vectors)->type;

		for (unsigned n = 0; n < type->count; n++)
			if (vectors || !context->vectors || concerns_vectors(type->fields[n].name))
				told += check_field(machines, program, context,
						    (struct flipped){ vectors, n, 0, 0 });
	}
	return told;
}

static struct machines *native_machines(const struct timing_core *core)
{
	const struct tier_config config = {
		.harts = 1, .extensions = TIER_EXTENSIONS, .native = true, .timing = core,
	};
	struct machines *machines = calloc(1, sizeof(*machines));

	assert_non_null(machines);
	machines_init(machines, &config);
	return machines;
}

static void test_every_bit(void **unused)
{
	struct machines *machines = native_machines(NULL);
	struct program *program = calloc(1, sizeof(*program));

	assert_non_null(program);
	/*
	 * There must be at least the state of the FP unit; for vectors also all vtypes, which are
	 * more than 60.
	 */
	for (unsigned n = 0; n < ARRAY_SIZE(contexts); n++)
		assert_true(check_context(machines, program, &contexts[n]) >=
			    (contexts[n].vectors ? 60 : 1));
	free(program);
	machines_free(machines);
	free(machines);
}

/*
 * Returns the block at pc with native code that does for a model what the key demands. It is found
 * by the view's jumps.
 */
static const struct block *timed_block(struct tier_machine *machine, u32 key)
{
	struct hart *hart = machine->harts.hart[0];
	struct block *block;
	bool trapped = false;

	hart->limit = hart->steps + 1;
	hart->stop = false; /* as the run loop does */
	hart_time_native(hart, key, key == BLOCK_KEY_PRICED ? &hart->timed->prices : NULL);
	block = warm_next(hart, &trapped);
	assert_non_null(block);
	if (!block->direct)
		assert_true(jit_compile(machine->jit, hart, block));
	return block;
}

/* The key, not the hart's state, determines what native code does for a model. */
static void test_timed(void **unused)
{
	const u32 keys[] = { 0, BLOCK_KEY_PRICED, BLOCK_KEY_NOTED };
	const struct block *blocks[ARRAY_SIZE(keys)];
	struct timing_core core;
	struct machines *machines;
	struct tier_machine *machine;
	struct emit e;

	default_core(&core, &timing_simple);
	core.values[0] = 1000000000;
	machines = native_machines(&core);
	machine = &machines->m[1];
	directed_begin(machines, &e, RAM_BASE);
	emit(&e, machine->harts.isa.match[OP_addi]);
	emit_jump(&e, e.pc);
	machines_mirror(machines);
	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		blocks[n] = timed_block(machine, keys[n]);
	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++) {
		const struct block *other = blocks[(n + 1) % ARRAY_SIZE(keys)];

		assert_int_equal(blocks[n]->key & BLOCK_KEY_TIMED, keys[n]);
		assert_non_null(blocks[n]->direct);
		assert_int_not_equal(blocks[n]->key, other->key);
		assert_int_not_equal(blocks[n]->direct, other->direct);
		assert_ptr_equal(timed_block(machine, keys[n]), blocks[n]);
	}
	machines_free(machines);
	free(machines);
}

static bool refuse(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	return false;
}

/* Writes the rows of atomics and FENCE, whose emitter is one function. */
static void write_atomics(struct program *program, struct emit *e, const struct isa *isa)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		bool atomic = isa_ops[op].class == CLASS_AMO && emitters[op].emit;

		if (!atomic && op != OP_fence)
			continue;
		assert_ptr_equal(emitters[op].emit, jit_atomic);
		emit(e, key_encode(isa, op, 0));
		program->rows.insns++;
	}
	program->rows.end = program->rows.moded = e->pc;
	assert_true(program->rows.insns >= 45);
}

/* jit->atomic emits atomics and FENCE: here as calls, as if there were no emitter. */
static void test_atomics(void **unused)
{
	struct machines *machines = native_machines(NULL);
	struct program *program = calloc(1, sizeof(*program));
	struct jit *jit = machines->m[1].jit;
	struct emit e;

	assert_non_null(program);
	directed_begin(machines, &e, RAM_BASE);
	write_atomics(program, &e, &machines->m[0].harts.isa);
	machines_mirror(machines);
	jit->atomic = refuse;
	translate(machines, program);
	jit->only = 0;
	check_code(&machines->m[1], program, "only", &(struct flipped){ 0 });
	jit->only = JIT_MEM;
	check_code(&machines->m[1], program, "only", &(struct flipped){ 0 });
	jit->atomic = emit_atomic_of_one_thread;
	compile(&machines->m[1], &program->layout);
	assert_false(code_same(program, &program->layout, program->layout.count, &jit->arena));
	free(program);
	machines_free(machines);
	free(machines);
}

/* Tests the longest blocks of each row with less and less room. */
static void test_room(void **unused)
{
	struct machines *machines = native_machines(NULL);
	struct tier_machine *machine = &machines->m[1];
	struct jit *jit = machine->jit;
	size_t size = jit->arena.size;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		struct emit e;
		bool trapped;

		directed_begin(machines, &e, RAM_BASE);
		for (unsigned n = 0; n < 2 * BLOCK_INSNS; n++)
			emit(&e, key_encode(&machine->harts.isa, op, n % 2));
		machines_mirror(machines);
		block_cache_drop_all(machine->harts.blocks);
		for (size_t room = 0; room < 40 * KiB; room += 512) {
			struct block *block = block_cache_find(machine->harts.hart[0], &trapped);

			if (!block)
				break;
			jit_forget_code(jit);
			jit->arena.size = 2 * JIT_CHUNKS * (jit->stubs_end + room);
			if (jit_compile(jit, machine->harts.hart[0], block) &&
			    MAX(jit->arena.used, jit->arena.cold_used) > jit_chunk_size(jit))
				fail_msg("%s: the code does not fit", isa_ops[op].name);
		}
		jit->arena.size = size;
	}
	machines_free(machines);
	free(machines);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_every_bit),
	cmocka_unit_test(test_timed),
	cmocka_unit_test(test_atomics),
	cmocka_unit_test(test_room),
	{ 0 },
};
