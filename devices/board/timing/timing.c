/* SPDX-License-Identifier: MIT */
/*
 * Finds the core that times the harts: the name of a file that comes with Baya, or a path, followed
 * by the user's parameter values.
 */
#include "cpu/timed/hooks.h"
#include "cpu/timing/kind.h"
#include "cpu/timing/memo/check.h"
#include "cpu/timing/memo/memo_stats.h"
#include "devices/board/cpu.h"
#include "devices/board/timing/timed.h"
#include "devices/board/timing/timing.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".core"
#define CORES_MAX 64 /* the most cores that a message lists */

static bool is_path(const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);

	return strchr(name, '/') || (length > suffix && !strcmp(name + length - suffix, SUFFIX));
}

static int give_up(struct board *board, const struct timing_error *error)
{
	return board_fail(board, error->usage ? 2 : 3, "%s", error->text);
}

/* Reads the parameter values that follow the name, and cuts them off the text. */
static int set_values(struct board *board, char *rest, struct timing_core *core)
{
	struct timing_error error = { .where = "--timing" };

	for (char *value; (value = strsep(&rest, ",")) != NULL;)
		if (timing_core_set(core, value, &error) < 0)
			return give_up(board, &error);
	return timing_core_check(core, &error) < 0 ? give_up(board, &error) : 0;
}

void board_time_from(struct board *board, u64 pc)
{
	struct harts *harts = &board->harts;

	for (unsigned n = 0; n < harts->count; n++)
		if (harts->hart[n]->timed)
			timed_from(harts->hart[n]->timed, pc);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists the names of the cores in the folder, separated by commas. */
static void list_cores(const char *folder, char *list, size_t size)
{
	char *names[CORES_MAX], *dot;
	struct dirent *entry;
	unsigned count = 0;
	DIR *dir = opendir(folder);
	size_t used = 0;

	*list = '\0';
	while (dir && count < CORES_MAX && (entry = readdir(dir)) != NULL) {
		dot = strrchr(entry->d_name, '.');
		if (dot && !strcmp(dot, SUFFIX))
			names[count++] = strndup(entry->d_name, (size_t)(dot - entry->d_name));
	}
	qsort(names, count, sizeof(*names), by_name);
	for (unsigned n = 0; n < count; n++) {
		if (used < size)
			used += (size_t)snprintf(list + used, size - used, "%s%s", n ? ", " : "",
						 names[n]);
		free(names[n]);
	}
	if (dir)
		closedir(dir);
}

/* Finds the file of a core that is given by its name or path. */
static int find_core(struct board *board, const char *name, char *path, size_t size)
{
	const char *folder = board->config.cores;
	char list[256];

	if (is_path(name) || !folder) {
		snprintf(path, size, "%s", name);
		return 0;
	}
	snprintf(path, size, "%s/%s" SUFFIX, folder, name);
	/* If the file exists but cannot be read, its reader reports the reason. */
	if (!access(path, F_OK) || errno != ENOENT)
		return 0;
	list_cores(folder, list, sizeof(list));
	if (!*list)
		return board_fail(board, 2,
				  "there is no core '%s': the folder '%.200s', where Baya's cores "
				  "should be, has none; accepted: none, or a file *" SUFFIX,
				  name, folder);
	return board_fail(board, 2, "there is no core '%s'; accepted: none, %s, or a file *" SUFFIX,
			  name, list);
}

int board_read_core(struct board *board, const char *words, struct timing_core *core)
{
	char text[1024], path[PATH_MAX], *comma;
	struct timing_error error;

	snprintf(text, sizeof(text), "%s", words);
	comma = strchr(text, ',');
	if (comma)
		*comma++ = '\0';
	if (find_core(board, text, path, sizeof(path)) < 0)
		return -1;
	if (timing_core_read(core, path, &error) < 0)
		return give_up(board, &error);
	return set_values(board, comma, core);
}

/*
 * Gives the harts vector registers of the core's length. If the core has a certain length, refuses
 * another one that -cpu sets.
 */
static int fit_vectors(struct board *board, struct harts_config *harts)
{
	u64 vlen = timing_vlen(&board->timing);

	if (vlen == TIMING_VLEN_ANY)
		return 0;
	if (!harts->vector.vlen)
		harts->vector.vlen = (unsigned)vlen;
	if (harts->vector.vlen == vlen)
		return 0;
	return board_fail(
		board, 2,
		"core '%.*s' has vector registers of %llu bits; leave vlen=%u out of -cpu",
		(int)strcspn(board->core, ","), board->core, vlen, harts->vector.vlen);
}

/*
 * Checks that the vector units of harts and core agree. If the core has none, it is also taken from
 * harts for which the user did not request one.
 */
static int check_vectors(struct board *board, struct harts_config *harts)
{
	if (ext_has(harts->extensions, EXT_zve32x) && timing_vlen(&board->timing))
		return fit_vectors(board, harts);
	if (!ext_has(harts->extensions, EXT_zve32x) ||
	    board_cpu_drop_vectors(&board->config, harts))
		return 0;
	return board_fail(board, 2, "core '%.*s' has no vector unit; leave V out of -cpu",
			  (int)strcspn(board->core, ","), board->core);
}

int board_timing(struct board *board, struct harts_config *harts)
{
	const struct board_config *config = &board->config;

	if (!config->timing || !strcmp(config->timing, "none"))
		return 0;
	board->core = strdup(config->timing);
	if (!board->core)
		return board_error_memory(board->error);
	if (board_read_core(board, config->timing, &board->timing) < 0 ||
	    check_vectors(board, harts) < 0)
		return -1;
	/* Checking compares the memo with simulation: a kind without a memo is not checked. */
	board->timing.checked = config->timing_check && timing_has_memo(&board->timing);
	harts->timing = &board->timing;
	harts->timer = &timed_hooks;
	watch_add(&board->watch, &timed_observer);
	board_core_register(board);
	return 0;
}

bool board_timing_difference(struct board *board, char *text, size_t size)
{
	for (unsigned n = 0; board->timing.checked && n < board->harts.count; n++) {
		const struct timed *timed = board->harts.hart[n]->timed;
		const struct timing_difference *difference;

		if (!timed || !timed->core->checked)
			continue;
		difference = timing_check_difference(timed->model);
		if (!difference->what)
			continue;
		snprintf(text, size,
			 "--timing-check: hart %u: %s %llu, but %llu when all is stepped, "
			 "at the instruction numbered %llu from reset on",
			 n, difference->what, difference->memoised, difference->stepped,
			 difference->record);
		return true;
	}
	return false;
}

bool board_memo(struct board *board, unsigned hart, struct board_memo *memo)
{
	const struct timed *timed = board->harts.hart[hart]->timed;
	const struct memo_stats *stats = timed ? timing_memo(timed->model) : NULL;

	if (!stats)
		return false;
	*memo = (struct board_memo){
		.records = stats->records, .traces = stats->followed, .stepped = stats->grown,
		.states = stats->states, .bytes = stats->bytes, .dropped = stats->dropped,
	};
	return true;
}

/*
 * Returns the value of a parameter of the core, or `otherwise` if it has no parameter of that name.
 */
static u64 value_of(const struct timing_core *core, const char *name, u64 otherwise)
{
	for (unsigned n = 0; core->kind && n < core->kind->count; n++)
		if (!strcmp(core->kind->params[n].name, name))
			return core->values[n];
	return otherwise;
}

u64 board_uncached(const struct board *board)
{
	u64 base = value_of(&board->timing, "memory.cached_base", DRAM_BASE);
	u64 size = value_of(&board->timing, "memory.cached_size", UINT64_MAX);
	u64 end = size > UINT64_MAX - base ? UINT64_MAX : base + size;
	u64 ram_end = DRAM_BASE + board->config.ram_size;
	u64 from = MAX(base, DRAM_BASE), to = MIN(end, ram_end);

	return board->config.ram_size - (to > from ? to - from : 0);
}

const char *board_core(struct board *board)
{
	return board->core;
}
