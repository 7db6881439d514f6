/* SPDX-License-Identifier: MIT */
/*
 * Tests call stacks that follow calls and returns: if a guest violates the calling conventions,
 * names of functions may be wrong, but space and time stay bounded.
 */
#include "cpu/isa/isa.h"
#include "cpu/timing/profile/calls.h"
#include "tests/cmocka.h"

#include <time.h>

#define JAL_RA 0x000000efu
#define RET 0x00008067u
#define SRET 0x10200073u
#define CSRW_SATP 0x18051073u
#define MRET 0x30200073u
#define SD_RA_SP 0x00113023u /* sd ra, 0(sp) */
#define SD_SP_A0 0x00253023u /* sd sp, 0(a0) */
#define LD_SP_A1 0x0005b103u /* ld sp, 0(a1) */
#define MACHINE (3 | 3 << TIMING_DATA_MODE_SHIFT)
#define SUPERVISOR (1 | 1 << TIMING_DATA_MODE_SHIFT)
#define USER 0

/* Sets *begin and *end to the bounds of a function; all are 256 bytes long. */
static void around(void *ctx, u64 place, u64 *begin, u64 *end)
{
	*begin = align_down(place, 256);
	*end = *begin + 256;
}

#define GUEST_PLACE 0x90000

/* Returns the place of a pc in memory: for a guest it differs from the address in its own space. */
static u64 place(void *ctx, enum timing_mode mode, u64 pc)
{
	return mode == TIMING_VS ? pc + GUEST_PLACE : pc;
}

static const struct place_names names = { place, around, NULL };

static struct calls *calls_new(void)
{
	static struct isa isa;

	isa_init(&isa, EXT_TOGETHER);
	return calls_create(&names, &isa);
}

static u32 calls_step(struct calls *calls, enum timing_mode mode, struct timing_record record)
{
	return calls_follow(calls, &record, mode);
}

static u32 calls_call(struct calls *calls, u64 pc, u64 to)
{
	return calls_step(calls, TIMING_M, (struct timing_record){
		.pc = pc, .next = to, .raw = JAL_RA, .op = OP_jal, .after = MACHINE });
}

static u32 ret(struct calls *calls, u64 pc, u64 to)
{
	return calls_step(calls, TIMING_M, (struct timing_record){
		.pc = pc, .next = to, .raw = RET, .op = OP_jalr, .after = MACHINE });
}

static u32 plain(struct calls *calls, enum timing_mode mode, u64 pc, u8 after)
{
	return calls_step(calls, mode, (struct timing_record){
		.pc = pc, .next = pc + 4, .raw = 0x13, .op = OP_addi, .after = after });
}

static void expect_path(const struct calls *calls, u32 node, const u64 *functions, unsigned depth)
{
	assert_int_equal(calls->nodes[node].depth, depth);
	for (; depth--; node = calls->nodes[node].parent)
		assert_int_equal(calls->nodes[node].begin, functions[depth]);
}

static void test_calls_and_returns(void **state)
{
	struct calls *calls = calls_new();

	calls_call(calls, 0x1000, 0x2000);
	calls_call(calls, 0x2000, 0x3000);
	expect_path(calls, plain(calls, TIMING_M, 0x3000, MACHINE),
		    (u64[]){ 0x1000, 0x2000, 0x3000 }, 3);
	/* A jump to another function replaces the name of the function that jumps. */
	expect_path(calls, plain(calls, TIMING_M, 0x4000, MACHINE),
		    (u64[]){ 0x1000, 0x2000, 0x4000 }, 3);
	ret(calls, 0x4004, 0x2004);
	expect_path(calls, plain(calls, TIMING_M, 0x2004, MACHINE), (u64[]){ 0x1000, 0x2000 }, 2);
	/* A recursive call makes a new context. */
	calls_call(calls, 0x2008, 0x2000);
	expect_path(calls, plain(calls, TIMING_M, 0x2000, MACHINE),
		    (u64[]){ 0x1000, 0x2000, 0x2000 }, 3);
	/* A return may skip several callers, as longjmp does. */
	ret(calls, 0x2004, 0x1004);
	expect_path(calls, plain(calls, TIMING_M, 0x1004, MACHINE), (u64[]){ 0x1000 }, 1);
	/* After a return to a place that has not called anything, the stack begins there. */
	calls_call(calls, 0x1008, 0x2000);
	ret(calls, 0x2004, 0x7000);
	expect_path(calls, plain(calls, TIMING_M, 0x7000, MACHINE), (u64[]){ 0x7000 }, 1);
	calls_free(calls);
}

static void test_modes(void **state)
{
	struct calls *calls = calls_new();
	const struct timing_record trap = {
		.pc = 0x10000, .next = 0x20000, .flags = TIMING_TRAP, .after = SUPERVISOR };
	struct timing_record sret = {
		.pc = 0x20004, .next = 0x10004, .raw = SRET, .op = OP_sret, .after = USER };
	u32 node;

	/* Each address space has its own stack; the kernel has one in all. */
	for (u64 space = 1; space < 3; space++) {
		calls_step(calls, TIMING_S, (struct timing_record){
			.pc = 0x20000, .next = 0x20004, .raw = CSRW_SATP, .op = OP_csrrw,
			.a = space, .after = SUPERVISOR });
		sret.next = space * 0x100000;
		calls_step(calls, TIMING_S, sret);
		calls_step(calls, TIMING_U, (struct timing_record){
			.pc = space * 0x100000, .next = 0x10000, .raw = JAL_RA, .op = OP_jal,
			.after = USER });
		calls_step(calls, TIMING_U, trap);
		node = plain(calls, TIMING_S, 0x20000, SUPERVISOR);
		expect_path(calls, node, (u64[]){ 0x20000 }, 1);
		assert_int_equal(calls->nodes[node].mode, TIMING_S);
	}
	calls_step(calls, TIMING_S, (struct timing_record){
		.pc = 0x20000, .next = 0x20004, .raw = CSRW_SATP, .op = OP_csrrw, .a = 1,
		.after = SUPERVISOR });
	/* Within a mode a trap is a call, and its return leads back. */
	calls_step(calls, TIMING_S, (struct timing_record){
		.pc = 0x20008, .next = 0x30000, .flags = TIMING_TRAP, .after = SUPERVISOR });
	expect_path(calls, plain(calls, TIMING_S, 0x30000, SUPERVISOR), (u64[]){ 0x20000, 0x30000 },
		    2);
	sret.pc = 0x30004;
	sret.after = SUPERVISOR;
	calls_step(calls, TIMING_S, sret);
	expect_path(calls, plain(calls, TIMING_S, 0x20008, SUPERVISOR), (u64[]){ 0x20000 }, 1);
	sret.after = USER;
	calls_step(calls, TIMING_S, sret);
	node = plain(calls, TIMING_U, 0x10004, USER);
	expect_path(calls, node, (u64[]){ 0x100000, 0x10000 }, 2);
	assert_int_equal(calls->nodes[node].mode, TIMING_U);
	calls_free(calls);
}

/* A guest's function is named by its place in memory; execution leaves it where its range ends. */
static void test_guest(void **state)
{
	const u8 guest = SUPERVISOR | TIMING_VIRTUAL;
	struct calls *calls = calls_new();
	u32 node = plain(calls, TIMING_S, 0x1000, guest);

	expect_path(calls, node, (u64[]){ 0x1000 }, 1);
	calls_step(calls, TIMING_VS, (struct timing_record){
		.pc = 0x1000, .next = 0x1200, .raw = JAL_RA, .op = OP_jal, .after = guest });
	node = plain(calls, TIMING_VS, 0x1204, guest);
	expect_path(calls, node, (u64[]){ GUEST_PLACE + 0x1000, GUEST_PLACE + 0x1200 }, 2);
	assert_int_equal(plain(calls, TIMING_VS, 0x12fc, guest), node);
	expect_path(calls, plain(calls, TIMING_VS, 0x1300, guest),
		    (u64[]){ GUEST_PLACE + 0x1000, GUEST_PLACE + 0x1300 }, 2);
	calls_free(calls);
}

static void test_too_deep(void **state)
{
	struct calls *calls = calls_new();

	for (unsigned n = 0; n < 100000; n++)
		calls_call(calls, 0x1000, 0x1000);
	assert_true(calls->count <= TIMING_MODES + CALLS_DEPTH_MAX);
	assert_true(calls->nodes[plain(calls, TIMING_M, 0x1000, MACHINE)].depth <= CALLS_DEPTH_MAX);
	/* The innermost functions are still known. */
	ret(calls, 0x1000, 0x1004);
	assert_true(calls->nodes[plain(calls, TIMING_M, 0x1004, MACHINE)].depth > 1);
	calls_free(calls);
}

static void test_too_many(void **state)
{
	struct calls *calls = calls_new();
	u32 node;

	for (u64 n = 0; n < 2 * CALLS_MAX; n++) {
		calls_call(calls, 0x1000, 0x100000 + n * 256);
		ret(calls, 0x100000 + n * 256, 0x1004);
	}
	assert_int_equal(calls->count, CALLS_MAX);
	assert_true(calls->unplaced >= CALLS_MAX);
	/* The time of a call that does not fit is counted for the caller. */
	calls_call(calls, 0x1000, 1ull << 40);
	node = plain(calls, TIMING_M, 1ull << 40, MACHINE);
	expect_path(calls, node, (u64[]){ 0x1000 }, 1);
	calls_clear(calls);
	assert_int_equal(calls->count, TIMING_MODES);
	assert_int_equal(calls->unplaced, 0);
	calls_free(calls);
}

/* A store or load of ra or sp. */
static void access(struct calls *calls, u64 pc, u32 raw, u64 va)
{
	bool load = raw == LD_SP_A1;

	calls_step(calls, TIMING_M, (struct timing_record){
		.pc = pc, .next = pc + 4, .raw = raw, .op = load ? OP_ld : OP_sd, .va = va,
		.flags = load ? TIMING_LOAD : TIMING_STORE, .after = MACHINE });
}

static void trap(struct calls *calls, u64 pc, u64 sp, u8 from)
{
	calls_step(calls, timing_mode_of(from), (struct timing_record){
		.pc = pc, .next = 0xf000, .c = sp, .flags = TIMING_TRAP, .after = MACHINE });
}

static void mret(struct calls *calls, u64 to, u64 sp, u8 after)
{
	calls_step(calls, TIMING_M, (struct timing_record){
		.pc = 0xf004, .next = to, .raw = MRET, .op = OP_mret, .c = sp, .after = after });
}

/* A trap handler exchanges two threads of its own mode, and returns to the instruction behind. */
static void test_threads_in_traps(void **state)
{
	struct calls *calls = calls_new();

	calls_call(calls, 0x1000, 0x2000);
	trap(calls, 0x2000, 0x80000, MACHINE);
	expect_path(calls, plain(calls, TIMING_M, 0xf000, MACHINE),
		    (u64[]){ 0x1000, 0x2000, 0xf000 }, 3);
	mret(calls, 0x3000, 0x90000, MACHINE);
	calls_call(calls, 0x3000, 0x4000);
	expect_path(calls, plain(calls, TIMING_M, 0x4000, MACHINE), (u64[]){ 0x3000, 0x4000 }, 2);
	trap(calls, 0x4000, 0x90000, MACHINE);
	mret(calls, 0x2004, 0x80000, MACHINE);
	expect_path(calls, plain(calls, TIMING_M, 0x2004, MACHINE), (u64[]){ 0x1000, 0x2000 }, 2);
	/* A trap may also leave the threads as they are. */
	trap(calls, 0x2008, 0x80000, MACHINE);
	mret(calls, 0x200c, 0x80000, MACHINE);
	expect_path(calls, plain(calls, TIMING_M, 0x200c, MACHINE), (u64[]){ 0x1000, 0x2000 }, 2);
	trap(calls, 0x2008, 0x80000, MACHINE);
	mret(calls, 0x4004, 0x90000, MACHINE);
	expect_path(calls, plain(calls, TIMING_M, 0x4004, MACHINE), (u64[]){ 0x3000, 0x4000 }, 2);
	calls_free(calls);
}

/* Threads of another mode without page tables, or with the same ones. */
static void test_threads_of_a_space(void **state)
{
	const u64 sp[] = { 0x80000, 0x90000 };
	struct calls *calls = calls_new();

	for (unsigned n = 0; n < 2; n++) {
		mret(calls, 0x1000 + n * 0x2000, sp[n], USER);
		calls_step(calls, TIMING_U, (struct timing_record){
			.pc = 0x1000 + n * 0x2000, .next = 0x2000 + n * 0x2000, .raw = JAL_RA,
			.op = OP_jal, .after = USER });
		trap(calls, 0x2000 + n * 0x2000, sp[n], USER);
		expect_path(calls, plain(calls, TIMING_M, 0xf000, MACHINE), (u64[]){ 0xf000 }, 1);
	}
	for (unsigned n = 0; n < 2; n++) {
		mret(calls, 0x2000 + n * 0x2000, sp[n], USER);
		expect_path(calls, plain(calls, TIMING_U, 0x2000 + n * 0x2000, USER),
			    (u64[]){ 0x1000 + n * 0x2000, 0x2000 + n * 0x2000 }, 2);
		trap(calls, 0x2004 + n * 0x2000, sp[n], USER);
	}
	calls_free(calls);
}

/* Enter the function at 0x9000, which exchanges stacks, from one that saves ra at sp. */
static void enter_switch(struct calls *calls, u64 caller, u64 sp)
{
	calls_call(calls, caller, 0x8000);
	access(calls, 0x8000, SD_RA_SP, sp);
	calls_call(calls, 0x8004, 0x9000);
}

/* Threads call the same function, which saves sp, loads another one, and returns. */
static void test_threads_that_switch(void **state)
{
	struct calls *calls = calls_new();

	enter_switch(calls, 0x1000, 0x80000);
	access(calls, 0x9000, SD_SP_A0, 0x100);
	/* Nothing has been stored at 0x200: a new thread begins. */
	access(calls, 0x9004, LD_SP_A1, 0x200);
	ret(calls, 0x9008, 0x3000);
	expect_path(calls, plain(calls, TIMING_M, 0x3000, MACHINE), (u64[]){ 0x3000 }, 1);
	enter_switch(calls, 0x3004, 0x90000);
	expect_path(calls, plain(calls, TIMING_M, 0x9000, MACHINE),
		    (u64[]){ 0x3000, 0x8000, 0x9000 }, 3);
	for (unsigned n = 0; n < 3; n++) {
		u64 from = n % 2 ? 0x1000 : 0x3000, to = from ^ 0x2000;

		access(calls, 0x9000, SD_SP_A0, from == 0x1000 ? 0x100 : 0x200);
		access(calls, 0x9004, LD_SP_A1, to == 0x1000 ? 0x100 : 0x200);
		ret(calls, 0x9008, 0x8008);
		expect_path(calls, plain(calls, TIMING_M, 0x8008, MACHINE), (u64[]){ to, 0x8000 },
			    2);
		calls_call(calls, 0x8004, 0x9000);
	}
	calls_free(calls);
}

/* A function far below returns to where its caller's caller called setjmp. */
static void test_longjmp(void **state)
{
	struct calls *calls = calls_new();

	calls_call(calls, 0x1000, 0x2000);
	access(calls, 0x2000, SD_RA_SP, 0x80000);
	calls_call(calls, 0x2004, 0x9000);
	access(calls, 0x9000, SD_SP_A0, 0x100);
	ret(calls, 0x9004, 0x2008);
	calls_call(calls, 0x2010, 0x3000);
	access(calls, 0x3000, SD_RA_SP, 0x7ff00);
	calls_call(calls, 0x3004, 0x9080);
	access(calls, 0x9080, LD_SP_A1, 0x100);
	ret(calls, 0x9084, 0x2008);
	expect_path(calls, plain(calls, TIMING_M, 0x2008, MACHINE), (u64[]){ 0x1000, 0x2000 }, 2);
	calls_free(calls);
}

/* The threads that ran longest ago are forgotten: their callers are not known. */
static void test_too_many_threads(void **state)
{
	struct calls *calls = calls_new();
	u64 last = 2 * CALLS_STACKS;

	for (u64 n = 0; n <= last; n++) {
		mret(calls, 0x1000, n * 0x1000, MACHINE);
		calls_call(calls, 0x1000, 0x2000);
		trap(calls, 0x2000, n * 0x1000, MACHINE);
	}
	mret(calls, 0x2004, (last - 1) * 0x1000, MACHINE);
	expect_path(calls, plain(calls, TIMING_M, 0x2004, MACHINE), (u64[]){ 0x1000, 0x2000 }, 2);
	trap(calls, 0x2004, (last - 1) * 0x1000, MACHINE);
	mret(calls, 0x2004, 0, MACHINE);
	expect_path(calls, plain(calls, TIMING_M, 0x2004, MACHINE), (u64[]){ 0x2000 }, 1);
	calls_free(calls);
}

#define DEEP 200 /* calls of a thread, more than a stack can have */

/* Calls functions that are 256 bytes apart, from this pc on, each with a lower stack pointer. */
static void call_deeply(struct calls *calls, u64 pc, u64 sp, u64 sp_step)
{
	for (unsigned n = 0; n < DEEP; n++) {
		access(calls, pc + n * 256, SD_RA_SP, sp - n * sp_step);
		calls_call(calls, pc + n * 256 + 4, pc + (n + 1) * 256);
	}
}

/* A thread whose stack was cut goes on where it was left, or in a caller of that. */
static void test_deep_threads(void **state)
{
	struct calls *calls = calls_new();

	for (unsigned n = DEEP; n-- > DEEP - CALLS_DEPTH_MAX / 2;) {
		const struct call_node *node;

		calls_clear(calls);
		call_deeply(calls, 0x10000, 0x80000, 16);
		access(calls, 0x10000 + DEEP * 256, LD_SP_A1, 0x200);
		ret(calls, 0x10004 + DEEP * 256, 0x3000);
		call_deeply(calls, 0x30000, 0x90000, 16);
		access(calls, 0x30000 + DEEP * 256, SD_RA_SP, 0x80000 - n * 16);
		ret(calls, 0x30004 + DEEP * 256, 0x10008 + n * 256);
		node = &calls->nodes[plain(calls, TIMING_M, 0x10008 + n * 256, MACHINE)];
		assert_int_equal(node->begin, 0x10000 + n * 256);
		assert_int_equal(node->depth, CALLS_DEPTH_MAX);
	}
	calls_free(calls);
}

/* Returns the CPU time of many returns to a place that has not called anything. */
static clock_t time_returns(struct calls *calls, u64 sp)
{
	clock_t begin = clock();

	access(calls, 0x2000, SD_RA_SP, sp);
	for (unsigned n = 0; n < 20000; n++)
		ret(calls, 0x2004, 0x2004);
	return clock() - begin;
}

/*
 * A return that leads nowhere costs little, even if all stacks are as deep as they can be and have
 * its stack pointer.
 */
static void test_time(void **state)
{
	struct calls *calls = calls_new();
	clock_t alone = time_returns(calls, 0x80000);

	for (u64 step = 0; step < 32; step += 16) {
		for (unsigned n = 0; n < CALLS_STACKS; n++) {
			call_deeply(calls, 0x10000, 0x80000, step);
			ret(calls, 0x10000 + DEEP * 256, 0x2000);
		}
		assert_in_range(time_returns(calls, 0x80000), 0, 100 * MAX(alone, 1000));
	}
	calls_free(calls);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_calls_and_returns),
	cmocka_unit_test(test_modes),
	cmocka_unit_test(test_guest),
	cmocka_unit_test(test_too_deep),
	cmocka_unit_test(test_too_many),
	cmocka_unit_test(test_threads_in_traps),
	cmocka_unit_test(test_threads_of_a_space),
	cmocka_unit_test(test_threads_that_switch),
	cmocka_unit_test(test_longjmp),
	cmocka_unit_test(test_too_many_threads),
	cmocka_unit_test(test_deep_threads),
	cmocka_unit_test(test_time),
	{ 0 },
};
