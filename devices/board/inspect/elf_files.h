/* SPDX-License-Identifier: MIT */
/* The files of a configuration that may have code, and symbols and lines of source of it. */
#ifndef DEVICES_BOARD_INSPECT_ELF_FILES_H
#define DEVICES_BOARD_INSPECT_ELF_FILES_H

#include "devices/board/config.h"

/* The most files of a configuration that may be ELF files with symbols or debug information. */
#define BOARD_ELF_FILES_MAX (BOARD_SYMBOLS_MAX + 3 + BOARD_LOADS_MAX)

/*
 * Lists the files that may be ELF files, those first that have most symbols of the running code:
 * --symbols (which includes the bundled kernel's), the program, the kernel, files of -device
 * loader, the firmware. A file of --symbols with an offset is left out, because its code has other
 * addresses than the file tells. Returns their number. The configuration owns the names.
 */
unsigned board_elf_files(const struct board_config *config, const char *names[BOARD_ELF_FILES_MAX]);

#endif
