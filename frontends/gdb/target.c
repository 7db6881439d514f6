/* SPDX-License-Identifier: MIT */
/*
 * Makes the target description ("Debugging with GDB", appendix G): every register that the
 * machine's harts have, with the name that the manuals give it and its number. CSRs are grouped by
 * the privilege that their number requires.
 */
#include "frontends/gdb/session.h"

#include <stdlib.h>
#include <string.h>

#include "bus/output.h"

struct feature {
	const char *name;
	unsigned first, last;
};

/*
 * The features that GDB expects. The floating-point CSRs belong to the same feature as the
 * floating-point registers. In the first feature of the name csr, GDB puts the CSRs that it knows
 * only into a register group of its own. It uses those in a second feature of that name as they are
 * described here, so the first one is empty.
 */
static const struct feature features[] = {
	{ "org.gnu.gdb.riscv.cpu", BOARD_REG_X, BOARD_REG_PC },
	{ "org.gnu.gdb.riscv.fpu", BOARD_REG_F, BOARD_REG_CSR + 3 },
	{ "org.gnu.gdb.riscv.csr", BOARD_REG_CSR + 4, BOARD_REG_CSR + 3 }, /* the range is empty */
	{ "org.gnu.gdb.riscv.csr", BOARD_REG_CSR + 4, BOARD_REG_CSR + 4095 },
	{ "org.gnu.gdb.riscv.virtual", BOARD_REG_PRIV, BOARD_REG_PRIV },
	{ "baya.virtual", BOARD_REG_VIRT, BOARD_REG_VIRT },
	{ "org.gnu.gdb.riscv.vector", BOARD_REG_V, BOARD_REG_V + 31 },
};

static const char *group_of(unsigned number)
{
	static const char *const levels[] = { "user", "supervisor", "hypervisor", "machine" };

	if (number <= BOARD_REG_PC)
		return "general";
	if (number <= BOARD_REG_CSR + 3)
		return "float";
	if (number >= BOARD_REG_V)
		return "vector";
	if (number >= BOARD_REG_PRIV)
		return "virtual";
	return levels[(number - BOARD_REG_CSR) >> 8 & 3];
}

static const char *type_of(unsigned number, unsigned bits)
{
	if (number == BOARD_REG_PC || number == 1)
		return "code_ptr";
	if (number >= 2 && number <= 4)
		return "data_ptr";
	if (number >= BOARD_REG_V)
		return "riscv_vector";
	if (number >= BOARD_REG_F && number < BOARD_REG_CSR)
		return bits == 64 ? "ieee_double" : "ieee_single";
	return number < BOARD_REG_PC ? "int" : bits == 64 ? "uint64" : "uint32";
}

/* Describes the type of a vector register: a union of arrays that have the same names as in QEMU
 * and GDB. */
static void put_vector_types(unsigned register_bits, FILE *out)
{
	static const struct {
		const char *id, *type, *name;
		unsigned bits;
	} views[] = {
		{ .id = "quads", .type = "uint128", .name = "q", .bits = 128 },
		{ .id = "longs", .type = "uint64", .name = "l", .bits = 64 },
		{ .id = "words", .type = "uint32", .name = "w", .bits = 32 },
		{ .id = "shorts", .type = "uint16", .name = "s", .bits = 16 },
		{ .id = "bytes", .type = "uint8", .name = "b", .bits = 8 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(views); n++)
		fprintf(out, "<vector id=\"%s\" type=\"%s\" count=\"%u\"/>\n", views[n].id,
			views[n].type, register_bits / views[n].bits);
	fprintf(out, "<union id=\"riscv_vector\">\n");
	for (unsigned n = 0; n < ARRAY_SIZE(views); n++)
		fprintf(out, "<field name=\"%s\" type=\"%s\"/>\n", views[n].name, views[n].id);
	fprintf(out, "</union>\n");
}

static void put_feature(struct gdb *gdb, const struct feature *feature, FILE *out)
{
	struct board_reg reg;

	/* A feature is left out if its first register does not exist. */
	if ((feature->first < BOARD_REG_CSR + 4 || feature->first == BOARD_REG_V) &&
	    !board_reg(gdb->board, feature->first, &reg))
		return;
	fprintf(out, "<feature name=\"%s\">\n", feature->name);
	if (feature->first == BOARD_REG_V)
		put_vector_types(reg.bits, out);
	for (unsigned n = feature->first; n <= feature->last; n++)
		if (board_reg(gdb->board, n, &reg))
			fprintf(out,
				"<reg name=\"%s\" bitsize=\"%u\" regnum=\"%u\" type=\"%s\" "
				"group=\"%s\" save-restore=\"%s\"/>\n",
				reg.name, reg.bits, n, type_of(n, reg.bits), group_of(n),
				n < BOARD_REG_CSR || n >= BOARD_REG_V ? "yes" : "no");
	fprintf(out, "</feature>\n");
}

bool gdb_make_target(struct gdb *gdb)
{
	FILE *out = gdb->target ? NULL : open_memstream(&gdb->target, &gdb->target_size);

	if (!out)
		return gdb->target;
	/* If an operating system were named here, GDB would implement a step by breakpoints, and
	 * interrupts would be handled during the step. */
	fprintf(out, "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
		     "<target version=\"1.0\">\n<architecture>riscv:rv64</architecture>\n"
		     "<osabi>none</osabi>\n");
	for (unsigned n = 0; n < ARRAY_SIZE(features); n++)
		put_feature(gdb, &features[n], out);
	fprintf(out, "</target>\n");
	output_end_text(out, &gdb->target);
	return gdb->target;
}
