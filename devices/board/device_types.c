/* SPDX-License-Identifier: MIT */
/* Defines the list that device_types.h declares, from the lines of device_types.def. */
#include "devices/board/device_types.h"

#include <string.h>

#define TYPE(name) extern const struct device_type name##_device;
#include "devices/board/device_types.def"
#undef TYPE

#define TYPE(name) &name##_device,
const struct device_type *const device_types[] = {
#include "devices/board/device_types.def"
};
#undef TYPE
const unsigned device_type_count = ARRAY_SIZE(device_types);

const struct device_type *device_type_listed(unsigned n)
{
	for (unsigned category = 0; category < DEVICE_CATEGORIES; category++)
		for (unsigned i = 0; i < device_type_count; i++)
			if (device_types[i]->category == category && n-- == 0)
				return device_types[i];
	return NULL;
}

const struct device_type *device_type_named(const char *name)
{
	for (unsigned n = 0; n < device_type_count; n++)
		if (!strcmp(device_types[n]->name, name))
			return device_types[n];
	return NULL;
}
