/* SPDX-License-Identifier: MIT */
/*
 * Loads Intel HEX files. Each line is a colon and then, in hexadecimal digits, the number of data
 * bytes, an offset, a type, the data and a checksum. The file is read three times: all of it is
 * checked, then its memory is claimed, and then the data is written.
 */
#include "devices/boot/loader_hex.h"

#include "bus/bus.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DATA_MAX 255

/* The offsets of a record's fields: its header and the data. The checksum follows the data. */
enum { RECORD_COUNT, RECORD_OFFSET, RECORD_TYPE = 3, RECORD_DATA };
#define RECORD_MAX (RECORD_DATA + DATA_MAX + 1)

enum { TYPE_DATA, TYPE_END, TYPE_SEGMENT, TYPE_START_SEGMENT, TYPE_LINEAR, TYPE_START_LINEAR };

enum pass { PASS_CHECK, PASS_CLAIM, PASS_WRITE };

struct hex {
	struct loader *loader;
	struct loader_file *file;
	enum pass pass;
	unsigned line;
	u64 offset; /* the offset in the file of the first byte not yet in `buffer` */
	u8 buffer[4 * KiB];
	unsigned at, filled;
	u8 record[RECORD_MAX];
	u64 base; /* the address to which offsets are added */
	u64 run, run_end; /* contiguous data that is not yet claimed */
	u64 lowest, highest, entry;
	bool has_entry, ended;
};

bool loader_hex_is(const struct loader_head *head)
{
	if (!loader_head_has(head, 0, ":", 1) || head->size < 11)
		return false;
	for (unsigned i = 1; i < 11; i++)
		if (!isxdigit(head->bytes[i]))
			return false;
	return true;
}

static PRINTF_LIKE(2, 3) int hex_fail(const struct hex *hex, const char *format, ...)
{
	char text[80];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return loader_file_fail(hex->file, -ENOEXEC,
				"line %u of its Intel HEX %s; make it again by objcopy -O ihex",
				hex->line, text);
}

/* Reads a character, which is 0 at the end of the file. */
static int next_character(struct hex *hex, u8 *c)
{
	u64 part = MIN(hex->file->size - hex->offset, sizeof(hex->buffer));
	int code = 0;

	if (hex->at == hex->filled) {
		code = loader_file_read(hex->file, hex->buffer, hex->offset, part);
		hex->offset += part;
		hex->filled = (unsigned)part;
		hex->at = 0;
	}
	*c = !code && hex->filled ? hex->buffer[hex->at++] : 0;
	return code;
}

/* Skips ends of lines and reads the colon of the next record. *c is 0 at the end of the file. */
static int next_record(struct hex *hex, u8 *c)
{
	int code;

	do {
		code = next_character(hex, c);
		hex->line += *c == '\n';
	} while (!code && (*c == '\n' || *c == '\r'));
	if (!code && *c && *c != ':')
		return hex_fail(hex, "does not begin with a colon");
	return code;
}

static int next_byte(struct hex *hex, u8 *byte)
{
	static const char digits[] = "0123456789abcdef";
	u8 c[2] = { 0 };

	*byte = 0;
	for (unsigned n = 0; n < 2; n++) {
		int code = next_character(hex, &c[n]);

		if (code)
			return code;
		if (!isxdigit(c[n]))
			return hex_fail(hex, "is cut off or has what is no hexadecimal digit");
		*byte = (u8)(*byte << 4 | (strchr(digits, tolower(c[n])) - digits));
	}
	return 0;
}

/* Reads a record after its colon, and checks that the sum of all its bytes is 0 (modulo 256). */
static int read_record(struct hex *hex)
{
	unsigned size = RECORD_MAX;
	u8 sum = 0;

	for (unsigned n = 0; n < size; n++) {
		int code = next_byte(hex, &hex->record[n]);

		if (code)
			return code;
		sum = (u8)(sum + hex->record[n]);
		size = RECORD_DATA + hex->record[RECORD_COUNT] + 1u;
	}
	if (sum) {
		u8 had = hex->record[size - 1];

		return hex_fail(hex, "has the checksum %02X where %02X is right", had,
				(u8)(had - sum));
	}
	return 0;
}

static u64 number(const u8 *bytes, unsigned size)
{
	u64 value = 0;

	for (unsigned n = 0; n < size; n++)
		value = value << 8 | bytes[n];
	return value;
}

static int claim_run(struct hex *hex)
{
	u64 base = hex->run, size = hex->run_end - hex->run;

	hex->run = hex->run_end;
	return hex->pass == PASS_CLAIM ? loader_claim(hex->loader, hex->file, base, size) : 0;
}

static int take_data(struct hex *hex)
{
	u64 size = hex->record[RECORD_COUNT];
	u64 addr = hex->base + number(&hex->record[RECORD_OFFSET], 2);
	int code = 0;

	if (addr != hex->run_end) {
		code = claim_run(hex);
		hex->run = addr;
	}
	hex->run_end = addr + size;
	hex->lowest = MIN(hex->lowest, addr);
	hex->highest = MAX(hex->highest, addr + size);
	if (!code && hex->pass == PASS_WRITE &&
	    !bus_dma_write(hex->loader->bus, addr, &hex->record[RECORD_DATA], size))
		return hex_fail(hex, "has changed while it was read");
	return code;
}

static int take_record(struct hex *hex)
{
	static const u8 sizes[] = {
		[TYPE_SEGMENT] = 2, [TYPE_START_SEGMENT] = 4,
		[TYPE_LINEAR] = 2, [TYPE_START_LINEAR] = 4,
	};
	const u8 *data = &hex->record[RECORD_DATA];
	u8 type = hex->record[RECORD_TYPE], count = hex->record[RECORD_COUNT];

	if (type > TYPE_START_LINEAR)
		return hex_fail(hex, "is a record of type %u, which there is not", type);
	if (type != TYPE_DATA && count != sizes[type])
		return hex_fail(hex, "has %u data bytes, too many or too few for type %u", count,
				type);
	switch (type) {
	case TYPE_DATA:
		return count ? take_data(hex) : 0;
	case TYPE_END:
		hex->ended = true;
		return 0;
	case TYPE_SEGMENT:
		hex->base = number(data, 2) << 4;
		return 0;
	case TYPE_LINEAR:
		hex->base = number(data, 2) << 16;
		return 0;
	case TYPE_START_SEGMENT:
		hex->entry = (number(data, 2) << 4) + number(data + 2, 2);
		break;
	default:
		hex->entry = number(data, 4);
	}
	hex->has_entry = true;
	return 0;
}

static int read_file(struct hex *hex)
{
	int code = 0;
	u8 c = ':';

	while (!code && !hex->ended) {
		code = next_record(hex, &c);
		if (!code && !c)
			return loader_file_fail(hex->file, -ENOEXEC,
						"is cut off: its Intel HEX has no record of its "
						"end; make it again by objcopy -O ihex");
		if (!code)
			code = read_record(hex);
		if (!code)
			code = take_record(hex);
	}
	return code ? code : claim_run(hex);
}

static int describe(const struct hex *hex, struct loader_image *image)
{
	/* Some tools write a start address of 0 if none was set. */
	u64 entry = hex->has_entry && hex->entry ? hex->entry : hex->lowest;

	if (entry < hex->lowest || entry >= hex->highest || entry % 2)
		return loader_file_fail(hex->file, -ENOEXEC,
					"has its start address 0x%llx outside of its data or at an "
					"odd address; link it with the right start symbol",
					entry);
	*image = (struct loader_image){ hex->lowest, hex->highest, entry };
	return 0;
}

int loader_hex_load(struct loader *loader, struct loader_file *file, struct loader_image *image)
{
	enum pass last = loader->bus ? PASS_WRITE : PASS_CLAIM;
	struct hex hex;
	int code = 0;

	for (enum pass pass = PASS_CHECK; !code && pass <= last; pass++) {
		hex = (struct hex){
			.loader = loader, .file = file, .pass = pass, .line = 1,
			.lowest = UINT64_MAX,
		};
		code = read_file(&hex);
		file->end = hex.highest;
	}
	if (!code && !hex.highest)
		return loader_file_fail(file, -ENOEXEC, "has no data in its Intel HEX");
	return code || !image ? code : describe(&hex, image);
}
