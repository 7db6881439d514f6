/* SPDX-License-Identifier: MIT */
/*
 * Makes device trees with libfdt's sequential writer. Owns the buffer, which grows as needed, and
 * remembers the first error. The devices decide what their nodes contain.
 */
#include "devices/fdt.h"

#include <errno.h>
#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FDT_FIRST_SIZE (16 * KiB)
#define FDT_NAME_MAX 64

/*
 * Checks the result of one call to the writer. Returns whether the call must be repeated, because
 * there was no room and the buffer has now been enlarged. The writer changes nothing when it
 * reports that there is no room.
 */
static bool fdt_again(struct fdt *fdt, int error)
{
	if (error != -FDT_ERR_NOSPACE) {
		fdt->error = error;
		return false;
	}
	/*
	 * The new buffer is zeroed, as fdt_create does it, because the writer does not write the
	 * bytes that align names and values.
	 */
	void *blob = fdt->size <= INT32_MAX / 2 ? calloc(2, fdt->size) : NULL;

	if (!blob) {
		fdt->error = error;
		return false;
	}
	fdt->size *= 2;
	fdt->error = fdt_resize(fdt->blob, blob, (int)fdt->size);
	free(fdt->blob);
	fdt->blob = blob;
	return !fdt->error;
}

/*
 * Repeats a call of the writer until its result fits into the buffer. Does nothing after an error.
 */
#define FDT_WRITE(fdt, call)                                                                       \
	do {                                                                                       \
	} while (!(fdt)->error && fdt_again(fdt, call))

int fdt_start(struct fdt *fdt)
{
	*fdt = (struct fdt){ .size = FDT_FIRST_SIZE, .next_phandle = 1 };
	fdt->blob = malloc(fdt->size);
	if (!fdt->blob)
		return -ENOMEM;
	FDT_WRITE(fdt, fdt_create(fdt->blob, (int)fdt->size));
	FDT_WRITE(fdt, fdt_finish_reservemap(fdt->blob));
	FDT_WRITE(fdt, fdt_begin_node(fdt->blob, ""));
	return 0;
}

int fdt_done(struct fdt *fdt)
{
	FDT_WRITE(fdt, fdt_end_node(fdt->blob));
	FDT_WRITE(fdt, fdt_finish(fdt->blob));
	/* The writer itself would accept an fdt_end too many, and properties after subnodes. */
	FDT_WRITE(fdt, fdt_check_full(fdt->blob, fdt_totalsize(fdt->blob)));
	if (fdt->error)
		return fdt->error == -FDT_ERR_NOSPACE ? -ENOMEM : -EINVAL;
	fdt->size = fdt_totalsize(fdt->blob);
	return 0;
}

void fdt_node(struct fdt *fdt, const char *format, ...)
{
	char name[FDT_NAME_MAX];
	va_list args;

	va_start(args, format);
	int length = vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	if (length >= FDT_NAME_MAX && !fdt->error)
		fdt->error = -FDT_ERR_BADVALUE;
	FDT_WRITE(fdt, fdt_begin_node(fdt->blob, name));
}

void fdt_end(struct fdt *fdt)
{
	FDT_WRITE(fdt, fdt_end_node(fdt->blob));
}

u32 fdt_new_phandle(struct fdt *fdt)
{
	return fdt->next_phandle++;
}

void fdt_flag(struct fdt *fdt, const char *name)
{
	fdt_bytes(fdt, name, "", 0);
}

void fdt_u32(struct fdt *fdt, const char *name, u32 value)
{
	FDT_WRITE(fdt, fdt_property_u32(fdt->blob, name, value));
}

void fdt_str(struct fdt *fdt, const char *name, const char *value)
{
	fdt_bytes(fdt, name, value, strlen(value) + 1);
}

/*
 * Adds a property of `size` bytes and returns them for the caller to fill in, or returns NULL after
 * an error.
 */
static void *fdt_placeholder(struct fdt *fdt, const char *name, size_t size)
{
	void *data = NULL;

	if (size > INT32_MAX / 2 && !fdt->error)
		fdt->error = -FDT_ERR_BADVALUE;
	FDT_WRITE(fdt, fdt_property_placeholder(fdt->blob, name, (int)size, &data));
	return fdt->error ? NULL : data;
}

void fdt_strings(struct fdt *fdt, const char *name, const char *const *values, unsigned count)
{
	size_t size = 0;

	for (unsigned i = 0; i < count; i++)
		size += strlen(values[i]) + 1;
	char *data = fdt_placeholder(fdt, name, size);

	for (unsigned i = 0; data && i < count; i++)
		data = stpcpy(data, values[i]) + 1;
}

void fdt_cells(struct fdt *fdt, const char *name, const u32 *cells, unsigned count)
{
	u8 *data = fdt_placeholder(fdt, name, count * sizeof(u32));

	for (unsigned i = 0; data && i < count; i++)
		fdt32_st(data + i * sizeof(u32), cells[i]);
}

void fdt_bytes(struct fdt *fdt, const char *name, const void *data, size_t size)
{
	void *place = fdt_placeholder(fdt, name, size);

	if (place && size)
		memcpy(place, data, size);
}

void fdt_reg(struct fdt *fdt, u64 base, u64 size)
{
	const u32 cells[] = { (u32)(base >> 32), (u32)base, (u32)(size >> 32), (u32)size };

	fdt_cells(fdt, "reg", cells, ARRAY_SIZE(cells));
}

void fdt_interrupt(struct fdt *fdt, const struct fdt_intc *intc, u32 source)
{
	const u32 cells[] = { source, FDT_LEVEL_HIGH };

	fdt_cells(fdt, "interrupts", cells, intc->cells);
	fdt_u32(fdt, "interrupt-parent", intc->phandle);
}
