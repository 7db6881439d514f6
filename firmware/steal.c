/* SPDX-License-Identifier: MIT */
/*
 * The STA extension. The firmware never keeps a hart from S-mode that could run there, and it does
 * not see what the host does with Baya's own time: the time stolen is 0, as is all of the memory.
 */
#include "firmware/guarded.h"
#include "firmware/pmp.h"
#include "firmware/sbi.h"

#define SHMEM_SIZE 64

static struct sbi_ret set_shmem(const u64 *arg)
{
	if (arg[2] != 0)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (arg[0] == SBI_NO_SHMEM && arg[1] == SBI_NO_SHMEM)
		return sbi_result(SBI_SUCCESS);
	if (arg[0] % SHMEM_SIZE != 0)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (!pmp_caller_ram(arg[0], arg[1], SHMEM_SIZE))
		return sbi_result(SBI_ERR_INVALID_ADDRESS);
	for (u64 i = 0; i < SHMEM_SIZE; i += sizeof(u64))
		guarded_call2(guarded_store, arg[0] + i, 0);
	return sbi_result(SBI_SUCCESS);
}

static const struct sbi_function functions[] = { { set_shmem } };

const struct sbi_extension sbi_sta = { 0x535441, functions, ARRAY_SIZE(functions) };
