/* SPDX-License-Identifier: MIT */
/* Files that a run writes about its guest. They are opened before it begins. */
#ifndef FRONTENDS_RUN_FILES_H
#define FRONTENDS_RUN_FILES_H

#include "bus/output.h"
#include "frontends/run/sampler.h"

struct board;
struct board_samples;
struct options;
struct pipeview;
struct screen;

/* A field is NULL if its file was not asked for. */
struct run_files {
	struct pipeview *pipeview;
	struct output profile, coverage;
	FILE *recording; /* the recording of input, for a replay */
	unsigned event; /* the event that the profile counts, unless it consists of samples */
	struct board_samples *samples;
	struct sampler sampler;
};

/*
 * Opens the files that were requested, and makes the machine collect their contents. Returns an
 * exit code; call run_files_close in either case. On failure no old profile or coverage is
 * replaced.
 */
int run_files_open(struct run_files *files, struct board *board, const struct options *options);

/*
 * Begins the logs: older ones are replaced only now that the machine is going to run. Returns an
 * exit code.
 */
int run_files_begin(const struct options *options);

/*
 * Writes and closes the files when the run is over. Returns an exit code, because writing may fail.
 */
int run_files_close(struct run_files *files, struct board *board, const struct options *options);

/*
 * Writes the file of --screenshot. Returns an exit code. A screen that shows nothing is reported,
 * but is not an error.
 */
int run_files_picture(struct screen *screen, const char *path);

#endif
