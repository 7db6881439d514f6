/* SPDX-License-Identifier: MIT */
/*
 * Accesses that may trap: to CSRs that a hart may lack, and to memory at addresses that come from a
 * caller of the SBI. guarded_call makes one and returns whether it trapped, instead of letting the
 * firmware's trap handler panic.
 */
#ifndef FIRMWARE_GUARDED_H
#define FIRMWARE_GUARDED_H

#include "firmware/base.h"

/*
 * The result of a guarded call: if `ok`, the value that the function returned; otherwise the mcause
 * of its trap.
 */
struct guarded {
	u64 value;
	u64 ok;
};

/*
 * Calls one of the functions below. After a trap in it, `ok` of the result is 0, mtval can still be
 * read, and mstatus is as before. `function` must be defined in guarded.S, and may change only a0,
 * a1 and t0.
 */
struct guarded guarded_call(u64 (*function)(u64), u64 arg);
struct guarded guarded_call2(u64 (*function)(u64, u64), u64 arg0, u64 arg1);

/*
 * Functions for CSRs that a hart may lack. Those that read ignore their argument, and those that
 * write return nothing of use.
 */
#define OPTIONAL_CSR(name) u64 csr_read_##name(u64 unused); u64 csr_write_##name(u64 value)
OPTIONAL_CSR(fcsr);
OPTIONAL_CSR(mcountinhibit);
OPTIONAL_CSR(menvcfg);
OPTIONAL_CSR(mseccfg);
OPTIONAL_CSR(mstateen0);
OPTIONAL_CSR(mstateen1);
OPTIONAL_CSR(mstateen2);
OPTIONAL_CSR(mstateen3);
OPTIONAL_CSR(pmpaddr0);
OPTIONAL_CSR(pmpaddr1);
OPTIONAL_CSR(pmpaddr2);
OPTIONAL_CSR(pmpaddr3);
OPTIONAL_CSR(pmpaddr4);
OPTIONAL_CSR(pmpcfg0);
OPTIONAL_CSR(scountovf);
OPTIONAL_CSR(stimecmp);
OPTIONAL_CSR(tselect);
OPTIONAL_CSR(tdata1);
OPTIONAL_CSR(tdata2);
OPTIONAL_CSR(tdata3);
OPTIONAL_CSR(tinfo);

/*
 * Functions for the counters by index: element n accesses mcycle + n (n = 0, 2 to 31) or mhpmevent
 * n (n = 3 to 31).
 */
struct csr_stub {
	u64 code;
};
extern const struct csr_stub csr_read_counter[32], csr_write_counter[32];
extern const struct csr_stub csr_read_event[32], csr_write_event[32];

/* Calls such a function as guarded_call does. */
static inline struct guarded csr_stub_call(const struct csr_stub *stub, u64 arg)
{
	return guarded_call((u64(*)(u64))stub, arg);
}

/*
 * Memory accesses. Those "as caller" are translated and checked as in the mode that mstatus.MPP and
 * MPV give.
 */
u64 guarded_load_byte(u64 addr);
u64 guarded_load(u64 addr);
u64 guarded_store(u64 addr, u64 value);
u64 guarded_store_word(u64 addr, u64 word);
u64 guarded_load_as_caller(u64 addr);
u64 guarded_load_byte_as_caller(u64 addr);
u64 guarded_store_byte_as_caller(u64 addr, u64 byte);

/* Reads a halfword of code: pages that may only be executed can be read, too. `addr` is even. */
u64 guarded_fetch_half_as_caller(u64 addr);

#endif
