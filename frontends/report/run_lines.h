/* SPDX-License-Identifier: MIT */
/* Finds the source lines (lines.h) of the files that a run is given. */
#ifndef FRONTENDS_REPORT_RUN_LINES_H
#define FRONTENDS_REPORT_RUN_LINES_H

struct board_config;
struct lines;

/*
 * Returns the lines of the files in board_elf_files() (devices/board/inspect/elf_files.h). If
 * two of them have code at the same addresses, lines may be of either. NULL: no memory.
 */
struct lines *run_lines(const struct board_config *config);

#endif
