/* SPDX-License-Identifier: MIT */
/*
 * Reads line tables through libdw: all rows of all units are in one array, sorted by address. The
 * files stay open, because they own the names in the rows. See lines.h.
 */
#include "frontends/report/lines.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/key.h"

#define FILES_MAX (2 + KEY_TEXTS_MAX) /* a program, a kernel, and those of --symbols */

/* Debug sections that a compiler compressed have about a quarter of their size; if one has a
 * hundredth, it is an attack. */
#define SHRINK_MOST 100

/* A row of a line table. It applies to all addresses up to that of the next row. */
struct row {
	u64 address;
	const char *file; /* NULL: there is no code from here on */
	unsigned number, order; /* `order` is the order in the file */
};

struct lines {
	struct row *rows;
	size_t count, room;
	Dwarf *files[FILES_MAX];
	int descriptors[FILES_MAX];
	unsigned file_count;
};

struct lines *lines_create(void)
{
	return calloc(1, sizeof(struct lines));
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	for (unsigned n = 0; n < lines->file_count; n++) {
		dwarf_end(lines->files[n]);
		close(lines->descriptors[n]);
	}
	free(lines->rows);
	free(lines);
}

static bool add_row(struct lines *lines, struct row row)
{
	if (lines->count == lines->room) {
		size_t room = lines->room ? lines->room * 2 : 1024;
		struct row *rows = realloc(lines->rows, room * sizeof(*rows));

		if (!rows)
			return false;
		lines->rows = rows;
		lines->room = room;
	}
	row.order = (unsigned)lines->count;
	lines->rows[lines->count++] = row;
	return true;
}

static bool add_unit(struct lines *lines, Dwarf_Die *unit)
{
	Dwarf_Lines *table;
	size_t count;

	if (dwarf_getsrclines(unit, &table, &count))
		return true;
	for (size_t n = 0; n < count; n++) {
		Dwarf_Line *line = dwarf_onesrcline(table, n);
		struct row row = { 0 };
		bool end = false;
		Dwarf_Addr address;
		int number;

		if (dwarf_lineaddr(line, &address) || dwarf_lineno(line, &number))
			continue;
		row.address = address;
		dwarf_lineendsequence(line, &end);
		if (!end && number > 0) {
			row.file = dwarf_linesrc(line, NULL, NULL);
			row.number = (unsigned)number;
		}
		if (!add_row(lines, row))
			return false;
	}
	return true;
}

/* Compares rows by address. At the same address the end of a sequence comes first, because another
 * sequence may begin there. */
static int lines_compare(const void *a, const void *b)
{
	const struct row *one = a, *other = b;

	if (one->address != other->address)
		return one->address < other->address ? -1 : 1;
	if (!one->file != !other->file)
		return one->file ? 1 : -1;
	return one->order < other->order ? -1 : one->order > other->order;
}

/*
 * Returns the size of a section after decompression, as the section states it (ELF gABI,
 * Compression Header; the older .zdebug sections begin with "ZLIB" and a big-endian size); 0 if it
 * is not compressed.
 */
static u64 unpacked_size(Elf_Scn *section)
{
	GElf_Shdr header;
	GElf_Chdr packed;
	Elf_Data *data;
	u64 size = 0;

	if (!gelf_getshdr(section, &header))
		return 0;
	if (header.sh_flags & SHF_COMPRESSED)
		return gelf_getchdr(section, &packed) ? packed.ch_size : 0;
	data = header.sh_type == SHT_NOBITS ? NULL : elf_rawdata(section, NULL);
	if (!data || data->d_size < 12 || memcmp(data->d_buf, "ZLIB", 4) != 0)
		return 0;
	for (unsigned n = 4; n < 12; n++)
		size = size << 8 | ((const u8 *)data->d_buf)[n];
	return size;
}

/* Returns whether libdw may read a file. libdw decompresses all that a file contains, so a file
 * that would need far more memory than its size is refused. */
static bool may_unpack(int fd)
{
	Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	Elf_Scn *section = NULL;
	struct stat status;
	u64 room;

	if (!elf)
		return false;
	room = fstat(fd, &status) == 0 ? (u64)status.st_size * SHRINK_MOST : 0;
	while ((section = elf_nextscn(elf, section))) {
		u64 size = unpacked_size(section);

		if (size > room)
			break;
		room -= size;
	}
	elf_end(elf);
	return !section;
}

void lines_add(struct lines *lines, const char *path)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	Dwarf *dwarf;
	int fd;

	if (lines->file_count == FILES_MAX)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	dwarf = fd < 0 || !may_unpack(fd) ? NULL : dwarf_begin(fd, DWARF_C_READ);
	if (!dwarf) {
		if (fd >= 0)
			close(fd);
		return;
	}
	lines->files[lines->file_count] = dwarf;
	lines->descriptors[lines->file_count++] = fd;
	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		if (!add_unit(lines, &die))
			break;
	if (lines->count)
		qsort(lines->rows, lines->count, sizeof(*lines->rows), lines_compare);
}

bool lines_find(const struct lines *lines, u64 pc, struct line *line)
{
	size_t low = 0, high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (lines->rows[middle].address <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || !lines->rows[low - 1].file)
		return false;
	*line = (struct line){ lines->rows[low - 1].file, lines->rows[low - 1].number };
	return true;
}
