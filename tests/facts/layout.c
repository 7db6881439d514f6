/* SPDX-License-Identifier: MIT */
/*
 * Makes the page tables of facts (see layout.h); entries are those of the privileged manual,
 * "Sv39".
 */
#include "tests/facts/layout.h"

#include "cpu/hart/exception.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TABLES_PA 0x80010000ull /* of s; those of the others follow */
#define TABLES_SIZE 0x10000ull

enum {
	PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16, PTE_G = 32, PTE_A = 64, PTE_D = 128,
};
#define PTE_ALL (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

static const char *const stage_names[STAGE_COUNT] = { "s", "vs", "g" };
static const char *const page_names[PAGE_COUNT] = { "data", "next", "code", "table", "middle" };

enum stage_name layout_stage(const char *token)
{
	return *token == 'g' ? STAGE_G : *token == 'v' ? STAGE_VS : STAGE_S;
}

bool layout_is_choice(const char *token)
{
	size_t length = strcspn(token, ":=");

	return token[length] == ':';
}

/* Parses flags up to '+', '@' or the end. */
static bool parse_flags(const char **text, u64 *flags)
{
	static const struct {
		char letter;
		u64 set, clear;
	} letters[] = {
		{ 'r', PTE_R, 0 }, { 'w', PTE_W, 0 }, { 'x', PTE_X, 0 }, { 'u', PTE_U, 0 },
		{ 'g', PTE_G, 0 }, { 'a', PTE_A, 0 }, { 'd', PTE_D, 0 }, { 'i', 0, PTE_V },
		{ 'n', BIT(63), 0 }, { 'p', BIT(61), 0 }, { 'q', BIT(62), 0 }, { '-', 0, 0 },
	};

	*flags = PTE_V;
	for (; **text && !strchr("+@", **text); *text += 1) {
		unsigned n = 0;

		while (n < ARRAY_SIZE(letters) && letters[n].letter != **text)
			n++;
		if (n == ARRAY_SIZE(letters))
			return false;
		*flags = (*flags | letters[n].set) & ~letters[n].clear;
	}
	return true;
}

static bool parse_page(const char **text, unsigned *page)
{
	*page = PAGE_DATA;
	if (**text != '.')
		return true;
	*text += 1;
	for (*page = 0; *page < PAGE_COUNT; *page += 1) {
		size_t length = strlen(page_names[*page]);

		if (!strncmp(*text, page_names[*page], length)) {
			*text += length;
			return true;
		}
	}
	return false;
}

bool layout_choose(struct layout *layout, const char *token, const char **error)
{
	enum stage_name stage = layout_stage(token);
	struct space *space = &layout->space[stage];
	const char *at = token + strlen(stage_names[stage]);
	unsigned long mode = strtoul(at, (char **)&at, 10), level = 0;
	struct choice choice = { .made = true };
	unsigned page;
	u64 more = 0;

	*error = "not a choice of translation";
	if (*at == '/')
		level = strtoul(at + 1, (char **)&at, 10);
	if (!parse_page(&at, &page) || *at++ != ':' || !parse_flags(&at, &choice.flags))
		return false;
	if (*at == '+' && (at++, !value_parse(layout->symbols, &at, &more)))
		return false;
	choice.has_target = *at == '@';
	if (choice.has_target && (at++, !value_parse(layout->symbols, &at, &choice.target)))
		return false;
	if (*at || (mode && mode != 39 && mode != 48 && mode != 57))
		return false;
	choice.flags += more;
	choice.level = (u8)level;
	space->page[page] = choice;
	if (mode || !space->on)
		space->levels = mode ? (u8)((mode - 39) / 9 + 3) : 3;
	space->on = true;
	return level < space->levels;
}

static u64 entry(struct layout *layout, u64 pa)
{
	u64 value = 0;

	bus_dma_read(layout->bus, pa, &value, sizeof(value));
	return value;
}

static void set_entry(struct layout *layout, u64 pa, u64 value)
{
	bool good = bus_dma_write(layout->bus, pa, &value, sizeof(value));

	assert(good);
	(void)good;
}

/* Returns the address of RAM in the tables of a stage: those of the VS stage are behind G. */
static u64 named(const struct layout *layout, enum stage_name stage, u64 pa)
{
	const struct space *g = &layout->space[STAGE_G];

	if (stage != STAGE_VS || !g->on)
		return pa;
	return pa + (pa >= DATA_PA && pa < TABLES_PA ? g->data_offset : g->code_offset);
}

/*
 * Returns the physical address of the entry for an input address at a level; makes missing tables.
 */
static u64 entry_pa(struct layout *layout, enum stage_name stage, u64 addr, unsigned level)
{
	struct space *space = &layout->space[stage];
	u64 table = space->root;

	for (unsigned at = space->levels; at-- > 0;) {
		unsigned width = 9 + (stage == STAGE_G && at + 1u == space->levels ? 2 : 0);
		u64 pa = table + bits(addr, PAGE_SHIFT + 9 * at, width) * 8;

		if (at == level)
			return pa;
		if (!entry(layout, pa)) {
			set_entry(layout, pa, named(layout, stage, space->next) >> 2 | PTE_V);
			table = space->next;
			space->next += PAGE_SIZE;
		} else {
			u64 below = entry(layout, pa) >> 10 << PAGE_SHIFT;

			table = below - (named(layout, stage, space->root) - space->root);
		}
	}
	assert(!"a level below 0");
	return 0;
}

/* Maps a page of RAM at offset + pa, by a choice or, if none was made, by flags. */
static u64 map(struct layout *layout, enum stage_name stage, u64 addr, u64 pa,
	       const struct choice *choice)
{
	u64 at = entry_pa(layout, stage, addr, choice->level);
	bool leaf = choice->flags & (PTE_R | PTE_W | PTE_X);
	u64 size = leaf ? PAGE_SIZE << 9 * choice->level : PAGE_SIZE;
	u64 target = choice->has_target ? choice->target : named(layout, stage, pa);

	set_entry(layout, at, (target & ~(size - 1)) >> 2 | choice->flags);
	return at;
}

static const struct choice *chosen(const struct space *space, enum page_name page,
				   const struct choice *usual)
{
	return space->page[page].made ? &space->page[page] : usual;
}

/*
 * Each stage's addresses differ from all others in high bits, whatever the size of its leaves. The
 * G stage's high bits are the two that widen its root, except for Sv57x4: an entry's PPN does not
 * have those.
 */
static u64 offset_of(const struct space *space, enum stage_name stage)
{
	unsigned width = PAGE_SHIFT + 9u * space->levels;

	return BIT(stage == STAGE_G ? MIN(width, 54u) : width - 3);
}

static void place(struct layout *layout)
{
	for (unsigned stage = 0; stage < STAGE_COUNT; stage++) {
		struct space *space = &layout->space[stage];

		if (!space->on)
			continue;
		space->root = TABLES_PA + stage * TABLES_SIZE;
		space->next = space->root + (stage == STAGE_G ? 4 : 1) * PAGE_SIZE;
		space->code_offset = offset_of(space, stage);
		space->data_offset = space->code_offset << 1;
	}
}

/* Maps the pages of a stage except the tables of the stage before it. */
static void map_pages(struct layout *layout, enum stage_name stage, bool user)
{
	struct space *space = &layout->space[stage];
	const struct choice usual = { .flags = PTE_ALL | (stage == STAGE_G ? PTE_U : 0) };
	const struct choice code = { .flags = PTE_ALL | (user || stage == STAGE_G ? PTE_U : 0) };
	const struct choice *data = chosen(space, PAGE_DATA, &usual);

	for (u64 pa = HANDLER_M_PA; pa < CODE_PA; pa += PAGE_SIZE)
		map(layout, stage, pa + space->code_offset, pa, &usual);
	for (u64 pa = CODE_PA; pa < CODE_PA + CODE_PAGES * PAGE_SIZE; pa += PAGE_SIZE)
		map(layout, stage, pa + space->code_offset, pa, chosen(space, PAGE_CODE, &code));
	space->leaf_pa = map(layout, stage, DATA_PA + space->data_offset, DATA_PA, data);
	space->leaf = entry(layout, space->leaf_pa);
	space->middle_pa =
		entry_pa(layout, stage, DATA_PA + space->data_offset, MAX(data->level, 1));
	if (data->level == 0)
		map(layout, stage, DATA_PA + PAGE_SIZE + space->data_offset, DATA_PA + PAGE_SIZE,
		    chosen(space, PAGE_NEXT, &usual));
}

/* The G stage maps the VS stage's tables; two of the pages by choice. */
static void map_tables(struct layout *layout)
{
	const struct space *vs = &layout->space[STAGE_VS];
	struct space *g = &layout->space[STAGE_G];
	const struct choice usual = { .flags = PTE_ALL | PTE_U };

	for (u64 pa = vs->root; pa < vs->next; pa += PAGE_SIZE) {
		const struct choice *choice = &usual;

		if (pa == (vs->leaf_pa & PAGE_MASK))
			choice = chosen(g, PAGE_TABLE, &usual);
		else if (pa == (vs->middle_pa & PAGE_MASK))
			choice = chosen(g, PAGE_MIDDLE, &usual);
		map(layout, STAGE_G, pa + g->code_offset, pa, choice);
	}
}

static void set_symbols(struct layout *layout, u8 priv, bool virt)
{
	const struct space *s = &layout->space[STAGE_S], *vs = &layout->space[STAGE_VS];
	const struct space *g = &layout->space[STAGE_G], *first = vs->on ? vs : s;
	const struct space *here = !virt ? s : vs->on ? vs : g;
	struct symbols *symbols = layout->symbols;
	u64 behind = vs->on ? vs->code_offset : g->code_offset;

	symbol_set(symbols, "GPA", DATA_PA + g->data_offset);
	symbol_set(symbols, "VA", DATA_PA + first->data_offset);
	symbol_set(symbols, "D", DATA_PA + (first->on ? first : g)->data_offset);
	symbol_set(symbols, "CPA", CODE_PA);
	symbol_set(symbols, "STUB", STUB_PA);
	symbol_set(symbols, "C", CODE_PA + (priv == PRIV_M ? 0 : here->code_offset));
	symbol_set(symbols, "MH", HANDLER_M_PA);
	symbol_set(symbols, "SH", HANDLER_S_PA + s->code_offset);
	symbol_set(symbols, "VSH", HANDLER_VS_PA + behind);
	symbol_set(symbols, "PTE", first->leaf_pa);
	symbol_set(symbols, "PTEV", first->leaf);
	symbol_set(symbols, "PTEGPA", vs->on ? named(layout, STAGE_VS, vs->leaf_pa) : 0);
	symbol_set(symbols, "MIDDLEGPA", vs->on ? named(layout, STAGE_VS, vs->middle_pa) : 0);
	symbol_set(symbols, "GPTE", g->leaf_pa);
	symbol_set(symbols, "GPTEV", g->leaf);
	symbol_set(symbols, "SATP", s->atp);
	symbol_set(symbols, "VSATP", vs->atp);
	symbol_set(symbols, "HGATP", g->atp);
}

void layout_build(struct layout *layout, u8 priv, bool virt)
{
	bool user = priv == PRIV_U;

	place(layout);
	for (unsigned stage = 0; stage < STAGE_COUNT; stage++) {
		struct space *space = &layout->space[stage];

		if (!space->on)
			continue;
		map_pages(layout, stage, user && virt == (stage == STAGE_VS));
		space->atp = (space->levels + 5ull) << 60 |
			     named(layout, stage, space->root) >> PAGE_SHIFT;
	}
	if (layout->space[STAGE_VS].on && layout->space[STAGE_G].on)
		map_tables(layout);
	set_symbols(layout, priv, virt);
}
