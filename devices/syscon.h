/* SPDX-License-Identifier: MIT */
/*
 * The device-tree nodes that tell operating systems how to power off and reboot by a write to a
 * register map (a "syscon"), which is the test device. There is no hardware behind them.
 */
#ifndef DEVICES_SYSCON_H
#define DEVICES_SYSCON_H

#include "bus/base.h"

struct fdt;

/* Writes the nodes reboot and poweroff, into the root; regmap is the phandle of test.h's node. */
void syscon_nodes(struct fdt *fdt, u32 regmap);

#endif
