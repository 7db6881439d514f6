/* SPDX-License-Identifier: MIT */
/*
 * Reads line tables through libdw: all rows of all units are in one array, sorted by address. The
 * files stay open, because they own the names in the rows; only the names to which a folder was
 * added are owned by `struct lines`. See lines.h.
 */
#include "frontends/report/lines.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/printable.h"

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
	struct path *paths; /* the newest is first */
};

/* A path that is made of the name of a folder and that of a file, or is escaped. */
struct path {
	struct path *next;
	char name[];
};

/* A unit, while its lines are added: names in its line table may be relative to a folder. */
struct unit {
	const char *folder; /* in which the compiler ran; NULL: not known */
	const char **paths; /* by the file's number in the table; NULL: not made yet */
	size_t count;
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
	while (lines->paths) {
		struct path *next = lines->paths->next;

		free(lines->paths);
		lines->paths = next;
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

/* Returns the path of a file in a folder; the name alone if that is too long for the host. */
static const char *join(struct lines *lines, const char *folder, const char *name)
{
	const size_t length = strlen(folder), rest = strlen(name) + 1;
	struct path *path = NULL;

	if (length + rest < PATH_MAX)
		path = malloc(sizeof(*path) + length + 1 + rest);
	if (!path)
		return name;
	memcpy(path->name, folder, length);
	path->name[length] = '/';
	memcpy(path->name + length + 1, name, rest);
	path->next = lines->paths;
	lines->paths = path;
	return path->name;
}

/* Returns the path as people may read it, or as much of it as may be a path of the host. */
static const char *escape(struct lines *lines, const char *name)
{
	const size_t length = printable_copy(NULL, 0, name), kept = MIN(length, PATH_MAX - 1);
	struct path *path;

	if (length == strlen(name))
		return name;
	path = malloc(sizeof(*path) + kept + 1);
	if (!path)
		return NULL;
	printable_copy(path->name, kept + 1, name);
	path->next = lines->paths;
	lines->paths = path;
	return path->name;
}

/*
 * Returns the file of a line; NULL if it is not known. libdw adds only the folder in the line
 * table, which is itself relative to the folder in which the compiler ran (DWARF 5, 6.2.4,
 * include_directories).
 */
static const char *file_of(struct lines *lines, struct unit *unit, Dwarf_Line *line)
{
	const char *name = dwarf_linesrc(line, NULL, NULL);
	Dwarf_Files *files;
	size_t n;

	if (!name || !unit->paths || dwarf_line_file(line, &files, &n) || n >= unit->count)
		return NULL;
	if (!unit->paths[n] && *name != '/' && unit->folder)
		name = join(lines, unit->folder, name);
	if (!unit->paths[n])
		unit->paths[n] = escape(lines, name);
	return unit->paths[n];
}

static bool add_line(struct lines *lines, struct unit *unit, Dwarf_Line *line)
{
	struct row row = { 0 };
	bool end = false;
	Dwarf_Addr address;
	int number;

	if (dwarf_lineaddr(line, &address) || dwarf_lineno(line, &number))
		return true;
	row.address = address;
	dwarf_lineendsequence(line, &end);
	if (!end && number > 0) {
		row.file = file_of(lines, unit, line);
		row.number = (unsigned)number;
	}
	return add_row(lines, row);
}

/* Returns the folder in which the compiler ran. A relative one, as -ffile-prefix-map makes it,
 * makes no difference: libdw has added it to some of the names already. */
static const char *folder_of(Dwarf_Die *die)
{
	Dwarf_Attribute place;
	const char *folder = dwarf_formstring(dwarf_attr(die, DW_AT_comp_dir, &place));

	return folder && *folder == '/' ? folder : NULL;
}

static bool add_unit(struct lines *lines, Dwarf_Die *die)
{
	struct unit unit = { .folder = folder_of(die) };
	Dwarf_Files *files;
	Dwarf_Lines *table;
	size_t count;
	bool good = true;

	if (dwarf_getsrclines(die, &table, &count) || dwarf_getsrcfiles(die, &files, &unit.count))
		return true;
	unit.paths = calloc(unit.count, sizeof(*unit.paths));
	for (size_t n = 0; good && n < count; n++)
		good = add_line(lines, &unit, dwarf_onesrcline(table, n));
	free(unit.paths);
	return good;
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
