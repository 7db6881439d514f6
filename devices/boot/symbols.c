/* SPDX-License-Identifier: MIT */
/*
 * Symbol tables: reads SHT_SYMTAB through libelf, and keeps all symbols in one array, which is
 * sorted at the first look-up. The string table is copied once and as a whole, so the memory used
 * is bounded by the size of the file, whatever the symbols contain.
 */
#include "devices/boot/symbols.h"

#include <errno.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/printable.h"

/*
 * The number of symbols, counted back from the nearest one, among which a symbol that covers an
 * address is searched for.
 */
#define COVER_STEPS 64

void symbols_init(struct symbols *symbols)
{
	*symbols = (struct symbols){ 0 };
}

void symbols_free(struct symbols *symbols)
{
	free(symbols->list);
	free(symbols->names);
	free(symbols->extents);
	symbols_init(symbols);
}

static const struct symbols_extent *find_extent(const struct symbols *symbols, u64 addr)
{
	for (unsigned i = 0; i < symbols->extent_count; i++) {
		const struct symbols_extent *e = &symbols->extents[i];

		if (addr - e->base < e->end - e->base)
			return e;
	}
	return NULL;
}

static int add_extents(struct symbols *symbols, const struct symbols_file *file)
{
	size_t room = symbols->extent_count + 2 * (size_t)file->count;
	struct symbols_extent *extents = realloc(symbols->extents, room * sizeof(*extents));

	if (!extents)
		return -ENOMEM;
	symbols->extents = extents;
	for (unsigned i = 0; i < file->count; i++) {
		const struct symbols_segment *s = &file->segments[i];

		extents[symbols->extent_count++] = (struct symbols_extent){
			s->paddr, s->paddr + s->size,
			s->process		 ? SYMBOLS_LINKED :
			s->vaddr == s->paddr ? SYMBOLS_HOME :
						   SYMBOLS_LOADED,
		};
		if (s->vaddr != s->paddr)
			extents[symbols->extent_count++] = (struct symbols_extent){
				s->vaddr, s->vaddr + s->size, SYMBOLS_LINKED,
			};
	}
	return 0;
}

static int add_names(struct symbols *symbols, const Elf_Data *strings)
{
	size_t size = strings->d_size;
	char *names;

	if (size >= UINT32_MAX - symbols->name_size)
		return -ENOMEM;
	names = realloc(symbols->names, symbols->name_size + size + 1);
	if (!names)
		return -ENOMEM;
	symbols->names = names;
	memcpy(names + symbols->name_size, strings->d_buf, size);
	names[symbols->name_size + size] = 0;
	symbols->name_size += size + 1;
	return 0;
}

static int append(struct symbols *symbols, struct symbol symbol)
{
	if (symbols->count == symbols->room) {
		size_t room = symbols->room ? symbols->room * 2 : 256;
		struct symbol *list = realloc(symbols->list, room * sizeof(*list));

		if (!list)
			return -ENOMEM;
		symbols->list = list;
		symbols->room = room;
	}
	symbols->list[symbols->count++] = symbol;
	symbols->sorted = false;
	return 0;
}

/* A symbol of this rank or a higher one names all addresses within its size. */
#define RANK_COVERS 4
#define RANK_GLOBAL 1 /* this bit */

/*
 * Returns the rank of a symbol. The order, from the highest rank, is: functions; other symbols that
 * have a size (code in assembly); labels, which may mark only an end; numbers of linker scripts. Of
 * two equal ones, a global symbol has the higher rank.
 */
static u8 rank(const GElf_Sym *sym)
{
	int by_type = sym->st_shndx == SHN_ABS ? 0 : sym->st_size ? RANK_COVERS : 2;

	if (GELF_ST_TYPE(sym->st_info) == STT_FUNC)
		by_type = RANK_COVERS + 2;
	return (u8)(by_type + (GELF_ST_BIND(sym->st_info) != STB_LOCAL ? RANK_GLOBAL : 0));
}

/*
 * Returns whether the symbol is of use. It is not if it is, for example, a local label of the
 * assembler or one of the psABI's mapping symbols ($x, $d).
 */
static bool wanted(const GElf_Sym *sym, const char *name)
{
	unsigned type = GELF_ST_TYPE(sym->st_info);

	return sym->st_shndx != SHN_UNDEF && type != STT_SECTION && type != STT_FILE &&
	       type != STT_TLS && name[0] && name[0] != '$' && strncmp(name, ".L", 2) != 0;
}

/*
 * Returns the end of the section that contains the symbol's code, or 0 if the symbol is not code.
 */
static u64 code_end(const struct symbols_file *file, const GElf_Sym *sym)
{
	GElf_Shdr header;

	/* A function at a fixed address is in no section of the file. */
	if (sym->st_shndx == SHN_ABS)
		return GELF_ST_TYPE(sym->st_info) == STT_FUNC ? UINT64_MAX : 0;
	if (!gelf_getshdr(elf_getscn(file->elf, sym->st_shndx), &header) ||
	    !(header.sh_flags & SHF_EXECINSTR))
		return 0;
	return header.sh_addr + header.sh_size + file->offset;
}

static int add_symbol(struct symbols *symbols, struct symbol symbol,
		      const struct symbols_file *file)
{
	u64 linked = symbol.addr, end = symbol.code_end;

	for (unsigned i = 0; i < file->count; i++) {
		const struct symbols_segment *s = &file->segments[i];
		int code;

		if (linked - s->vaddr >= s->size || s->vaddr == s->paddr)
			continue;
		symbol.addr = linked - s->vaddr + s->paddr;
		symbol.code_end = end ? end - s->vaddr + s->paddr : 0;
		code = append(symbols, symbol);
		if (code)
			return code;
		symbol.addr = linked;
		symbol.code_end = end;
		symbol.physical = false;
		break;
	}
	return append(symbols, symbol);
}

/*
 * Returns -ENOMEM if libelf had no memory, which errno tells if it was 0 before, or 0: a file whose
 * table is damaged has no symbols.
 */
static int elf_failure(void)
{
	return errno == ENOMEM ? -ENOMEM : 0;
}

static int add_table(struct symbols *symbols, Elf_Scn *table, const struct symbols_file *file)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(table, NULL);
	Elf_Data *strings = gelf_getshdr(table, &header) ?
				    elf_getdata(elf_getscn(file->elf, header.sh_link), NULL) :
				    NULL;
	size_t base = symbols->name_size;
	GElf_Sym sym;
	int code;

	if (!data || !strings)
		return elf_failure();
	if (!data->d_buf || !strings->d_buf || data->d_type != ELF_T_SYM)
		return 0;
	code = add_names(symbols, strings);
	for (int i = 1; !code && gelf_getsym(data, i, &sym); i++) {
		if (sym.st_name >= strings->d_size ||
		    !wanted(&sym, symbols->names + base + sym.st_name))
			continue;
		code = add_symbol(symbols,
				  (struct symbol){
					  .addr = sym.st_value + file->offset,
					  .size = sym.st_size,
					  .code_end = code_end(file, &sym),
					  .name = (u32)(base + sym.st_name),
					  .rank = rank(&sym),
					  .physical = true,
					  .fallback = file->fallback,
					  .file = symbols->file_count,
				  },
				  file);
	}
	return code;
}

int symbols_add(struct symbols *symbols, const struct symbols_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	int code = add_extents(symbols, file);

	symbols->file_count++;
	/* A file has one symbol table. If a damaged file has a second one, it is ignored. */
	errno = 0;
	while (!code && (section = elf_nextscn(file->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			return add_table(symbols, section, file);
	return code ? code : elf_failure();
}

/*
 * Orders symbols by address, then by rank, then by the place of the name, which makes the order
 * unique: qsort is not stable.
 */
static int symbol_compare(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->name < b->name ? 1 : a->name > b->name ? -1 : 0;
}

/*
 * Returns the symbol that names the address: one that covers it, or else the nearest one at or
 * below it. Returns NULL if there is none at or above `floor`. If `code` is set, only symbols of
 * code count, and the address must be within the section of the symbol.
 */
static const struct symbol *find_nearest(const struct symbols *symbols, u64 addr, u64 floor,
					 bool code)
{
	size_t low = 0, high = symbols->count;
	const struct symbol *nearest;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->list[middle].addr <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || symbols->list[low - 1].addr < floor)
		return NULL;
	nearest = &symbols->list[low - 1];
	for (size_t i = 0; i < COVER_STEPS && i < low; i++) {
		const struct symbol *s = nearest - i;

		if (s->rank >= RANK_COVERS && s->addr >= floor && addr - s->addr < s->size &&
		    (!code || addr < s->code_end))
			return s;
	}
	while (code && !nearest->code_end)
		if (nearest == symbols->list || (--nearest)->addr < floor)
			return NULL;
	return !code || addr < nearest->code_end ? nearest : NULL;
}

/*
 * Returns the symbol that names an address, or NULL. Sets *end to the end of the extent, where any
 * symbol in it ends.
 */
static const struct symbol *find_symbol(struct symbols *symbols, u64 addr, bool code, u64 *end)
{
	const struct symbols_extent *extent = find_extent(symbols, addr);

	if (!extent || symbols->count == 0)
		return NULL;
	if (!symbols->sorted) {
		qsort(symbols->list, symbols->count, sizeof(*symbols->list), symbol_compare);
		symbols->sorted = true;
	}
	*end = extent->end;
	return find_nearest(symbols, addr, extent->base, code);
}

enum symbols_place symbols_place(const struct symbols *symbols, u64 addr)
{
	const struct symbols_extent *extent = find_extent(symbols, addr);

	return extent ? extent->place : SYMBOLS_NOWHERE;
}

bool symbols_around(struct symbols *symbols, u64 addr, u64 *begin, u64 *end)
{
	const struct symbol *s = find_symbol(symbols, addr, true, end);
	const struct symbol *last = symbols->list + symbols->count;

	if (!s)
		return false;
	*begin = s->addr;
	if (s->rank >= RANK_COVERS && addr - s->addr < s->size) {
		*end = s->addr + s->size;
		return true;
	}
	*end = MIN(*end, s->code_end);
	/* A label names all addresses up to the next symbol. */
	while (++s < last && s->addr <= addr)
		;
	if (s < last)
		*end = MIN(*end, s->addr);
	return true;
}

static bool symbols_write(struct symbols *symbols, u64 addr, bool code, char *text, size_t size)
{
	const struct symbol *s;
	size_t length;
	u64 end;

	if (size)
		text[0] = 0;
	s = find_symbol(symbols, addr, code, &end);
	if (!s)
		return false;
	length = printable_copy(text, size, symbols->names + s->name);
	if (s->addr != addr && length < size)
		snprintf(text + length, size - length, "+0x%llx", addr - s->addr);
	return true;
}

bool symbols_name(struct symbols *symbols, u64 addr, char *text, size_t size)
{
	return symbols_write(symbols, addr, false, text, size);
}

bool symbols_name_code(struct symbols *symbols, u64 addr, char *text, size_t size)
{
	return symbols_write(symbols, addr, true, text, size);
}

/* Returns whether a name means this symbol rather than the other. */
static bool symbol_goes_first(const struct symbol *s, const struct symbol *other)
{
	return s->fallback != other->fallback ? other->fallback : s->rank > other->rank;
}

static const struct symbol *symbol_find(const struct symbols *symbols, const char *name,
					bool physical)
{
	const struct symbol *best = NULL;

	for (size_t i = 0; i < symbols->count; i++) {
		const struct symbol *s = &symbols->list[i];

		if (s->physical == physical && (!best || symbol_goes_first(s, best)) &&
		    !strcmp(symbols->names + s->name, name))
			best = s;
	}
	return best;
}

bool symbols_find(const struct symbols *symbols, const char *name, u64 *addr)
{
	const struct symbol *s = symbol_find(symbols, name, true);

	if (s)
		*addr = s->addr;
	return s;
}

bool symbols_find_other(const struct symbols *symbols, const char *name, u64 *addr)
{
	const struct symbol *meant = symbol_find(symbols, name, true);

	for (size_t i = 0; meant && i < symbols->count; i++) {
		const struct symbol *s = &symbols->list[i];

		if (s->physical && s->file != meant->file && s->addr != meant->addr &&
		    s->fallback == meant->fallback && s->rank & meant->rank & RANK_GLOBAL &&
		    !strcmp(symbols->names + s->name, name)) {
			*addr = s->addr;
			return true;
		}
	}
	return false;
}

bool symbols_find_linked(const struct symbols *symbols, const char *name, u64 *addr)
{
	const struct symbol *meant = symbol_find(symbols, name, true);
	const struct symbol *s = symbol_find(symbols, name, false);

	if (s && meant && s->file == meant->file) {
		*addr = s->addr;
		return true;
	}
	return false;
}
