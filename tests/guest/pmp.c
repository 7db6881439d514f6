/* SPDX-License-Identifier: MIT */
/*
 * Tests physical memory protection at 4-byte granularity: modes, priority, locks, and random
 * settings, which are compared with an oracle written from "Physical Memory Protection CSRs" of the
 * manual. QEMU keeps 64 bits of pmpaddr, and agrees otherwise.
 */
#include "guest.h"

#define REGIONS 6
#define WINDOW 256

static u8 window[3 * PAGE] __attribute__((aligned(4096)));
#define MIDDLE ((u64)window + PAGE)

/* These are the settings of entries 0 to 5. Entry 15, which the runtime sets, permits everything
 * else. With random settings, entry 0 permits everything below the window, where the code is. */
static u64 addrs[REGIONS];
static u8 cfgs[REGIONS];

static void load_settings(void)
{
	u64 cfg = 0;

	csr_write(pmpcfg0, 0);
	csr_write(pmpaddr0, addrs[0]);
	csr_write(pmpaddr1, addrs[1]);
	csr_write(pmpaddr2, addrs[2]);
	csr_write(pmpaddr3, addrs[3]);
	csr_write(pmpaddr4, addrs[4]);
	csr_write(pmpaddr5, addrs[5]);
	for (unsigned n = 0; n < REGIONS; n++)
		cfg |= (u64)cfgs[n] << (8 * n);
	csr_write(pmpcfg0, cfg);
	asm volatile("sfence.vma" ::: "memory");
}

static void clear_settings(void)
{
	memset(addrs, 0, sizeof(addrs));
	memset(cfgs, 0, sizeof(cfgs));
	load_settings();
}

/* Returns whether the entry matches the byte, according to the definition of each mode, one address
 * bit after the other. */
static bool matches(unsigned n, u64 at)
{
	u64 low = n ? addrs[n - 1] : 0, mask;

	switch (cfgs[n] & PMP_NAPOT) {
	case PMP_TOR:
		return at >> 2 >= low && at >> 2 < addrs[n];
	case PMP_NA4:
		return at >> 2 == addrs[n];
	case PMP_NAPOT:
		mask = addrs[n] ^ (addrs[n] + 1);
		return (at >> 2 | mask) == (addrs[n] | mask);
	default:
		return false;
	}
}

/*
 * Returns the rights of an access below M-mode: those of the first entry that matches any of its
 * bytes.
 */
static unsigned oracle(u64 at, unsigned size)
{
	for (unsigned n = 0; n < REGIONS; n++) {
		unsigned hits = 0;

		for (unsigned byte = 0; byte < size; byte++)
			hits += matches(n, at + byte);
		if (hits)
			return hits == size ? cfgs[n] & 7u : 0;
	}
	return PMP_R | PMP_W | PMP_X;
}

static u64 random_state = 88172645463325252ul;

static void random_settings(void)
{
	addrs[0] = (u64)window >> 2;
	cfgs[0] = PMP_TOR | PMP_R | PMP_W | PMP_X;
	for (unsigned n = 1; n < REGIONS; n++) {
		u64 r = random_next(&random_state);
		/* The address is near the boundary between the two pages, or any address. */
		u64 at = r >> 60 == 0 ? r : MIDDLE - WINDOW / 2 + (r & (WINDOW - 1));
		unsigned ones = r >> 8 & 7;

		addrs[n] = (at >> 2) & (BIT(54) - 1);
		cfgs[n] = r >> 16 & 0x1f;
		if ((cfgs[n] & (PMP_R | PMP_W)) == PMP_W)
			cfgs[n] |= PMP_R;
		if ((cfgs[n] & PMP_NAPOT) == PMP_NAPOT)
			addrs[n] = (addrs[n] & ~(BIT(ones) - 1)) | (BIT(ones) - 1);
	}
	load_settings();
}

static probe *const loads[] = { load_byte, load_half, load_word, load_double };
static probe *const stores[] = { store_byte, store_half, store_word, store_double };

/* Returns whether loads and stores agree with the oracle. They are aligned, so that each is one
 * access. */
static bool agrees(u64 at, unsigned log_size)
{
	unsigned rights = oracle(at, 1u << log_size);
	struct outcome out = run(MODE_S, loads[log_size], at, 0);

	if (out.trapped != !(rights & PMP_R) ||
	    (out.trapped && (out.cause != LOAD_ACCESS || out.tval != at)))
		return false;
	out = run(MODE_U, stores[log_size], at, 0x82);
	return out.trapped == !(rights & PMP_W) &&
	       (!out.trapped || (out.cause == STORE_ACCESS && out.tval == at));
}

static void brute_force(void)
{
	unsigned wrong = 0;

	for (unsigned round = 0; round < 200; round++) {
		random_settings();
		for (unsigned n = 0; n < 24; n++) {
			u64 r = random_next(&random_state);
			unsigned log_size = r >> 32 & 3;
			u64 at = MIDDLE - WINDOW / 2 + (r & (WINDOW - 1));

			wrong += !agrees(at & ~(BIT(log_size) - 1), log_size);
		}
	}
	clear_settings();
	report_equal(wrong, 0, "4800 loads and stores under random settings do as the oracle");
}

/* Tests fetches at random. The code is c.jr ra (0x8082), which returns at once. */
static void brute_force_fetch(void)
{
	unsigned wrong = 0;

	for (unsigned n = 0; n < sizeof(window) / 2; n++)
		((u16 *)window)[n] = 0x8082;
	asm volatile("fence.i" ::: "memory");
	for (unsigned round = 0; round < 100; round++) {
		random_settings();
		for (unsigned n = 0; n < 16; n++) {
			u64 r = random_next(&random_state);
			u64 at = MIDDLE - WINDOW / 2 + (r & (WINDOW - 2));
			struct outcome out = run(MODE_U, jump_to, at, 0);
			bool good = !(oracle(at, 2) & PMP_X) ?
					    out.trapped && out.cause == FETCH_ACCESS &&
						    out.tval == at && out.epc == at :
					    !out.trapped;

			wrong += !good;
		}
	}
	clear_settings();
	report_equal(wrong, 0, "1600 fetches under random settings do as the oracle");
}

static void one(unsigned n, u64 addr, u8 cfg)
{
	addrs[n] = addr;
	cfgs[n] = cfg;
	load_settings();
}

static void modes(void)
{
	one(0, MIDDLE >> 2, PMP_NA4);
	report_trap(run(MODE_S, load_word, MIDDLE, 0), MODE_M, LOAD_ACCESS, MIDDLE,
		    "NA4 covers its four bytes");
	report_runs(run(MODE_S, load_word, MIDDLE + 4, 0), "and not the next");
	report_runs(run(MODE_S, load_word, MIDDLE - 4, 0), "nor the ones before");
	report_trap(run(MODE_S, load_double, MIDDLE, 0), MODE_M, LOAD_ACCESS, MIDDLE,
		    "an access that only begins in it is refused");
	one(0, (MIDDLE + 4) >> 2, PMP_NA4 | PMP_R | PMP_W);
	report_trap(run(MODE_S, load_double, MIDDLE, 0), MODE_M, LOAD_ACCESS, MIDDLE,
		    "also when the entry would allow it");
	clear_settings();
	one(0, -1ul, PMP_NAPOT);
	report_equal(csr_read(pmpaddr0), BIT(54) - 1, "pmpaddr keeps 54 ones");
	{
		struct outcome out = run(MODE_S, do_nothing, 0, 0);

		report(out.trapped && out.cause == FETCH_ACCESS,
		       "NAPOT with all ones covers everything");
	}
	clear_settings();
	one(0, DRAM_BASE >> 2, PMP_TOR);
	report_runs(run(MODE_S, load_word, MIDDLE, 0), "TOR of entry 0 begins at 0");
	report_trap(run(MODE_S, load_byte, 0x1000, 0), MODE_M, LOAD_ACCESS, 0x1000,
		    "and covers what lies below");
	clear_settings();
	addrs[0] = (MIDDLE + 64) >> 2;
	one(1, MIDDLE >> 2, PMP_TOR);
	report_runs(run(MODE_S, load_word, MIDDLE + 32, 0), "TOR with a low top matches nothing");
	one(1, addrs[0], PMP_TOR);
	report_runs(run(MODE_S, load_word, MIDDLE + 64, 0), "nor with an equal one");
	clear_settings();
	one(0, MIDDLE >> 2, PMP_NA4 | PMP_R);
	one(1, MIDDLE >> 2 | 0x1ff, PMP_NAPOT | PMP_R | PMP_W);
	report_trap(run(MODE_U, store_word, MIDDLE, 0), MODE_M, STORE_ACCESS, MIDDLE,
		    "the entry with the lowest number decides");
	report_runs(run(MODE_U, store_word, MIDDLE + 4, 0), "the next where it does not match");
	clear_settings();
}

static void no_match(void)
{
	/* One entry is set elsewhere, because QEMU permits everything if no entry is set. */
	one(0, 0x1000 >> 2, PMP_NA4);
	csr_write(pmpcfg2, 0);
	{
		struct outcome out = run(MODE_S, do_nothing, 0, 0);

		report(out.trapped && out.cause == FETCH_ACCESS && out.tval == out.start,
		       "S-mode has nothing where no entry matches");
	}
	report_runs(run(MODE_M, load_word, MIDDLE, 0), "M-mode everything");
	csr_write(pmpcfg2, 0x1ful << 56);
	clear_settings();
}

static void straddling_fetch(void)
{
	u32 *at = (u32 *)(MIDDLE - 2);
	struct outcome out;

	/* The code is addi a0, a0, 1; ret, and crosses the boundary. */
	memcpy(at, (const u32[]){ 0x00150513, 0x00008067 }, 8);
	asm volatile("fence.i" ::: "memory");
	one(0, MIDDLE >> 2, PMP_NA4 | PMP_R);
	out = run(MODE_U, jump_to, MIDDLE - 2, 0);
	report(out.trapped && out.cause == FETCH_ACCESS && out.epc == MIDDLE - 2 &&
		       out.tval == MIDDLE,
	       "an instruction whose second half is refused: tval is the second half");
	clear_settings();
	report_runs(run(MODE_U, jump_to, MIDDLE - 2, 0), "without the entry it runs");
}

/* Tests locked entries, which apply to M-mode, too, and stay locked until reset; so no other test
 * may follow. */
static void locks(void)
{
	u64 value;

	report_runs(run(MODE_M, store_word, MIDDLE, 0), "M-mode is not bound by unlocked entries");
	csr_write(pmpaddr6, MIDDLE >> 2);
	csr_write(pmpaddr7, (MIDDLE + 64) >> 2);
	csr_write(pmpcfg0, (u64)(PMP_TOR | PMP_R | PMP_L) << 56);
	report_trap(run(MODE_M, store_word, MIDDLE, 0), MODE_M, STORE_ACCESS, MIDDLE,
		    "a locked entry binds M-mode");
	report_runs(run(MODE_M, load_word, MIDDLE + 60, 0), "with its rights");
	csr_write(pmpcfg0, 0);
	report_equal(csr_read(pmpcfg0) >> 56, PMP_TOR | PMP_R | PMP_L,
		     "its pmpcfg cannot be written");
	csr_write(pmpaddr7, 0);
	report_equal(csr_read(pmpaddr7), (MIDDLE + 64) >> 2, "nor its pmpaddr");
	value = csr_read(pmpaddr6);
	csr_write(pmpaddr6, 0);
	report_equal(csr_read(pmpaddr6), value, "nor the pmpaddr below a locked TOR entry");
	csr_write(pmpcfg0, PMP_NA4);
	report_equal(csr_read(pmpcfg0) & 0xff, PMP_NA4, "other entries can");
	csr_write(pmpcfg0, 0);
	csr_write(pmpaddr8, 5);
	csr_write(pmpcfg2, csr_read(pmpcfg2) | PMP_L);
	csr_write(pmpaddr8, 6);
	report_equal(csr_read(pmpaddr8), 5, "a locked entry that is off keeps its address");
}

/* Loads with MPRV are checked like those of the mode in MPP. */
PROBE(load_mprv, "li a2, 0x20000\ncsrs mstatus, a2\n.globl mprv_load\nmprv_load: lw a0, 0(a0)\n"
		 "csrc mstatus, a2");
extern u8 mprv_load[];

static void modify_privilege(void)
{
	struct outcome out;

	one(0, MIDDLE >> 2, PMP_NA4);
	out = run(MODE_M, load_mprv, MIDDLE, 0);
	report(out.trapped && out.cause == LOAD_ACCESS && out.tval == MIDDLE &&
		       out.epc == (u64)mprv_load,
	       "a load under MPRV has the rights of MPP's mode, U after mret");
	clear_settings();
	report_runs(run(MODE_M, load_mprv, MIDDLE, 0), "without the entry it works");
}

void main(void)
{
	modes();
	no_match();
	straddling_fetch();
	modify_privilege();
	brute_force();
	brute_force_fetch();
	locks();
}
