/* SPDX-License-Identifier: MIT */
/*
 * The actions of a core's pipeline on the parts that are outside of its state: caches and memory,
 * stores that have retired, predictors, TLBs. The pipeline accesses these only by actions, each of
 * which has one number as its result, so that a memo can record them. The pipeline does not know
 * data addresses: an action names the operand.
 */
#ifndef CPU_TIMING_INORDER_ACTIONS_H
#define CPU_TIMING_INORDER_ACTIONS_H

#include "cpu/timing/memo/memo_log.h"
#include "cpu/timing/model.h"

enum inorder_action_kind {
	/* predict an executed branch, and train the predictor */
	INORDER_ACTION_BRANCH = MEMO_END + 1,
	INORDER_ACTION_JUMP,
	INORDER_ACTION_GUESS, /* predict an instruction of the wrong path, at pc */
	INORDER_ACTION_LAST_JUMP = INORDER_ACTION_GUESS,
	INORDER_ACTION_HELD, /* determine, without any effect, whether a word is there */
	INORDER_ACTION_CODE, /* read the code of such a word */
	INORDER_ACTION_WORD, /* fetch a word */
	/* a word, and its code, on a wrong path */
	INORDER_ACTION_WRONG_PATH_WORD, INORDER_ACTION_WRONG_PATH_CODE,
	INORDER_ACTION_LOAD, INORDER_ACTION_ATOMIC,
	INORDER_ACTION_STORE, /* a store, from when it leaves the queue until it retires */
	INORDER_ACTION_PLACE, /* a store that traps, or an atomic done in memory */
	INORDER_ACTION_IN_MEMORY, INORDER_ACTION_DRAIN,
	INORDER_ACTION_STEPS, /* the number of steps of a unit, which depends on the operands */
	INORDER_ACTION_VECTOR, /* look up vl and vtype of a vector instruction */
	INORDER_ACTION_VECTOR_ACCESS, /* all requests of a vector load or store */
	INORDER_ACTION_EMPTY, INORDER_ACTION_FORGET, INORDER_ACTION_TABLES,
};

/*
 * In b the number of the instruction in the trace is above the cycle, and above it are 24 bits of
 * `more`.
 */
#define INORDER_ACTION_CONSUMED_SHIFT 32
#define INORDER_ACTION_MORE_SHIFT 40
#define INORDER_ACTION_MORE_BITS 24

struct inorder;
struct timing_run;

struct inorder_actions {
	struct inorder *core;
	struct memo_log log;
	bool recording; /* actions are being recorded */
	u64 begin; /* the cycle from which those of actions are counted */
	u64 pc, next_pc; /* the trace's first address, and the one where it continues */
	const u64 *operand; /* all operands of the trace */
	/* INORDER_ACCESS_TRANSLATED, where addresses of data are translated; or 0 */
	u64 translated;
	unsigned memory, values; /* indexes of the operands of the instruction that is stepped */
	unsigned consumed; /* instructions of the trace so far, that one included */
	const struct timing_run *run; /* NULL: the trace is given by records */
	unsigned base; /* instructions of the run before the trace */
	unsigned reached; /* instructions of the run reported to the host as consumed; 0: none */
	u64 code_changes; /* *host->code_changes when it was read last */
};

/* An action on `a`, in a cycle or at no particular time; `more` has 24 bits. */
struct inorder_action {
	enum inorder_action_kind kind;
	u8 which, how; /* as in memo_action */
	u64 a, cycle, more;
};
u64 inorder_do(struct inorder_actions *actions, const struct inorder_action *action);

/* Performs an action for the log; ctx is the actions. */
memo_perform inorder_perform;

/* Read the host's memory as it is after the stores of consumed instructions; watch code there. */
bool inorder_actions_read(void *ctx, u64 pa, void *data, size_t size);
bool inorder_actions_watch(void *ctx, u64 pa, size_t size);

/* Result of WORD: */
#define INORDER_WORD_MISSED BIT(0)
#define INORDER_WORD_KNOWN BIT(1) /* the rest of the line is there as well */
#define INORDER_WORD_TRANSLATED BIT(2) /* with KNOWN: by translation */
#define INORDER_WORD_DELAYED BIT(3) /* translation delayed it */
#define INORDER_WORD_HIT BIT(4) /* the caller counts the access */
#define INORDER_WORD_CYCLES 8 /* shift of the cycles until it is there */

/* Result of BRANCH, JUMP and GUESS; for a jump through a register with its target above: */
#define INORDER_GUESS_TAKEN BIT(0)
/* In the BTB; it always is if only the BTB knows the jump. */
#define INORDER_GUESS_KNOWN BIT(1)
#define INORDER_GUESS_TARGET 1 /* shift: bit 0 of an address is 0, its highest two are equal */
/* The instruction of BRANCH, JUMP and GUESS, in `which`: */
#define INORDER_JUMP_FLOW 7
#define INORDER_JUMP_CALL BIT(3)
#define INORDER_JUMP_LONG BIT(4) /* it has 4 bytes */
#define INORDER_JUMP_TAKEN_SHIFT 5 /* shift: an executed branch was taken */
/*
 * `more` has the offset of a direct jump, in halfwords. For BRANCH and JUMP, `a` has the distance
 * from the trace's pc and, above this bit, the cycles until the jump is resolved.
 */
#define INORDER_JUMP_RESOLVED 32

/* Result of WRONG_PATH_WORD, with cycles above: */
#define INORDER_WRONG_PATH_ENDS 0
#define INORDER_WRONG_PATH_HIT 1
#define INORDER_WRONG_PATH_LATE 2 /* it missed, and was not requested in time */
#define INORDER_WRONG_PATH_MISSED 3
#define INORDER_WRONG_PATH_CYCLES 2

/*
 * Result of HELD: 0, or KNOWN and perhaps TRANSLATED of WORD. A lookup then has no effect, and the
 * result lasts as long as mmu.fetch_version is the same.
 */

/* Result of CODE and WRONG_PATH_CODE, with the code below: */
#define INORDER_CODE_THERE BIT(32)

/* The access of LOAD, ATOMIC, STORE and PLACE, in `a`: */
#define INORDER_ACCESS_SIZE 0xff
#define INORDER_ACCESS_GUEST BIT(8) /* a hypervisor's access as its guest */
#define INORDER_ACCESS_STORE BIT(9) /* a store, or an atomic but LR */
#define INORDER_ACCESS_TRAPS BIT(10)
#define INORDER_ACCESS_TRANSLATED BIT(11) /* not in the action: inorder_actions.translated */
/*
 * Result of LOAD and ATOMIC: the cause, and above it the cycles until the access is translated,
 * until it leaves the queue, and until its result is there.
 */
#define INORDER_ACCESS_CAUSE_BITS 4
#define INORDER_ACCESS_WALK_BITS 14
#define INORDER_ACCESS_LEFT 18
#define INORDER_ACCESS_LEFT_BITS 23
#define INORDER_ACCESS_RESULT 41

/*
 * For STORE, the upper part of `a` is the cycle in which the store could retire, as far as that
 * does not depend on the result: a signed number of cycles after that of the action. The result is
 * the number of cycles until it leaves the queue and, above, the number that it then waits to
 * retire. That of PLACE has only the former.
 */
#define INORDER_STORE_RETIRES 32
#define INORDER_STORE_WALKED BIT(31) /* in a result: nothing but translation delayed its leaving */

/* In FORGET, the registers of SFENCE.VMA that are not x0, and the kind of fence. */
#define INORDER_FORGET_VA BIT(0)
#define INORDER_FORGET_ASID BIT(1)
#define INORDER_FORGET_GUEST BIT(2)
#define INORDER_FORGET_SECOND BIT(3)

#endif
