/* SPDX-License-Identifier: MIT */
/*
 * CVA6's issue stage (issue_read_operands.sv): one instruction a cycle, in order, when its unit is
 * free and its operands are there. Here the fetched instruction is compared with the record of the
 * executed one.
 */
#include "cpu/timing/cva6/actions.h"
#include "cpu/timing/cva6/core.h"

#define CAUSE_ILLEGAL 2

static bool uses_flu(u8 unit)
{
	return unit == CVA6_ALU || unit == CVA6_CTRL_FLOW || unit == CVA6_CSR ||
	       unit == CVA6_MULT || unit == CVA6_DIV;
}

static bool cva6_issue_full(const struct cva6_core *core)
{
	return core->pipe.sb.count >= core->params.issue_entries;
}

static bool lacks_record(const struct cva6_core *core)
{
	return !core->records.diverted && core->records.issue >= core->records.end;
}

/*
 * Returns whether the next cycle depends on the record of the decoded instruction, which has not
 * come yet. It does not if the instruction cannot be issued in any case: because the scoreboard is
 * full, or because a CSR instruction that does not commit now occupies the port.
 */
bool cva6_issue_needs_record(const struct cva6_core *core)
{
	const struct cva6_entry *executing = &core->pipe.sb.entry[core->pipe.execute_slot];
	const struct cva6_entry *oldest = &core->pipe.sb.entry[core->pipe.sb.oldest];
	bool csr = core->pipe.flu.csr || (core->pipe.executing && executing->uop.unit == CVA6_CSR);

	if (!core->pipe.decoded_valid || !lacks_record(core) || cva6_issue_full(core))
		return false;
	if (csr && uses_flu(core->pipe.decoded.uop.unit))
		return oldest->valid && oldest->uop.unit == CVA6_CSR;
	return true;
}

/* Returns the record of the decoded instruction, or NULL on a wrong path. */
static const struct timing_record *record_of(const struct cva6_core *core)
{
	const struct cva6_records *records = &core->records;
	const struct timing_record *record = cva6_record(records, records->issue);

	if (records->diverted && records->shadow == records->shadow_end)
		return NULL;
	if (records->diverted)
		record = cva6_record(records, records->shadow);
	return record->pc == core->pipe.decoded.pc ? record : NULL;
}

/*
 * Returns the unit that a wrong-path instruction occupies. Its operands are not known, so it does
 * nothing else.
 */
static u8 cva6_issue_wrong_path_unit(u8 unit)
{
	return uses_flu(unit) && unit != CVA6_DIV ? unit : unit == CVA6_NONE ? CVA6_NONE : CVA6_ALU;
}

/* Sets those operands of the record on which something depends. */
static void set_operands(struct cva6_entry *entry, const struct timing_record *record)
{
	if (entry->uop.op == CVA6_SFENCE_VMA || cva6_writes_what_matters(entry)) {
		entry->a = record->a;
		entry->b = record->b;
	}
	if (entry->uop.unit == CVA6_DIV)
		entry->ends = cva6_division_ends(&entry->uop, record->a, record->b, &entry->steps);
	if (entry->uop.unit == CVA6_FPU && entry->uop.block == CVA6_DIVSQRT)
		entry->ends = cva6_fpu_is_special(&entry->uop, record->a, record->b);
}

/*
 * Fills in an entry from its record, which is right where the fetched bytes are not: these may be
 * older than memory.
 */
static void fill_entry(struct cva6_core *core, struct cva6_entry *entry,
		       const struct timing_record *record)
{
	bool stopped = record->flags & (TIMING_INTERRUPT | TIMING_FETCH);
	bool known = entry->uop.unit == CVA6_NONE || entry->uop.unit == CVA6_CSR;

	if (!stopped)
		entry->uop = *cva6_decoder_find(core->decoder, record->raw);
	entry->next = record->next;
	entry->va = record->va;
	entry->pa = record->pa;
	entry->flags = record->flags;
	entry->size = record->size;
	entry->cause = record->cause;
	entry->after = record->after;
	entry->shadows = record->shadows;
	entry->exception = stopped;
	if (record->flags & TIMING_FETCH)
		entry->uop.unit = CVA6_NONE;
	else if (!stopped && !known && record->flags & TIMING_TRAP &&
		 record->cause == CAUSE_ILLEGAL)
		entry->uop.unit = CVA6_CVXIF;
	set_operands(entry, record);
}

static void make_entry(struct cva6_core *core, struct cva6_entry *entry)
{
	const struct timing_record *record = record_of(core);
	const struct cva6_fetched *decoded = &core->pipe.decoded;

	*entry = (struct cva6_entry){
		.uop = decoded->uop,
		.pc = decoded->pc,
		.predicted = decoded->target,
		.flow = decoded->flow,
		.on_wrong_path = core->records.diverted || !record,
		.known = record,
	};
	if (record)
		fill_entry(core, entry, record);
	else
		entry->uop.unit = decoded->fault ? CVA6_NONE :
						   cva6_issue_wrong_path_unit(entry->uop.unit);
	entry->ends |= !record && entry->uop.unit == CVA6_DIV;
	entry->exception |= entry->uop.raises || entry->uop.unit == CVA6_NONE;
	entry->valid = entry->exception;
}

static bool unit_busy(const struct cva6_wires *wires, u8 unit)
{
	switch (unit) {
	case CVA6_ALU:
	case CVA6_CTRL_FLOW:
	case CVA6_CSR:
		return !wires->flu_ready || wires->multiplies;
	case CVA6_MULT:
		return !wires->flu_ready;
	case CVA6_DIV:
		return !wires->flu_ready || !wires->divider_ready;
	case CVA6_LOAD:
	case CVA6_STORE:
		return !wires->lsu_ready;
	case CVA6_FPU:
		return !wires->fpu_ready;
	default:
		return false;
	}
}

/*
 * Returns whether the register's writer is an atomic that forwards a value early; *early is that
 * value.
 */
static bool is_early(const struct cva6_core *core, u8 reg, s16 *early)
{
	const struct cva6_scoreboard *sb = &core->pipe.sb;
	int age = cva6_writer_of(sb, &core->params, sb->count, reg);
	const struct cva6_entry *entry;

	if (age < 0)
		return false;
	entry = &sb->entry[cva6_slot(sb, &core->params, (unsigned)age)];
	*early = entry->early;
	return cva6_is_amo(&entry->uop) && entry->early != CVA6_EARLY_UNKNOWN;
}

/*
 * Resolves a branch that reads the result of an atomic by the value that the atomic forwards before
 * it commits, which then trains the predictors. Fetch goes where there are no records, until the
 * atomic commits and flushes everything after it.
 */
static void resolve_early(struct cva6_core *core, struct cva6_entry *entry)
{
	s16 first = 0, second = 0;
	unsigned replaced = (unsigned)is_early(core, entry->uop.rs1, &first) |
			    (unsigned)is_early(core, entry->uop.rs2, &second) << 1;
	bool taken = entry->flags & TIMING_TAKEN;

	/* If both operands are those of atomics, the older atomic has committed by then. */
	if (!replaced || core->records.diverted ||
	    cva6_action_branch(core, replaced, replaced & 1 ? first : second) == taken)
		return;
	entry->flags ^= TIMING_TAKEN;
	entry->next = entry->pc + (taken ? entry->uop.length : (u64)(s64)entry->uop.offset);
}

/* Goes on to the next record or shadow. */
static void cva6_issue_advance(struct cva6_records *records, const struct cva6_entry *entry)
{
	if (!entry->known)
		return;
	if (records->diverted) {
		records->shadow++;
		return;
	}
	if (entry->next != cva6_record(records, records->issue++)->next) {
		records->diverted = true;
		records->shadow = records->shadow_end = 0;
		return;
	}
	if (!(entry->flags & TIMING_TRAP) && entry->uop.op != CVA6_XRET)
		return;
	records->diverted = true;
	records->shadow = records->issue;
	records->shadow_end = records->shadow + entry->shadows;
}

void cva6_issue(struct cva6_core *core, struct cva6_wires *wires)
{
	struct cva6_entry *entry = &wires->entry;

	if (!core->pipe.decoded_valid || cva6_issue_full(core) || lacks_record(core))
		return;
	if (wires->flush || wires->resolved.mispredict)
		return;
	make_entry(core, entry);
	if (unit_busy(wires, entry->uop.unit))
		return;
	/*
	 * An instruction with an exception waits for its unit, but not for operands, and is not
	 * executed.
	 */
	if (entry->exception)
		entry->uop.unit = CVA6_NONE;
	else if (!cva6_operands_ready(&core->pipe.sb, &core->params, &entry->uop,
				      &wires->writeback))
		return;
	if (entry->known && entry->uop.op == CVA6_BRANCH)
		resolve_early(core, entry);
	wires->issued = true;
	cva6_issue_advance(&core->records, entry);
}
