/* SPDX-License-Identifier: MIT */
/* Writes files of memory, and core files. See save.h. */
#include "devices/board/inspect/save.h"

#include "bus/output.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/machine.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>

/* The registers of a hart as Linux writes them for riscv (struct elf_prstatus). */
struct core_hart {
	u8 signals[32];
	u32 pid;
	u8 parents_and_times[76];
	u64 pc, x[31]; /* x1 to x31 */
	u32 has_f, unused;
};

/* The header that precedes each struct core_hart. */
struct core_note {
	Elf64_Nhdr header;
	char name[8];
};

#define NOTE_NAME "CORE"
#define NOTE_SIZE (sizeof(struct core_note) + sizeof(struct core_hart))

struct board_memory board_ram(const struct board *board)
{
	return (struct board_memory){
		.space.kind = SPACE_PHYSICAL, .addr = DRAM_BASE, .size = board->config.ram_size,
	};
}

/*
 * Writes a piece of memory. In a new file a page of zeros becomes a hole, unless it is the last
 * page.
 */
static int put_piece(const struct output *output, const u8 *data, size_t size, bool last)
{
	bool hole = output->part && !last && size == PAGE_SIZE && ram_is_zero(data, size);

	if (hole && !fseeko(output->file, (off_t)size, SEEK_CUR))
		return 0;
	return fwrite(data, size, 1, output->file) == 1 ? 0 : -errno;
}

static int put_range(struct board *board, const struct board_memory *range,
		     const struct output *output)
{
	struct board_memory piece = *range;
	u8 data[PAGE_SIZE];
	int error = 0;

	for (u64 done = 0; done < range->size && !error; done += piece.size) {
		piece.addr = range->addr + done;
		piece.size = MIN(range->size - done, PAGE_SIZE - piece.addr % PAGE_SIZE);
		if (!board_debug_held(board, &piece, data))
			return -EFAULT;
		error = put_piece(output, data, piece.size, done + piece.size == range->size);
	}
	return error;
}

int board_save_memory(struct board *board, const struct board_memory *range, const char *path)
{
	struct output output;
	int error = output_open(&output, path);

	return error ? error : output_close(&output, put_range(board, range, &output));
}

static void put_hart(struct board *board, unsigned hart, FILE *file)
{
	const struct core_note note = {
		.header = { sizeof(NOTE_NAME), sizeof(struct core_hart), NT_PRSTATUS },
		.name = NOTE_NAME,
	};
	struct core_hart state = { .pid = hart + 1 };

	board_reg_get(board, hart, BOARD_REG_PC, &state.pc);
	for (unsigned n = 0; n < ARRAY_SIZE(state.x); n++)
		board_reg_get(board, hart, BOARD_REG_X + 1 + n, &state.x[n]);
	fwrite(&note, sizeof(note), 1, file);
	fwrite(&state, sizeof(state), 1, file);
}

/* Writes everything that precedes the memory, which begins at a page boundary of the file. */
static int put_headers(struct board *board, const struct board_memory *part, FILE *file)
{
	const u64 notes = NOTE_SIZE * board->harts.count;
	const struct {
		Elf64_Ehdr file;
		Elf64_Phdr notes, memory;
	} headers = {
		.file = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				     EV_CURRENT },
			.e_type = ET_CORE, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
			.e_phoff = sizeof(headers.file), .e_ehsize = sizeof(headers.file),
			.e_phentsize = sizeof(headers.notes), .e_phnum = 2,
		},
		.notes = {
			.p_type = PT_NOTE, .p_offset = sizeof(headers), .p_filesz = notes,
			.p_memsz = notes, .p_align = 4,
		},
		.memory = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X,
			.p_offset = align_up(sizeof(headers) + notes, PAGE_SIZE),
			.p_vaddr = part->addr, .p_paddr = part->addr,
			.p_filesz = part->size, .p_memsz = part->size,
			.p_align = part->addr % PAGE_SIZE ? 1 : PAGE_SIZE,
		},
	};

	fwrite(&headers, sizeof(headers), 1, file);
	for (unsigned hart = 0; hart < board->harts.count; hart++)
		put_hart(board, hart, file);
	for (u64 at = sizeof(headers) + notes; at < headers.memory.p_offset; at++)
		putc(0, file);
	return output_failed(file);
}

int board_save_core(struct board *board, const struct board_memory *part, const char *path)
{
	const struct board_memory ram = board_ram(board);
	struct output output;
	int error;

	if (!range_within(part->addr, part->size, ram.addr, ram.size))
		return -EFAULT;
	error = output_open(&output, path);
	if (error)
		return error;
	error = put_headers(board, part, output.file);
	return output_close(&output, error ? error : put_range(board, part, &output));
}
