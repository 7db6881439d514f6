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

/* Debug sections that a compiler compressed have about a quarter of their size; if one has a
 * hundredth, it is an attack. */
#define SHRINK_MOST 100

/* A row of a line table. It applies to all addresses up to that of the next row. */
struct row {
	u64 address;
	const char *file; /* NULL: there is no code from here on */
	unsigned number, order; /* `order` is the order in the file */
};

struct open_file {
	Dwarf *dwarf;
	int fd;
};

struct lines {
	struct row *rows;
	size_t count, room;
	struct open_file *files;
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
		dwarf_end(lines->files[n].dwarf);
		close(lines->files[n].fd);
	}
	free(lines->files);
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

/* Opens a file that has debug information; returns whether it could, and there was memory. */
static bool open_debug(struct open_file *file, const char *path)
{
	file->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (file->fd < 0)
		return false;
	file->dwarf = may_unpack(file->fd) ? dwarf_begin(file->fd, DWARF_C_READ) : NULL;
	if (!file->dwarf)
		close(file->fd);
	return file->dwarf;
}

void lines_add(struct lines *lines, const char *path)
{
	const size_t room = (lines->file_count + 1) * sizeof(*lines->files);
	struct open_file *files = realloc(lines->files, room);
	Dwarf_CU *unit = NULL;
	Dwarf *dwarf;
	Dwarf_Die die;

	if (!files)
		return;
	lines->files = files;
	if (!open_debug(&files[lines->file_count], path))
		return;
	dwarf = files[lines->file_count++].dwarf;
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
