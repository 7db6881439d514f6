/* SPDX-License-Identifier: MIT */
/*
 * Writes what happens in pipelines to files in the Kanata format, version 4, which the viewer
 * Konata opens. There is a file for each hart, written while the machine runs.
 */
#ifndef FRONTENDS_REPORT_PIPEVIEW_H
#define FRONTENDS_REPORT_PIPEVIEW_H

#include "bus/base.h"

struct board;
struct pipeview;

/*
 * Opens the files: `path` for the first hart, and path.1, path.2 and so on for the others. Each
 * records at most `limit` instructions. Returns NULL with errno on failure.
 */
struct pipeview *pipeview_open(const char *path, unsigned harts, u64 limit);

/* Makes the machine report its pipelines. Returns 0, or -errno of board_watch_pipeline. */
int pipeview_attach(struct pipeview *pipeview, struct board *board);

/*
 * Completes and closes the files. Called when the machine does not run any more. Returns 0, or
 * -errno if not everything could be written. NULL is accepted.
 */
int pipeview_close(struct pipeview *pipeview);

#endif
