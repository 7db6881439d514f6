/* SPDX-License-Identifier: MIT */
/*
 * The syscon-reboot and syscon-poweroff nodes, with the properties of the device-tree bindings of
 * those names. Owns nothing; the register behind them is the test device's.
 */
#include "devices/syscon.h"

#include "devices/fdt.h"
#include "devices/memmap.h"

/* The word after "syscon-" in `compatible` is the node's action and name. */
static void syscon_node(struct fdt *fdt, const char *compatible, u32 regmap, u32 value)
{
	fdt_node(fdt, "%s", compatible + sizeof("syscon-") - 1);
	fdt_str(fdt, "compatible", compatible);
	fdt_u32(fdt, "regmap", regmap);
	fdt_u32(fdt, "offset", 0);
	fdt_u32(fdt, "value", value);
	fdt_end(fdt);
}

void syscon_nodes(struct fdt *fdt, u32 regmap)
{
	syscon_node(fdt, "syscon-reboot", regmap, TEST_RESET);
	syscon_node(fdt, "syscon-poweroff", regmap, TEST_PASS);
}
