/* SPDX-License-Identifier: MIT */
/*
 * The STA extension. The firmware never delays a hart that could run S-mode, and it cannot see how
 * the host schedules Baya: the stolen time is 0, as is all of the shared memory.
 */
#include "firmware/guarded.h"
#include "firmware/sbi/sbi.h"

#define SHMEM_SIZE 64

static struct sbi_ret set_shmem(const u64 *arg)
{
	u64 addr = 0;
	s64 error = sbi_shared_memory(arg, SHMEM_SIZE, SHMEM_SIZE, &addr);

	for (u64 i = 0; addr && i < SHMEM_SIZE; i += sizeof(u64))
		guarded_call2(guarded_store, addr + i, 0);
	return sbi_result(error);
}

static const struct sbi_function functions[] = { { set_shmem } };

const struct sbi_extension sbi_sta = { 0x535441, functions, ARRAY_SIZE(functions) };
