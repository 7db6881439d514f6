/* SPDX-License-Identifier: MIT */
/*
 * Simulates that writing an image is cut off: the writes to its file are recorded, and replayed up
 * to some point. For programs that are linked with --wrap=pwrite,pwritev,fdatasync,fallocate.
 */
#ifndef TESTS_DEVICES_BLOCK_IMAGE_CUTS_H
#define TESTS_DEVICES_BLOCK_IMAGE_CUTS_H

#include "image_place.h"

/*
 * cuts_begin copies the image "i" as it is, and records all writes to it from then on; cuts_end
 * stops recording; cuts_forget drops the records.
 */
void cuts_begin(void);
void cuts_end(void);
void cuts_forget(void);

unsigned cuts_count(void); /* returns the number of writes recorded so far */

/* A cuts_look checks the file "cut", which has only the first `cut` writes. */
typedef void cuts_look(unsigned cut);

/* Cuts as if the process ended: the host has all writes up to the cut. Makes about `times` cuts. */
void cuts_of_process(unsigned times, cuts_look *look);
/* Cuts as if the power failed: any of the writes after the last sync can be missing. */
void cuts_of_power(unsigned times, cuts_look *look);

/* Fails the test if the image has any damage other than leaked clusters. */
void cuts_check_tables(unsigned cut);

#endif
