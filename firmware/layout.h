/* SPDX-License-Identifier: MIT */
/* Offsets and sizes that entry.S shares with struct hart; hart.c asserts that they agree. */
#ifndef FIRMWARE_LAYOUT_H
#define FIRMWARE_LAYOUT_H

#define FRAME_MEPC	256
#define FRAME_MSTATUS	264
#define HART_AREA_SIZE	7168

#endif
