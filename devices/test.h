/* SPDX-License-Identifier: MIT */
/*
 * SiFive's test finisher: a word through which the guest ends or resets its machine. It has no
 * state. Its node is also the register map that syscon.h's nodes point at.
 */
#ifndef DEVICES_TEST_H
#define DEVICES_TEST_H

#include "bus/platform.h"

struct fdt;

struct test {
	struct platform *platform;
};

int test_attach(struct test *test, struct platform *platform, u64 base);

/* Writes the node test@base, with the phandle that syscon_nodes refers to. */
void test_node(struct fdt *fdt, u64 base, u32 phandle);

#endif
