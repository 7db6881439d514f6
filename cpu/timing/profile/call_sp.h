/* SPDX-License-Identifier: MIT */
/*
 * Follows the stack pointer in a hart's records, which have its value only at traps and returns
 * from them: elsewhere it is found by the addresses of memory operands, by what is added to it, and
 * by where it was stored before it is loaded.
 */
#ifndef CPU_TIMING_PROFILE_CALL_SP_H
#define CPU_TIMING_PROFILE_CALL_SP_H

#include "bus/base.h"
#include "cpu/timing/profile/call_insns.h"
#include "cpu/timing/record.h"

/* The most places at which it is remembered to be stored; a power of two. */
#define CALL_SP_SAVED 256

struct call_sp {
	u64 value; /* or CALLS_NO_SP, or CALLS_OTHER_SP (call_stacks.h) */
	struct call_sp_saved {
		u64 va, space; /* address, and address space of a mode */
		u64 value;
		u8 mode;
	} saved[CALL_SP_SAVED];
};

void call_sp_clear(struct call_sp *sp);

/* Follows an instruction that did not trap, in this mode and its address space. */
void call_sp_follow(struct call_sp *sp, const struct timing_record *record,
		    const struct call_insn *insn, enum timing_mode mode, u64 space);

#endif
