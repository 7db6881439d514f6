/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands on a fake board, with correct arguments and all kinds of wrong ones.
 */
#include "tests/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "fake_board.h"
#include "monitor_line.h"

struct fixture {
	struct board board;
	struct monitor monitor;
	const struct lines *lines; /* the lines of a test that is a table, or NULL */
};

static int monitor_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fake_board_init(&fixture->board, CLOCK_VIRTUAL);
	monitor_init(&fixture->monitor, &fixture->board, 2, NULL);
	fixture->lines = *state;
	*state = fixture;
	return 0;
}

static int monitor_teardown(void **state)
{
	fake_board_free(&((struct fixture *)*state)->board);
	free(*state);
	return 0;
}

/* A fact is a number that a command may change. */
enum fact { NOTHING, STOPPED, RESET, QUIT, PAUSES, KEPT, DATED, NMI_HART, DEVICE_READS, LOGGED,
	    COVERAGE_CLEARED };

/* A step is a command for the monitor, its answer, and facts that must hold after it. */
struct step {
	const char *line, *answer;
	struct {
		enum fact fact;
		u64 value;
	} facts[3];
	void (*before)(struct fixture *fixture); /* what is changed before the command, or NULL */
};

/* This is a step; designated initialisers may follow the answer. */
#define SAYS(says, answers, ...) { .line = says, .answer = answers, __VA_ARGS__ }

static u64 monitor_fact(const struct fixture *fixture, enum fact fact)
{
	const struct monitor *monitor = &fixture->monitor;
	const struct board *board = &fixture->board;

	switch (fact) {
	case STOPPED: return monitor->stopped;
	case RESET: return monitor->reset;
	case QUIT: return monitor->quit;
	case PAUSES: return monitor->pauses;
	case KEPT: return board->kept_count;
	case DATED: return strspn(board->kept[1].of.name, "vm-0123456789");
	case NMI_HART: return board->nmi_hart;
	case LOGGED: return board->log_items;
	case COVERAGE_CLEARED: return board->coverage_cleared;
	default: return board->device_reads;
	}
}

/* These are the steps of one test. */
struct lines {
	const struct step *steps;
	size_t count;
};

static void monitor_check_facts(const struct fixture *fixture, const struct step *step)
{
	for (unsigned n = 0; n < ARRAY_SIZE(step->facts) && step->facts[n].fact; n++) {
		u64 value = monitor_fact(fixture, step->facts[n].fact);

		if (value != step->facts[n].value)
			print_error("After the line '%s', fact %u:\n", step->line, n);
		assert_int_equal(value, step->facts[n].value);
	}
}

static void test_lines(void **state)
{
	struct fixture *fixture = *state;
	const struct lines *lines = fixture->lines;

	for (const struct step *step = lines->steps; step < lines->steps + lines->count; step++) {
		if (step->before)
			step->before(fixture);
		monitor_expect(&fixture->monitor, step->line, step->answer);
		monitor_check_facts(fixture, step);
	}
}

static void monitor_set_registers(struct fixture *fixture)
{
	fixture->board.regs[2] = FAKE_RAM_BASE + 1;
	fixture->board.regs[BOARD_REG_PC] = 0x7fff;
}

static void monitor_run_guest(struct fixture *fixture)
{
	fixture->board.guest = true;
}

static void monitor_end_guest(struct fixture *fixture)
{
	fixture->board.guest = false;
}

static void monitor_plug_balloon(struct fixture *fixture)
{
	fixture->board.balloon = 128 * MiB;
}

static void monitor_shut_down(struct fixture *fixture)
{
	fixture->monitor.stopped = true;
	fixture->monitor.why = MONITOR_SHUT_DOWN;
}

static void monitor_allow_nmi(struct fixture *fixture)
{
	fixture->board.has_nmi = true;
}

static void monitor_set_letter(struct fixture *fixture)
{
	fixture->board.ram[0] = 'A';
}

#define REGISTERS(hart) "\nCPU#" hart "\nregisters of hart " hart "\n"

static const struct step info[] = {
	SAYS("info registers", REGISTERS("0")),
	SAYS("info registers 1", REGISTERS("1")),
	SAYS("  info   registers\t-a ", REGISTERS("0") REGISTERS("1")),
	SAYS("info registers -v 1", REGISTERS("1") "vectors of hart 1\n"),
	SAYS("info registers -v", REGISTERS("0") "vectors of hart 0\n"),
	SAYS("info registers -av", REGISTERS("0") "vectors of hart 0\n"
				   REGISTERS("1") "vectors of hart 1\n"),
	SAYS("cpu 1", ""),
	SAYS("info registers", REGISTERS("1")),
	SAYS("info mtree", "the tree\n"),
	SAYS("info name", ""),
	SAYS("info vnc", "None\n"),
	SAYS("info uuid", "00000000-0000-0000-0000-000000000000\n"),
	SAYS("info pci", "the bus\n"),
	SAYS("info pic", "the plic\n"),
	SAYS("info status", "VM status: running\n"),
	SAYS("stop", ""),
	SAYS("info status", "VM status: paused\nhart 0: waits\n"),
};

static const struct step explain[] = {
	SAYS("explain", "hart 0 waits, and why\n"),
	SAYS("explain -a", "hart 0: waits, and why\n"),
	SAYS("explain trap", "trap 2 of hart 0\n"),
	SAYS("explain trap 1", "trap 1 of hart 0\n"),
	SAYS("explain 0x80000000", "access 0 of hart 0 at 0x80000000\n"),
	SAYS("cpu 1", ""),
	SAYS("info traps", "traps of hart 1\n"),
	SAYS("explain", "hart 1 waits, and why\n"),
	SAYS("explain trap 2", "trap 2 of hart 1\n"),
	SAYS("explain 8 w", "access 1 of hart 1 at 0x8\n"),
	SAYS("explain 8 x", "access 2 of hart 1 at 0x8\n"),
};

static const struct step memory_lists[] = {
	SAYS("info mem", "mappings of hart 0\n"),
	SAYS("info tlb", "TLB of hart 0\n"),
	SAYS("info jit", "the engine\n"),
	SAYS("info qtree", "the devices\n"),
	SAYS("info block", "the disks\n"),
	SAYS("info blockstats", "the counts\n"),
	SAYS("commit", "commit: give a disk, or all\n"),
	SAYS("commit all", "commit: all kept\n"),
	SAYS("commit d0", "commit: d0 kept\n"),
	SAYS("x/10i 0x80000000", "10 instructions of hart 0 at 0x80000000\n"),
	SAYS("xp/10i 0x80000000", "10 instructions of hart 0 at 0x80000000 (physical)\n"),
	SAYS("gva2gpa 0x8000", "gpa: 0x1000\n"),
	SAYS("gva2gpa 0x9000", "Unmapped\n"),
	SAYS("gva2gpa", "gva2gpa: give an address, as in gva2gpa 0x80000000 or $sp\n"),
	/* If the chosen hart runs no Linux, ps uses any other hart that does. */
	SAYS("ps", "the processes\n"),
};

#define NO_VALUE "print: give a value, as in print/x $pc+4\n"

/* $NAME is a register of the chosen hart. */
static const struct step registers_as_addresses[] = {
	SAYS("xp/xb $r2", "0000000080000001: 0x81\n", .before = monitor_set_registers),
	SAYS("print/x $r2", "0x80000001\n"),
	SAYS("print/x $x2", "0x80000001\n"),
	SAYS("print/x $f32", NO_VALUE),
	SAYS("print/x $x02", NO_VALUE),
	SAYS("p /u $r2", "2147483649\n"),
	SAYS("p 0x10", "16\n"),
	SAYS("p/i 0x10", "print: '/i' is not a format; give a count up to 65536, one of x d u o c i, "
			 "one of b h w g, as in x/4xg\n"),
	SAYS("explain $r2 w", "access 1 of hart 0 at 0x80000001\n"),
	SAYS("cpu 1", ""),
	SAYS("xp/xb $r2", "0000000080000002: 0x82\n"),
	SAYS("x/2i $r32", "2 instructions of hart 1 at 0x8000\n"),
	SAYS("gva2gpa $r32", "gpa: 0x1001\n"),
	SAYS("x $", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n"),
	SAYS("x $r", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n"),
	SAYS("x $r4000", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n"),
};

/* The values are those that QEMU 7.2 prints. */
static const struct step expressions[] = {
	SAYS("print/x 0x10+8", "0x18\n", .before = monitor_set_registers),
	SAYS("p 2+3*4", "14\n"),
	SAYS("p (2+3)*4", "20\n"),
	SAYS("p 10-4-3", "3\n"),
	SAYS("p 100/7/2 % 4", "3\n"),
	SAYS("p 1+6&3", "3\n"), /* & binds tighter than + */
	SAYS("p 1|6^3&2*3", "4\n"),
	SAYS("p -7/2", "-3\n"),
	SAYS("p -7%-2", "-1\n"),
	SAYS("p - -~+5", "-6\n"),
	SAYS("p/x -1", "0xffffffffffffffff\n"),
	SAYS("p -0x8000000000000000/-1", "-9223372036854775808\n"),
	SAYS("p -0x8000000000000000%-1", "0\n"),
	SAYS("p 'a'+1", "98\n"),
	SAYS("p ' '", "32\n"),
	SAYS("p/x ( $r2 + 0xf ) & ~0xf", "0x80000010\n"),
	SAYS("p 010+0x10+10", "34\n"), /* a zero in front: octal */
	SAYS("p 1 + 2 + 3 + 4 + 5 + 6", "21\n"),
	SAYS("xp/xb 1 + 1 + 1 + 1 + 1 + 0x7ffffffc", "0000000080000001: 0x81\n"),
	SAYS("gva2gpa 1 + 1 + 1 + 1 + 1 + 0x7ffb", "gpa: 0x1000\n"),
	SAYS("xp/xb $r2-1+1", "0000000080000001: 0x81\n"),
	SAYS("gva2gpa 0x8000 + $r2-$r2", "gpa: 0x1000\n"),
	SAYS("explain $r2+1 w", "access 1 of hart 0 at 0x80000002\n"),
	SAYS("p 1/0", NO_VALUE),
	SAYS("p 1%(2-2)", NO_VALUE),
	SAYS("p 1+", NO_VALUE),
	SAYS("p (1", NO_VALUE),
	SAYS("p (", NO_VALUE),
	SAYS("p 1)", NO_VALUE),
	SAYS("p 1 2", NO_VALUE),
	SAYS("p 'ab'", NO_VALUE),
	SAYS("p '", NO_VALUE),
	SAYS("p $", NO_VALUE),
	SAYS("p 1+$none", NO_VALUE),
	SAYS("p 0x10000000000000000", NO_VALUE),
	SAYS("p 08", NO_VALUE),
	SAYS("p 0x", NO_VALUE),
	SAYS("p ----------------------------------------1", NO_VALUE),
	SAYS("p ((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))",
	     NO_VALUE),
	SAYS("memsave 0x8000+ 1 f",
	     "memsave: give an address, how many bytes, and a file: memsave 0x80000000 4096 a.bin\n"),
};

#define NO_GUEST "No hart has VMID 3 in hgatp\n"

/* Determines whose translation the commands about memory use. */
static const struct step contexts[] = {
	SAYS("context", "memory is read as: current\n"),
	SAYS("context vs", "memory is read as: vs\n"),
	SAYS("info mem", "mappings of hart 0 (vs)\n"),
	SAYS("x/2i 0x8000", "2 instructions of hart 0 at 0x8000 (vs)\n"),
	SAYS("gva2gpa 0x8000", "gpa: 0x1300\n"),
	SAYS("explain 8 w", "access 1 of hart 0 at 0x8 (vs)\n"),
	SAYS("x/xb 0x80000001", "cannot read 1 bytes at virtual address 0x80000001\n"),
	SAYS("xp/xb 0x80000001", "0000000080000001: 0x81\n"),
	SAYS("context gpa 3", "context: give current, physical, hs, vs, gpa or vmid N\n"),
	SAYS("context gpa", "memory is read as: gpa\n"),
	SAYS("explain 8 w", "access 1 of hart 0 at 0x8 (gpa)\n"),
	SAYS("x/xb 0x80000001", "cannot read 1 bytes at guest physical address 0x80000001\n"),
	SAYS("context physical", "memory is read as: physical\n"),
	SAYS("x/xb 0x80000001", "0000000080000001: 0x81\n"),
	SAYS("x/xb 8", "cannot read 1 bytes at physical address 0x8\n"),
	SAYS("context vmid 3", "No hart has VMID 3 in hgatp\n"),
	SAYS("context", "memory is read as: physical\n"),
	SAYS("context vmid 3", "memory is read as: vmid 3\n", .before = monitor_run_guest),
	SAYS("info mem", "mappings of hart 0 (vmid)\n"),
	SAYS("context vmid 65536", "context: give current, physical, hs, vs, gpa or vmid N\n"),
	SAYS("context vmid", "context: give current, physical, hs, vs, gpa or vmid N\n"),
	SAYS("context vmid 6", "No hart has VMID 6 in hgatp\n"),
	SAYS("context guest", "context: give current, physical, hs, vs, gpa or vmid N\n"),
	SAYS("context", "memory is read as: vmid 3\n"),
	SAYS("x/xb 0x80000001", NO_GUEST, .before = monitor_end_guest),
	SAYS("x/i 0x80000001", NO_GUEST),
	SAYS("gva2gpa 0x8000", NO_GUEST),
	SAYS("memsave 0x80000000 8 f", NO_GUEST),
	SAYS("xp/xb 0x80000001", "0000000080000001: 0x81\n"),
	SAYS("p/x 8", "0x8\n"),
	SAYS("context current", "memory is read as: current\n"),
	SAYS("info mem", "mappings of hart 0\n"),
};

static const struct step wishes[] = {
	SAYS("stop", "", .facts = { { STOPPED, 1 } }),
	SAYS("cont", "", .facts = { { STOPPED, 0 } }),
	SAYS("system_reset", "", .facts = { { RESET, 1 } }),
	SAYS("quit", "", .facts = { { QUIT, 1 } }),
	SAYS("q", "", .facts = { { QUIT, 1 } }),
};

static const struct step logs[] = {
	SAYS("log int,guest_errors", "", .facts = { { LOGGED, LOG_INT | LOG_GUEST_ERRORS } }),
	SAYS("log int,nope", "log: no item 'nope' (log help lists all)\n",
	     .facts = { { LOGGED, LOG_INT | LOG_GUEST_ERRORS } }),
	SAYS("log exec", "", .facts = { { LOGGED, LOG_EXEC } }),
	SAYS("log strict", "log: strict cannot be logged from now on; give -d strict at the start\n"),
	SAYS("log none", "", .facts = { { LOGGED, 0 } }),
	SAYS("logfile", "logfile: give a file\n"),
	SAYS("logfile /nowhere/log", "logfile: /nowhere/log: No such file or directory\n"),
	SAYS("logfile log", ""),
	SAYS("logfile /lost/log",
	     "logfile: not all of log was written: No space left on device\n"),
	SAYS("coverage", "coverage: give a file for the blocks that were executed, or clear, "
			 "which forgets them\n"),
	SAYS("coverage /nowhere/f",
	     "coverage: '/nowhere/f' cannot be written: No such file or directory\n"),
	SAYS("coverage /dev/null", "", .facts = { { COVERAGE_CLEARED, 0 } }),
	SAYS("coverage clear", "", .facts = { { COVERAGE_CLEARED, 1 } }),
};

static const struct step balloon[] = {
	SAYS("balloon 64",
	     "balloon: the machine has no balloon; -device virtio-balloon-device gives it one\n"),
	SAYS("balloon",
	     "balloon: give how many MiB the guest is to have\n", .before = monitor_plug_balloon),
	SAYS("balloon -1", "balloon: give how many MiB the guest is to have\n"),
	SAYS("balloon 99999999999999", "balloon: give how many MiB the guest is to have\n"),
	SAYS("balloon 64", ""),
	SAYS("info balloon",
	     "balloon: actual=64\nreturned to the host so far: 4 KiB\n"
	     "stat-free-memory=42\n"
	     "(as the guest reported when it was last asked)\n"),
};

/* A command that takes fewer words says this. */
#define MANY(command, most, word)                                                                  \
	command " takes at most " most ", which must not have blanks in them: '" word              \
		"' is one too many\n"

static const struct step snapshots[] = {
	SAYS("savevm a", ""),
	SAYS("savevm a", ""),
	SAYS("savevm", "", .facts = { { KEPT, 2 }, { PAUSES, 3 }, { DATED, 17 } }),
	SAYS("savevm a b", MANY("savevm", "1 argument", "b")),
	SAYS("delvm b", ""),
	SAYS("delvm",
	     "delvm: give the name of one snapshot; info snapshots lists them\n",
	     .facts = { { KEPT, 2 } }),
	SAYS("loadvm a", "", .facts = { { STOPPED, 0 }, { PAUSES, 4 } }),
	SAYS("delvm a", "", .facts = { { KEPT, 1 } }),
	SAYS("loadvm a b", MANY("loadvm", "1 argument", "b"),
	     .facts = { { STOPPED, 0 } }),
};

/* A machine whose loading failed is stopped until `cont`, as in QEMU. */
static const struct step failed_load[] = {
	SAYS("loadvm b",
	     "Error: Snapshot 'b' does not exist in one or more devices\n"
	     "the machine is stopped now; cont lets it go on\n", .facts = { { STOPPED, 1 } }),
	SAYS("info status", "VM status: paused (restore-vm)\nhart 0: waits\n"),
	SAYS("loadvm b", "Error: Snapshot 'b' does not exist in one or more devices\n"),
	SAYS("savevm b", ""),
	SAYS("loadvm b", "", .facts = { { STOPPED, 1 }, { PAUSES, 0 } }),
	SAYS("cont", ""),
	SAYS("info status", "VM status: running\n"),
	SAYS("stop", ""),
	SAYS("info status", "VM status: paused\nhart 0: waits\n"),
};

/* A reset that was requested is done before the machine continues. */
static const struct step shut_down_and_reset[] = {
	SAYS("system_reset", "", .before = monitor_shut_down, .facts = { { STOPPED, 1 } }),
	SAYS("cont", "", .facts = { { STOPPED, 0 }, { RESET, 1 } }),
};

/* A machine that has shut down continues only after another state was loaded. */
static const struct step shut_down[] = {
	SAYS("info status",
	     "VM status: paused (shutdown)\nhart 0: waits\n", .before = monitor_shut_down),
	SAYS("cont", "Resetting the Virtual Machine is required\n", .facts = { { STOPPED, 1 } }),
	SAYS("savevm b", ""),
	SAYS("loadvm b", ""),
	SAYS("info status", "VM status: paused\nhart 0: waits\n"),
	SAYS("cont", ""),
	SAYS("stop", ""),
	SAYS("info status", "VM status: paused\nhart 0: waits\n"),
};

static const struct step nmi[] = {
	SAYS("nmi",
	     "nmi: the harts have no non-maskable interrupts; -cpu ...,smrnmi=on gives them some\n"),
	SAYS("nmi 1", "", .facts = { { NMI_HART, 1 } }, .before = monitor_allow_nmi),
	SAYS("nmi", "", .facts = { { NMI_HART, 0 } }),
	SAYS("cpu 1", ""),
	SAYS("nmi", "", .facts = { { NMI_HART, 1 } }),
	SAYS("nmi 2", "nmi: give a hart, 0 to 1\n", .facts = { { NMI_HART, 1 } }),
};

static const struct step memory[] = {
	SAYS("xp/4xb 0x80000000", "0000000080000000: 0x80 0x81 0x82 0x83\n"),
	SAYS("xp /xh 0x80000001", "0000000080000001: 0x8281\n"),
	SAYS("xp 0x80000000", "0000000080000000: 0x83828180\n"),
	SAYS("xp/3gx 0x80000000",
	     "0000000080000000: 0x8786858483828180 0x8f8e8d8c8b8a8988\n"
	     "0000000080000010: 0x9796959493929190\n"),
	SAYS("xp/2db 0x80000000", "0000000080000000: -128 -127\n"),
	SAYS("xp/ub 0x80000000", "0000000080000000: 128\n"),
	SAYS("xp/ob 0x80000000", "0000000080000000: 0200\n"),
	SAYS("xp/2cb 0x80000000", "0000000080000000: 'A' '\\x81'\n", .before = monitor_set_letter),
	SAYS("x/xb 0x8000000080000001", "8000000080000001: 0x81\n"),
	SAYS("x/xb 0x80000001", "cannot read 1 bytes at virtual address 0x80000001\n"),
	SAYS("xp/4xg 0x80000030",
	     "0000000080000030: 0xb7b6b5b4b3b2b1b0 0xbfbebdbcbbbab9b8\n"
	     "cannot read 8 bytes at physical address 0x80000040\n"),
};

/* Each unit is read by one access of its size, and no other command accesses a device. */
static const struct step device_registers[] = {
	SAYS("xp 0x10000000", "0000000010000000: 0x00000001\n"),
	SAYS("xp/2xw 0x10000000",
	     "0000000010000000: 0x00000002\n"
	     "cannot read 4 bytes at physical address 0x10000004\n"),
	SAYS("xp/xb 0x10000000", "cannot read 1 bytes at physical address 0x10000000\n"),
	SAYS("x 0x8000000010000000",
	     "cannot read 4 bytes at virtual address 0x8000000010000000\n",
	     .facts = { { DEVICE_READS, 2 } }),
};

static const struct step errors[] = {
	SAYS("", ""),
	SAYS("   ", ""),
	SAYS("hlep", "unknown command: 'hlep'; nearest is 'help' (help lists all)\n"),
	SAYS("info mtre", "info: no 'mtre'; nearest is 'mtree' (info lists all)\n"),
	SAYS("info register", "info: no 'register'; nearest is 'registers' (info lists all)\n"),
	SAYS("info registers 2", "info registers: give -v, -a or a hart, 0 to 1\n"),
	SAYS("info registers x", "info registers: give -v, -a or a hart, 0 to 1\n"),
	SAYS("info registers -x", "info registers: give -v, -a or a hart, 0 to 1\n"),
	SAYS("info registers -", "info registers: give -v, -a or a hart, 0 to 1\n"),
	SAYS("info registers 0 -v", "info registers: give -v, -a or a hart, 0 to 1\n"),
	SAYS("info registers -a 1", "info registers: give -v, -a or a hart, 0 to 1\n"),
	SAYS("cpu", "cpu: give a hart, 0 to 1\n"),
	SAYS("cpu 2", "cpu: give a hart, 0 to 1\n"),
	SAYS("explain trap 3",
	     "explain trap: there is none of this number; info traps lists "
	     "them\n"),
	SAYS("explain trap 0",
	     "explain trap: give a trap's number, as info traps lists "
	     "them\n"),
	SAYS("explain here",
	     "explain: give nothing, -a, trap [N], or an address and one of r "
	     "w x, as in explain 0x80000000 w\n"),
	SAYS("explain 0 rw",
	     "explain: give nothing, -a, trap [N], or an address and one of r "
	     "w x, as in explain 0x80000000 w\n"),
	SAYS("x", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n"),
	SAYS("x/4", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n"),
	SAYS("x/4xg zero", "x: give an address, as in x/4xg 0x80000000 or x/10i $pc\n"),
	SAYS("print", "print: give a value, as in print/x $pc+4\n"),
	SAYS("p/x zero", "print: give a value, as in print/x $pc+4\n"),
	SAYS("x/0x 0",
	     "x: '/0x' is not a format; give a count up to 65536, one of x d u o "
	     "c i, one of b h w g, as in x/4xg\n"),
	SAYS("x/99999999999999999999x 0",
	     "x: '/99999999999999999999x' is not a format; give a count up to 65536, one of x "
	     "d u o c i, one of b h w g, as in x/4xg\n"),
	SAYS("x/10s 0",
	     "x: '/10s' is not a format; give a count up to 65536, one of x d u o "
	     "c i, one of b h w g, as in x/4xg\n"),
	SAYS("memsave 0 1 + 1", MANY("memsave", "3 arguments", "1")),
	SAYS("cpu 1 1", MANY("cpu", "1 argument", "1")),
	SAYS("explain trap 1 2", MANY("explain", "2 arguments", "2")),
	SAYS("info registers -v -a 1", MANY("registers", "2 arguments", "1")),
	SAYS("info status now", "status takes no arguments, such as 'now'\n"),
	SAYS("quit/x", "unknown command: 'quit/x'; nearest is 'quit' (help lists all)\n"),
	SAYS("a b c d e f g h i j k",
	     "unknown command: 'a' (help lists all)\n", .facts = { { QUIT, 0 } }),
};

#define TABLE "ID        TAG               VM SIZE                DATE     VM CLOCK     ICOUNT\n"

/* The rows are those that QEMU 7.2 prints for the same snapshots. */
static void test_snapshot_table(void **state)
{
	struct fixture *fixture = *state;
	struct disk_snapshot *kept[3];

	setenv("TZ", "UTC", 1);
	monitor_expect(&fixture->monitor, "info snapshots", "There is no snapshot available.\n");
	for (unsigned n = 0; n < ARRAY_SIZE(kept); n++) {
		kept[n] = &fixture->board.kept[n].of;
		snprintf(kept[n]->id, sizeof(kept[n]->id), "%u", n + 1);
	}
	fixture->board.kept_count = ARRAY_SIZE(kept);
	fixture->board.kept[1].partial = true;
	strcpy(kept[0]->name, "vm-20261122003836");
	kept[0]->seconds = 1795307916;
	kept[0]->state_size = 253303;
	strcpy(kept[1]->name, "on\033ya");
	kept[1]->clock = 3661824999999;
	kept[1]->state_size = 1000 * 1024;
	strcpy(kept[2]->name, "r");
	kept[2]->clock = 360000ull * 1000000000;
	kept[2]->state_size = UINT64_MAX;
	monitor_expect(
		&fixture->monitor, "info snapshots",
		"List of snapshots present on all disks:\n" TABLE
		"--        vm-20261122003836  247 KiB 2026-11-22 00:38:36 00:00:00.000           \n"
		"--        r                  16 EiB 1970-01-01 00:00:00 100:00:00.000           \n"
		"\nList of partial (non-loadable) snapshots on 'disk':\n" TABLE
		"2         on\\x1bya         0.977 MiB 1970-01-01 00:00:00 01:01:01.824           \n");
	fixture->board.kept[0].partial = fixture->board.kept[2].partial = true;
	fixture->board.kept_count = 1;
	monitor_expect(
		&fixture->monitor, "info snapshots",
		"List of snapshots present on all disks:\nNone\n"
		"\nList of partial (non-loadable) snapshots on 'disk':\n" TABLE
		"1         vm-20261122003836  247 KiB 2026-11-22 00:38:36 00:00:00.000           \n");
}

/* Returns what help and info print; the caller frees it. */
static char *monitor_help(struct fixture *fixture)
{
	return monitor_answers(&fixture->monitor, (const char *const[]){ "help", "info", NULL });
}

static void test_help(void **state)
{
	char *text = monitor_help(*state);

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
	told[3] += !strcmp(usage, "info registers [-v] [-a | HART]");
}

/* The commands in the manual are the same as those in help and info. */
static void test_tell(void **state)
{
	unsigned told[4] = { 0 }, lines = 0;
	char *text = monitor_help(*state);

	for (char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	free(text);
	monitor_list(count_told, told);
	assert_int_equal(told[0], lines);
	for (unsigned n = 1; n < ARRAY_SIZE(told); n++)
		assert_int_equal(told[n], 1);
}

#define LINES(name)                                                            \
	{                                                                      \
		"test_" #name, test_lines, monitor_setup, monitor_teardown,    \
			&(struct lines){ name, ARRAY_SIZE(name) }              \
	}
#define TEST(name) cmocka_unit_test_setup_teardown(name, monitor_setup, monitor_teardown)

const struct CMUnitTest unit_tests[] = {
	LINES(info),
	LINES(explain),
	LINES(memory_lists),
	LINES(contexts),
	LINES(registers_as_addresses),
	LINES(expressions),
	LINES(wishes),
	LINES(logs),
	LINES(balloon),
	LINES(snapshots),
	LINES(failed_load),
	LINES(shut_down),
	LINES(shut_down_and_reset),
	LINES(nmi),
	LINES(memory),
	LINES(device_registers),
	LINES(errors),
	TEST(test_snapshot_table),
	TEST(test_help),
	TEST(test_tell),
	{ 0 },
};
