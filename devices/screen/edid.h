/* SPDX-License-Identifier: MIT */
/*
 * The EDID of a monitor: the base block of VESA's Enhanced EDID, release A revision 2 (version
 * 1.4), with one preferred mode at 60 Hz. If the base block cannot express that mode, a DisplayID
 * extension (version 1.3) follows, which has only a timing data block, as in QEMU.
 */
#ifndef DEVICES_SCREEN_EDID_H
#define DEVICES_SCREEN_EDID_H

#include "bus/base.h"

#define EDID_BYTES 128 /* size of a block */
#define EDID_BYTES_MAX (2 * EDID_BYTES)
#define EDID_SIDE_MAX 4095u /* the most pixels of a side in a detailed timing of the base block */

/* Dots per inch, from which the size in millimetres is computed. */
#define EDID_DPI 96
#define EDID_DPI_MIN 48u /* with less, the size of a monitor might not fit its field */
#define EDID_DPI_MAX 1000u

/*
 * Writes an EDID, and returns its size in bytes. In the base block a larger side is EDID_SIDE_MAX.
 */
u32 edid_make(u8 edid[EDID_BYTES_MAX], u32 width, u32 height, u32 dpi, u32 serial);

#endif
