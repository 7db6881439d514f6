/* SPDX-License-Identifier: MIT */
/*
 * ISA strings for -cpu, such as rv64imafdcv_zba_zbb (unprivileged manual, "ISA Extension Naming
 * Conventions"), profiles with extensions, such as rva22s64_zbc, and QEMU's profile flags, such as
 * rva22u64=on.
 */
#ifndef DEVICES_BOARD_ISA_NAME_H
#define DEVICES_BOARD_ISA_NAME_H

#include "devices/error.h"

/*
 * Returns the text for -cpu with an ISA string at its beginning replaced by a model and NAME=on for
 * each extension in the string, and each profile flag by NAME=on or NAME=off for what the profile
 * makes mandatory. The caller frees it. Returns NULL with *error if the string or a flag's value is
 * wrong, or if the host has no memory. *vlen is the length of vector registers that the string
 * names; 0 if it names none but what V alone implies.
 */
char *isa_name_expand(const char *cpu, unsigned *vlen, struct board_error *error);

#endif
