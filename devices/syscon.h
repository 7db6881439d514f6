/* SPDX-License-Identifier: MIT */
/*
 * The device-tree nodes that describe how operating systems power off and reboot by writing to a
 * register map (a "syscon"), which is that of the test device. There is no other hardware for them.
 */
#ifndef DEVICES_SYSCON_H
#define DEVICES_SYSCON_H

#include "bus/base.h"

struct fdt;

/* Writes the nodes reboot and poweroff to the root node. regmap is the phandle of test.h's node. */
void syscon_nodes(struct fdt *fdt, u32 regmap);

#endif
