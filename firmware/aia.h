/* SPDX-License-Identifier: MIT */
/* The machine-level part of the advanced interrupt architecture, where the machine has it. */
#ifndef FIRMWARE_AIA_H
#define FIRMWARE_AIA_H

#include "firmware/base.h"

/*
 * Called once, by the boot hart: gives all of the APLIC's sources to its S domain, tells it where
 * the IMSICs are, and disables in the device tree at `fdt` the nodes that S-mode cannot use.
 */
void aia_setup(u64 fdt);

/* Valid after aia_setup: whether an APLIC is in the PLIC's place, and whether there are IMSICs. */
bool aia_has_aplic(void);
bool aia_has_imsics(void);

#endif
