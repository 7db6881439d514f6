/* SPDX-License-Identifier: MIT */
/*
 * Offsets and sizes of struct hart for entry.S, which hart.c asserts to be right; the address of
 * the CLINT's mtime; and the fields of OpenSBI's fw_dynamic_info.
 */
#ifndef FIRMWARE_LAYOUT_H
#define FIRMWARE_LAYOUT_H

#include "devices/memmap.h"

#define FRAME_MEPC	256
#define FRAME_MSTATUS	264
#define HART_AREA_SIZE	7168

#define MTIME		(CLINT_BASE + 0xbff8)

#define INFO_MAGIC	0x4942534f
#define INFO_VERSION	8
#define INFO_NEXT_ADDR	16
#define INFO_NEXT_MODE	24
#define INFO_BOOT_HART	40

#endif
