/* SPDX-License-Identifier: MIT */
/*
 * Writes the nodes syscon-reboot and syscon-poweroff, with the properties of the device tree
 * bindings of those names. The register to which they refer is that of the test device.
 */
#include "devices/syscon.h"

#include "devices/fdt.h"
#include "devices/memmap.h"

/* Writes a node. Its name is the part of `compatible` after "syscon-", which names its action. */
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
