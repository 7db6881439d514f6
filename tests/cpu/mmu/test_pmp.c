/* SPDX-License-Identifier: MIT */
/*
 * Compares physical memory protection with an oracle that checks single bytes, as the privileged
 * manual words it ("Physical Memory Protection", "mseccfg"): random registers in all modes, with
 * regions close together and at both ends of the address space, and accesses at their edges; and
 * every rule of Smepmp with every bit of mseccfg.
 */
#include "cpu/hart/exception.h"
#include "cpu/mmu/pmp.h"
#include "tests/cmocka.h"

#include "tests/cpu/random.h"

#include <string.h>

#define RWX (PMP_R | PMP_W | PMP_X)
#define CONFIGS 20000
#define ACCESSES 40

/* From here on: the oracle. */

static bool oracle_matches(const struct pmp *pmp, unsigned n, u64 byte)
{
	u64 word = byte >> 2, addr = pmp->addr[n];
	unsigned ones = (unsigned)__builtin_ctzll(~addr); /* the lowest bits, up to the first 0 */

	switch (pmp->cfg[n] >> 3 & 3) {
	case 0: /* OFF */
		return false;
	case 1: /* TOR: from the register below, or zero, up to and without this one */
		return (n == 0 || pmp->addr[n - 1] <= word) && word < addr;
	case 2: /* NA4 */
		return word == addr;
	default: /* NAPOT: yyy...y0, yyy...01, yy...011: 8, 16, 32 bytes, and so on */
		return word >> (ones + 1) == addr >> (ones + 1);
	}
}

/* Returns the rights that a matching entry gives to M-mode, or to S and U. */
static unsigned oracle_rule(const struct pmp *pmp, u8 cfg, bool machine)
{
	bool lock = cfg & PMP_L, exec = cfg & PMP_X;

	if (!(pmp->rules & PMP_MML))
		return machine && !lock ? RWX : cfg & RWX;
	/* These are shared data, shared code, and data that all may read. */
	if ((cfg & (PMP_R | PMP_W)) == PMP_W && !lock)
		return machine || exec ? PMP_R | PMP_W : PMP_R;
	if ((cfg & (PMP_R | PMP_W)) == PMP_W)
		return machine && exec ? PMP_R | PMP_X : PMP_X;
	if (lock && (cfg & RWX) == RWX)
		return PMP_R;
	/* The region is only for M-mode, or only for the other modes. */
	return lock == machine ? cfg & RWX : 0;
}

/* Returns the rights if no entry matches. */
static unsigned oracle_default(const struct pmp *pmp, bool machine)
{
	if (!machine || (pmp->rules & PMP_MMWP))
		return 0;
	return pmp->rules & PMP_MML ? PMP_R | PMP_W : RWX;
}

static unsigned oracle_allows(const struct pmp *pmp, u64 addr, u64 len, u8 priv)
{
	for (unsigned n = 0; n < PMP_REGIONS; n++) {
		u64 matched = 0;

		for (u64 i = 0; i < len; i++)
			matched += oracle_matches(pmp, n, addr + i);
		if (!matched)
			continue;
		/* The entry decides; if it does not match all bytes the access fails. */
		if (matched != len)
			return 0;
		return oracle_rule(pmp, pmp->cfg[n], priv == PRIV_M);
	}
	return oracle_default(pmp, priv == PRIV_M);
}

/* From here on: random registers. */

static const u64 windows[] = {
	0, 0x80000000ull >> 2, (0x80000000ull + PAGE_SIZE) >> 2, (1ull << 54) - 64, 1ull << 53,
};

static u64 random_addr(u64 *seed, u64 window)
{
	u64 value = window + random_u64(seed) % 64;

	switch (random_u64(seed) % 8) {
	case 0: /* all ones, of few or many bits */
		return PMP_ADDR_MASK >> random_u64(seed) % 54;
	case 1: /* a NAPOT pattern of any size */
		return (value | (BIT(random_u64(seed) % 54) - 1)) & PMP_ADDR_MASK;
	case 2:
		return random_u64(seed) & PMP_ADDR_MASK;
	case 3: /* about a page away: boundaries inside of pages and at their ends */
		return (window + random_u64(seed) % 3072) & PMP_ADDR_MASK;
	default:
		return value & PMP_ADDR_MASK;
	}
}

static void random_pmp(struct pmp *pmp, u64 *seed, u64 window)
{
	unsigned used = 1 + random_u64(seed) % PMP_REGIONS;

	memset(pmp, 0, sizeof(*pmp));
	pmp->rules = random_u64(seed) & 1 ? random_u64(seed) & 7 : 0;
	for (unsigned n = 0; n < used; n++) {
		pmp->addr[n] = random_addr(seed, window);
		pmp->cfg[n] = random_u64(seed) & (RWX | PMP_A | PMP_L);
		if (!(pmp->rules & PMP_MML) && (pmp->cfg[n] & (PMP_R | PMP_W)) == PMP_W)
			pmp->cfg[n] ^= PMP_W;
	}
	pmp_update(pmp);
}

/* Returns an address in the window, or within eight bytes of an edge of a region. */
static u64 random_access(u64 *seed, const struct pmp *pmp, u64 window)
{
	u64 edge = pmp->addr[random_u64(seed) % PMP_REGIONS] << 2;

	switch (random_u64(seed) % 4) {
	case 0:
		return (window << 2) + random_u64(seed) % 512;
	case 1: /* the end of a NAPOT region */
		return ((edge | (edge ^ (edge + 4))) & ~3ull) + random_u64(seed) % 16 - 8;
	default:
		return edge + random_u64(seed) % 16 - 8;
	}
}

static void test_against_the_oracle(void **unused)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };
	static const u8 lengths[] = { 1, 2, 4, 8, 3, 5, 7, 64 };
	u64 seed = 24, granted = 0;
	struct pmp pmp;

	for (unsigned config = 0; config < CONFIGS; config++) {
		u64 window = windows[random_u64(&seed) % ARRAY_SIZE(windows)];

		random_pmp(&pmp, &seed, window);
		for (unsigned n = 0; n < ACCESSES; n++) {
			u64 addr = random_access(&seed, &pmp, window);
			u64 len = lengths[random_u64(&seed) % ARRAY_SIZE(lengths)];
			u8 priv = privs[random_u64(&seed) % ARRAY_SIZE(privs)];

			/* No hart makes an access that wraps. */
			if (addr + len < addr)
				continue;
			assert_int_equal(pmp_allows(&pmp, addr, len, priv),
					 oracle_allows(&pmp, addr, len, priv));
			granted += pmp_allows(&pmp, addr, len, priv) != 0;
		}
	}
	/* Both answers must have been seen often. */
	assert_in_range(granted, CONFIGS * ACCESSES / 10, CONFIGS * ACCESSES * 9 / 10);
}

/* Returns whether all words of a page, and all accesses across two words, have these rights. */
static bool all_have(const struct pmp *pmp, u64 page, u8 priv, unsigned rights)
{
	for (u64 at = page; at < page + PAGE_SIZE; at += 4) {
		if (oracle_allows(pmp, at, 1, priv) != rights)
			return false;
		if (at > page && oracle_allows(pmp, at - 1, 2, priv) != rights)
			return false;
	}
	return true;
}

/*
 * Rights that may be cached for a page apply to all of it; a page without such rights is really
 * split.
 */
static void test_windows_of_pages(void **unused)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };
	unsigned uniform = 0, split = 0;
	struct pmp pmp;
	u64 seed = 25;

	for (unsigned config = 0; config < 3000; config++) {
		u64 window = windows[random_u64(&seed) % ARRAY_SIZE(windows)];
		u64 page = ((window << 2) & PAGE_MASK) + random_u64(&seed) % 3 * PAGE_SIZE;
		bool same = true, nothing = true;
		struct pmp_window around;

		random_pmp(&pmp, &seed, window);
		for (unsigned i = 0; i < ARRAY_SIZE(privs); i++) {
			unsigned rights = pmp_allows(&pmp, page, PAGE_SIZE, privs[i]);

			same = same && all_have(&pmp, page, privs[i], rights);
			nothing = nothing && !rights;
		}
		pmp_around(&pmp, page, &around);
		if (around.base <= page && around.last >= page + PAGE_SIZE - 1) {
			assert_true(same);
			assert_int_equal(around.machine, pmp_allows(&pmp, page, 8, PRIV_M));
			assert_int_equal(around.other, pmp_allows(&pmp, page, 8, PRIV_U));
			uniform++;
		} else {
			/* A page split among regions that grant nothing may count as split. */
			assert_true(!same || nothing);
			split++;
		}
	}
	assert_in_range(uniform, 300, 2900);
	assert_in_range(split, 100, 2900);
}

/* From here on: cases, by hand, that others got wrong. */
struct fact {
	const char *what;
	u8 cfg[3];
	u64 addr[3];
	u64 access, len;
	u8 priv;
	unsigned rights;
};

#define TOR (PMP_TOR << 3)
#define NA4 (PMP_NA4 << 3)
#define NAPOT (PMP_NAPOT << 3)

static const struct fact facts[] = {
	{ "no entry: U has nothing", { 0 }, { 0 }, 0, 4, PRIV_U, 0 },
	{ "no entry: M has all", { 0 }, { 0 }, 0, 4, PRIV_M, RWX },
	{ "NAPOT all ones is everything", { NAPOT | RWX }, { PMP_ADDR_MASK }, 0, 8, PRIV_U, RWX },
	{ "... to the top", { NAPOT | RWX }, { PMP_ADDR_MASK }, BIT(56) - 8, 8, PRIV_U, RWX },
	{ "half of everything: inside", { NAPOT | RWX }, { PMP_ADDR_MASK >> 2 }, BIT(55) - 8, 8,
	  PRIV_U, RWX },
	{ "half of everything: outside", { NAPOT | RWX }, { PMP_ADDR_MASK >> 2 }, BIT(55), 8,
	  PRIV_U, 0 },
	{ "half of everything: across", { NAPOT | RWX }, { PMP_ADDR_MASK >> 2 }, BIT(55) - 4, 8,
	  PRIV_M, 0 },
	{ "TOR of entry 0 starts at 0", { TOR | PMP_R }, { 4 }, 0, 4, PRIV_S, PMP_R },
	{ "... and ends below addr", { TOR | PMP_R }, { 4 }, 16, 1, PRIV_S, 0 },
	{ "TOR of entry 0 with addr 0 is empty", { TOR | RWX }, { 0 }, 0, 1, PRIV_U, 0 },
	{ "TOR upside down is empty", { 0, TOR | RWX }, { 8, 4 }, 20, 4, PRIV_U, 0 },
	{ "... and lets later ones decide", { 0, TOR | RWX, NAPOT | PMP_R },
	  { 8, 4, PMP_ADDR_MASK }, 20, 4, PRIV_U, PMP_R },
	{ "TOR of equal ends is empty", { 0, TOR | RWX }, { 8, 8 }, 32, 4, PRIV_U, 0 },
	{ "TOR over an OFF entry's addr", { 0, TOR | PMP_X }, { 8, 16 }, 32, 4, PRIV_U, PMP_X },
	{ "NA4 is four bytes", { NA4 | PMP_R }, { 8 }, 35, 1, PRIV_U, PMP_R },
	{ "... and no more", { NA4 | PMP_R }, { 8 }, 36, 1, PRIV_U, 0 },
	{ "... nor less", { NA4 | PMP_R }, { 8 }, 31, 1, PRIV_U, 0 },
	{ "across two entries that both allow", { NA4 | RWX, NA4 | RWX }, { 8, 9 }, 34, 4, PRIV_U,
	  0 },
	{ "partly matched: M fails too", { NA4 | RWX }, { 8 }, 34, 4, PRIV_M, 0 },
	{ "unlocked does not bind M", { NA4 }, { 8 }, 32, 4, PRIV_M, RWX },
	{ "locked binds M", { NA4 | PMP_L | PMP_X }, { 8 }, 32, 4, PRIV_M, PMP_X },
	{ "the first entry decides", { NA4, NAPOT | RWX }, { 8, PMP_ADDR_MASK }, 32, 4, PRIV_U, 0 },
	{ "NAPOT of 8 bytes", { NAPOT | PMP_W | PMP_R }, { 8 }, 32, 8, PRIV_U, PMP_R | PMP_W },
	{ "... ends there", { NAPOT | PMP_W | PMP_R }, { 8 }, 40, 1, PRIV_U, 0 },
};

static void test_facts(void **unused)
{
	for (unsigned i = 0; i < ARRAY_SIZE(facts); i++) {
		const struct fact *fact = &facts[i];
		struct pmp pmp = { 0 };
		unsigned rights;

		memcpy(pmp.cfg, fact->cfg, sizeof(fact->cfg));
		memcpy(pmp.addr, fact->addr, sizeof(fact->addr));
		pmp_update(&pmp);
		rights = pmp_allows(&pmp, fact->access, fact->len, fact->priv);
		if (rights != fact->rights)
			fail_msg("%s: %u, not %u", fact->what, rights, fact->rights);
		assert_int_equal(oracle_allows(&pmp, fact->access, fact->len, fact->priv),
				 fact->rights);
	}
}

/* From here on: the values that a write leaves (WARL), and what locks forbid. */

/* R=0 W=1 is a shared region with MML, and reserved without. */
static bool cfg_legal(const struct pmp *pmp, u8 cfg)
{
	return !(cfg & 0x60) && ((pmp->rules & PMP_MML) || (cfg & (PMP_R | PMP_W)) != PMP_W);
}

static bool frozen(const struct pmp *pmp, unsigned n)
{
	return (pmp->cfg[n] & PMP_L) && !(pmp->rules & PMP_RLB);
}

/* Returns whether the rule is for M-mode only, or locked and shared, and lets code be executed. */
static bool forbidden(const struct pmp *pmp, u8 cfg)
{
	bool shared_code = (cfg & (PMP_R | PMP_W)) == PMP_W;
	bool own_code = (cfg & PMP_X) && (cfg & RWX) != RWX;

	return (pmp->rules & (PMP_MML | PMP_RLB)) == PMP_MML && (cfg & PMP_L) &&
	       (shared_code || own_code);
}

static void check_cfg_write(struct pmp *pmp, unsigned first, u64 value)
{
	struct pmp old = *pmp;

	pmp_write_cfg(pmp, first, value);
	for (unsigned n = 0; n < PMP_REGIONS; n++) {
		u8 wanted = (u8)(value >> 8 * (n % 8)) & 0x9f;
		bool written = n - first < 8 && !frozen(&old, n) && !forbidden(&old, wanted);

		assert_true(cfg_legal(pmp, pmp->cfg[n]));
		if (!written)
			assert_int_equal(pmp->cfg[n], old.cfg[n]);
		else if (cfg_legal(pmp, wanted))
			assert_int_equal(pmp->cfg[n], wanted);
		else /* A and L are fields of their own */
			assert_int_equal(pmp->cfg[n] & (PMP_A | PMP_L), wanted & (PMP_A | PMP_L));
		assert_int_equal(pmp->addr[n], old.addr[n]);
	}
	assert_int_equal(pmp_read_cfg(pmp, first) >> 56, pmp->cfg[first + 7]);
	assert_int_equal(pmp_read_cfg(pmp, first) & 0xff, pmp->cfg[first]);
}

static void check_addr_write(struct pmp *pmp, unsigned n, u64 value)
{
	struct pmp old = *pmp;
	/* The register may be the bottom of a locked TOR region above it. */
	bool above = n + 1 < PMP_REGIONS && frozen(pmp, n + 1) && (pmp->cfg[n + 1] & PMP_A) == TOR;
	bool kept = above || frozen(pmp, n);

	pmp_write_addr(pmp, n, value);
	assert_int_equal(pmp->addr[n], kept ? old.addr[n] : value & PMP_ADDR_MASK);
	for (unsigned i = 0; i < PMP_REGIONS; i++)
		if (i != n)
			assert_int_equal(pmp->addr[i], old.addr[i]);
}

/* Tests every configuration of a region with every mseccfg in every mode. */
static void test_every_rule(void **unused)
{
	static const u8 privs[] = { PRIV_U, PRIV_S, PRIV_M };

	for (unsigned n = 0; n < 8 * 256 * ARRAY_SIZE(privs); n++) {
		u8 priv = privs[n / 8 / 256];
		struct pmp pmp = { .cfg = { n / 8 % 256 & 0x9f }, .addr = { 8 }, .rules = n % 8 };

		if (!cfg_legal(&pmp, pmp.cfg[0]))
			continue;
		pmp_update(&pmp);
		for (u64 addr = 24; addr < 48; addr++)
			for (u64 len = 1; len <= 8; len++)
				assert_int_equal(pmp_allows(&pmp, addr, len, priv),
						 oracle_allows(&pmp, addr, len, priv));
	}
}

static void test_register_writes(void **unused)
{
	u64 seed = 26;

	for (unsigned run = 0; run < 2000; run++) {
		struct pmp pmp = { .rules = run % 16 < 8 ? run % 8 : 0 };

		for (unsigned n = 0; n < 50; n++) {
			/*
			 * No register is locked at first, because a locked register stays
			 * locked.
			 */
			u64 locks = n < 25 ? ~0x8080808080808080ull : UINT64_MAX;

			check_cfg_write(&pmp, random_u64(&seed) & 8, random_u64(&seed) & locks);
			check_addr_write(&pmp, random_u64(&seed) % PMP_REGIONS, random_u64(&seed));
			check_addr_write(&pmp, random_u64(&seed) % PMP_REGIONS,
					 random_addr(&seed, 0));
			for (unsigned i = 0; i < 4; i++) {
				u64 addr = random_access(&seed, &pmp, 0) & (BIT(56) - 1);

				assert_int_equal(pmp_allows(&pmp, addr, 4, PRIV_M),
						 oracle_allows(&pmp, addr, 4, PRIV_M));
			}
		}
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_facts),
	cmocka_unit_test(test_against_the_oracle),
	cmocka_unit_test(test_windows_of_pages),
	cmocka_unit_test(test_every_rule),
	cmocka_unit_test(test_register_writes),
	{ 0 },
};
