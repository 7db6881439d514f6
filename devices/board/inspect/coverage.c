/* SPDX-License-Identifier: MIT */
/*
 * Writes coverage in DynamoRIO's drcov format, version 2: a text header, a table of modules, and a
 * binary table of basic blocks by their offsets in modules. A module is a file that was loaded, at
 * its physical addresses, or 4 GiB of memory, because offsets have 32 bits.
 *
 * Code belongs to a file if it ran at its physical address, or mapped as most of the file was when
 * it ran. Other code there is that of a process which has got the memory since; it is left out, as
 * are all processes: their virtual addresses do not tell one from the other.
 */
#include "devices/board/inspect/coverage.h"

#include "cpu/debug/coverage.h"
#include "devices/board/inspect/elf_files.h"
#include "devices/board/inspect/watch.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"
#include "devices/boot/firmware_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The files of the configuration that may be loaded, and the bundled firmware. */
#define FILES_MAX (BOARD_ELF_FILES_MAX + 1)

struct module {
	const char *file;
	u64 base, end; /* physical; equal: nothing was loaded */
	/*
	 * The distance from physical to virtual addresses of most of its code that does not run at
	 * physical ones. It is what a majority vote (Boyer and Moore) has elected, and by how much.
	 */
	u64 distance;
	s64 votes;
};

/* The files, and behind them the first pieces of memory, of 4 GiB each. */
struct modules {
	struct module files[FILES_MAX];
	unsigned file_count, memory_count;
};

/* An entry of the table of basic blocks. */
struct entry {
	u32 start;
	u16 size, module;
};
static_assert(sizeof(struct entry) == 8, "it is written as it is");

int board_coverage_begin(struct board *board)
{
	board->coverage = coverage_create(&board->harts);
	if (!board->coverage)
		return -ENOMEM;
	board_watch_all(board);
	board_choose_tier(board);
	return 0;
}

bool board_coverage_begun(const struct board *board)
{
	return board->coverage;
}

void board_coverage_clear(struct board *board)
{
	coverage_clear(board->coverage);
}

static bool has_module(const struct modules *modules, const char *file)
{
	for (unsigned n = 0; n < modules->file_count; n++)
		if (!strcmp(modules->files[n].file, file))
			return true;
	return false;
}

/* Adds a file if it was loaded, which may have been in several pieces, or more than once. */
static void add_module(struct modules *modules, const struct loader *loader, const char *file)
{
	struct module module = { .file = file, .base = UINT64_MAX };

	for (unsigned n = 0; n < loader->count; n++)
		if (!strcmp(loader->ranges[n].file, file)) {
			module.base = MIN(module.base, loader->ranges[n].base);
			module.end = MAX(module.end, loader->ranges[n].end);
		}
	if (module.end && !has_module(modules, file))
		modules->files[modules->file_count++] = module;
}

static void find_modules(struct modules *modules, const struct board *board)
{
	const char *names[BOARD_ELF_FILES_MAX];
	const unsigned count = board_elf_files(&board->config, names);

	*modules = (struct modules){ .memory_count = 1 };
	for (unsigned n = 0; n < count; n++)
		add_module(modules, &board->loader, names[n]);
	add_module(modules, &board->loader, FIRMWARE_NAME);
}

/* Returns the first file that has the block, at an offset that can be written, or NULL. */
static struct module *file_of(struct modules *modules, const struct coverage_block *block)
{
	for (unsigned n = 0; n < modules->file_count; n++) {
		struct module *file = &modules->files[n];

		if (block->pa >= file->base && block->pa < file->end &&
		    block->pa - file->base <= UINT32_MAX)
			return file;
	}
	return NULL;
}

static void vote(struct module *file, const struct coverage_block *block)
{
	u64 distance = block->pc - block->pa;

	if (!distance)
		return;
	if (!file->votes)
		file->distance = distance;
	file->votes += file->distance == distance ? 1 : -1;
}

/* Makes the block's entry. Returns false if it is code of a process. */
static bool make_entry(struct modules *modules, const struct coverage_block *block,
		       struct entry *entry)
{
	const struct module *file = file_of(modules, block);
	u64 distance = block->pc - block->pa;
	u64 start = block->pa - (file ? file->base : 0);
	unsigned memory = (unsigned)(start >> 32);

	if (distance && !(file && distance == file->distance))
		return false;
	*entry = (struct entry){
		.start = (u32)start,
		.size = (u16)block->bytes,
		.module = (u16)(file ? file - modules->files : modules->file_count + memory),
	};
	if (!file)
		modules->memory_count = MAX(modules->memory_count, memory + 1);
	return true;
}

static int compare_entries(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;

	if (a->module != b->module)
		return a->module < b->module ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->size > b->size) - (a->size < b->size);
}

/* Makes the entries, sorted, and each only once, in place of the blocks. Returns their number. */
static size_t make_entries(struct modules *modules, const struct coverage_block *blocks,
			   size_t count, struct entry *entries)
{
	size_t made = 0, kept = 0;

	for (size_t n = 0; n < count; n++) {
		struct module *file = file_of(modules, &blocks[n]);

		if (file)
			vote(file, &blocks[n]);
	}
	for (size_t n = 0; n < count; n++)
		made += make_entry(modules, &blocks[n], &entries[made]);
	qsort(entries, made, sizeof(*entries), compare_entries);
	for (size_t n = 0; n < made; n++)
		if (!n || compare_entries(&entries[n], &entries[kept - 1]))
			entries[kept++] = entries[n];
	return kept;
}

static void print_module(unsigned n, const struct module *module, FILE *out)
{
	fprintf(out, "%u, 0x%llx, 0x%llx, 0x0, %s\n", n, module->base, module->end, module->file);
}

/* Prints the table of modules. Tools tell modules by their names, so each memory has its own. */
static void print_modules(const struct modules *modules, FILE *out)
{
	fprintf(out,
		"DRCOV VERSION: 2\nDRCOV FLAVOR: drcov-64\n"
		"Module Table: version 2, count %u\nColumns: id, base, end, entry, path\n",
		modules->file_count + modules->memory_count);
	for (unsigned n = 0; n < modules->file_count; n++)
		print_module(n, &modules->files[n], out);
	for (unsigned n = 0; n < modules->memory_count; n++) {
		char name[sizeof("memory+0x") + 16] = "memory";
		u64 base = n * 4 * GiB;

		if (n)
			snprintf(name, sizeof(name), "memory+0x%llx", base);
		print_module(modules->file_count + n,
			     &(struct module){ .file = name, .base = base, .end = base + 4 * GiB },
			     out);
	}
}

int board_coverage_write(struct board *board, void *file)
{
	struct coverage_block *blocks = NULL;
	struct entry *entries = NULL;
	struct modules modules;
	size_t count;
	int error = coverage_blocks(board->coverage, &blocks, &count);

	if (!error)
		entries = calloc(count + 1, sizeof(*entries));
	if (entries) {
		find_modules(&modules, board);
		count = make_entries(&modules, blocks, count, entries);
		print_modules(&modules, file);
		fprintf(file, "BB Table: %zu bbs\n", count);
		fwrite(entries, sizeof(*entries), count, file);
	}
	free(blocks);
	free(entries);
	return entries ? 0 : -ENOMEM;
}
