/* SPDX-License-Identifier: MIT */
/* The error function that all types of devices share. See device_type.h. */
#include "devices/device_type.h"

#include <stdarg.h>
#include <stdio.h>

int device_fail(struct device_setup *setup, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(setup->error, sizeof(setup->error), format, args);
	va_end(args);
	return error;
}
