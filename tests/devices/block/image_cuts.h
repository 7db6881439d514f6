/* SPDX-License-Identifier: MIT */
/*
 * The file of an image whose writer is cut: writes to it are recorded, to be replayed up to some
 * point. For programs that are linked with --wrap=pwrite,pwritev,fdatasync,fallocate.
 */
#ifndef TESTS_DEVICES_BLOCK_IMAGE_CUTS_H
#define TESTS_DEVICES_BLOCK_IMAGE_CUTS_H

#include "image_place.h"

/* Records all writes from now on, to the image "i" in its present state. */
void cuts_begin(void);
void cuts_end(void);
void cuts_forget(void);

unsigned cuts_count(void); /* writes recorded so far */

/* Checks the file "cut", which has only the first `cut` writes. */
typedef void cuts_look(unsigned cut);

/* Cuts as when the process ends: the host has all writes up to there. Makes about `times` cuts. */
void cuts_of_process(unsigned times, cuts_look *look);
/* Cuts as when the power fails: any writes after the last sync can be missing. */
void cuts_of_power(unsigned times, cuts_look *look);

/* The test fails unless the image has no damage other than leaked clusters. */
void cuts_check_tables(unsigned cut);

#endif
