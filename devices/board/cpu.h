/* SPDX-License-Identifier: MIT */
/*
 * The harts that -cpu describes. Private to the board; what frontends need of -cpu is in board.h.
 */
#ifndef DEVICES_BOARD_CPU_H
#define DEVICES_BOARD_CPU_H

#include "devices/board/machine.h"

/* Makes the harts' configuration from board_config. Returns 0, or -EINVAL with *error filled in. */
int board_cpu_harts(const struct board_config *config, struct harts_config *harts,
		    struct board_error *error);

/*
 * Removes the vector unit from harts that have it only because of the default model. Returns false
 * if -cpu asks for it: by name, by one of its properties, or by a model that includes it.
 */
bool board_cpu_drop_vectors(const struct board_config *config, struct harts_config *harts);

#define CPU_CACHE_BLOCK 64 /* bytes */

#endif
