/* SPDX-License-Identifier: MIT */
/*
 * Tests DBTR: installed triggers fire as configured while they are enabled; chains, refused
 * configurations, and the state after a failure. Prints how many triggers the hart has.
 */
#include "tests/firmware/guest.h"

enum { NUM, SHMEM, READ, INSTALL, UPDATE, UNINSTALL, ENABLE, DISABLE, FUNCTIONS };

#define MCONTROL (2UL << 60)
#define MCONTROL6 (6UL << 60)
#define DMODE (1UL << 59)
#define LOAD 1
#define STORE 2
#define EXECUTE 4
#define S_MODE 0x10
#define M_MODE 0x40
#define CHAIN (1UL << 11)
#define MAPPED_IN_S 5

static struct {
	u64 word[4];
} entry[16];
static u64 max, type;
static u64 watched[4];

static void dbtr_load(u64 addr)
{
	*(volatile u64 *)addr;
}

static void dbtr_store(u64 addr)
{
	*(volatile u64 *)addr = 1;
}

static void dbtr_run(u64 addr)
{
	((void (*)(void))addr)();
}

extern const char two_nops[];
__asm__(".text\n.option push\n.option norvc\n.balign 4\n"
	"two_nops: nop\n\tnop\n\tret\n.option pop\n");

/*
 * Triggers in S-mode may depend on SIE: that is one of the specification's solutions for
 * reentrancy.
 */
static bool fires(void (*code)(u64), const void *addr)
{
	struct caught caught;

	csr_set(sstatus, SSTATUS_SIE);
	caught = catch_trap(code, (u64)addr);
	csr_clear(sstatus, SSTATUS_SIE);
	return caught.happened && caught.cause == 3;
}

static void dbtr_fill(u64 n, u64 tdata1, const void *tdata2)
{
	entry[n].word[1] = tdata1;
	entry[n].word[2] = (u64)tdata2;
	entry[n].word[3] = 0;
}

static s64 install(u64 tdata1, const void *tdata2)
{
	dbtr_fill(0, tdata1, tdata2);
	return sbi(EXT_DBTR, INSTALL, 1).error;
}

static s64 uninstall(u64 base, u64 mask)
{
	return sbi(EXT_DBTR, UNINSTALL, base, mask).error;
}

static bool probe(void)
{
	return sbi(EXT_BASE, 3, EXT_DBTR).value;
}

static bool calls_are_refused(u64 first)
{
	bool none = sbi(EXT_DBTR, -1UL).error == NOT_SUPPORTED;

	for (u64 function = first; function <= FUNCTIONS; function++)
		none &= sbi(EXT_DBTR, function).error == NOT_SUPPORTED;
	return none;
}

static void memory(void)
{
	report_equal(sbi(EXT_DBTR, READ, 0, 1).error, NO_SHMEM, "read without memory");
	report_equal(sbi(EXT_DBTR, INSTALL, 1).error, NO_SHMEM, "install without memory");
	report_equal(sbi(EXT_DBTR, UPDATE, 1).error, NO_SHMEM, "update without memory");
	report_equal(sbi(EXT_DBTR, SHMEM, entry, 0, 1).error, INVALID_PARAM, "a reserved flag");
	report_equal(sbi(EXT_DBTR, SHMEM, (u64)entry + 4, 0, 0).error, INVALID_PARAM,
		     "memory not at 8 bytes");
	report_equal(sbi(EXT_DBTR, SHMEM, FIRMWARE_HOLE, 0, 0).error, INVALID_ADDRESS,
		     "the firmware's memory");
	report_equal(sbi(EXT_DBTR, SHMEM, entry, 1, 0).error, INVALID_ADDRESS, "above 64 bits");
	report_equal(sbi(EXT_DBTR, SHMEM, entry, 0, 0).error, SUCCESS, "memory");
}

static void dbtr_refused(void)
{
	static const u64 invalid[] = { 0, 1UL << 60, 7UL << 60, 15UL << 60 };
	bool all = true;

	for (u64 i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		all &= install(invalid[i], watched) == INVALID_PARAM;
	report(all, "types that are none of S-mode's are INVALID_PARAM");
	report_equal(install(type | LOAD | M_MODE, watched), INVALID_PARAM, "for M-mode");
	report_equal(install(type | DMODE | LOAD, watched), INVALID_PARAM, "for a debugger");
	report_equal(install(type | LOAD | S_MODE | CHAIN, watched), INVALID_PARAM,
		     "a chain that does not end");
	report_equal(install(type | LOAD | S_MODE | 1UL << 12, watched), NOT_SUPPORTED,
		     "an action that is not there");
	report_equal(sbi(EXT_DBTR, INSTALL, max).error, BAD_RANGE, "too many");
	report_equal(sbi(EXT_DBTR, READ, 0, max).error, BAD_RANGE, "read behind the last");
	report_equal(sbi(EXT_DBTR, READ, -1UL, 2).error, BAD_RANGE, "read what wraps");
	report_equal(uninstall(0, 1), INVALID_PARAM, "uninstall what is not installed");
	report_equal(sbi(EXT_DBTR, ENABLE, 0, 1).error, INVALID_PARAM, "enable it");
	report_equal(sbi(EXT_DBTR, DISABLE, 64, 1).error, INVALID_PARAM,
		     "disable what is not there");
	entry[0].word[0] = max;
	report_equal(sbi(EXT_DBTR, UPDATE, 1).error, INVALID_PARAM, "update what is not there");
	entry[0].word[0] = 0;
	report_equal(sbi(EXT_DBTR, UPDATE, 1).error, FAILED, "update what is not installed");
	sbi(EXT_DBTR, READ, 0, 1);
	report(!entry[0].word[0] && !entry[0].word[1], "none of it was installed");
}

static void kinds(void)
{
	report_equal(install(type | STORE | S_MODE, watched), SUCCESS, "a store is watched");
	report_equal(entry[0].word[0], 0, "  by the first trigger");
	report(fires(dbtr_store, watched), "  it fires");
	report(!fires(dbtr_load, watched) && !fires(dbtr_store, watched + 2), "  not at else");
	report_equal(uninstall(0, 1), SUCCESS, "  it is taken away");
	report(!fires(dbtr_store, watched), "  it fires no more");
	report_equal(install(type | LOAD | S_MODE, watched), SUCCESS, "a load is watched");
	report(fires(dbtr_load, watched) && !fires(dbtr_store, watched), "  it fires");
	uninstall(0, 1);
	report_equal(install(type | EXECUTE | S_MODE, two_nops), SUCCESS, "code is watched");
	report(fires(dbtr_run, two_nops), "  it fires");
	uninstall(0, 1);
	report(!fires(dbtr_run, two_nops), "  and no more");
}

static void switches(void)
{
	install(type | STORE | S_MODE, watched);
	report_equal(sbi(EXT_DBTR, DISABLE, 0, 1).error, SUCCESS, "disable");
	report(!fires(dbtr_store, watched), "  it does not fire");
	report_equal(sbi(EXT_DBTR, READ, 0, 1).error, SUCCESS, "  read");
	report_equal(entry[0].word[0], MAPPED_IN_S, "  the state is of what it was");
	report_equal(entry[0].word[1] & S_MODE, 0, "  tdata1 of what it is");
	report_equal(entry[0].word[2], (u64)watched, "  tdata2");
	report_equal(sbi(EXT_DBTR, ENABLE, 0, 1).error, SUCCESS, "enable");
	report(fires(dbtr_store, watched), "  it fires");
	entry[0].word[0] = 0;
	dbtr_fill(0, type | LOAD | S_MODE, watched + 1);
	report_equal(sbi(EXT_DBTR, UPDATE, 1).error, SUCCESS, "update");
	report(fires(dbtr_load, watched + 1) && !fires(dbtr_store, watched),
	       "  it fires for the new");
	dbtr_fill(0, (type ^ MCONTROL ^ MCONTROL6) | LOAD | S_MODE, watched);
	report_equal(sbi(EXT_DBTR, UPDATE, 1).error, INVALID_PARAM, "update to another type");
	report(fires(dbtr_load, watched + 1), "  it fires still");
	uninstall(0, 1);
}

/* Several triggers are installed by one call; if it fails, none of them is. */
static void several(void)
{
	struct sbiret ret;

	dbtr_fill(0, type | STORE | S_MODE, watched);
	dbtr_fill(1, type | LOAD | S_MODE, watched + 1);
	report_equal(sbi(EXT_DBTR, INSTALL, 2).error, SUCCESS, "two at once");
	report_equal(entry[1].word[0], 1, "  the second");
	report(fires(dbtr_store, watched) && fires(dbtr_load, watched + 1), "  both fire");
	report_equal(uninstall(0, 3), SUCCESS, "  both go");
	dbtr_fill(0, type | STORE | S_MODE, watched);
	dbtr_fill(1, type | LOAD | S_MODE | 1UL << 12, watched + 1);
	ret = sbi(EXT_DBTR, INSTALL, 2);
	report_equal(ret.error, NOT_SUPPORTED, "the second is not supported");
	report_equal(ret.value, 1, "  as the value says");
	report(!fires(dbtr_store, watched), "  then nor is the first there");
	dbtr_fill(0, type | EXECUTE | S_MODE | CHAIN, two_nops);
	dbtr_fill(1, type | EXECUTE | S_MODE, two_nops + 4);
	report_equal(sbi(EXT_DBTR, INSTALL, 2).error, SUCCESS, "a chain");
	report(!fires(dbtr_run, two_nops), "  fires when all of it match: never");
	uninstall(0, 3);
}

static void all_of_them(void)
{
	bool installed = true;

	for (u64 n = 0; n < max; n++)
		installed &= install(type | LOAD | S_MODE, watched) == SUCCESS &&
			     entry[0].word[0] == n;
	report(installed, "all triggers are installed");
	report_equal(install(type | LOAD | S_MODE, watched), FAILED, "  there is no more");
	report_equal(uninstall(max - 1, 1), SUCCESS, "  the last goes");
	report_equal(uninstall(max - 2, 2), INVALID_PARAM, "  it is gone");
	report_equal(uninstall(0, (1UL << (max - 1)) - 1), SUCCESS, "  all go");
	report(!fires(dbtr_load, watched), "  none fires");
}

static void start_over(u64 hart)
{
	sbi(EXT_DBTR, SHMEM, entry, 0, 0);
	install(type | STORE | S_MODE, watched);
	*(volatile u64 *)(watched + hart % 2) = 0;
}

static void dbtr_look(u64 unused)
{
	(void)unused;
	watched[2] = uninstall(0, 1);
	watched[3] = sbi(EXT_DBTR, READ, 0, 1).error;
}

void test_dbtr(void)
{
	u64 hart = hart_other(0);

	report_section("dbtr");
	max = sbi(EXT_DBTR, NUM, 0).value;
	if (!probe()) {
		print("dbtr: no triggers\n");
		report(calls_are_refused(0), "without triggers there is no DBTR");
		return;
	}
	report(calls_are_refused(FUNCTIONS), "functions behind the last are NOT_SUPPORTED");
	print("dbtr: ");
	print_number(max);
	print(" triggers\n");
	type = sbi(EXT_DBTR, NUM, MCONTROL6 | LOAD | S_MODE).value ? MCONTROL6 : MCONTROL;
	report_equal(sbi(EXT_DBTR, NUM, type | LOAD | S_MODE).value, max, "all watch memory");
	report_equal(sbi(EXT_DBTR, NUM, type | LOAD | M_MODE).value, 0, "but none for M-mode");
	memory();
	dbtr_refused();
	kinds();
	switches();
	if (max > 2)
		several();
	all_of_them();
	if (hart != -1UL) {
		hart_run(hart, start_over, 1);
		hart_wait(hart, STOPPED);
		hart_run(hart, dbtr_look, 0);
		hart_wait(hart, STOPPED);
		report(watched[2] == (u64)INVALID_PARAM && watched[3] == (u64)NO_SHMEM,
		       "a hart that starts again has none installed");
	}
	report_equal(sbi(EXT_DBTR, SHMEM, -1UL, -1UL, 0).error, SUCCESS, "no memory again");
	report_equal(sbi(EXT_DBTR, INSTALL, 1).error, NO_SHMEM, "  none is installed");
}
