/* SPDX-License-Identifier: MIT */
/*
 * Pipelines as files in the Kanata format, version 4, that the viewer Konata opens: a file for each
 * hart, written as the machine runs.
 */
#ifndef FRONTENDS_REPORT_PIPEVIEW_H
#define FRONTENDS_REPORT_PIPEVIEW_H

#include "bus/base.h"

struct board;
struct pipeview;

/*
 * Opens the files: `path`, and for harts behind the first path.1, path.2 ... In each, as many
 * instructions as `limit` are shown. NULL: errno says why.
 */
struct pipeview *pipeview_open(const char *path, unsigned harts, u64 limit);

/* Has the machine tell it. 0 or -errno of board_watch_pipeline. */
int pipeview_attach(struct pipeview *pipeview, struct board *board);

/* The machine does not run any more. 0, or -EIO when not all was written. NULL is fine. */
int pipeview_close(struct pipeview *pipeview);

#endif
