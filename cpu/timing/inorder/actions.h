/* SPDX-License-Identifier: MIT */
/*
 * What the pipeline of a core asks of what is outside of it: caches and what is behind them, stores
 * that have retired, predictors, TLBs, memory. All of it goes through here as an action with one
 * number for an answer, so that a memo can write it down. Addresses of data are on the other side
 * only: an action names the operand.
 */
#ifndef CPU_TIMING_INORDER_ACTIONS_H
#define CPU_TIMING_INORDER_ACTIONS_H

#include "cpu/timing/memo/memo_log.h"
#include "cpu/timing/model.h"

enum inorder_action_kind {
	INORDER_ACTION_BRANCH = MEMO_END + 1, /* a prediction of what is done: it is learnt from */
	INORDER_ACTION_JUMP,
	INORDER_ACTION_GUESS, /* one of what is not, at pc */
	INORDER_ACTION_LAST_JUMP = INORDER_ACTION_GUESS,
	INORDER_ACTION_HELD, /* is a word there, for the asking? */
	INORDER_ACTION_CODE, /* and what is there to be executed? */
	INORDER_ACTION_WORD, /* to be fetched */
	INORDER_ACTION_STRAY_WORD, INORDER_ACTION_STRAY_CODE, /* wrong paths */
	INORDER_ACTION_LOAD, INORDER_ACTION_ATOMIC,
	INORDER_ACTION_STORE, /* from the queue until it retires */
	INORDER_ACTION_PLACE, /* of one that will not, or of an atomic done in memory */
	INORDER_ACTION_IN_MEMORY, INORDER_ACTION_DRAIN,
	INORDER_ACTION_STEPS, /* that operands make a unit take */
	INORDER_ACTION_EMPTY, INORDER_ACTION_FORGET, INORDER_ACTION_TABLES,
};

/* Beside a cycle: the number of the instruction in the trace, and above it 24 bits of anything. */
#define INORDER_ACTION_TAKEN_SHIFT 32
#define INORDER_ACTION_MORE_SHIFT 40
#define INORDER_ACTION_MORE_BITS 24

struct inorder;
struct timing_run;

struct inorder_actions {
	struct inorder *core;
	struct memo_log log;
	bool writes; /* down what is asked */
	u64 begin; /* the cycle from which those of actions are counted */
	u64 pc, onward; /* of the trace: where it begins, and goes on */
	const u64 *operand; /* all of the trace */
	u64 translated; /* INORDER_ACCESS_TRANSLATED, where addresses of data are; or 0 */
	unsigned memory, values; /* which are those of the instruction that is stepped now */
	unsigned taken; /* instructions of the trace, that one included */
	const struct timing_run *run; /* NULL: it is told by records */
	unsigned base; /* instructions of the run before the trace */
	unsigned reached; /* instructions of the run that the host knows to be taken; 0: none */
	u64 code_changes; /* when that was looked at */
};

/* An action about `a`, in a cycle or at none in particular; `more` of 24 bits. */
struct inorder_action {
	enum inorder_action_kind kind;
	u8 which, how; /* as of memo_action */
	u64 a, cycle, more;
};
u64 inorder_do(struct inorder_actions *actions, const struct inorder_action *action);

/* For the log: ctx is the actions. */
memo_perform inorder_perform;

/* The host's memory, as it is with the stores of instructions that have been taken. */
bool inorder_actions_read(void *ctx, u64 pa, void *data, size_t size);
bool inorder_actions_watch(void *ctx, u64 pa, size_t size);

/* WORD: */
#define INORDER_WORD_MISSED BIT(0)
#define INORDER_WORD_KNOWN BIT(1) /* so is the rest of the line */
#define INORDER_WORD_TRANSLATED BIT(2) /* with KNOWN */
#define INORDER_WORD_DELAYED BIT(3) /* by translation */
#define INORDER_WORD_HIT BIT(4) /* which is counted by who asks */
#define INORDER_WORD_CYCLES 8 /* shift: until it is there */

/* BRANCH, JUMP, GUESS: of a jump through a register, above, its target as well. */
#define INORDER_GUESS_TAKEN BIT(0)
#define INORDER_GUESS_KNOWN BIT(1) /* by the BTB; what is in it alone is always */
#define INORDER_GUESS_TARGET 1 /* shift: bit 0 of an address is 0, the highest two are the same */
/* What is asked about: */
#define INORDER_JUMP_FLOW 7
#define INORDER_JUMP_CALL BIT(3)
#define INORDER_JUMP_LONG BIT(4) /* of 4 bytes */
#define INORDER_JUMP_TAKEN_SHIFT 5 /* a branch that is done was */
/*
 * As `more`, how far a direct one goes, in halfwords. And of BRANCH and JUMP, where it is from the
 * trace's pc; above, how much later it is known.
 */
#define INORDER_JUMP_RESOLVED 32

/* STRAY_WORD, with cycles above: */
#define INORDER_STRAY_ENDS 0
#define INORDER_STRAY_HIT 1
#define INORDER_STRAY_LATE 2 /* missed, and not asked for in time */
#define INORDER_STRAY_MISSED 3
#define INORDER_STRAY_CYCLES 2

/*
 * HELD: 0, or KNOWN and perhaps TRANSLATED of the above. Asking has no effect then, and the answer
 * lasts as long as mmu.fetch_version is the same.
 */

/* CODE and STRAY_CODE, with the bits below: */
#define INORDER_CODE_THERE BIT(32)

/* LOAD, ATOMIC, STORE, PLACE: what it is, */
#define INORDER_ACCESS_SIZE 0xff
#define INORDER_ACCESS_GUEST BIT(8) /* by a hypervisor, in its guest's place */
#define INORDER_ACCESS_STORE BIT(9) /* or an atomic that is none of a load alone */
#define INORDER_ACCESS_TRAPS BIT(10)
#define INORDER_ACCESS_TRANSLATED BIT(11) /* which is not in the action */
/* and of those with a result, behind the cause: when it leaves the queue, when its result comes. */
#define INORDER_ACCESS_LEFT 8
#define INORDER_ACCESS_LEFT_BITS 28
#define INORDER_ACCESS_RESULT 36

/*
 * STORE: above what it is, as a signed number, how much later than it is asked it could retire, as
 * far as that does not depend on the answer: when it leaves the queue, how long retiring takes.
 */
#define INORDER_STORE_RETIRES 32

/* FORGET: which of SFENCE.VMA's registers are meant, and of what kind it is. */
#define INORDER_FORGET_VA BIT(0)
#define INORDER_FORGET_ASID BIT(1)
#define INORDER_FORGET_GUEST BIT(2)
#define INORDER_FORGET_SECOND BIT(3)

#endif
