/* SPDX-License-Identifier: MIT */
/* Tests the list of page tables (`info mem`): hostile tables must not make it endless. */
#include "devices/board/inspect/inspect.h"
#include "devices/board/machine.h"
#include "tests/board.h"

#include "bus/output.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE 0x80100000ull
#define ENTRIES (PAGE_SIZE / PTE_SIZE)
#define LEAF (PTE_V | PTE_R | PTE_W)
#define CUT "... and so on\n"

static struct board *start(void)
{
	const struct board_config config = {
		.harts = 1, .ram_size = BOARD_RAM_MIN, .bios = "none", .cpu = "max,sv57=on",
	};

	return make_board(&config);
}

/* Returns an entry that leads to the n-th page from TABLE on. */
static u64 entry_to(unsigned n, u64 flags)
{
	return (TABLE / PAGE_SIZE + n) << 10 | flags;
}

static void put_entry(struct board *board, unsigned page, unsigned n, u64 pte)
{
	u64 at = TABLE + page * PAGE_SIZE + n * PTE_SIZE;

	assert_true(bus_dma_write(&board->platform.bus, at, &pte, sizeof(pte)));
}

static u64 atp(unsigned mode)
{
	return (u64)mode << 60 | TABLE / PAGE_SIZE;
}

/* Returns the list, which the caller frees. */
static char *list(struct board *board, unsigned kind)
{
	const struct board_memory at = { .space.kind = kind };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	board_info_mem(board, &at, out);
	assert_int_equal(output_end_text(out, &text), 0);
	return text;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void expect(struct board *board, unsigned kind, const char *expected)
{
	char *text = list(board, kind);

	assert_string_equal(text, expected);
	free(text);
}

#define HEAD "vaddr            paddr            size             attr\n"

/* Pages that are adjacent are one line, and the upper half is at negative addresses. */
static void test_list(void **state)
{
	struct board *board = start();

	put_entry(board, 0, 2, entry_to(1, PTE_V));
	put_entry(board, 0, 511, 0x80000000 >> 2 | LEAF | PTE_X);
	put_entry(board, 1, 0, entry_to(2, PTE_V));
	put_entry(board, 2, 510, entry_to(5, LEAF));
	put_entry(board, 2, 511, entry_to(6, LEAF));
	board->harts.hart[0]->s[BANK_HS].atp = atp(8);
	expect(board, SPACE_HS,
	       HEAD "00000000801fe000 0000000080105000 0000000000002000 rw-----\n"
		    "ffffffffc0000000 0000000080000000 0000000040000000 rwx----\n");
	board_free(board);
}

/* The root of a G-stage has four pages. */
static void test_g_stage(void **state)
{
	struct board *board = start();

	put_entry(board, 3, 511, LEAF);
	board->harts.hart[0]->hgatp = atp(8);
	expect(board, SPACE_GPA,
	       "G stage, from guest physical addresses:\n" HEAD
	       "000001ffc0000000 0000000000000000 0000000040000000 rw-----\n");
	board_free(board);
}

/* Tables that lead to themselves are left after a limit, with leaves that are apart, with adjacent
 * leaves, and without any. */
static void test_cycles(void **state)
{
	static const struct {
		unsigned kind, mode;
		u64 entry; /* the last of each table */
	} cases[] = {
		{ SPACE_HS, 8, 0 }, { SPACE_HS, 9, 0 }, { SPACE_HS, 10, 0 },
		{ SPACE_HS, 10, LEAF }, { SPACE_GPA, 9, 0 }, { SPACE_GPA, 10, LEAF },
		{ SPACE_VS, 10, 0 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct board *board = start();
		struct hart *hart = board->harts.hart[0];
		char *text;

		for (unsigned i = 0; i < 4 * ENTRIES; i++)
			put_entry(board, i / ENTRIES, i % ENTRIES, entry_to(0, PTE_V));
		put_entry(board, 0, ENTRIES - 1, cases[n].entry);
		hart->s[BANK_HS].atp = hart->s[BANK_VS].atp = atp(cases[n].mode);
		hart->hgatp = cases[n].kind == SPACE_GPA ? atp(cases[n].mode) : 0;
		text = list(board, cases[n].kind);
		if (count(text, CUT) != 1 || strlen(text) > 8 * MiB)
			fail_msg("case %u: %zu bytes, %.100s", n, strlen(text), text);
		free(text);
		board_free(board);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_list),
	cmocka_unit_test(test_g_stage),
	cmocka_unit_test(test_cycles),
	{ 0 },
};
