/* SPDX-License-Identifier: MIT */
/* Explains a hart as a whole, and lists its traps. See board/explain/explain.h. */
#include "devices/board/explain/explanation.h"

#include "cpu/isa/disasm.h"
#include "cpu/mmu/peek.h"

void explain_place(const struct explain *e, u64 addr, u8 priv, bool virt)
{
	const struct board_code_addr code = { e->hart, addr, priv, virt };

	fprintf(e->out, "0x%llx%s", addr, board_code_addr_name(e->board, &code).text);
}

void explain_code(const struct explain *e, u64 pc, const struct regime *regime, u32 *raw)
{
	char text[64];

	explain_place(e, pc, regime->priv, regime->virt);
	*raw = 0;
	if (!hart_peek_as(e->hart, regime, pc, raw, 2) ||
	    (insn_length(*raw) == 4 && !hart_peek_as(e->hart, regime, pc, raw, 4))) {
		*raw = 0;
		return;
	}
	disasm(e->hart->isa, pc, *raw, text, sizeof(text));
	fprintf(e->out, ": %s", text);
}

static bool has_ended(const struct board *board)
{
	return board->platform.end == MACHINE_PASS || board->platform.end == MACHINE_FAIL;
}

/* Prints how the guest ended the machine, if it did; its harts then execute nothing more. */
static void print_end(const struct board *board, FILE *out)
{
	if (board->platform.end == MACHINE_FAIL && board->platform.end_code)
		fprintf(out, "the guest has ended: it reported failure %llu\n",
			board->platform.end_code);
	else if (has_ended(board))
		fprintf(out, "the guest has ended: it reported success, or shut down\n");
}

static unsigned vector_of(const struct trap *trap)
{
	return trap->to_virt ? TRAP_VSTVEC : trap->to_priv == PRIV_M ? TRAP_MTVEC : TRAP_STVEC;
}

static u64 vector_now(const struct hart *hart, unsigned vector)
{
	return vector == TRAP_MTVEC ? hart->mtvec :
	       vector == TRAP_STVEC ? hart->s[BANK_HS].tvec :
				      hart->s[BANK_VS].tvec;
}

/*
 * Returns the refused write of the register by which this trap was taken, if it has its old value
 * since; otherwise NULL.
 */
static const struct trap_refusal *refusal_of(const struct hart *hart, const struct trap *trap)
{
	unsigned vector = vector_of(trap);
	const struct trap_refusal *refusal = &hart->log.refused[vector];

	return refusal->asked && refusal->kept == vector_now(hart, vector) ? refusal : NULL;
}

/*
 * Prints that the register by which the last trap was taken has an old value, if a write of another
 * one was refused: usually the handler's address is not aligned.
 */
static void print_refusal(const struct explain *e)
{
	static const char *const names[TRAP_VECTORS] = { "mtvec", "stvec", "vstvec" };
	const struct trap_record *last = trap_log_back(&e->hart->log, 0);
	const struct trap_refusal *refusal = last ? refusal_of(e->hart, &last->trap) : NULL;
	const struct trap *trap;

	if (!refusal)
		return;
	trap = &last->trap;
	fprintf(e->out, "  %s is 0x%llx: a write of ", names[vector_of(trap)], refusal->kept);
	explain_place(e, refusal->asked, trap->to_priv, trap->to_virt);
	fprintf(e->out,
		" was not taken, because its lowest 2 bits (MODE) are %llu, which is reserved%s\n",
		refusal->asked & 3,
		refusal->asked & 1 ? "" : ": align the handler to 4 bytes (.align 2)");
}

/* Prints why a dead hart is dead. If its state was loaded, its traps are not known. */
static void print_death(const struct hart *hart, FILE *out)
{
	const char *unset = explain_unset(&hart->trap);

	if (hart->trap.reason == REASON_critical_error) {
		fprintf(out, "  it stopped at a critical error: a trap that no mode can take\n");
		return;
	}
	fprintf(out,
		"  it only traps: %llu times the same trap at the same place with no return in "
		"between\n",
		hart->streak.count);
	if (!hart->traps || hart->trap.from != hart->trap.to)
		return;
	fprintf(out, "  it does so where its handler begins: nothing handles the trap\n");
	if (unset && !refusal_of(hart, &hart->trap))
		fprintf(out, "  %s is 0, as after reset: software has set no handler\n", unset);
}

static void print_state(const struct explain *e)
{
	const struct hart *hart = e->hart;
	u32 raw;

	fprintf(e->out, "hart %u: %s in %s-mode%s at ", hart->id,
		hart->dead          ? "dead" :
		hart->asks          ? "asks for what is typed (semihosting)" :
		hart->waiting       ? "waits (WFI)" :
		has_ended(e->board) ? "was" :
				      "runs",
		priv_name(hart->priv, hart->virt), hart->waiting ? ", to go on" : "");
	explain_code(e, hart->pc, hart->fetch_regime, &raw);
	fprintf(e->out, ", after %llu instructions and %llu traps\n", hart_retired(hart),
		hart->traps);
	if (!hart->asks && !hart->waiting && !has_ended(e->board))
		explain_doing(e, raw);
	if (hart->dead)
		print_death(hart, e->out);
	print_refusal(e);
}

/*
 * Prints the last trap and the last fault, but none that came before the hart first left M-mode; of
 * a trap loop, also the trap that began it.
 */
static void print_last_traps(const struct explain *e)
{
	const struct trap_log *log = &e->hart->log;
	const struct trap_record *last, *fault, *before;

	if (!trap_log_count(log)) {
		explain_csrs(e);
		return;
	}
	last = trap_log_back(log, 0);
	if (trap_log_before_entry(log, last)) {
		fprintf(e->out, "it has had no trap since it first left M-mode\n");
		return;
	}
	fprintf(e->out, "the last trap:\n");
	explain_trap(e, last);
	fault = trap_log_fault(log);
	if (fault && trap_log_before_entry(log, fault))
		fault = NULL;
	if (fault && fault != last) {
		fprintf(e->out, "the last exception that is no call:\n");
		explain_trap(e, fault);
	}
	if (!e->hart->dead && fault)
		last = fault;
	before = trap_log_before(log, last);
	if (!before || !(e->hart->dead || trap_log_loops(log)))
		return;
	fprintf(e->out, "it began with the trap before it:\n");
	explain_trap(e, before);
}

static void explain_hart(struct board *board, unsigned index, FILE *file)
{
	const struct explain e = { board, board->harts.hart[index], file };

	print_state(&e);
	if (!e.hart->dead)
		explain_interrupts(&e);
	print_last_traps(&e);
}

void board_explain_hart(struct board *board, unsigned index, void *file)
{
	print_end(board, file);
	explain_hart(board, index, file);
	explain_devices(board, file);
}

void board_explain(struct board *board, void *file)
{
	print_end(board, file);
	for (unsigned n = 0; n < board->harts.count; n++)
		explain_hart(board, n, file);
	explain_devices(board, file);
}

static void print_record(const struct explain *e, const struct trap_record *record)
{
	const struct trap *trap = &record->trap;

	fprintf(e->out, "%6llu  %s, %s-mode at ", record->number, trap_name(trap->cause),
		priv_name(trap->from_priv, trap->from_virt));
	explain_place(e, trap->from, trap->from_priv, trap->from_virt);
	if (record->lost)
		fprintf(e->out, ", taken by no mode");
	else
		fprintf(e->out, ", taken by %s", priv_name(trap->to_priv, trap->to_virt));
	if (!(trap->cause & CAUSE_INTERRUPT))
		fprintf(e->out, ", tval 0x%llx", trap->tval);
	if (record->times > 1)
		fprintf(e->out, ", %llu times", record->times);
	fputc('\n', e->out);
}

void board_info_traps(struct board *board, unsigned index, void *file)
{
	const struct explain e = { board, board->harts.hart[index], file };
	unsigned count = trap_log_count(&e.hart->log);

	fprintf(e.out,
		"hart %u: %llu traps, of which these are remembered "
		"(explain trap N tells why):\n",
		index, e.hart->traps);
	while (count--)
		print_record(&e, trap_log_back(&e.hart->log, count));
}

bool board_explain_trap(struct board *board, unsigned index, u64 number, void *file)
{
	const struct explain e = { board, board->harts.hart[index], file };
	const struct trap_log *log = &e.hart->log;
	const struct trap_record *record = number              ? trap_log_find(log, number) :
					   trap_log_count(log) ? trap_log_back(log, 0) :
								 NULL;

	if (record)
		explain_trap(&e, record);
	return record;
}
