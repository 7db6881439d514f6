/* SPDX-License-Identifier: MIT */
/* The descriptors 0, 1 and 2 where the process has none, or nobody reads what it writes. */
#ifndef FRONTENDS_HOST_STANDARD_FILES_H
#define FRONTENDS_HOST_STANDARD_FILES_H

/*
 * Opens those of the descriptors that are closed, because otherwise the first file that is opened,
 * perhaps a disk, would get their number. Called first. Returns an exit code.
 */
int standard_files_begin(void);

/* Lets everything that is written to standard error from now on be lost instead of blocking. */
void standard_files_drop_errors(void);

#endif
