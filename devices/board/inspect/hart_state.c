/* SPDX-License-Identifier: MIT */
/*
 * Gives tools the data of a machine's harts, code and symbols, by copying them out of cpu/ and
 * symbols.c.
 */
#include "devices/board/inspect/hart_state.h"

#include "cpu/isa/disasm.h"
#include "cpu/mmu/peek.h"
#include "devices/board/inspect/elf_files.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <string.h>

static void inspect_fill(const struct hart *hart, const struct trap *trap, struct board_hart *state)
{
	*state = (struct board_hart){
		.pc = hart->pc,
		.mode = priv_name(hart->priv, hart->virt),
		.dead = hart->dead,
		.critical = hart->dead && hart->trap.reason == REASON_critical_error,
		.waiting = hart->waiting,
		.enabled = hart->mie,
		.traps = hart->traps,
		.cause = trap->cause,
		.tval = trap->tval,
		.from = trap->from,
		.to = trap->to,
		.trap = trap_name(trap->cause),
		.reason = trap_reason_text(trap->reason),
		.from_mode = priv_name(trap->from_priv, trap->from_virt),
		.to_mode = priv_name(trap->to_priv, trap->to_virt),
	};
}

void board_inspect_hart(struct board *board, unsigned index, struct board_hart *state)
{
	const struct hart *hart = board->harts.hart[index];

	inspect_fill(hart, &hart->trap, state);
}

bool board_inspect_hart_before(struct board *board, unsigned index, struct board_hart *state)
{
	const struct hart *hart = board->harts.hart[index];
	const struct trap_log *log = &hart->log;
	const struct trap_record *before =
		trap_log_count(log) ? trap_log_before(log, trap_log_back(log, 0)) : NULL;

	if (before)
		inspect_fill(hart, &before->trap, state);
	return before;
}

bool board_register(struct board *board, unsigned index, const char *name, u64 *value)
{
	const struct hart *hart = board->harts.hart[index];

	for (unsigned n = 0; n < ARRAY_SIZE(board_x_names); n++)
		if (!strcmp(board_x_names[n], name)) {
			*value = hart->x[n];
			return true;
		}
	return false;
}

bool board_disasm(struct board *board, unsigned index, u64 pc, char *text, size_t size)
{
	struct hart *hart = board->harts.hart[index];
	u32 raw = 0;

	if (size)
		text[0] = 0;
	if (!hart_peek_code(hart, pc, &raw, 2) ||
	    (insn_length(raw) == 4 && !hart_peek_code(hart, pc, &raw, 4)))
		return false;
	disasm(hart->isa, pc, raw, text, size);
	return true;
}

bool board_find_symbol(struct board *board, const char *name, u64 *addr)
{
	return symbols_find(&board->symbols, name, addr);
}

bool board_has_symbols(struct board *board)
{
	return board->symbols.count > 0;
}

int board_open_elf(struct board *board, const char **name, u64 *size)
{
	const char *names[BOARD_ELF_FILES_MAX];
	const unsigned count = board_elf_files(&board->config, names);
	struct board_error ignored;

	for (unsigned n = 0; n < count; n++) {
		int fd = loader_open_elf(names[n], &ignored, size);

		*name = names[n];
		if (fd >= 0)
			return fd;
	}
	return -ENOENT;
}
