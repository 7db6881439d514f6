/* SPDX-License-Identifier: MIT */
/*
 * Which core times the harts: a name of a file that comes with Baya, or a path, with values of the
 * user's own behind it.
 */
#include "cpu/timing/kind.h"
#include "devices/board_parts.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX ".core"

static bool is_path(const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);

	return strchr(name, '/') || (length > suffix && !strcmp(name + length - suffix, SUFFIX));
}

static int give_up(struct board *board, const struct timing_error *error)
{
	return board_fail(board, error->usage ? 2 : 3, "%s", error->text);
}

/* The values behind the name: cuts them off the text. */
static int set_values(struct board *board, char *rest)
{
	struct timing_error error = { .where = "--timing" };

	for (char *value; (value = strsep(&rest, ",")) != NULL;)
		if (timing_core_set(&board->timing, value, &error) < 0)
			return give_up(board, &error);
	return timing_core_check(&board->timing, &error) < 0 ? give_up(board, &error) : 0;
}

void board_time_from(struct board *board, u64 pc)
{
	struct harts *harts = &board->harts;

	for (unsigned n = 0; n < harts->count; n++)
		if (harts->hart[n]->timed)
			timed_from(harts->hart[n]->timed, pc);
}

int board_timing(struct board *board)
{
	struct harts *harts = &board->harts;
	char text[1024], path[1024 + 256], *comma;
	struct timing_error error;

	if (!board->config.timing || !strcmp(board->config.timing, "none"))
		return 0;
	snprintf(text, sizeof(text), "%s", board->config.timing);
	comma = strchr(text, ',');
	if (comma)
		*comma++ = '\0';
	snprintf(path, sizeof(path), "%s", text);
	if (!is_path(text))
		snprintf(path, sizeof(path), "%s/%s" SUFFIX, board->config.cores, text);
	if (timing_core_read(&board->timing, path, &error) < 0)
		return give_up(board, &error);
	if (set_values(board, comma) < 0)
		return -1;
	for (unsigned n = 0; n < harts->count; n++)
		if (timed_attach(harts->hart[n], &board->timing) < 0)
			return board_fail(board, 3, "not enough host memory for timing models");
	watch_add(&board->watch, &timed_observer);
	return 0;
}
