/* SPDX-License-Identifier: MIT */
/* The host's services for programs that use semihosting. Private to the board. */
#ifndef DEVICES_BOARD_SEMIHOST_H
#define DEVICES_BOARD_SEMIHOST_H

#include "cpu/debug/semihost.h"

struct board;

#define SEMIHOST_FILES 64

/* Why a program does not get a file of the host, for messages. */
enum semihost_refusal { SEMIHOST_NO_FOLDER, SEMIHOST_OUTSIDE, SEMIHOST_REFUSALS };

struct board_semihost {
	struct semihost_host host;
	unsigned sink;
	int folder, files[SEMIHOST_FILES]; /* descriptors; -1: none */
	bool told[SEMIHOST_REFUSALS]; /* the user knows that names are refused for this reason */
	/*
	 * Strings of the host: the path of the folder, without symbolic links, or NULL; where
	 * relative names begin, as a path in the folder, or ""; and the program's command line.
	 */
	char *path, *start, *command_line;
};

/*
 * Connects the harts to these services if the configuration asks for them. Returns 0, or -1 with
 * board->error filled in.
 */
int board_semihost_attach(struct board *board);
void board_semihost_free(struct board *board);

#endif
