/* SPDX-License-Identifier: MIT */
/*
 * Tests call stacks that follow calls and returns: if a guest violates the calling conventions,
 * names of functions may be wrong, but space and time stay bounded.
 */
#include "cpu/isa/isa.h"
#include "cpu/timing/profile/calls.h"
#include "tests/cmocka.h"

#define JAL_RA 0x000000efu
#define RET 0x00008067u
#define SRET 0x10200073u
#define CSRW_SATP 0x18051073u
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
	struct calls *calls = calls_create(&names);

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
	struct calls *calls = calls_create(&names);
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
	struct calls *calls = calls_create(&names);
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
	struct calls *calls = calls_create(&names);

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
	struct calls *calls = calls_create(&names);
	u32 node;

	for (u64 n = 0; n < 2 * CALLS_MAX; n++) {
		calls_call(calls, 0x1000, 0x100000 + n * 256);
		ret(calls, 0x100000 + n * 256, 0x1004);
	}
	assert_int_equal(calls->count, CALLS_MAX);
	/* The time of a call that does not fit is counted for the caller. */
	calls_call(calls, 0x1000, 1ull << 40);
	node = plain(calls, TIMING_M, 1ull << 40, MACHINE);
	expect_path(calls, node, (u64[]){ 0x1000 }, 1);
	calls_free(calls);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_calls_and_returns),
	cmocka_unit_test(test_modes),
	cmocka_unit_test(test_guest),
	cmocka_unit_test(test_too_deep),
	cmocka_unit_test(test_too_many),
	{ 0 },
};
