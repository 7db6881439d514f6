/* SPDX-License-Identifier: MIT */
/*
 * ISA strings for -cpu, such as rv64imafdcv_zba_zbb (unprivileged manual, "ISA Extension Naming
 * Conventions"), and profiles with extensions, such as rva22s64_zbc.
 */
#ifndef DEVICES_BOARD_ISA_NAME_H
#define DEVICES_BOARD_ISA_NAME_H

#include "devices/error.h"

/*
 * If the text for -cpu begins with an ISA string, returns a text that begins with a model and
 * NAME=on for each extension in the string; otherwise a copy of the text. The caller frees it. NULL
 * with the error's text filled in.
 */
char *isa_name_expand(const char *cpu, struct board_error *error);

#endif
