/* SPDX-License-Identifier: MIT */
/* The machine-level part of the advanced interrupt architecture, where the machine has it. */
#ifndef FIRMWARE_AIA_H
#define FIRMWARE_AIA_H

#include "firmware/base.h"

/*
 * Once, by the boot hart: give all of the APLIC's sources to its S domain, tell it where the
 * IMSICs are, and mark in the device tree at `fdt` what S-mode cannot use.
 */
void aia_setup(u64 fdt);

/* After that: is there an APLIC in the PLIC's place, and are there IMSICs? */
bool aia_has_aplic(void);
bool aia_has_imsics(void);

#endif
