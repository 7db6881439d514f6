/* SPDX-License-Identifier: MIT */
/*
 * What a monitor says of itself: the base block of VESA's Enhanced EDID, release A revision 2
 * (version 1.4), with one preferred mode at 60 Hz.
 */
#ifndef DEVICES_SCREEN_EDID_H
#define DEVICES_SCREEN_EDID_H

#include "bus/base.h"

#define EDID_BYTES 128
#define EDID_SIDE_MAX 4095u /* pixels that a detailed timing can say */

/* Dots per inch, by which its size in millimetres is told. */
#define EDID_DPI 96
#define EDID_DPI_MIN 48u /* a larger monitor could not be told */
#define EDID_DPI_MAX 1000u

/* A larger side is said to be EDID_SIDE_MAX. */
void edid_make(u8 edid[EDID_BYTES], u32 width, u32 height, u32 dpi, u32 serial);

#endif
