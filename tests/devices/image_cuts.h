/* SPDX-License-Identifier: MIT */
/*
 * The file of an image whose writer is cut: what is written to it is recorded, to be done again up
 * to some point. For programs that are linked with --wrap=pwrite,pwritev,fdatasync,fallocate.
 */
#ifndef TESTS_IMAGE_CUTS_H
#define TESTS_IMAGE_CUTS_H

#include "image_place.h"

/* All that is written from now on, to the image "i" as it is. */
void cuts_begin(void);
void cuts_end(void);
void cuts_forget(void);

unsigned cuts_count(void); /* of what was written, so far */

/* Look at the file "cut", in which what was written after the first `cut` ones is not. */
typedef void cuts_look(unsigned cut);

/* The process ends: the host has all up to there. About `times` times. */
void cuts_of_process(unsigned times, cuts_look *look);
/* The power fails: of what no sync stands behind, anything can be missing. */
void cuts_of_power(unsigned times, cuts_look *look);

/* Neither free of damage nor merely with clusters that are lost: the test has failed. */
void cuts_check_tables(unsigned cut);

#endif
