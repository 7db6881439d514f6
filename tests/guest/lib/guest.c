/* SPDX-License-Identifier: MIT */
/* Implements reports over the UART, probes, and the few functions that a compiler expects. */
#include "guest.h"

#include "context.h"
#include "reset.h"

#define UART_LSR 5
#define UART_LSR_THRE 0x20

struct context {
	u64 word[CONTEXT_WORDS];
};

bool run_with_interrupts;
u64 user_offset;
extern u64 harts_here;
extern u8 probe_stacks[];
void context_enter(struct context *context, u64 pc, u64 a0, u64 a1, u64 sp, u64 ra);
void probe_return(void);
void panic(u64 cause, u64 tval, u64 epc);
void end(void);

static unsigned facts, failed;

static void put(char c)
{
	volatile u8 *uart = (volatile u8 *)UART_BASE;

	while (!(uart[UART_LSR] & UART_LSR_THRE))
		;
	uart[0] = (u8)c;
}

void print(const char *text)
{
	for (; *text; text++)
		put(*text);
}

void print_hex(u64 value)
{
	int shift = 60;

	print("0x");
	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789abcdef"[value >> shift & 15]);
}

static void print_decimal(unsigned value)
{
	if (value >= 10)
		print_decimal(value / 10);
	put((char)('0' + value % 10));
}

void report(bool good, const char *text)
{
	facts++;
	failed += !good;
	print(good ? "ok   " : "FAIL ");
	print(text);
	print("\n");
}

void report_equal(u64 got, u64 want, const char *text)
{
	report(got == want, text);
	if (got == want)
		return;
	print("     got ");
	print_hex(got);
	print(", expected ");
	print_hex(want);
	print("\n");
}

void finish(u32 code)
{
	for (;;)
		mmio_write32(TEST_BASE, code ? code << 16 | TEST_FAIL : TEST_PASS);
}

void end(void)
{
	print_decimal(facts);
	print(" facts, ");
	print_decimal(failed);
	print(" failed\n");
	finish(failed || !facts);
}

void panic(u64 cause, u64 tval, u64 epc)
{
	print("FAIL unexpected trap: cause ");
	print_hex(cause);
	print(", tval ");
	print_hex(tval);
	print(", epc ");
	print_hex(epc);
	print("\n");
	finish(2);
}

__attribute__((weak)) void secondary(u64 hart)
{
	(void)hart;
}

/* Returns the number of harts: the device tree has a node cpu@N for each. */
u64 count_harts(void)
{
	const u8 *tree = (const u8 *)reset_values[RESET_a1];
	u64 count = 0, size = (u64)tree[5] << 16 | (u64)tree[6] << 8 | tree[7];

	for (u64 at = 0; at + 4 < size; at++)
		count += memcmp(tree + at, "cpu@", 4) == 0;
	return count;
}

void wait_for_harts(u64 count)
{
	while (*(volatile u64 *)&harts_here < count)
		;
}

static void print_outcome(const struct outcome *out)
{
	if (!out->trapped) {
		print("     no trap, value ");
		print_hex(out->value);
	} else {
		print(out->to == MODE_M ? "     trap to M, cause " : "     trap to S, cause ");
		print_hex(out->cause);
		print(", tval ");
		print_hex(out->tval);
		print(", epc - start ");
		print_hex(out->epc - out->start);
	}
	print("\n");
}

void report_trap(struct outcome out, enum mode to, u64 cause, u64 tval, const char *text)
{
	bool good = out.trapped && out.to == to && out.cause == cause && out.tval == tval &&
		    out.epc == out.start;

	report(good, text);
	if (!good)
		print_outcome(&out);
}

void report_value(struct outcome out, u64 value, const char *text)
{
	bool good = !out.trapped && out.value == value;

	report(good, text);
	if (!good)
		print_outcome(&out);
}

void report_runs(struct outcome out, const char *text)
{
	report(!out.trapped, text);
	if (out.trapped)
		print_outcome(&out);
}

/* Returns the outcome of a probe from the registers at the trap that ended it. */
static struct outcome outcome_of(const struct context *context, enum mode mode)
{
	const u64 *w = context->word;
	u64 cause = w[CONTEXT_CAUSE];
	bool ecall = cause >= ECALL_U && cause <= ECALL_M;
	bool from_s = cause == ECALL_S && w[CONTEXT_A7] == PROBE_S_TRAP;
	struct outcome out = { .value = w[CONTEXT_A0] };

	if (from_s) {
		out.to = MODE_S;
		out.cause = w[CONTEXT_A1];
		out.tval = w[CONTEXT_A2];
		out.epc = w[CONTEXT_A3];
		out.status = w[CONTEXT_A4];
		ecall = out.cause == ECALL_U || out.cause == ECALL_S;
		out.trapped = !(ecall && w[CONTEXT_A6] == PROBE_DONE);
		return out;
	}
	out.to = MODE_M;
	out.cause = cause;
	out.tval = w[CONTEXT_TVAL];
	out.epc = w[CONTEXT_EPC];
	out.status = w[CONTEXT_STATUS];
	out.trapped = !(ecall && cause == ECALL_U + mode && w[CONTEXT_A7] == PROBE_DONE);
	return out;
}

struct outcome run(enum mode mode, probe *fn, u64 a0, u64 a1)
{
	u64 offset = mode == MODE_U ? user_offset : 0, status = csr_read(mstatus);
	struct context context;
	struct outcome out;

	status &= ~(MSTATUS_MPP | MSTATUS_MPIE);
	status |= (u64)mode << 11 | (run_with_interrupts ? MSTATUS_MPIE : 0);
	csr_write(mstatus, status);
	context_enter(&context, (u64)fn + offset, a0, a1,
		      (u64)probe_stacks + STACK_SIZE * (csr_read(mhartid) + 1) + offset,
		      (u64)probe_return + offset);
	out = outcome_of(&context, mode);
	out.start = (u64)fn + offset;
	return out;
}

PROBE(load_byte, "lbu a0, 0(a0)");
PROBE(load_half, "lhu a0, 0(a0)");
PROBE(load_word, "lwu a0, 0(a0)");
PROBE(load_double, "ld a0, 0(a0)");
PROBE(store_byte, "sb a1, 0(a0)");
PROBE(store_half, "sh a1, 0(a0)");
PROBE(store_word, "sw a1, 0(a0)");
PROBE(store_double, "sd a1, 0(a0)");
PROBE(jump_to, "jr a0");
PROBE(make_ecall, "ecall");
PROBE(make_ebreak, ".option norvc\nebreak");
PROBE(do_nothing, "");
PROBE(loop_for_ever, "j loop_for_ever");

void put_code(void *to, const u32 *words, unsigned count)
{
	memcpy(to, words, 4 * count);
	asm volatile("fence.i" ::: "memory");
}

u64 random_next(u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dul;
}

void *memset(void *to, int value, size_t size)
{
	u8 *at = to;

	while (size--)
		*at++ = (u8)value;
	return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
	u8 *at = to;
	const u8 *source = from;

	while (size--)
		*at++ = *source++;
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const u8 *x = a, *y = b;

	for (; size; size--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
