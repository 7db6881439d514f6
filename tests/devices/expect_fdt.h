/* SPDX-License-Identifier: MIT */
/*
 * Checks what a device has written to the device tree: a property of a node, byte by byte. For
 * tests with and without fixture.h.
 */
#ifndef TESTS_DEVICES_EXPECT_FDT_H
#define TESTS_DEVICES_EXPECT_FDT_H

#include "devices/fdt.h"
#include "tests/cmocka.h"

#include <libfdt.h>

/*
 * Fails the test unless the node has this property. A negative node, which is an error of libfdt,
 * has no properties.
 */
static inline void expect_property(const struct fdt *fdt, int node, const char *name,
				   const void *bytes, int size)
{
	int length = -1;
	const void *data = fdt_getprop(fdt->blob, node, name, &length);

	if (length != size) {
		const char *at = fdt_get_name(fdt->blob, node, NULL);

		fail_msg("%s %s: length %d, expected %d", at ? at : "no node:", name, length, size);
	}
	if (size)
		assert_memory_equal(data, bytes, (size_t)size);
}

#endif
