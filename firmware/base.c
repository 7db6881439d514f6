/* SPDX-License-Identifier: MIT */
/* memset and memcpy, which the compiler may call for assignments of structs. */
#include "firmware/base.h"

void *memset(void *to, int value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((u8 *)to)[i] = value;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}
