/* SPDX-License-Identifier: MIT */
/*
 * Writes pipelines to files in the Kanata format, version 4, which the viewer Konata opens: a file
 * for each hart, written as the machine runs.
 */
#ifndef FRONTENDS_REPORT_PIPEVIEW_H
#define FRONTENDS_REPORT_PIPEVIEW_H

#include "bus/base.h"

struct board;
struct pipeview;

/*
 * Opens the files: `path`, and for harts after the first path.1, path.2 ... Each shows as many
 * instructions as `limit`. NULL: errno says why.
 */
struct pipeview *pipeview_open(const char *path, unsigned harts, u64 limit);

/* Makes the machine report its pipelines. Returns 0, or -errno of board_watch_pipeline. */
int pipeview_attach(struct pipeview *pipeview, struct board *board);

/* Called when the machine does not run any more. Returns 0, or -errno when not all was written.
 * NULL is accepted. */
int pipeview_close(struct pipeview *pipeview);

#endif
