/* SPDX-License-Identifier: MIT */
/* An interpreter for a stack machine, one large switch. It finds primes by a sieve, and calls. */
#include "../program.h"

enum op {
	PUSH, LOAD, STORE, GET, PUT, DUP, DROP, SWAP, ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL,
	SHR, LESS, EQUAL, NOT, JUMP, IF_NOT, CALL, RETURN, LABEL, HALT,
};

struct insn {
	enum op op;
	int64_t operand; /* of a jump or call: first the number of a label, later an index */
};

#define CELLS 4096
#define CODE_MAX 128
#define LABELS 8

enum variable { I, J, SUM };

/* fib(n) by two calls, with n on the stack; label 5. */
#define FIB                                                                                        \
	{ LABEL, 5 }, { DUP, 0 }, { PUSH, 2 }, { LESS, 0 }, { NOT, 0 }, { IF_NOT, 6 },             \
	{ DUP, 0 }, { PUSH, 1 }, { SUB, 0 }, { CALL, 5 }, { SWAP, 0 }, { PUSH, 2 }, { SUB, 0 },    \
	{ CALL, 5 }, { ADD, 0 }, { LABEL, 6 }, { RETURN, 0 }

static const struct insn source[] = {
	{ PUSH, 2 }, { STORE, I },
	{ LABEL, 0 }, { LOAD, I }, { PUSH, CELLS }, { LESS, 0 }, { IF_NOT, 3 },
	{ LOAD, I }, { GET, 0 }, { NOT, 0 }, { IF_NOT, 2 },
	{ LOAD, SUM }, { LOAD, I }, { PUSH, 3 }, { SHL, 0 }, { XOR, 0 }, { LOAD, I }, { ADD, 0 },
	{ PUSH, 0xffffffff }, { AND, 0 }, { STORE, SUM },
	{ LOAD, I }, { DUP, 0 }, { ADD, 0 }, { STORE, J },
	{ LABEL, 1 }, { LOAD, J }, { PUSH, CELLS }, { LESS, 0 }, { IF_NOT, 2 },
	{ PUSH, 1 }, { LOAD, J }, { PUT, 0 }, { LOAD, J }, { LOAD, I }, { ADD, 0 }, { STORE, J },
	{ JUMP, 1 },
	{ LABEL, 2 }, { LOAD, I }, { PUSH, 1 }, { ADD, 0 }, { STORE, I }, { JUMP, 0 },
	{ LABEL, 3 }, { PUSH, 15 }, { CALL, 5 }, { LOAD, SUM }, { MUL, 0 }, { HALT, 0 },
	FIB,
};

static struct insn code[CODE_MAX];

/* Makes the code: the source without labels, in which jumps have indices. */
static void assemble(void)
{
	int64_t labels[LABELS] = { 0 }, count = 0;

	for (size_t n = 0; n < sizeof(source) / sizeof(*source); n++) {
		if (source[n].op == LABEL)
			labels[source[n].operand] = count;
		else
			code[count++] = source[n];
	}
	for (int64_t n = 0; n < count; n++)
		if (code[n].op == JUMP || code[n].op == IF_NOT || code[n].op == CALL)
			code[n].operand = labels[code[n].operand];
}

#define BINARY(operation)                                                                          \
	top--;                                                                                     \
	top[0] = top[0] operation top[1];                                                          \
	break

static int64_t interpret(int64_t *cells, int64_t *variables)
{
	int64_t stack[256], *top = stack, swapped;
	const struct insn *returns[64], **caller = returns;

	for (const struct insn *insn = code;; insn++) {
		switch (insn->op) {
		case PUSH: *++top = insn->operand; break;
		case LOAD: *++top = variables[insn->operand]; break;
		case STORE: variables[insn->operand] = *top--; break;
		case GET: *top = cells[*top]; break;
		case PUT: cells[top[0]] = top[-1]; top -= 2; break;
		case DUP: top++; top[0] = top[-1]; break;
		case DROP: top--; break;
		case SWAP: swapped = top[0]; top[0] = top[-1]; top[-1] = swapped; break;
		case ADD: BINARY(+);
		case SUB: BINARY(-);
		case MUL: BINARY(*);
		case DIV: BINARY(/);
		case MOD: BINARY(%);
		case AND: BINARY(&);
		case OR: BINARY(|);
		case XOR: BINARY(^);
		case SHL: BINARY(<<);
		case SHR: BINARY(>>);
		case LESS: BINARY(<);
		case EQUAL: BINARY(==);
		case NOT: *top = !*top; break;
		case JUMP: insn = code + insn->operand - 1; break;
		case IF_NOT: insn = *top-- ? insn : code + insn->operand - 1; break;
		case CALL: *caller++ = insn; insn = code + insn->operand - 1; break;
		case RETURN: insn = *--caller; break;
		case LABEL: break;
		case HALT: return *top;
		}
	}
}

uint64_t run_bytecode(unsigned rounds)
{
	uint64_t sum = 0;

	assemble();
	while (rounds--) {
		int64_t cells[CELLS] = { 0 }, variables[3] = { 0 };

		sum = mix(sum, (uint64_t)interpret(cells, variables));
	}
	return sum;
}
