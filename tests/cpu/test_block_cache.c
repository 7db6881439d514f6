/* SPDX-License-Identifier: MIT */
/* Tests decoded blocks: what they contain, when they are found again, and when they are dropped. */
#include "tests/cpu/fixture.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/block_chunks.h"
#include "cpu/hart/limits.h"
#include "cpu/mmu/mem.h"

#include <stdio.h>

#define ADDI 0x00128293u /* addi t0, t0, 1 */
#define FADD_D 0x02317053u /* fadd.d f0, f2, f3 */
#define BEQ 0x00000463u /* beq zero, zero, . + 8 */
#define JAL 0xff5ff06fu /* jal zero, . - 12 */
#define ECALL 0x00000073u
/* Dropped blocks are counted from this number of bytes on. */
#define SPARSE_BYTES (BLOCK_CACHE_SPARSE * BLOCK_CHUNK_SIZE)

struct coded {
	struct machine *machine;
	struct hart *hart;
	struct hart *harts[1];
};

static void block_cache_setup(struct coded *c)
{
	c->machine = machine_create(EXT_TOGETHER);
	c->hart = c->harts[0] = &c->machine->hart;
	c->hart->blocks = block_cache_create(c->harts, 1);
	assert_non_null(c->hart->blocks);
	assert_int_equal(block_cache_watch(c->hart->blocks, &c->machine->ram, RAM_BASE), 0);
	c->hart->pc = RAM_BASE;
}

static void block_cache_teardown(struct coded *c)
{
	block_cache_free(c->hart->blocks);
	machine_free(c->machine);
}

static void block_cache_put(struct coded *c, u64 addr, const u32 *words, unsigned count)
{
	assert_true(bus_dma_write(&c->machine->platform.bus, addr, words, count * sizeof(*words)));
}

static struct block *block_cache_find_coded(struct coded *c)
{
	bool trapped;
	struct block *block = block_cache_find(c->hart, &trapped);

	assert_false(trapped);
	return block;
}

/* A block continues past branches, and ends after a jump or before it gets too long. */
static void test_block(void **unused)
{
	const u32 words[] = { ADDI, ADDI, BEQ, JAL, ADDI };
	struct coded c;
	struct block *block;

	block_cache_setup(&c);
	block_cache_put(&c, RAM_BASE, words, ARRAY_SIZE(words));
	block = block_cache_find_coded(&c);
	assert_int_equal(block->pa, RAM_BASE);
	assert_int_equal(block->count, MIN(4, BLOCK_INSNS));
	assert_int_equal(block->bytes, block->count * 4);
	assert_int_equal(block->insn[0].op, OP_addi);
	assert_ptr_equal(block_cache_find_coded(&c), block);
	block_cache_teardown(&c);
}

/*
 * A block with floating-point instructions is found only while the unit is in the state in which it
 * was decoded. Other blocks are found in both states, because kernels turn the unit off and on.
 */
static void test_key(void **unused)
{
	const u32 words[] = { ADDI, JAL }, floats[] = { FADD_D, JAL };
	struct coded c;
	struct block *block;

	block_cache_setup(&c);
	block_cache_put(&c, RAM_BASE, words, ARRAY_SIZE(words));
	block = block_cache_find_coded(&c);
	c.hart->block_key ^= BLOCK_KEY_FP;
	assert_ptr_equal(block_cache_find_coded(&c), block);
	block_cache_put(&c, RAM_BASE, floats, ARRAY_SIZE(floats));
	block = block_cache_find_coded(&c);
	c.hart->block_key ^= BLOCK_KEY_FP;
	assert_ptr_not_equal(block_cache_find_coded(&c), block);
	c.hart->block_key ^= BLOCK_KEY_FP;
	assert_ptr_equal(block_cache_find_coded(&c), block);
	block_cache_teardown(&c);
}

/* A write to a block's bytes drops it at once; a write to other bytes does not. */
static void test_dropped_by_writes(void **unused)
{
	const u32 words[] = { ADDI, ECALL }, other = ECALL;
	struct block_cache_stats before, after;
	struct coded c;
	struct block *block;

	block_cache_setup(&c);
	block_cache_put(&c, RAM_BASE, words, ARRAY_SIZE(words));
	block = block_cache_find_coded(&c);
	block_cache_put(&c, RAM_BASE + RAM_PIECE, &other, 1);
	assert_ptr_equal(block_cache_find_coded(&c), block);
	c.hart->stop = false;
	block_cache_put(&c, RAM_BASE, &other, 1);
	assert_int_equal(block->key, 0);
	assert_true(c.hart->stop);
	assert_int_equal(block_cache_find_coded(&c)->insn[0].op, OP_ecall);
	block_cache_stats(c.hart->blocks, &before);
	block_cache_drop_all(c.hart->blocks);
	assert_int_equal(block_cache_find_coded(&c)->insn[0].op, OP_ecall);
	block_cache_stats(c.hart->blocks, &after);
	assert_int_equal(after.decoded, before.decoded + 1);
	block_cache_teardown(&c);
}

static struct block *block_cache_find_at(struct coded *c, u64 pc)
{
	c->hart->pc = pc;
	return block_cache_find_coded(c);
}

static u64 block_cache_dropped(const struct coded *c)
{
	struct block_cache_stats stats;

	block_cache_stats(c->hart->blocks, &stats);
	return stats.dropped;
}

/* A write drops the blocks with bytes in the pieces that are written, and leaves the others. */
static void test_dropped_by_pieces(void **unused)
{
	static const u64 at[] = { 0, RAM_PIECE - 4, RAM_PIECE, 3 * RAM_PIECE };
	const u32 words[] = { BEQ, ECALL };
	struct block *block[ARRAY_SIZE(at)];
	struct coded c;

	block_cache_setup(&c);
	for (unsigned n = ARRAY_SIZE(at); n-- > 0;)
		block_cache_put(&c, RAM_BASE + at[n], words, ARRAY_SIZE(words));
	for (unsigned n = 0; n < ARRAY_SIZE(at); n++)
		block[n] = block_cache_find_at(&c, RAM_BASE + at[n]);
	block_link_set(block_link(block[0]->insn), block[3]);
	block_link_set(block_link(block[1]->insn), block[3]);
	block_link_set(block_link(block[3]->insn), block[0]);
	block_cache_put(&c, RAM_BASE + 2 * RAM_PIECE - 4, words, 1);
	/* The second block ends in the first piece if a block has one instruction. */
	assert_int_equal(block_cache_dropped(&c), BLOCK_INSNS > 1 ? 2 : 1);
	assert_int_equal(block[1]->key == 0, BLOCK_INSNS > 1);
	assert_int_equal(block[2]->key, 0);
	assert_ptr_equal(block_cache_find_at(&c, RAM_BASE), block[0]);
	assert_ptr_equal(block_cache_find_at(&c, RAM_BASE + at[3]), block[3]);
	assert_ptr_equal(block_link(block[0]->insn)->to, block[3]);
	/* The remaining blocks are still watched, and links to dropped ones are cut. */
	block_cache_put(&c, RAM_BASE + at[3] + RAM_PIECE - 4, words, 1);
	assert_int_equal(block[3]->key, 0);
	assert_null(block_link(block[0]->insn)->to);
	assert_null(block_link(block[1]->insn)->to);
	assert_null(block[0]->links);
	assert_ptr_equal(block_cache_find_at(&c, RAM_BASE), block[0]);
	block_cache_teardown(&c);
}

/* A page that is written from one end to the other is no longer watched long before the end. */
static void test_page_of_code_becomes_data(void **unused)
{
	const u32 word = ECALL;
	const u64 *marks;
	struct coded c;

	block_cache_setup(&c);
	marks = &c.machine->ram.watch[0].code;
	for (u64 at = 0; at < PAGE_SIZE; at += RAM_PIECE)
		block_cache_put(&c, RAM_BASE + at, &word, 1);
	for (u64 at = 0; at < PAGE_SIZE / 4; at += RAM_PIECE)
		block_cache_find_at(&c, RAM_BASE + PAGE_SIZE / 2 + at);
	/* The code that is written is run, so the page remains a page of code. */
	for (u64 at = 0; at < PAGE_SIZE; at += RAM_PIECE) {
		block_cache_find_at(&c, RAM_BASE);
		block_cache_put(&c, RAM_BASE, &word, 1);
		assert_true(*marks);
	}
	for (u64 at = 0; at < PAGE_SIZE / 2; at += RAM_PIECE)
		block_cache_find_at(&c, RAM_BASE + at);
	for (u64 at = 0; at < PAGE_SIZE / 2 && *marks; at += RAM_PIECE)
		block_cache_put(&c, RAM_BASE + at, &word, 1);
	assert_false(*marks);
	block_cache_teardown(&c);
}

/*
 * No block has a pc without memory, or an instruction that is in two pages of which the TLB lacks
 * one: the interpreter takes the trap, or gets the page.
 */
static void test_not_in_blocks(void **unused)
{
	const u32 word = ADDI;
	struct block *block;
	struct coded c;

	block_cache_setup(&c);
	block_cache_put(&c, RAM_BASE + PAGE_SIZE - 2, &word, 1);
	c.hart->pc = RAM_BASE + PAGE_SIZE - 2;
	assert_null(block_cache_find_coded(&c));
	assert_int_equal(interp_step(c.hart), EXIT_NEXT);
	c.hart->pc = RAM_BASE + PAGE_SIZE - 2;
	block = block_cache_find_coded(&c);
	if (TLB_ENTRIES == 1) {
		assert_null(block);
	} else {
		assert_int_equal(block->count, 1);
		assert_int_equal(block->bytes, 2);
	}
	c.hart->pc = HOLE;
	assert_null(block_cache_find_coded(&c));
	assert_int_equal(interp_step(c.hart), EXIT_TRAP);
	assert_int_equal(c.hart->trap.cause, CAUSE_FETCH_ACCESS);
	block_cache_teardown(&c);
}

/* Fills the cache with blocks from `at` on until one is evicted. Returns where it stopped. */
static u64 block_cache_fill_up(struct coded *c, u64 at)
{
	c->hart->stop = false;
	for (; at < RAM_SIZE && !c->hart->stop; at += 4)
		block_cache_find_at(c, RAM_BASE + at);
	assert_true(c->hart->stop);
	return at;
}

/*
 * If there are more blocks than the arena has room for, the oldest chunk is reused, and harts stop.
 */
static void test_oldest_chunk_is_evicted(void **unused)
{
	const u32 word = BEQ;
	struct block *first, *before = NULL, *last;
	struct coded c;
	u64 at, stopped;

	block_cache_setup(&c);
	block_cache_limit(c.hart->blocks, 1);
	for (at = 0; at < RAM_SIZE; at += 4)
		block_cache_put(&c, RAM_BASE + at, &word, 1);
	first = block_cache_find_at(&c, RAM_BASE);
	last = first;
	for (at = 4; (uintptr_t)last - (uintptr_t)first < BLOCK_CHUNK_SIZE; at += 4) {
		before = last;
		last = block_cache_find_at(&c, RAM_BASE + at);
	}
	block_link_set(block_link(last->insn), before);
	block_link_set(block_link(before->insn), last);
	stopped = block_cache_fill_up(&c, at) - 4;
	/* Another block is in the first one's place, and the others of the chunk are gone. */
	assert_int_equal(first->pa, RAM_BASE + stopped);
	assert_int_equal(before->key, 0);
	assert_int_equal(block_cache_dropped(&c), at / 4 - 1);
	assert_in_range(at, 8, 2 * stopped / BLOCK_CACHE_CHUNKS);
	/* The next chunk is as before, except for links to the first one. */
	assert_ptr_equal(block_cache_find_at(&c, RAM_BASE + at - 4), last);
	assert_null(block_link(last->insn)->to);
	assert_null(last->links);
	stopped = block_cache_fill_up(&c, stopped) - 4;
	assert_int_equal(last->pa, RAM_BASE + stopped);
	block_cache_teardown(&c);
}

/*
 * Fills the cache with pages whose blocks all have a link to the page's last block, which is
 * decoded after them. `block` has room for the blocks of a page.
 */
static void block_cache_fill_with_links(struct coded *c, struct block **block)
{
	c->hart->stop = false;
	for (u64 page = 0; page < RAM_SIZE && !c->hart->stop; page += PAGE_SIZE) {
		for (unsigned n = 0; n < PAGE_SIZE / 4; n++)
			block[n] = block_cache_find_at(c, RAM_BASE + page + n * 4);
		for (unsigned n = 0; n < PAGE_SIZE / 4 && !c->hart->stop; n++)
			block_link_set(block_link(block[n]->insn), block[PAGE_SIZE / 4 - 1]);
	}
	assert_true(c->hart->stop);
}

/*
 * The hart does not run while a chunk is evicted. Visiting a block or link takes 10 to 30 ns, so a
 * chunk full of them takes less than 5 ms.
 */
static void test_eviction_is_bounded(void **unused)
{
	const u32 word = BEQ;
	struct block *block[PAGE_SIZE / 4];
	struct block_cache_stats stats;
	struct coded c;

	if (limits_paranoid())
		skip();
	block_cache_setup(&c);
	block_cache_limit(c.hart->blocks, 1);
	for (u64 at = 0; at < RAM_SIZE; at += 4)
		block_cache_put(&c, RAM_BASE + at, &word, 1);
	block_cache_fill_with_links(&c, block);
	block_cache_stats(c.hart->blocks, &stats);
	assert_in_range(stats.visited, BLOCK_CHUNK_SIZE / 256, 150000);
	block_cache_teardown(&c);
}

/*
 * If one block stays while others are made and dropped again and again, their space is soon reused.
 */
static void test_dropped_blocks_take_no_more_room(void **unused)
{
	const u32 word = ECALL, begin = ADDI;
	struct coded c;
	uintptr_t lowest = UINTPTR_MAX, highest = 0;

	block_cache_setup(&c);
	for (u64 at = 0; at < PAGE_SIZE; at += 4)
		block_cache_put(&c, RAM_BASE + at, &begin, 1);
	for (u64 n = 0; n < 3 * SPARSE_BYTES / sizeof(struct block); n++) {
		uintptr_t block;

		c.hart->pc = RAM_BASE + n % 2 * (PAGE_SIZE - 4);
		block_cache_put(&c, c.hart->pc, &word, 1);
		block = (uintptr_t)block_cache_find_coded(&c);
		lowest = MIN(lowest, block);
		highest = MAX(highest, block);
	}
	assert_in_range(highest - lowest, SPARSE_BYTES / 2, SPARSE_BYTES);
	block_cache_teardown(&c);
}

static void block_cache_count(void *ctx, u64 pa, u64 len)
{
	assert_int_equal(pa, RAM_BASE + 5 * PAGE_SIZE + 8);
	assert_int_equal(len, 8);
	++*(unsigned *)ctx;
}

/* A guard is called at the next store, even if the TLB had the right to write. */
static void test_guard(void **unused)
{
	const u64 place = RAM_BASE + 5 * PAGE_SIZE + 8;
	unsigned stores = 0;
	const struct block_cache_guard guard = { .pa = place,
						 .written = block_cache_count,
						 .ctx = &stores };
	const struct bus *bus;
	struct coded c;

	block_cache_setup(&c);
	bus = &c.machine->platform.bus;
	assert_true(mem_store(c.hart, place, 8, 1));
	for (unsigned n = 1; n <= 3; n++) {
		block_cache_guard(c.hart->blocks, bus, &guard);
		block_cache_guard(c.hart->blocks, bus, &guard);
		assert_true(mem_store(c.hart, place + RAM_PIECE, 8, n));
		assert_int_equal(stores, n - 1);
		assert_true(mem_store(c.hart, place, 8, n));
		assert_int_equal(stores, n);
		assert_true(mem_store(c.hart, place, 8, n));
		assert_int_equal(stores, n);
	}
	assert_int_equal(*machine_ram(c.machine, place), 3);
	block_cache_teardown(&c);
}

/* -d in_asm writes a line for each instruction and skips links. */
static void test_log(void **unused)
{
	const u32 words[] = { ADDI, BEQ, JAL };
	struct coded c;
	char text[1024] = "";

	block_cache_setup(&c);
	c.machine->platform.log = (struct log){ .items = LOG_IN_ASM, .file = tmpfile() };
	block_cache_put(&c, RAM_BASE, words, ARRAY_SIZE(words));
	block_cache_find_coded(&c);
	rewind(c.machine->platform.log.file);
	assert_true(fread(text, 1, sizeof(text) - 1, c.machine->platform.log.file) > 0);
	assert_non_null(strstr(text, "hart 0: M 0x80000000: addi t0,t0,1\n"));
	if (BLOCK_INSNS > 1)
		assert_non_null(strstr(text, "hart 0: M 0x80000008: jal zero,0x7ffffffc\n"));
	fclose(c.machine->platform.log.file);
	block_cache_teardown(&c);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_block),
	cmocka_unit_test(test_key),
	cmocka_unit_test(test_dropped_by_writes),
	cmocka_unit_test(test_dropped_by_pieces),
	cmocka_unit_test(test_page_of_code_becomes_data),
	cmocka_unit_test(test_not_in_blocks),
	cmocka_unit_test(test_oldest_chunk_is_evicted),
	cmocka_unit_test(test_eviction_is_bounded),
	cmocka_unit_test(test_dropped_blocks_take_no_more_room),
	cmocka_unit_test(test_guard),
	cmocka_unit_test(test_log),
	{ 0 },
};
