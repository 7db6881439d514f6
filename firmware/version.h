/* SPDX-License-Identifier: MIT */
/* What the firmware calls itself, on the console and through SBI. */
#ifndef FIRMWARE_VERSION_H
#define FIRMWARE_VERSION_H

#define VERSION_MAJOR 0
#define VERSION_MINOR 1
#define VERSION_TEXT "0.1"

/*
 * sbi_get_impl_id. Numbers from 0 up are assigned by the SBI specification, and Baya has none:
 * "Baya" in ASCII is far from where they will get.
 */
#define IMPLEMENTATION_ID 0x42617961

#endif
