/* SPDX-License-Identifier: MIT */
/*
 * Attaches the native tier, and reports statistics of the engine: code, instructions by tier, and
 * the TLB.
 */
#include "devices/board/engine.h"

#include "cpu/engine/block_cache.h"
#include "cpu/hart/limits.h"
#include "cpu/jit/jit.h"
#include "cpu/mmu/tlb.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <string.h>

static const char *const engine_names[ENGINE_COUNT] = {
	[ENGINE_INTERP] = "interp",
	[ENGINE_THREADED] = "threaded",
	[ENGINE_JIT] = "jit",
};

const char *board_engine_name(enum board_engine engine)
{
	return engine_names[engine];
}

const char *board_engine_lacks(void)
{
	return jit_lacks();
}

static void dump_native(void *ctx, const char *text)
{
	struct board *board = ctx;

	fputs(text, board->config.jit_dump);
}

static void map_native(void *ctx, const char *text)
{
	struct board *board = ctx;

	fputs(text, board->config.perf_map);
}

/*
 * Writes out the lists of native code, so that they are complete when the process is killed, or
 * crashes in native code.
 */
static void flush_native(void *ctx)
{
	struct board *board = ctx;

	if (board->config.jit_dump)
		fflush(board->config.jit_dump);
	if (board->config.perf_map)
		fflush(board->config.perf_map);
}

static void name_native(void *ctx, struct hart *hart, char *text, size_t size)
{
	const struct board_code_addr pc = { hart, hart->pc, hart->priv, hart->virt };

	board_code_addr_symbol(ctx, &pc, text, size);
}

int board_attach_engine(struct board *board)
{
	static const char lacking[] = "--engine=jit: no memory that may be executed: %s; "
				      "--engine=threaded needs none";
	static const enum jit_only groups[] = {
		[BOARD_JIT_ALL] = JIT_ALL, [BOARD_JIT_NONE] = JIT_NONE, [BOARD_JIT_ALU] = JIT_ALU,
		[BOARD_JIT_MEM] = JIT_MEM, [BOARD_JIT_FP] = JIT_FP,
	};
	const struct jit_config config = {
		.only = groups[board->config.jit_only], .threshold = JIT_THRESHOLD,
		.listing = {
			.dump = board->config.jit_dump ? dump_native : NULL,
			.perf_map = board->config.perf_map ? map_native : NULL,
			.done = flush_native, .name = name_native, .ctx = board,
		},
	};

	if (board->config.engine != ENGINE_JIT)
		return 0;
	if (jit_lacks())
		return board_fail(board, 2,
				  "--engine=jit: native code needs %s, which this processor lacks; "
				  "--engine=threaded does without",
				  jit_lacks());
	board->jit = jit_create(&board->harts, &config);
	if (board->jit)
		return 0;
	return errno == ENOMEM ? board_no_memory(board, lacking, strerror(errno)) :
				 board_fail(board, 3, lacking, strerror(errno));
}

/*
 * Counts the retired instructions of each tier. Blocks of the native tier ran as threaded code
 * before they were translated, and those instructions count as threaded ones.
 */
static void count_tiers(const struct board *board, u64 native, u64 count[ENGINE_COUNT])
{
	memcpy(count, board->tier_retired, sizeof(board->tier_retired));
	native = MIN(native, count[ENGINE_JIT]);
	count[ENGINE_THREADED] += count[ENGINE_JIT] - native;
	count[ENGINE_JIT] = native;
}

static void count_code(const struct board *board, const struct jit_stats *jit,
		       struct board_code *code)
{
	struct block_cache_stats blocks;

	block_cache_stats(board->harts.blocks, &blocks);
	*code = (struct board_code){
		.decoded = blocks.decoded, .dropped = blocks.dropped,
		.translated = jit->blocks, .instructions = jit->insns, .bytes = jit->bytes,
		.cold_bytes = jit->cold_bytes, .evictions = jit->evictions,
		.visited = MAX(blocks.visited, jit->visited), .used = jit->used, .size = jit->size,
	};
}

void board_stats(struct board *board, struct board_stats *stats)
{
	struct jit_stats jit = { 0 };

	*stats = (struct board_stats){ 0 };
	for (unsigned n = 0; n < board->harts.count; n++) {
		const struct tlb_stats *tlb = &board->harts.hart[n]->tlb_stats;

		stats->instructions += hart_retired(board->harts.hart[n]);
		stats->cycles += hart_cycles(board->harts.hart[n]);
		stats->tlb_misses += tlb->misses;
		stats->tlb_walks += tlb->walks;
	}
	if (board->jit)
		jit_stats(board->jit, &jit);
	count_tiers(board, jit.native, stats->tier_instructions);
	count_code(board, &jit, &stats->code);
}

static double percent(u64 part, u64 whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_tiers(const struct board_stats *stats, FILE *out)
{
	u64 all = 0;

	for (unsigned n = 0; n < ENGINE_COUNT; n++)
		all += stats->tier_instructions[n];
	fprintf(out, "instructions: %llu", all);
	for (unsigned n = 0; n < ENGINE_COUNT; n++)
		fprintf(out, "%s %s %llu (%.1f%%)", n ? "," : ";", engine_names[n],
			stats->tier_instructions[n], percent(stats->tier_instructions[n], all));
	fprintf(out, "\n");
}

static void print_native(const struct board_code *code, FILE *out)
{
	double count = code->instructions ? (double)code->instructions : 1;

	fprintf(out,
		"native code: %llu blocks, %llu instructions, %llu bytes, %.1f bytes an "
		"instruction, %.1f of them seldom run\n",
		code->translated, code->instructions, code->bytes, (double)code->bytes / count,
		(double)code->cold_bytes / count);
	fprintf(out, "arena: %llu of %llu KiB (%.1f%%), evictions: %llu\n", code->used / KiB,
		code->size / KiB, percent(code->used, code->size), code->evictions);
}

void board_info_jit(struct board *board, void *file)
{
	static const char *const only[] = {
		[BOARD_JIT_ALL] = "all", [BOARD_JIT_NONE] = "none", [BOARD_JIT_ALU] = "alu",
		[BOARD_JIT_MEM] = "mem", [BOARD_JIT_FP] = "fp",
	};
	struct board_stats stats;
	FILE *out = file;

	board_stats(board, &stats);
	fprintf(out, "engine: %s", engine_names[board->config.engine]);
	if (board->jit)
		fprintf(out, ", --jit-only=%s", only[board->config.jit_only]);
	if (board->engine != board->config.engine)
		fprintf(out, ", now %s", engine_names[board->engine]);
	if (jit_lacks())
		fprintf(out, "; native code needs %s, which this processor lacks", jit_lacks());
	fprintf(out, "\n");
	print_tiers(&stats, out);
	fprintf(out, "blocks: %llu decoded, %llu of them dropped; longest eviction: %llu visits\n",
		stats.code.decoded, stats.code.dropped, stats.code.visited);
	if (board->jit)
		print_native(&stats.code, out);
	fprintf(out, "TLB: %llu misses, %llu walks\n", stats.tlb_misses, stats.tlb_walks);
}
