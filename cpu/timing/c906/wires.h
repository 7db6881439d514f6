/* SPDX-License-Identifier: MIT */
/* What the parts of C906 tell each other within a cycle. See core.h. */
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
	bool late_return; /* a return */
	/* EX1 */
	bool commits; /* what is there may execute */
	bool stalls; /* and stays */
	bool completes, done; /* leaves; done: and was the last part */
	u64 number;
	bool restart, trap; /* the pipeline starts again behind it, at next */
	u64 next;
	u8 result; /* register that an ALU or branch result is forwarded for */
	bool csr_result; /* or CP0 writes */
	bool asks_port, takes_port; /* of the file, even to write x0; asks: killed or not */
	bool multiplies, last_pass, divides;
	bool branch_waits, branch_resolves; /* the branch unit's entry is taken, is left */
	bool wrong_return;
	bool fence, sync, sleeps, writes_satp;
	struct c906_access access;
	bool accesses;
	/* Results of longer units */
	bool divider_writes, multiplier_writes;
	u8 product, writes; /* forwarded; written back, from the next cycle on */
	/* Dispatch */
	bool found; /* the decoder sees an instruction */
	bool dispatches, id_stalls;
	u8 lacks; /* the integer register that it has to wait for, or 0 */
	struct c906_ex1 entry;
};

#endif
