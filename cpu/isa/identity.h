/* SPDX-License-Identifier: MIT */
/* The values of the CSRs mvendorid, marchid and mimpid, by which software recognises a core. */
#ifndef CPU_ISA_IDENTITY_H
#define CPU_ISA_IDENTITY_H

#include "bus/base.h"

struct identity {
	u64 vendor, architecture, implementation;
};

/* Returns the identity of the core that a model describes; all zeros if it describes none. */
struct identity identity_of(const char *model);

#endif
