/* SPDX-License-Identifier: MIT */
/*
 * The state of a C906: every field by name with the largest value it may have. What is loaded is
 * checked so that no number leads out of an array; a pipeline that makes no sense otherwise is
 * noticed when it does not get on (core.c).
 */
#include "cpu/timing/c906/state.h"

#include "cpu/hart/trap.h"
#include "cpu/timing/c906/ifu/btb.h"
#include "cpu/timing/c906/lsu/dcache.h"
#include "cpu/timing/c906/mmu/utlb.h"
#include "cpu/timing/layout_words.h"

#include <errno.h>
#include <stdio.h>

#define X_REG (C906_F - 1)
#define REG (C906_REGS - 1)

#define TYPE c906_uop
static const struct layout_field uop_fields[] = {
	NUMBER(unit, C906_FP), NUMBER(op, C906_CP0_ILLEGAL), NUMBERS(x, X_REG), NUMBERS(f, REG),
	NUMBER(rd, REG), NUMBER(size, 8), ANY(length), ANY(stages), FLAG(is_double),
	FLAG(multiplies), FLAG(divides), FLAG(is_root), FLAG(is_fma), FLAG(is_signed),
	FLAG(is_word), FLAG(signed_a), FLAG(signed_b), FLAG(writes_csr), FLAG(acquires),
	FLAG(releases), ANY(csr), FLAG(branch), FLAG(jump), FLAG(call), FLAG(ret), ANY(offset),
};
static const struct layout uop_layout = LAYOUT(uop_fields);
#undef TYPE

#define TYPE c906_write
static const struct layout_field write_fields[] = {
	ANY(granted), ANY(until), ANY(pa), FLAG(burst),
};
static const struct layout write_layout = LAYOUT(write_fields);
#undef TYPE

#define TYPE c906_biu
static const struct layout_field biu_fields[] = {
	CYCLE(last_beat), STRUCTS(write, write_layout), NUMBER(next, C906_WRITES - 1),
};
static const struct layout biu_layout = LAYOUT(biu_fields);
#undef TYPE

#define TYPE c906_btb_hit
static const struct layout_field btb_hit_fields[] = {
	FLAG(hit), ANY(low), FLAG(followed), ANY(target),
};
static const struct layout btb_hit_layout = LAYOUT(btb_hit_fields);
#undef TYPE

#define TYPE c906_return
static const struct layout_field return_fields[] = { FLAG(waits), ANY(predicted) };
static const struct layout return_layout = LAYOUT(return_fields);
#undef TYPE

#define TYPE c906_ipack
static const struct layout_field ipack_fields[] = {
	NUMBERS(valid, 1), NUMBERS(half, LAYOUT_ANY), ANY(word_pc), ANY(half_pc), ANY(id_pc),
	ANY(id_half_pc),
};
static const struct layout ipack_layout = LAYOUT(ipack_fields);
#undef TYPE

#define TYPE c906_guess
static const struct layout_field guess_fields[] = { ANY(counter), FLAG(taken) };
static const struct layout guess_layout = LAYOUT(guess_fields);
#undef TYPE

#define TYPE c906_fetched
static const struct layout_field fetched_fields[] = {
	ANY(pc), ANY(raw), ANY(halves), STRUCT(guess, guess_layout),
};
static const struct layout fetched_layout = LAYOUT(fetched_fields);
#undef TYPE

#define TYPE c906_ibuf
static const struct layout_field ibuf_fields[] = {
	STRUCTS(entry, fetched_layout), NUMBER(count, C906_IBUF_MAX), ANY(halves),
	STRUCT(pop, fetched_layout), FLAG(pop_valid),
};
static const struct layout ibuf_layout = LAYOUT(ibuf_fields);
#undef TYPE

#define TYPE c906_icache
static const struct layout_field icache_fields[] = {
	ANY(page), FLAG(reading), ANY(read_va), NUMBER(refill, C906_REFILL_TRANSLATE),
	NUMBER(ahead, C906_AHEAD_REST),
	ANY(address), ANY(ahead_address), ANY(va),
	ANY(ahead_va), CYCLE(beat), CYCLE(ahead_beat), FLAG(aborted),
	NUMBER(invalidation, C906_INVALIDATION_RUNS), CYCLE(invalidated),
};
static const struct layout icache_layout = LAYOUT(icache_fields);
#undef TYPE

#define TYPE c906_ifu
static const struct layout_field ifu_fields[] = {
	ANY(pc), ANY(fetched_pc), FLAG(changed), FLAG(delayed), ANY(delayed_pc),
	NUMBER(bht_works, C906_BHT_RESTS), STRUCT(btb, btb_hit_layout),
	STRUCT(returns, return_layout),
	STRUCT(ipack, ipack_layout), STRUCT(ibuf, ibuf_layout), STRUCT(icache, icache_layout),
};
static const struct layout ifu_layout = LAYOUT(ifu_fields);
#undef TYPE

#define TYPE c906_scoreboard
static const struct layout_field scoreboard_fields[] = {
	NUMBERS(pending, LAYOUT_ANY), NUMBERS(producer, C906_BY_LSU), NUMBER(part, 2),
};
static const struct layout scoreboard_layout = LAYOUT(scoreboard_fields);
#undef TYPE

#define TYPE c906_ex1
static const struct layout_field ex1_fields[] = {
	FLAG(valid), FLAG(strayed), FLAG(barrier), FLAG(last), STRUCT(uop, uop_layout), ANY(number),
	ANY(pc), NUMBERS(ready, 1), ANY(facts), STRUCT(guess, guess_layout), ANY(pass),
	NUMBER(cp0, C906_CP0_SLEEP), CYCLE(until),
};
static const struct layout ex1_layout = LAYOUT(ex1_fields);
#undef TYPE

#define TYPE c906_bju
static const struct layout_field bju_fields[] = {
	FLAG(valid), NUMBERS(ready, 1), NUMBERS(reg, X_REG), STRUCT(guess, guess_layout),
	ANY(number), FLAG(wrong_return), ANY(return_number),
};
static const struct layout bju_layout = LAYOUT(bju_fields);
#undef TYPE

#define TYPE c906_mul_stage
static const struct layout_field mul_fields[] = { FLAG(valid), FLAG(last), NUMBER(reg, X_REG) };
static const struct layout mul_layout = LAYOUT(mul_fields);
#undef TYPE

#define TYPE c906_iu
static const struct layout_field iu_fields[] = {
	STRUCT(mul2, mul_layout), STRUCT(mul3, mul_layout), NUMBER(div, C906_DIV_RESULT),
	NUMBER(reg, X_REG), ANY(steps), NUMBER(written, REG),
};
static const struct layout iu_layout = LAYOUT(iu_fields);
#undef TYPE

#define TYPE c906_fp_op
static const struct layout_field fp_op_fields[] = {
	FLAG(valid), FLAG(load), FLAG(store), FLAG(divides), NUMBERS(f, REG), NUMBER(reg, REG),
	ANY(stages), ANY(extra), ANY(steps), ANY(prepares), ANY(number),
};
static const struct layout fp_op_layout = LAYOUT(fp_op_fields);
#undef TYPE

#define TYPE c906_vpu
static const struct layout_field vpu_fields[] = {
	STRUCT(buffer, fp_op_layout), STRUCTS(stage, fp_op_layout), ANY(waits), ANY(twice),
	ANY(by_load), NUMBER(fdsu, C906_FDSU_RESULT), ANY(fdsu_count),
	NUMBER(fdsu_reg, REG), ANY(written), ANY(forwarded),
};
static const struct layout vpu_layout = LAYOUT(vpu_fields);
#undef TYPE

#define TYPE c906_context
static const struct layout_field context_fields[] = { ANY(satp), ANY(after) };
static const struct layout context_layout = LAYOUT(context_fields);
#undef TYPE

#define TYPE c906_rtu
static const struct layout_field rtu_fields[] = {
	NUMBER(flush, C906_FLUSH_BE), FLAG(retires), FLAG(restarts), FLAG(traps), ANY(next),
	FLAG(trap_pending), ANY(handler), FLAG(resumes), ANY(resume),
	STRUCT(context, context_layout), FLAG(port_taken),
};
static const struct layout rtu_layout = LAYOUT(rtu_fields);
#undef TYPE

#define TYPE c906_access
static const struct layout_field access_fields[] = {
	ANY(number), ANY(va), ANY(pa), ANY(pc), NUMBER(kind, C906_FP), NUMBER(half, C906_SECOND),
	NUMBER(size, 8), ANY(bytes), ANY(reg), ANY(data_reg), FLAG(waits), FLAG(is_float),
	FLAG(walks), FLAG(last), FLAG(sc_fails), FLAG(traps),
};
static const struct layout access_layout = LAYOUT(access_fields);
#undef TYPE

#define TYPE c906_fill
static const struct layout_field fill_fields[] = {
	ANY(pa), ANY(va), CYCLE(beat), NUMBER(state, C906_FILL_REFILL),
	NUMBER(half, C906_SECOND), ANY(reg), ANY(store),
	NUMBER(stream, C906_STREAMS - 1), FLAG(ahead), FLAG(load), FLAG(amo), FLAG(walks),
	FLAG(alias), FLAG(reads),
};
static const struct layout fill_layout = LAYOUT(fill_fields);
#undef TYPE

#define TYPE c906_victim_read
static const struct layout_field rdl_fields[] = {
	NUMBER(state, C906_RDL_DONE), NUMBER(fill, C906_FILLS_MAX - 1),
	FLAG(valid), FLAG(dirty), FLAG(present), FLAG(moves), ANY(pa),
};
static const struct layout rdl_layout = LAYOUT(rdl_fields);
#undef TYPE

#define TYPE c906_victim
static const struct layout_field victim_fields[] = {
	NUMBER(state, C906_VICTIM_GIVE), ANY(beats), NUMBER(write, C906_WRITES - 1), FLAG(piece),
	FLAG(behind), FLAG(moves), FLAG(dirty), NUMBER(fill, C906_FILLS_MAX - 1), ANY(pa),
};
static const struct layout victim_layout = LAYOUT(victim_fields);
#undef TYPE

#define TYPE c906_store
static const struct layout_field store_fields[] = {
	ANY(pa), ANY(va), ANY(sequence), ANY(amo_data), NUMBER(state, C906_STORE_WAIT_DATA),
	ANY(bytes), ANY(data_reg), FLAG(hit), FLAG(waits), FLAG(amo), FLAG(atomic),
};
static const struct layout store_layout = LAYOUT(store_fields);
#undef TYPE

#define TYPE c906_merge
static const struct layout_field merge_fields[] = {
	NUMBER(state, C906_MERGE_SENT), NUMBER(write, C906_WRITES - 1), FLAG(full), ANY(pa),
};
static const struct layout merge_layout = LAYOUT(merge_fields);
#undef TYPE

#define TYPE c906_burst
static const struct layout_field burst_fields[] = {
	NUMBER(state, C906_BURST_CLOSE + C906_BEATS - 2), NUMBER(write, C906_WRITES - 1), ANY(idle),
	ANY(pa),
};
static const struct layout burst_layout = LAYOUT(burst_fields);
#undef TYPE

#define TYPE c906_lsu
static const struct layout_field lsu_fields[] = {
	FLAG(ag_valid), FLAG(cacheable), STRUCT(ag, access_layout),
	NUMBER(dc_state, C906_DC_REPLAY),
	STRUCT(dc, access_layout), FLAG(da.valid), ANY(da.reg), FLAG(joins), FLAG(joined),
	STRUCTS(fill, fill_layout), ANY(fill_create), ANY(fill_pop), ANY(fill_victim),
	ANY(fill_bus), STRUCT(rdl, rdl_layout), STRUCT(victim, victim_layout),
	STRUCTS(store, store_layout), ANY(store_create), ANY(store_pop), ANY(sequence),
	STRUCT(merge, merge_layout), STRUCT(burst, burst_layout),
	FLAG(runs_ahead), FLAG(streams), FLAG(reads),
};
static const struct layout lsu_layout = LAYOUT(lsu_fields);
#undef TYPE

#define TYPE c906_utlb
static const struct layout_field utlb_fields[] = {
	NUMBER(state, C906_UTLB_WAIT_REFILL), NUMBER(mode, C906_TRANSLATED), NUMBER(priv, PRIV_M),
	FLAG(aborted), FLAG(drops), FLAG(failed), ANY(va), CYCLE(since),
};
static const struct layout utlb_layout = LAYOUT(utlb_fields);
#undef TYPE

#define TYPE c906_walker
static const struct layout_field walker_fields[] = {
	NUMBER(state, C906_WALK_FAULT), NUMBER(level, C906_ROOT_MAX), FLAG(fetch), FLAG(frozen),
	FLAG(answered), ANY(pointer), CYCLE(until),
};
static const struct layout walker_layout = LAYOUT(walker_fields);
#undef TYPE

#define TYPE c906_mmu
static const struct layout_field mmu_fields[] = {
	STRUCT(iutlb, utlb_layout), STRUCT(dutlb, utlb_layout), STRUCT(walker, walker_layout),
	STRUCT(context, context_layout), CYCLE(held_from), ANY(held), FLAG(holds_page),
	ANY(held_va),
};
static const struct layout mmu_layout = LAYOUT(mmu_fields);
#undef TYPE

#define TYPE c906_pipeline
static const struct layout_field pipeline_fields[] = {
	STRUCT(ifu, ifu_layout), STRUCT(scoreboard, scoreboard_layout), STRUCT(ex1, ex1_layout),
	STRUCT(bju, bju_layout), STRUCT(iu, iu_layout), STRUCT(vpu, vpu_layout),
	STRUCT(rtu, rtu_layout), STRUCT(lsu, lsu_layout), STRUCT(mmu, mmu_layout),
};
static const struct layout pipeline_layout = LAYOUT(pipeline_fields);
#undef TYPE

#define TYPE c906_core
static const struct layout_field core_fields[] = {
	CYCLE(env.now), STRUCT(env.biu, biu_layout), ANY(records.told), ANY(records.end),
	ANY(records.issue), ANY(records.commit), CYCLE(last_commit), CYCLE(alive), CYCLE(sleep),
	CYCLE(told), ANY(told_at), FLAG(starts), ANY(start_pc), FLAG(drained),
	NUMBER(refills_behind, TIMING_CAUSES - 1), NUMBER(starves, TIMING_CAUSES - 1),
	STRUCT(pipe, pipeline_layout),
};
static const struct layout core_layout = LAYOUT(core_fields);
#undef TYPE

#define TYPE c906_input
static const struct layout_field input_fields[] = {
	STRUCT(record, record_layout), ANY(number),
	FLAG(behind[0].touches), ANY(behind[0].pc),
	ANY(behind[0].va),
	FLAG(behind[1].touches), ANY(behind[1].pc),
	ANY(behind[1].va),
};
static const struct layout input_layout = LAYOUT(input_fields);
#undef TYPE

static const struct layout_field ring_fields[] = {
	{ "record", 0, sizeof(struct c906_input), C906_RECORDS, false, 0, NULL,
	  &input_layout },
};
static const struct layout ring_layout = LAYOUT(ring_fields);

#define TYPE c906_icache_line
static const struct layout_field iline_fields[] = {
	ANY(address), FLAG(valid), NUMBERS(bytes, LAYOUT_ANY),
};
static const struct layout iline_layout = LAYOUT(iline_fields);
#undef TYPE

#define TYPE c906_dcache_line
static const struct layout_field dline_fields[] = { ANY(tag), FLAG(dirty) };
static const struct layout dline_layout = LAYOUT(dline_fields);
#undef TYPE

#define TYPE c906_bht
static const struct layout_field bht_fields[] = {
	NUMBER(state, C906_BHT_WRITE), ANY(history), ANY(guessed), ANY(update_history),
	ANY(update_value), ANY(output), ANY(saved), FLAG(use_saved), ANY(current),
};
static const struct layout bht_layout = LAYOUT(bht_fields);
#undef TYPE

#define TYPE c906_btb
static const struct layout_field btb_fields[] = {
	NUMBERS(tags, LAYOUT_ANY), NUMBERS(targets, LAYOUT_ANY), ANY(valid),
	NUMBER(next, C906_BTB_MAX - 1),
};
static const struct layout btb_layout = LAYOUT(btb_fields);
#undef TYPE

#define TYPE c906_ras
static const struct layout_field ras_fields[] = {
	NUMBERS(address, LAYOUT_ANY), NUMBER(top, C906_RAS_DEPTH - 1),
	NUMBER(resolved_top, C906_RAS_DEPTH - 1),
};
static const struct layout ras_layout = LAYOUT(ras_fields);
#undef TYPE

#define TYPE c906_page
static const struct layout_field page_fields[] = {
	ANY(va), ANY(leaf), ANY(asid), NUMBER(level, C906_ROOT_MAX), NUMBER(mode, C906_TRANSLATED),
	FLAG(valid),
};
static const struct layout page_layout = LAYOUT(page_fields);
#undef TYPE

#define TYPE c906_pages
static const struct layout_field pages_fields[] = {
	STRUCTS(page, page_layout), ANY(tree), NUMBER(last, C906_UTLB_PAGES - 1),
};
static const struct layout pages_layout = LAYOUT(pages_fields);
#undef TYPE

#define TYPE c906_stream
static const struct layout_field stream_fields[] = {
	NUMBER(state, C906_STREAM_EXPIRED), ANY(hits), ANY(confidence), FLAG(present), ANY(since),
	ANY(last), ANY(stride), ANY(page), ANY(page_va), ANY(line), ANY(step),
};
static const struct layout stream_layout = LAYOUT(stream_fields);
#undef TYPE

#define TYPE c906_prefetcher
static const struct layout_field prefetcher_fields[] = {
	STRUCTS(stream, stream_layout), NUMBERS(pc, LAYOUT_ANY), FLAG(missed), ANY(loads),
};
static const struct layout prefetcher_layout = LAYOUT(prefetcher_fields);
#undef TYPE

#define TYPE c906_amr
static const struct layout_field amr_fields[] = {
	NUMBER(state, C906_AMR_ACTIVE), ANY(bytes), ANY(lines), ANY(confidence), ANY(stride),
	ANY(size), ANY(last),
};
static const struct layout amr_layout = LAYOUT(amr_fields);
#undef TYPE

#define TYPE c906_divided
static const struct layout_field divided_fields[] = {
	FLAG(kept), NUMBER(how, C906_DIV_SIGNED | C906_DIV_WORD), ANY(a), ANY(b),
};
static const struct layout divided_layout = LAYOUT(divided_fields);
#undef TYPE

#define TYPE c906_walk
static const struct layout_field walk_fields[] = { ANY(va), ANY(leaf) };
static const struct layout walk_layout = LAYOUT(walk_fields);
#undef TYPE

#define TYPE c906_learned
static const struct layout_field learned_fields[] = {
	STRUCT(bht, bht_layout), STRUCT(btb, btb_layout), STRUCT(ras, ras_layout),
	STRUCT(iutlb, pages_layout), STRUCT(dutlb, pages_layout),
	STRUCT(prefetcher, prefetcher_layout), STRUCT(amr, amr_layout),
	STRUCT(divided, divided_layout), STRUCT(walk, walk_layout),
};
static const struct layout learned_layout = LAYOUT(learned_fields);
#undef TYPE

#define TYPE c906_tables
static const struct layout_field tables_fields[] = {
	GRID(icache, iline_layout), NUMBERS(icache_next, C906_ICACHE_WAYS - 1),
	GRID(dcache, dline_layout), NUMBERS(dcache_next, C906_DCACHE_WAYS - 1),
	GRID(jtlb, page_layout), NUMBERS(jtlb_next, C906_JTLB_WAYS - 1), NUMBERS(bht, LAYOUT_ANY),
	STRUCT(learned, learned_layout),
};
static const struct layout tables_layout = LAYOUT(tables_fields);
#undef TYPE

/* Is it a record that has come in, and that the ring still has? */
static bool is_there(const struct c906_records *records, u64 number)
{
	return records->end - number - 1 < C906_RECORDS;
}

static bool records_fit(const struct c906_core *core)
{
	const struct c906_records *records = &core->records;
	const struct c906_pipeline *pipe = &core->pipe;
	u64 under_way = records->end - records->commit;

	return under_way < C906_RECORDS && records->issue - records->commit <= under_way &&
	       (!pipe->ex1.valid || pipe->ex1.strayed || is_there(records, pipe->ex1.number)) &&
	       (!pipe->bju.valid || is_there(records, pipe->bju.number)) &&
	       (!pipe->bju.wrong_return || is_there(records, pipe->bju.return_number)) &&
	       (!pipe->lsu.ag_valid || is_there(records, pipe->lsu.ag.number)) &&
	       (!pipe->rtu.resumes || is_there(records, pipe->rtu.resume - 1));
}

/* Lines of a page, and steps as long as a stride. */
static bool stream_fits(const struct c906_stream *stream)
{
	return stream->line >= -64 && stream->line < 128 && stream->step >= -64 &&
	       stream->step <= 64;
}

static bool lsu_fits(const struct c906_lsu *lsu, const struct c906_params *params)
{
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].amo && lsu->fill[n].store >= C906_STORES_MAX)
			return false;
	return lsu->fill_create - lsu->fill_pop <= params->fill_buffers &&
	       lsu->store_create - lsu->store_pop <= params->store_buffers;
}

int c906_core_loaded(struct c906_core *core)
{
	if (!layout_holds(&core_layout, core) || !records_fit(core) ||
	    core->last_commit > core->env.now || core->alive > core->env.now ||
	    !lsu_fits(&core->pipe.lsu, &core->env.params))
		return -EINVAL;
	c906_mmu_use(&core->pipe.mmu, &core->env, &core->pipe.mmu.context);
	return 0;
}

static int ring_loaded(void *self)
{
	return layout_holds(&ring_layout, self) ? 0 : -EINVAL;
}

static int tables_loaded(void *self)
{
	struct c906_tables *tables = self;
	const struct c906_learned *learned = &tables->learned;
	bool good = layout_holds(&tables_layout, self);

	for (unsigned n = 0; n < C906_STREAMS; n++)
		good = good && stream_fits(&learned->prefetcher.stream[n]);
	if (!good)
		return -EINVAL;
	c906_all_fetches_change(tables);
	c906_dcache_renew(tables);
	c906_pages_renew(&tables->learned.iutlb);
	c906_pages_renew(&tables->learned.dutlb);
	c906_prefetch_renew(&tables->learned.prefetcher);
	c906_btb_renew(&tables->learned.btb);
	return 0;
}

bool c906_state_init(struct c906_state *state, void (*settle)(void *core),
		     int (*loaded)(void *core))
{
	bool good = layout_expand(&core_layout, loaded, &state->core) &&
		    layout_expand(&ring_layout, ring_loaded, &state->ring) &&
		    layout_expand(&tables_layout, tables_loaded, &state->tables);

	state->core.type.settle = settle;
	return good;
}

void c906_state_free(struct c906_state *state)
{
	layout_free(&state->core);
	layout_free(&state->ring);
	layout_free(&state->tables);
}

void c906_state_register(struct c906_state *own, struct c906_core *core, struct state *state,
			 const char *name)
{
	char text[STATE_NAME_MAX];

	state_register(state, name, &own->core.type, core);
	snprintf(text, sizeof(text), "%s.ring", name);
	state_register(state, text, &own->ring.type, core->records.ring);
	snprintf(text, sizeof(text), "%s.tables", name);
	state_register(state, text, &own->tables.type, core->env.tables);
}
