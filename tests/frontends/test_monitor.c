/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands on a fake board, and every way of getting them wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_board.h"
#include "frontends/monitor/monitor.h"

struct fixture {
	struct board board;
	struct monitor monitor;
};

static int monitor_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fake_board_init(&fixture->board, CLOCK_VIRTUAL);
	monitor_init(&fixture->monitor, &fixture->board, 2, NULL);
	*state = fixture;
	return 0;
}

static int monitor_teardown(void **state)
{
	fake_board_free(&((struct fixture *)*state)->board);
	free(*state);
	return 0;
}

static void monitor_expect(struct fixture *fixture, const char *line, const char *answer)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	monitor_run(&fixture->monitor, line, out);
	fclose(out);
	assert_string_equal(text, answer);
	free(text);
}

static void test_info(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "info registers", "registers of hart 0\n");
	monitor_expect(fixture, "info registers 1", "registers of hart 1\n");
	monitor_expect(fixture, "  info   registers\t-a ",
		       "registers of hart 0\nregisters of hart 1\n");
	monitor_expect(fixture, "cpu 1", "");
	monitor_expect(fixture, "info registers", "registers of hart 1\n");
	monitor_expect(fixture, "info mtree", "the tree\n");
	monitor_expect(fixture, "info pci", "the bus\n");
	monitor_expect(fixture, "info pic", "the plic\n");
	monitor_expect(fixture, "info status", "VM status: running\n");
	monitor_expect(fixture, "stop", "");
	monitor_expect(fixture, "info status", "VM status: paused\nhart 0: waits\n");
}

static void test_explain(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "explain", "hart 0 waits, and why\n");
	monitor_expect(fixture, "explain -a", "hart 0: waits, and why\n");
	monitor_expect(fixture, "explain trap", "trap 2 of hart 0\n");
	monitor_expect(fixture, "explain trap 1", "trap 1 of hart 0\n");
	monitor_expect(fixture, "explain 0x80000000", "access 0 of hart 0 at 0x80000000\n");
	monitor_expect(fixture, "cpu 1", "");
	monitor_expect(fixture, "info traps", "traps of hart 1\n");
	monitor_expect(fixture, "explain", "hart 1 waits, and why\n");
	monitor_expect(fixture, "explain trap 2", "trap 2 of hart 1\n");
	monitor_expect(fixture, "explain 8 w", "access 1 of hart 1 at 0x8\n");
	monitor_expect(fixture, "explain 8 x", "access 2 of hart 1 at 0x8\n");
}

static void test_memory_lists(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "info mem", "mappings of hart 0\n");
	monitor_expect(fixture, "info tlb", "TLB of hart 0\n");
	monitor_expect(fixture, "info qtree", "the devices\n");
	monitor_expect(fixture, "info block", "the disks\n");
	monitor_expect(fixture, "x/10i 0x80000000", "10 instructions of hart 0 at 0x80000000\n");
	monitor_expect(fixture, "xp/10i 0x80000000",
		       "xp: instructions are shown as the hart fetches them: x/10i\n");
	monitor_expect(fixture, "gva2gpa 0x8000", "gpa: 0x1000\n");
	monitor_expect(fixture, "gva2gpa 0x9000", "Unmapped\n");
	monitor_expect(fixture, "gva2gpa",
		       "gva2gpa: give an address, as in gva2gpa 0x80000000 or $sp\n");
	/* Any other hart will do. */
	monitor_expect(fixture, "ps", "the processes\n");
}

/* $NAME is a register of the chosen hart. */
static void test_registers_as_addresses(void **state)
{
	struct fixture *fixture = *state;

	fixture->board.regs[2] = FAKE_RAM_BASE + 1;
	fixture->board.regs[BOARD_REG_PC] = 0x7fff;
	monitor_expect(fixture, "xp/xb $r2", "0000000080000001: 0x81\n");
	monitor_expect(fixture, "explain $r2 w", "access 1 of hart 0 at 0x80000001\n");
	monitor_expect(fixture, "cpu 1", "");
	monitor_expect(fixture, "xp/xb $r2", "0000000080000002: 0x82\n");
	monitor_expect(fixture, "x/2i $r32", "2 instructions of hart 1 at 0x8000\n");
	monitor_expect(fixture, "gva2gpa $r32", "gpa: 0x1001\n");
	monitor_expect(fixture, "x $", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n");
	monitor_expect(fixture, "x $r",
		       "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n");
	monitor_expect(fixture, "x $r4000",
		       "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n");
}

static void test_wishes(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "stop", "");
	assert_true(fixture->monitor.stopped);
	monitor_expect(fixture, "cont", "");
	assert_false(fixture->monitor.stopped);
	monitor_expect(fixture, "system_reset", "");
	assert_true(fixture->monitor.reset);
	monitor_expect(fixture, "quit", "");
	assert_true(fixture->monitor.quit);
}

static void test_balloon(void **state)
{
	struct fixture *fixture = *state;
	const char *none = "balloon: the machine has no balloon; -device virtio-balloon-device "
			   "gives it one\n";

	monitor_expect(fixture, "balloon 64", none);
	fixture->board.balloon = 128 * MiB;
	monitor_expect(fixture, "balloon", "balloon: give how many MiB the guest is to have\n");
	monitor_expect(fixture, "balloon -1", "balloon: give how many MiB the guest is to have\n");
	monitor_expect(fixture, "balloon 99999999999999",
		       "balloon: give how many MiB the guest is to have\n");
	monitor_expect(fixture, "balloon 64", "");
	monitor_expect(fixture, "info balloon",
		       "balloon: actual=64\nreturned to the host so far: 4 KiB\n"
		       "stat-free-memory=42\n"
		       "(as the guest told when this was asked last)\n");
}

#define TABLE "ID        TAG               VM SIZE                DATE     VM CLOCK     ICOUNT\n"

/* The rows are those that QEMU 7.2 prints for the same snapshots. */
static void test_snapshot_table(void **state)
{
	struct fixture *fixture = *state;
	struct disk_snapshot *snapshots[3];

	setenv("TZ", "UTC", 1);
	monitor_expect(fixture, "info snapshots", "There is no snapshot available.\n");
	for (unsigned n = 0; n < ARRAY_SIZE(snapshots); n++) {
		snapshots[n] = &fixture->board.kept[n].of;
		snprintf(snapshots[n]->id, sizeof(snapshots[n]->id), "%u", n + 1);
	}
	fixture->board.kept_count = ARRAY_SIZE(snapshots);
	fixture->board.kept[1].partial = true;
	strcpy(snapshots[0]->name, "vm-20261122003836");
	snapshots[0]->seconds = 1795307916;
	snapshots[0]->state_size = 253303;
	strcpy(snapshots[1]->name, "on\033ya");
	snapshots[1]->clock = 3661824999999;
	snapshots[1]->state_size = 1000 * 1024;
	strcpy(snapshots[2]->name, "r");
	snapshots[2]->clock = 360000ull * 1000000000;
	snapshots[2]->state_size = UINT64_MAX;
	monitor_expect(
		fixture, "info snapshots",
		"List of snapshots present on all disks:\n" TABLE
		"--        vm-20261122003836  247 KiB 2026-11-22 00:38:36 00:00:00.000           \n"
		"--        r                  16 EiB 1970-01-01 00:00:00 100:00:00.000           \n"
		"\nList of partial (non-loadable) snapshots on 'disk':\n" TABLE
		"2         on?ya            0.977 MiB 1970-01-01 00:00:00 01:01:01.824           \n");
	fixture->board.kept[0].partial = fixture->board.kept[2].partial = true;
	fixture->board.kept_count = 1;
	monitor_expect(
		fixture, "info snapshots",
		"List of snapshots present on all disks:\nNone\n"
		"\nList of partial (non-loadable) snapshots on 'disk':\n" TABLE
		"1         vm-20261122003836  247 KiB 2026-11-22 00:38:36 00:00:00.000           \n");
}

static void test_snapshots(void **state)
{
	struct fixture *fixture = *state;
	struct monitor *monitor = &fixture->monitor;

	monitor_expect(fixture, "savevm a", "");
	monitor_expect(fixture, "savevm a", "");
	monitor_expect(fixture, "savevm", "");
	assert_int_equal(fixture->board.kept_count, 2);
	assert_int_equal(monitor->pauses, 3);
	assert_int_equal(strspn(fixture->board.kept[1].of.name, "vm-0123456789"), 17);
	monitor_expect(fixture, "savevm a b",
		       "savevm: give one name, or none for one by the time of day\n");
	monitor_expect(fixture, "delvm b", "");
	monitor_expect(fixture, "delvm",
		       "delvm: give the name of one snapshot; info snapshots lists them\n");
	assert_int_equal(fixture->board.kept_count, 2);
	monitor_expect(fixture, "loadvm a", "");
	assert_false(monitor->stopped);
	assert_int_equal(monitor->pauses, 4);
	monitor_expect(fixture, "delvm a", "");
	assert_int_equal(fixture->board.kept_count, 1);
	monitor_expect(fixture, "loadvm a b",
		       "loadvm: give the name of one snapshot; info snapshots lists them\n");
	assert_false(monitor->stopped);
}

/* A machine whose load failed stands still until it is told to go on, as in QEMU. */
static void test_failed_load(void **state)
{
	struct fixture *fixture = *state;
	struct monitor *monitor = &fixture->monitor;

	monitor_expect(fixture, "loadvm b",
		       "Error: Snapshot 'b' does not exist in one or more devices\n"
		       "the machine is stopped now; cont lets it go on\n");
	assert_true(monitor->stopped);
	monitor_expect(fixture, "info status", "VM status: paused (restore-vm)\nhart 0: waits\n");
	monitor_expect(fixture, "loadvm b",
		       "Error: Snapshot 'b' does not exist in one or more devices\n");
	monitor_expect(fixture, "savevm b", "");
	monitor_expect(fixture, "loadvm b", "");
	assert_true(monitor->stopped);
	assert_int_equal(monitor->pauses, 0);
	monitor_expect(fixture, "cont", "");
	monitor_expect(fixture, "info status", "VM status: running\n");
	monitor_expect(fixture, "stop", "");
	monitor_expect(fixture, "info status", "VM status: paused\nhart 0: waits\n");
}

/* A machine that has shut down only goes on after another state was loaded. */
static void test_shut_down(void **state)
{
	struct fixture *fixture = *state;
	struct monitor *monitor = &fixture->monitor;

	monitor->stopped = true;
	monitor->why = MONITOR_SHUT_DOWN;
	monitor_expect(fixture, "info status", "VM status: paused (shutdown)\nhart 0: waits\n");
	monitor_expect(fixture, "cont", "Resetting the Virtual Machine is required\n");
	assert_true(monitor->stopped);
	monitor_expect(fixture, "savevm b", "");
	monitor_expect(fixture, "loadvm b", "");
	monitor_expect(fixture, "info status", "VM status: paused\nhart 0: waits\n");
	monitor_expect(fixture, "cont", "");
	monitor_expect(fixture, "stop", "");
	monitor_expect(fixture, "info status", "VM status: paused\nhart 0: waits\n");
}

static void test_nmi(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "nmi",
		       "nmi: the harts have no non-maskable interrupts; -cpu "
		       "...,smrnmi=on gives them some\n");
	fixture->board.has_nmi = true;
	monitor_expect(fixture, "nmi 1", "");
	assert_int_equal(fixture->board.nmi_hart, 1);
	monitor_expect(fixture, "nmi", "");
	assert_int_equal(fixture->board.nmi_hart, 0);
	monitor_expect(fixture, "cpu 1", "");
	monitor_expect(fixture, "nmi", "");
	assert_int_equal(fixture->board.nmi_hart, 1);
	monitor_expect(fixture, "nmi 2", "nmi: give a hart, 0 to 1\n");
	assert_int_equal(fixture->board.nmi_hart, 1);
}

static void test_memory(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "xp/4xb 0x80000000", "0000000080000000: 0x80 0x81 0x82 0x83\n");
	monitor_expect(fixture, "xp /xh 0x80000001", "0000000080000001: 0x8281\n");
	monitor_expect(fixture, "xp 0x80000000", "0000000080000000: 0x83828180\n");
	monitor_expect(fixture, "xp/3gx 0x80000000",
		       "0000000080000000: 0x8786858483828180 0x8f8e8d8c8b8a8988\n"
		       "0000000080000010: 0x9796959493929190\n");
	monitor_expect(fixture, "xp/2db 0x80000000", "0000000080000000: -128 -127\n");
	monitor_expect(fixture, "xp/ub 0x80000000", "0000000080000000: 128\n");
	monitor_expect(fixture, "xp/ob 0x80000000", "0000000080000000: 0200\n");
	fixture->board.ram[0] = 'A';
	monitor_expect(fixture, "xp/2cb 0x80000000", "0000000080000000: 'A' '\\x81'\n");
	monitor_expect(fixture, "x/xb 0x8000000080000001", "8000000080000001: 0x81\n");
	monitor_expect(fixture, "x/xb 0x80000001",
		       "cannot read 1 bytes at virtual address 0x80000001\n");
	monitor_expect(fixture, "xp/4xg 0x80000030",
		       "0000000080000030: 0xb7b6b5b4b3b2b1b0 0xbfbebdbcbbbab9b8\n"
		       "cannot read 8 bytes at physical address 0x80000040\n");
}

/* Each unit is one access of its size, and no other command accesses a device. */
static void test_device_registers(void **state)
{
	struct fixture *fixture = *state;

	monitor_expect(fixture, "xp 0x10000000", "0000000010000000: 0x00000001\n");
	monitor_expect(fixture, "xp/2xw 0x10000000",
		       "0000000010000000: 0x00000002\n"
		       "cannot read 4 bytes at physical address 0x10000004\n");
	monitor_expect(fixture, "xp/xb 0x10000000",
		       "cannot read 1 bytes at physical address 0x10000000\n");
	monitor_expect(fixture, "x 0x8000000010000000",
		       "cannot read 4 bytes at virtual address 0x8000000010000000\n");
	assert_int_equal(fixture->board.device_reads, 2);
}

static void test_errors(void **state)
{
	static const struct {
		const char *line, *answer;
	} cases[] = {
		{ "", "" },
		{ "   ", "" },
		{ "hlep", "no command 'hlep'; nearest is 'help' (help lists all)\n" },
		{ "info mtre", "info: no 'mtre'; nearest is 'mtree' (info lists all)\n" },
		{ "info register", "info: no 'register'; nearest is 'registers' (info lists all)\n" },
		{ "info registers 2", "info registers: give -a or a hart, 0 to 1\n" },
		{ "info registers x", "info registers: give -a or a hart, 0 to 1\n" },
		{ "cpu", "cpu: give a hart, 0 to 1\n" },
		{ "cpu 2", "cpu: give a hart, 0 to 1\n" },
		{ "explain trap 3", "explain trap: there is none of this number; info traps lists "
				    "them\n" },
		{ "explain trap 0", "explain trap: give a trap's number, as info traps lists "
				    "them\n" },
		{ "explain here", "explain: give nothing, -a, trap [N], or an address and one of r "
				  "w x, as in explain 0x80000000 w\n" },
		{ "explain 0 rw", "explain: give nothing, -a, trap [N], or an address and one of r "
				  "w x, as in explain 0x80000000 w\n" },
		{ "x", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n" },
		{ "x/4", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n" },
		{ "x/4xg zero", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n" },
		{ "x/0x 0", "x: '/0x' is not a format; give a count up to 65536, one of x d u o "
			    "c i, one of b h w g, as in x/4xg\n" },
		{ "x/99999999999999999999x 0",
		  "x: '/99999999999999999999x' is not a format; give a count up to 65536, one of x "
		  "d u o c i, one of b h w g, as in x/4xg\n" },
		{ "x/10s 0", "x: '/10s' is not a format; give a count up to 65536, one of x d u o "
			     "c i, one of b h w g, as in x/4xg\n" },
		{ "quit/x", "no command 'quit/x'; nearest is 'quit' (help lists all)\n" },
		{ "a b c d e f g h i j k", "no command 'a'; nearest is 'x' (help lists all)\n" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		monitor_expect(*state, cases[i].line, cases[i].answer);
	assert_false(((struct fixture *)*state)->monitor.quit);
}

static void test_help(void **state)
{
	struct fixture *fixture = *state;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	monitor_run(&fixture->monitor, "help", out);
	monitor_run(&fixture->monitor, "info", out);
	fclose(out);
	assert_non_null(strstr(text, "\nxp/FMT ADDR             print memory or "));
	assert_non_null(strstr(text, "\nsystem_reset"));
	assert_non_null(strstr(text, "\nmtree"));
	free(text);
}

static void count_told(void *ctx, const char *usage, const char *help)
{
	unsigned *told = ctx;

	told[0]++;
	told[1] += !strcmp(usage, "x/FMT ADDR") && !strncmp(help, "print memory", 12);
	told[2] += !strcmp(usage, "system_reset");
	told[3] += !strcmp(usage, "info registers [-a | HART]");
}

/* The commands in the manual are those of help and info. */
static void test_tell(void **state)
{
	struct fixture *fixture = *state;
	unsigned told[4] = { 0 }, lines = 0;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	monitor_run(&fixture->monitor, "help", out);
	monitor_run(&fixture->monitor, "info", out);
	fclose(out);
	for (char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	free(text);
	monitor_tell(count_told, told);
	assert_int_equal(told[0], lines);
	for (unsigned n = 1; n < ARRAY_SIZE(told); n++)
		assert_int_equal(told[n], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_info, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_explain, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_memory_lists, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_registers_as_addresses, monitor_setup,
						monitor_teardown),
		cmocka_unit_test_setup_teardown(test_wishes, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_balloon, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_snapshot_table, monitor_setup,
						monitor_teardown),
		cmocka_unit_test_setup_teardown(test_snapshots, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_failed_load, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_shut_down, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_nmi, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_memory, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_device_registers, monitor_setup,
						monitor_teardown),
		cmocka_unit_test_setup_teardown(test_errors, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_help, monitor_setup, monitor_teardown),
		cmocka_unit_test_setup_teardown(test_tell, monitor_setup, monitor_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
