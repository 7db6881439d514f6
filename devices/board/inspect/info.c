/* SPDX-License-Identifier: MIT */
/* Prints registers, memory maps, interrupts, and the harts' state, for the monitor. */
#include "devices/board/machine.h"

#include "cpu/csr/csr.h"
#include "devices/board/inspect/space.h"

#include <string.h>

void board_symbol(struct board *board, u64 addr, char *text, size_t size)
{
	symbols_name_code(&board->symbols, addr, text, size);
}

static void print_place(struct board *board, const struct board_code_addr *code, FILE *out)
{
	fprintf(out, "0x%llx%s", code->addr, board_code_addr_name(board, code).text);
}

static void print_hart(struct board *board, struct hart *hart, FILE *out)
{
	const struct trap *trap = &hart->trap;
	const struct board_code_addr pc = { hart, hart->pc, hart->priv, hart->virt };
	const struct board_code_addr from = { hart, trap->from, trap->from_priv, trap->from_virt };
	const struct board_code_addr to = { hart, trap->to, trap->to_priv, trap->to_virt };

	fprintf(out, "hart %u: %s-mode at ", hart->id, priv_name(hart->priv, hart->virt));
	print_place(board, &pc, out);
	fprintf(out, "%s, %llu instructions\n",
		hart->dead    ? ", dead" :
		hart->asks    ? ", asks for what is typed" :
		hart->waiting ? ", in WFI" :
				"",
		hart_retired(hart));
	if (!hart->traps)
		return;
	fprintf(out, "  last trap of %llu: %s from %s-mode at ", hart->traps,
		trap_name(trap->cause), priv_name(trap->from_priv, trap->from_virt));
	print_place(board, &from, out);
	fprintf(out, " to %s-mode at ", priv_name(trap->to_priv, trap->to_virt));
	print_place(board, &to, out);
	if (!(trap->cause & CAUSE_INTERRUPT))
		fprintf(out, "\n  tval 0x%llx: %s", trap->tval, trap_reason_text(trap->reason));
	fprintf(out, "\n");
}

void board_info_harts(struct board *board, void *file)
{
	for (unsigned n = 0; n < board->harts.count; n++)
		print_hart(board, board->harts.hart[n], file);
}

const char *const board_x_names[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",
	"a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
	"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

/* Prints those of the CSRs that the hart has. */
static void print_csrs(struct hart *hart, const u16 *csrs, size_t count, FILE *out)
{
	char name[CSR_NAME_MAX];
	u64 value;

	for (size_t n = 0; n < count; n++)
		if (csr_peek(hart, csrs[n], &value) && csr_name(csrs[n], name, sizeof(name)))
			fprintf(out, " %-8s %016llx\n", name, value);
}

void board_info_registers(struct board *board, unsigned index, void *file)
{
	/*
	 * Each CSR is next to its counterparts at other privilege levels: mstatus, hstatus,
	 * vsstatus.
	 */
	static const u16 csrs[] = { 0xf14, 0x300, 0x600, 0x200, 0x344, 0x304, 0x303, 0x603,
				    0x302, 0x602, 0x305, 0x105, 0x205, 0x341, 0x141, 0x241,
				    0x342, 0x142, 0x242, 0x343, 0x143, 0x243, 0x643, 0x34b,
				    0x64a, 0x34a, 0x340, 0x140, 0x180, 0x280, 0x680, 0x30a,
				    0x10a, 0x60a };
	FILE *out = file;
	struct hart *hart;

	if (index >= board->harts.count)
		return;
	hart = board->harts.hart[index];
	fprintf(out, " priv     %s\n pc       %016llx\n", priv_name(hart->priv, hart->virt),
		hart->pc);
	print_csrs(hart, csrs, ARRAY_SIZE(csrs), out);
	for (unsigned n = 0; n < 32; n++)
		fprintf(out, " x%u/%s%*s %016llx%s", n, board_x_names[n],
			(int)(6 - strlen(board_x_names[n]) - (n > 9)), "", hart->x[n],
			n % 3 == 2 || n == 31 ? "\n" : "");
	for (unsigned n = 0; n < 32; n++)
		fprintf(out, " f%-2u %016llx%s", n, hart->f[n], n % 3 == 2 || n == 31 ? "\n" : "");
	fprintf(out, " fcsr     %02x\n", (unsigned)hart->frm << 5 | hart->fflags);
}

/*
 * The format is QEMU's: CSRs, then each register as one number whose lowest digits are element 0.
 */
void board_info_vectors(struct board *board, unsigned index, void *file)
{
	static const u16 csrs[] = { 0x008, 0x009, 0x00a, 0x00f, 0xc20, 0xc21, 0xc22 };
	struct vector_state *vector;
	struct hart *hart;

	if (index >= board->harts.count)
		return;
	hart = board->harts.hart[index];
	vector = &hart->vector;
	if (!isa_has(hart->isa, EXT_zve32x)) {
		fprintf(file, " hart %u has no vector registers\n", index);
		return;
	}
	print_csrs(hart, csrs, ARRAY_SIZE(csrs), file);
	for (unsigned n = 0; n < VECTOR_REGISTERS; n++) {
		fprintf(file, " v%-7u ", n);
		for (unsigned at = vector->vlenb; at-- > 0;)
			fprintf(file, "%02x", vector_register(vector, n)[at]);
		fprintf(file, "\n");
	}
}

void board_info_mtree(struct board *board, void *file)
{
	const struct bus *bus = &board->platform.bus;

	for (unsigned n = 0; n < bus->count; n++) {
		const struct region *region = &bus->regions[n];
		const char *kind = !region->ram ? "i/o" : region->readonly ? "rom" : "ram";

		fprintf(file, "%016llx-%016llx (%s): %s\n", region->base,
			region->base + region->size - 1, kind, region->name);
	}
}

void board_info_pci(struct board *board, void *file)
{
	pci_host_info(&board->pci, file);
}
