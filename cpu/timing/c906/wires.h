/* SPDX-License-Identifier: MIT */
/* The signals between C906's units within a cycle. See core.h. */
#ifndef CPU_TIMING_C906_WIRES_H
#define CPU_TIMING_C906_WIRES_H

#include "cpu/timing/c906/backend.h"
#include "cpu/timing/c906/ifu/ifu.h"
#include "cpu/timing/c906/lsu/lsu.h"
#include "cpu/timing/c906/vpu/vpu.h"

struct c906_wires {
	struct c906_ifu_cycle ifu;
	struct c906_lsu_cycle lsu;
	struct c906_vpu_cycle vpu;
	/* RTU */
	bool flush_fe, flush_be, restarts;
	bool late; /* a branch or return that executed before was mispredicted */
	bool late_return; /* it is a return */
	/* EX1 */
	bool commits; /* the instruction there may execute */
	bool stalls; /* it stays */
	bool completes, done; /* it completes; done: it was the last part */
	u64 number;
	bool restart, trap; /* the pipeline restarts after it, at `next` */
	u64 next;
	u8 result; /* register for which an ALU or branch result is forwarded */
	bool csr_result; /* CP0 writes a result */
	/* the port of the file, even to write x0; requests_port is set even if it is killed */
	bool requests_port, takes_port;
	bool multiplies, last_pass, divides;
	bool branch_waits, branch_resolves; /* the branch unit's entry is taken, is freed */
	bool wrong_return;
	bool fence, sync, sleeps, writes_satp;
	struct c906_access access;
	bool accesses;
	/* Results of longer units */
	bool divider_writes, multiplier_writes;
	u8 product, writes; /* forwarded; written back from the next cycle on */
	/* Dispatch */
	bool found; /* the decoder has an instruction */
	bool dispatches, id_stalls;
	u8 lacks; /* integer register that it waits for, or 0 */
	struct c906_ex1 entry;
};

#endif
