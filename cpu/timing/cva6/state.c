/* SPDX-License-Identifier: MIT */
/*
 * The state of a CVA6: every field by name with the largest value it may have. What is loaded is
 * checked so that no number leads out of an array; a pipeline that makes no sense otherwise is
 * noticed when it does not get on (cva6_core_advance).
 */
#include "cpu/timing/cva6/state.h"

#define UNITS "cpu/timing/units/state/predictor.def"
#include "cpu/timing/fields/layouts.inc"
#include "cpu/timing/layout_words.h"

#include <errno.h>
#include <stdio.h>

#define SLOT (CVA6_SLOTS_MAX - 1)
#define UNIT CVA6_CVXIF
#define FLOW CVA6_FLOW_RETURN

#define TYPE cva6_uop
static const struct layout_field uop_fields[] = {
	NUMBER(unit, UNIT), NUMBER(op, CVA6_SQRT), ANY(rs1), ANY(rs2), ANY(rs3), ANY(rd),
	NUMBER(block, CVA6_DIVSQRT), FLAG(raises), FLAG(is_double), FLAG(is_signed), FLAG(is_word),
	ANY(length), NUMBER(flow, FLOW), FLAG(call), ANY(csr), FLAG(writes_csr), ANY(offset),
};
static const struct layout uop_layout = LAYOUT(uop_fields);
#undef TYPE

#define TYPE cva6_fetched
static const struct layout_field fetched_fields[] = {
	ANY(pc), ANY(target), NUMBER(flow, FLOW), FLAG(fault), STRUCT(uop, uop_layout),
};
static const struct layout fetched_layout = LAYOUT(fetched_fields);
#undef TYPE

#define TYPE cva6_fifo
static const struct layout_field fifo_fields[] = {
	STRUCTS(entry, fetched_layout), NUMBER(head, CVA6_QUEUE_MAX - 1),
	NUMBER(count, CVA6_QUEUE_MAX),
};
static const struct layout fifo_layout = LAYOUT(fifo_fields);
#undef TYPE

#define TYPE cva6_queue
static const struct layout_field queue_fields[] = {
	STRUCTS(fifo, fifo_layout), NUMBER(input, CVA6_FETCHED - 1),
	NUMBER(output, CVA6_FETCHED - 1), NUMBER(targets, CVA6_QUEUE_MAX),
};
static const struct layout queue_layout = LAYOUT(queue_fields);
#undef TYPE

#define TYPE cva6_frontend
static const struct layout_field frontend_fields[] = {
	ANY(npc), FLAG(valid), FLAG(fault), ANY(word), ANY(vaddr), FLAG(unaligned), ANY(half),
	ANY(unaligned_pc), NUMBER(bht_guess, BHT_TAKEN), ANY(btb_guess),
	STRUCT(queue, queue_layout),
};
static const struct layout frontend_layout = LAYOUT(frontend_fields);
#undef TYPE

#define TYPE cva6_entry
static const struct layout_field entry_fields[] = {
	STRUCT(uop, uop_layout), ANY(pc), ANY(predicted), ANY(next), ANY(va), ANY(pa),
	ANY(a), ANY(b), ANY(steps), FLAG(ends), ANY(flags), ANY(early),
	NUMBER(flow, FLOW), ANY(size), ANY(cause), ANY(after),
	FLAG(strayed), FLAG(known), NUMBER(shadows, TIMING_SHADOWS_MAX), FLAG(valid),
	FLAG(exception),
};
static const struct layout entry_layout = LAYOUT(entry_fields);
#undef TYPE

#define TYPE cva6_scoreboard
static const struct layout_field scoreboard_fields[] = {
	STRUCTS(entry, entry_layout), NUMBER(oldest, SLOT), NUMBER(count, CVA6_SLOTS_MAX),
};
static const struct layout scoreboard_layout = LAYOUT(scoreboard_fields);
#undef TYPE

#define TYPE cva6_flu
static const struct layout_field flu_fields[] = {
	FLAG(multiplied), NUMBER(multiply_slot, SLOT), NUMBER(divider, CVA6_DIVIDER_FINISH),
	NUMBER(divide_slot, SLOT), ANY(divide_count), FLAG(divide_ends), FLAG(csr),
};
static const struct layout flu_layout = LAYOUT(flu_fields);
#undef TYPE

#define TYPE cva6_fpu_op
static const struct layout_field fpu_op_fields[] = {
	FLAG(valid), FLAG(is_double), FLAG(special), NUMBER(slot, SLOT),
	NUMBER(block, CVA6_DIVSQRT),
};
static const struct layout fpu_op_layout = LAYOUT(fpu_op_fields);
#undef TYPE

#define TYPE cva6_divsqrt
static const struct layout_field divsqrt_fields[] = {
	NUMBER(state, CVA6_DIVSQRT_HOLD), ANY(left), FLAG(done), NUMBER(slot, SLOT),
	STRUCT(input, fpu_op_layout), STRUCT(output, fpu_op_layout),
};
static const struct layout divsqrt_layout = LAYOUT(divsqrt_fields);
#undef TYPE

#define TYPE cva6_fpu
static const struct layout_field fpu_fields[] = {
	GRID(pipe, fpu_op_layout), STRUCT(divsqrt, divsqrt_layout), STRUCT(held, fpu_op_layout),
	NUMBER(rr_addmul, 4), NUMBER(rr_noncomp, 4), NUMBER(rr_top, 3), ANY(under_way),
};
static const struct layout fpu_layout = LAYOUT(fpu_fields);
#undef TYPE

#define TYPE cva6_store
static const struct layout_field store_fields[] = { ANY(address), ANY(bytes) };
static const struct layout store_layout = LAYOUT(store_fields);
#undef TYPE

#define TYPE cva6_store_queue
static const struct layout_field store_queue_fields[] = {
	STRUCTS(store, store_layout), NUMBER(count, CVA6_STORES_MAX),
};
static const struct layout store_queue_layout = LAYOUT(store_queue_fields);
#undef TYPE

#define TYPE cva6_amo
static const struct layout_field amo_fields[] = {
	FLAG(valid), NUMBER(op, CVA6_SQRT), FLAG(sc_failed), ANY(address),
};
static const struct layout amo_layout = LAYOUT(amo_fields);
#undef TYPE

#define TYPE cva6_pending_load
static const struct layout_field pending_fields[] = {
	FLAG(valid), FLAG(flushed), NUMBER(slot, SLOT),
};
static const struct layout pending_layout = LAYOUT(pending_fields);
#undef TYPE

#define TYPE cva6_lsu
static const struct layout_field lsu_fields[] = {
	NUMBERS(waiting, SLOT), NUMBER(waiting_count, CVA6_BYPASS), FLAG(jammed),
	NUMBER(load_state, CVA6_LOAD_WAIT_FLUSH), NUMBER(tag_slot, SLOT),
	STRUCTS(buffer, pending_layout), NUMBER(last_id, CVA6_LOAD_BUFFER - 1), FLAG(result),
	FLAG(result_exception), NUMBER(result_slot, SLOT),
	NUMBER(store_state, CVA6_STORE_WAIT_STORE_READY), NUMBER(store_slot, SLOT),
	STRUCT(speculative, store_queue_layout), STRUCT(committed, store_queue_layout),
	STRUCT(amo, amo_layout), FLAG(requested), FLAG(hit),
};
static const struct layout lsu_layout = LAYOUT(lsu_fields);
#undef TYPE

#define TYPE cva6_walker
static const struct layout_field walker_fields[] = {
	NUMBER(state, CVA6_WALKER_LATENCY), NUMBER(level, CVA6_ROOT_MAX),
	FLAG(instruction), FLAG(global), FLAG(tag_valid), FLAG(answered), ANY(says), ANY(va),
	ANY(pointer), ANY(entry), ANY(onward),
};
static const struct layout walker_layout = LAYOUT(walker_fields);
#undef TYPE

#define TYPE cva6_mmu
static const struct layout_field mmu_fields[] = {
	STRUCT(walker, walker_layout), FLAG(missed), FLAG(missed_fetch), ANY(missed_va),
};
static const struct layout mmu_layout = LAYOUT(mmu_fields);
#undef TYPE

#define TYPE cva6_context
static const struct layout_field context_fields[] = {
	ANY(satp), NUMBER(levels, CVA6_ROOT_MAX + 1), ANY(after), FLAG(data_translated),
	FLAG(tables),
};
static const struct layout context_layout = LAYOUT(context_fields);
#undef TYPE

#define TYPE bus_port_answer
static const struct layout_field answer_fields[] = { ANY(cycle), ANY(beats), ANY(tag) };
static const struct layout answer_layout = LAYOUT(answer_fields);
#undef TYPE

#define TYPE bus_port_queue
static const struct layout_field bus_queue_fields[] = {
	STRUCTS(answer, answer_layout), NUMBER(head, BUS_PORT_MAX - 1),
	NUMBER(count, BUS_PORT_MAX),
};
static const struct layout bus_queue_layout = LAYOUT(bus_queue_fields);
#undef TYPE

#define TYPE bus_port
static const struct layout_field bus_fields[] = {
	STRUCT(reads, bus_queue_layout), STRUCT(writes, bus_queue_layout),
};
static const struct layout bus_layout = LAYOUT(bus_fields);
#undef TYPE

#define TYPE cva6_axi_request
static const struct layout_field request_fields[] = {
	NUMBER(type, CVA6_AXI_SC), NUMBER(write, CVA6_WRITES_MAX - 1), FLAG(cached), ANY(address),
};
static const struct layout request_layout = LAYOUT(request_fields);
#undef TYPE

#define TYPE cva6_axi_queue
static const struct layout_field axi_queue_fields[] = {
	STRUCTS(request, request_layout), NUMBER(count, CVA6_REQUESTS_MAX),
};
static const struct layout axi_queue_layout = LAYOUT(axi_queue_fields);
#undef TYPE

#define TYPE cva6_axi_return
static const struct layout_field return_fields[] = {
	NUMBER(type, CVA6_RETURN_INVALIDATE), NUMBER(write, CVA6_WRITES_MAX - 1), ANY(address),
};
static const struct layout return_layout = LAYOUT(return_fields);
#undef TYPE

#define TYPE cva6_axi
static const struct layout_field axi_fields[] = {
	STRUCT(bus, bus_layout), STRUCT(icache, axi_queue_layout), STRUCT(dcache, axi_queue_layout),
	NUMBER(rr, 1), ANY(writes), FLAG(atomic_reads), NUMBERS(acknowledged, LAYOUT_ANY),
	NUMBER(acknowledged_count, CVA6_ACKNOWLEDGED), FLAG(icache_return),
	STRUCT(dcache_return, return_layout),
};
static const struct layout axi_layout = LAYOUT(axi_fields);
#undef TYPE

#define TYPE cva6_pipeline
static const struct layout_field pipeline_fields[] = {
	STRUCT(frontend, frontend_layout), STRUCT(decoded, fetched_layout), FLAG(decoded_valid),
	STRUCT(sb, scoreboard_layout), FLAG(executing), NUMBER(execute_slot, SLOT),
	STRUCT(flu, flu_layout), STRUCT(fpu, fpu_layout), STRUCT(lsu, lsu_layout),
	STRUCT(mmu, mmu_layout), STRUCT(context, context_layout), STRUCT(axi, axi_layout),
};
static const struct layout pipeline_layout = LAYOUT(pipeline_fields);
#undef TYPE

#define TYPE cva6_predictors
static const struct layout_field predictors_fields[] = {
	DESCRIBED(bht, bht), DESCRIBED(btb, btb), DESCRIBED(ras, ras),
};
static const struct layout predictors_layout = LAYOUT(predictors_fields);
#undef TYPE

#define TYPE plru_tlb_entry
static const struct layout_field tlb_entry_fields[] = {
	ANY(va), ANY(leaf), ANY(asid), NUMBER(level, CVA6_ROOT_MAX), FLAG(valid), FLAG(global),
};
static const struct layout tlb_entry_layout = LAYOUT(tlb_entry_fields);
#undef TYPE

#define TYPE plru_tlb
static const struct layout_field tlb_fields[] = {
	NUMBERS(tree, 1), STRUCTS(entry, tlb_entry_layout),
};
static const struct layout tlb_layout = LAYOUT(tlb_fields);
#undef TYPE

#define TYPE cva6_tlbs
static const struct layout_field tlbs_fields[] = {
	STRUCT(itlb, tlb_layout), STRUCT(dtlb, tlb_layout),
};
static const struct layout tlbs_layout = LAYOUT(tlbs_fields);
#undef TYPE

#define TYPE pmp
static const struct layout_field pmp_fields[] = {
	NUMBERS(cfg, PMP_R | PMP_W | PMP_X | PMP_A | PMP_L), NUMBERS(addr, PMP_ADDR_MASK),
	NUMBER(rules, PMP_SMEPMP | PMP_ABSENT),
};
static const struct layout pmp_layout = LAYOUT(pmp_fields);
#undef TYPE

#define TYPE cva6_icache
static const struct layout_field icache_fields[] = {
	NUMBER(state, CVA6_ICACHE_KILL_MISS), FLAG(flush_pending), FLAG(cached), FLAG(all_valid),
	ANY(way), ANY(flush_count), ANY(vaddr), ANY(paddr), ANY(lfsr.bits),
	STRUCT(pmp, pmp_layout),
};
static const struct layout icache_layout = LAYOUT(icache_fields);
#undef TYPE

#define TYPE cva6_read_port
static const struct layout_field port_fields[] = {
	NUMBER(state, CVA6_PORT_REPLAY_READ), NUMBER(id, CVA6_LOAD_BUFFER - 1), FLAG(asked),
	FLAG(acked), FLAG(collides), ANY(valid_ways), ANY(address),
};
static const struct layout port_layout = LAYOUT(port_fields);
#undef TYPE

#define TYPE cva6_word
static const struct layout_field word_fields[] = {
	ANY(address), ANY(valid), ANY(dirty), ANY(sending), FLAG(checked), FLAG(hit),
};
static const struct layout word_layout = LAYOUT(word_fields);
#undef TYPE

#define TYPE cva6_write
static const struct layout_field write_fields[] = {
	FLAG(valid), ANY(bytes), NUMBER(word, CVA6_WORDS_MAX - 1),
};
static const struct layout write_layout = LAYOUT(write_fields);
#undef TYPE

#define TYPE cva6_write_buffer
static const struct layout_field writes_fields[] = {
	STRUCTS(word, word_layout), NUMBER(used, BIT(CVA6_WORDS_MAX) - 1),
	STRUCTS(write, write_layout), NUMBERS(returned, CVA6_WRITES_MAX - 1),
	NUMBER(returned_count, CVA6_WRITES_MAX), NUMBER(rr_dirty, CVA6_WORDS_MAX - 1),
	NUMBER(rr_check, CVA6_WORDS_MAX - 1), FLAG(locked), NUMBER(lock, BIT(CVA6_WORDS_MAX) - 1),
	FLAG(checking), FLAG(checked), NUMBER(checking_word, CVA6_WORDS_MAX - 1),
	NUMBER(checked_word, CVA6_WORDS_MAX - 1), FLAG(checked_hit), FLAG(array_written),
	ANY(array_line),
};
static const struct layout writes_layout = LAYOUT(writes_fields);
#undef TYPE

#define TYPE cva6_miss_unit
static const struct layout_field miss_fields[] = {
	NUMBER(state, CVA6_MISS_LOAD_WAIT), ANY(flush_count), FLAG(refilling), FLAG(was_refilling),
	FLAG(cached), NUMBER(port, CVA6_READ_PORTS - 1), ANY(way), ANY(address),
	NUMBER(masked, BIT(CVA6_PORTS) - 1), FLAG(amo_requested), ANY(backoff.lfsr),
	ANY(backoff.mask), ANY(backoff.count),
};
static const struct layout miss_layout = LAYOUT(miss_fields);
#undef TYPE

#define TYPE cva6_dcache
static const struct layout_field dcache_fields[] = {
	ANY(lfsr.bits), STRUCTS(port, port_layout), NUMBER(rr_read, CVA6_PORTS - 1),
	ANY(valid_ways), STRUCT(writes, writes_layout), STRUCT(miss, miss_layout),
};
static const struct layout dcache_layout = LAYOUT(dcache_fields);
#undef TYPE

#define TYPE cva6_core
static const struct layout_field core_fields[] = {
	ANY(records.end), ANY(records.issue), ANY(records.commit), FLAG(records.diverted),
	ANY(records.shadow), ANY(records.shadow_end), ANY(cycle), ANY(last_commit), ANY(wake),
	ANY(sleep), ANY(sleep_record), ANY(alive), NUMBER(refills_behind, TIMING_CAUSES - 1),
	NUMBER(spent_on, TIMING_CAUSES - 1), STRUCT(pipe, pipeline_layout),
	STRUCT(predictors, predictors_layout), STRUCT(tlbs, tlbs_layout),
	STRUCT(icache, icache_layout), STRUCT(dcache, dcache_layout),
};
static const struct layout core_layout = LAYOUT(core_fields);
#undef TYPE

static const struct layout_field ring_fields[] = {
	{ "record", 0, sizeof(struct timing_record), CVA6_RECORDS, false, 0, NULL,
	  &record_layout },
};
static const struct layout ring_layout = LAYOUT(ring_fields);

/* What the parameters allow, and numbers of records that fit together. */
static bool cva6_state_fits(const struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;
	const struct cva6_params *params = &core->params;

	return core->cycle <= CYCLE_MAX && core->wake <= CYCLE_MAX && core->alive <= core->cycle &&
	       records->end - records->commit < CVA6_RECORDS &&
	       records->issue - records->commit <= records->end - records->commit &&
	       records->shadow_end - records->shadow <= TIMING_SHADOWS_MAX &&
	       core->pipe.sb.count <= params->issue_entries &&
	       core->pipe.sb.oldest < params->issue_entries &&
	       core->icache.way < params->icache_ways &&
	       core->icache.flush_count < params->icache_sets &&
	       core->dcache.miss.way < params->dcache_ways &&
	       (core->dcache.miss.flush_count < params->dcache_sets ||
		core->dcache.miss.state != CVA6_MISS_FLUSH);
}

int cva6_core_loaded(struct cva6_core *core)
{
	pmp_update(&core->icache.pmp);
	/* Arrays of caches and TLBs are others than they were. */
	tags_loaded(&core->icache.tags);
	tags_loaded(&core->dcache.tags);
	plru_tlb_changed(&core->tlbs.itlb);
	plru_tlb_changed(&core->tlbs.dtlb);
	core->told = core->told_at = 0;
	return layout_holds(&core_layout, core) && cva6_state_fits(core) ? 0 : -EINVAL;
}

static int ring_loaded(void *self)
{
	return layout_holds(&ring_layout, self) ? 0 : -EINVAL;
}

bool cva6_state_init(struct cva6_state *state, void (*settle)(void *core),
		     int (*loaded)(void *core))
{
	bool good = layout_expand(&core_layout, loaded, &state->core) &&
		    layout_expand(&ring_layout, ring_loaded, &state->ring);

	state->core.type.settle = settle;
	return good;
}

void cva6_state_free(struct cva6_state *state)
{
	layout_free(&state->core);
	layout_free(&state->ring);
}

/* An array of the machine's own size. */
static void register_array(struct cva6_array *array, struct state *state, const char *name,
			   const char *what)
{
	char text[STATE_NAME_MAX];

	array->type = (struct state_type){ .version = 1, .fields = &array->field, .count = 1 };
	array->field.name = what;
	snprintf(text, sizeof(text), "%s.%s", name, what);
	state_register(state, text, &array->type, array->self);
}

static void cva6_state_describe(struct cva6_array *array, void *self, u32 size, size_t count)
{
	array->self = self;
	array->field = (struct state_field){ .size = size, .count = (u32)count };
}

void cva6_state_register(struct cva6_state *own, struct cva6_core *core, struct state *state,
			 const char *name)
{
	static const char *const what[CVA6_ARRAYS] = {
		"icache_lines", "icache_valid", "icache_bytes", "dcache_lines", "dcache_valid",
	};
	const struct tags *itags = &core->icache.tags, *dtags = &core->dcache.tags;
	size_t ilines = (size_t)itags->shape.sets * itags->shape.ways;
	size_t dlines = (size_t)dtags->shape.sets * dtags->shape.ways;
	char text[STATE_NAME_MAX];

	state_register(state, name, &own->core.type, core);
	snprintf(text, sizeof(text), "%s.ring", name);
	state_register(state, text, &own->ring.type, core->records.ring);
	cva6_state_describe(&own->array[0], itags->lines, sizeof(*itags->lines), ilines);
	cva6_state_describe(&own->array[1], itags->valid, sizeof(*itags->valid), itags->shape.sets);
	cva6_state_describe(&own->array[2], core->icache.bytes, 1, ilines * itags->shape.line);
	cva6_state_describe(&own->array[3], dtags->lines, sizeof(*dtags->lines), dlines);
	cva6_state_describe(&own->array[4], dtags->valid, sizeof(*dtags->valid), dtags->shape.sets);
	for (unsigned n = 0; n < CVA6_ARRAYS; n++)
		register_array(&own->array[n], state, name, what[n]);
}
