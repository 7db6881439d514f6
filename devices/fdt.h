/* SPDX-License-Identifier: MIT */
/*
 * Writes a device tree with libfdt, by functions for those kinds of properties that nodes of
 * devices need. Errors are kept, and fdt_done returns the first, so that code reads like the tree
 * that it writes. (libfdt itself has an fdt_finish and an fdt_string, so those two names cannot be
 * used here.)
 */
#ifndef DEVICES_FDT_H
#define DEVICES_FDT_H

#include "bus/base.h"

struct fdt {
	void *blob; /* owned */
	size_t size;
	int error; /* first libfdt error */
	u32 next_phandle;
};

int fdt_start(struct fdt *fdt); /* opens the root node; returns 0 or -ENOMEM */
/*
 * Closes the root and packs the tree. Returns 0, -EINVAL or -ENOMEM. The caller frees fdt->blob in
 * any case.
 */
int fdt_done(struct fdt *fdt);

void fdt_node(struct fdt *fdt, const char *format, ...) PRINTF_LIKE(2, 3); /* "uart@%llx" */
void fdt_end(struct fdt *fdt);
/* it only returns a number; write it with fdt_u32(.., "phandle", ..) */
u32 fdt_new_phandle(struct fdt *fdt);

/* Write properties of the node that is open. fdt_flag writes one without a value. */
void fdt_flag(struct fdt *fdt, const char *name);
void fdt_u32(struct fdt *fdt, const char *name, u32 value);
void fdt_str(struct fdt *fdt, const char *name, const char *value);
void fdt_strings(struct fdt *fdt, const char *name, const char *const *values, unsigned count);
void fdt_cells(struct fdt *fdt, const char *name, const u32 *cells, unsigned count);
void fdt_bytes(struct fdt *fdt, const char *name, const void *data, size_t size);
/* Writes reg = <base size>, with two cells each. */
void fdt_reg(struct fdt *fdt, u64 base, u64 size);

/* An interrupt controller to which devices' nodes refer: #interrupt-cells is 1 or 2. */
struct fdt_intc {
	u32 phandle;
	u32 cells;
	u32 msi; /* phandle of the controller that receives MSIs; 0: none */
};

/* The second cell of an interrupt if #interrupt-cells is 2: it is active while high. */
#define FDT_LEVEL_HIGH 4

/* Writes the properties interrupts and interrupt-parent of a device with one line. */
void fdt_interrupt(struct fdt *fdt, const struct fdt_intc *intc, u32 source);

#endif
