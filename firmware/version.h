/* SPDX-License-Identifier: MIT */
/* The firmware's version, which it prints on the console and returns through the SBI. */
#ifndef FIRMWARE_VERSION_H
#define FIRMWARE_VERSION_H

#define VERSION_MAJOR 0
#define VERSION_MINOR 1
#define VERSION_TEXT "0.1"

/*
 * The value of sbi_get_impl_id. The SBI specification assigns numbers from 0 up, and none to Baya:
 * "Baya" in ASCII is far above those.
 */
#define IMPLEMENTATION_ID 0x42617961

#endif
