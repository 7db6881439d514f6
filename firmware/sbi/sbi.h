/* SPDX-License-Identifier: MIT */
/*
 * The Supervisor Binary Interface (SBI), version 3.0: the representation of a call, and the list of
 * extensions. Each extension is a table in the file that implements it.
 */
#ifndef FIRMWARE_SBI_SBI_H
#define FIRMWARE_SBI_SBI_H

#include "firmware/base.h"

enum sbi_error {
	SBI_SUCCESS = 0,
	SBI_ERR_FAILED = -1,
	SBI_ERR_NOT_SUPPORTED = -2,
	SBI_ERR_INVALID_PARAM = -3,
	SBI_ERR_DENIED = -4,
	SBI_ERR_INVALID_ADDRESS = -5,
	SBI_ERR_ALREADY_AVAILABLE = -6,
	SBI_ERR_ALREADY_STARTED = -7,
	SBI_ERR_ALREADY_STOPPED = -8,
	SBI_ERR_NO_SHMEM = -9,
	SBI_ERR_INVALID_STATE = -10,
	SBI_ERR_BAD_RANGE = -11,
	SBI_ERR_DENIED_LOCKED = -14,
};

struct sbi_ret {
	s64 error;
	u64 value;
};

/* A function of an extension. `arg` points to its arguments, a0 to a5. */
struct sbi_function {
	struct sbi_ret (*call)(const u64 *arg);
};

struct sbi_extension {
	u64 id;
	const struct sbi_function *functions; /* by function id */
	u64 count;
};

extern const struct sbi_extension sbi_base, sbi_time, sbi_ipi, sbi_rfence, sbi_hsm, sbi_srst;
extern const struct sbi_extension sbi_dbcn, sbi_pmu, sbi_fwft, sbi_susp, sbi_sse;
extern const struct sbi_extension sbi_dbtr, sbi_sta;

/* The value of both halves of the address by which S-mode ends the sharing of memory. */
#define SBI_NO_SHMEM (-1UL)

/*
 * Checks the arguments of a function that shares memory, a0 to a2: the two halves of the address,
 * and flags, none of which is defined. Stores the address in *addr, or 0 for SBI_NO_SHMEM. `size`
 * and `alignment` are in bytes. Returns SBI_SUCCESS, or the error that the specification demands in
 * "Shared memory physical address range parameter".
 */
s64 sbi_shared_memory(const u64 *arg, u64 alignment, u64 size, u64 *addr);

/*
 * A value for sbi_ret.error that is not an error: the function has written the caller's frame,
 * which sbi_call must not change then.
 */
#define SBI_FRAME_IS_WRITTEN 1

struct frame;

/*
 * Performs the SBI call of the ECALL at `frame`'s pc, and makes `frame` return to the next
 * instruction.
 */
void sbi_call(struct frame *frame);

static inline struct sbi_ret sbi_result(s64 error)
{
	return (struct sbi_ret){ .error = error };
}

static inline struct sbi_ret sbi_value(u64 value)
{
	return (struct sbi_ret){ .value = value };
}

#endif
