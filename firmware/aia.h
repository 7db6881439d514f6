/* SPDX-License-Identifier: MIT */
/*
 * Sets up the machine-level part of the advanced interrupt architecture (AIA), if the machine has
 * it.
 */
#ifndef FIRMWARE_AIA_H
#define FIRMWARE_AIA_H

#include "firmware/base.h"

/*
 * Sets up the interrupt controllers; called once, by the boot hart. Delegates all of the APLIC's
 * sources to its S-level domain, writes the addresses of the IMSICs, if there are any, to its
 * M-level domain, and disables in the device tree at `fdt` the nodes that S-mode cannot use. Does
 * nothing if the machine has no APLIC.
 */
void aia_setup(u64 fdt);

/*
 * Return whether the machine has an APLIC instead of a PLIC, and whether it has IMSICs. Valid after
 * aia_setup.
 */
bool aia_has_aplic(void);
bool aia_has_imsics(void);

#endif
