/* SPDX-License-Identifier: MIT */
/* The one question that the firmware has for a device tree. */
#ifndef FIRMWARE_DEVICETREE_H
#define FIRMWARE_DEVICETREE_H

#include "firmware/base.h"

/*
 * True when the blob at `fdt` has `word` (lower case) as an extension name: whole, between bytes
 * that are no letters or digits, as in riscv,isa and riscv,isa-extensions. False without a blob.
 */
bool devicetree_lists(u64 fdt, const char *word);

#endif
