/* SPDX-License-Identifier: MIT */
/*
 * ISA strings for -cpu, such as rv64imafdcv_zba_zbb (unprivileged manual, "ISA Extension Naming
 * Conventions"), and profiles with extensions, such as rva22s64_zbc.
 */
#ifndef DEVICES_BOARD_ISA_NAME_H
#define DEVICES_BOARD_ISA_NAME_H

#include "devices/error.h"

/*
 * Returns, to be freed, the text for -cpu in which an ISA string that it begins with has become a
 * model with NAME=on for each extension that the string names; a text that begins with a model is
 * returned as it is. NULL with the error's text filled in.
 */
char *isa_name_expand(const char *cpu, struct board_error *error);

#endif
