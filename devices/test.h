/* SPDX-License-Identifier: MIT */
/*
 * SiFive's test finisher: one word to which the guest writes to end or reset its machine. It has no
 * state. Its device-tree node is also the register map to which the nodes of syscon.h refer.
 */
#ifndef DEVICES_TEST_H
#define DEVICES_TEST_H

#include "bus/platform.h"

struct fdt;

struct test {
	struct platform *platform;
};

/* Attaches the device at base. Returns 0 or bus_attach's error. */
int test_attach(struct test *test, struct platform *platform, u64 base);

/* Writes the node test@base, with the phandle that is passed to syscon_nodes. */
void test_node(struct fdt *fdt, u64 base, u32 phandle);

#endif
