/* SPDX-License-Identifier: MIT */
/* Files that a run writes about its guest, opened before it begins. */
#ifndef FRONTENDS_RUN_FILES_H
#define FRONTENDS_RUN_FILES_H

#include "bus/output.h"

struct board;
struct options;
struct pipeview;
struct screen;

/* NULL: not asked for. */
struct run_files {
	struct pipeview *pipeview;
	struct output profile;
	unsigned event; /* that the profile is of */
};

/* Open those that are asked for, and have the machine tell. An exit code; close in either case. */
int run_files_open(struct run_files *files, struct board *board, const struct options *options);

/* When the run is over. An exit code: not all could be written. */
int run_files_close(struct run_files *files, struct board *board, const struct options *options);

/* --screenshot, likewise; a screen that shows nothing is told, and no error of the host's. */
int run_files_picture(struct screen *screen, const char *path);

#endif
