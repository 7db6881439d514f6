/* SPDX-License-Identifier: MIT */
/* Asks the host's processor, by CPUID, what native code may use. */
#include "cpu/jit/host.h"

#include "cpu/hart/limits.h"
#include "cpu/jit/jit.h"

#include <cpuid.h>

void jit_host_need(struct jit_host *host, u32 features)
{
	static const struct {
		u32 bit;
		const char *name;
	} needs[] = {
		{ bit_SSE3, "SSE3" },	  { bit_SSSE3, "SSSE3" },   { bit_SSE4_1, "SSE4.1" },
		{ bit_SSE4_2, "SSE4.2" }, { bit_POPCNT, "POPCNT" },
	};

	host->lacks = NULL;
	for (unsigned n = 0; n < ARRAY_SIZE(needs) && !host->lacks; n++)
		if (!(features & needs[n].bit))
			host->lacks = needs[n].name;
}

static u32 basic_features(void)
{
	unsigned a, b, features = 0, d;

	__get_cpuid(1, &a, &b, &features, &d);
	return features;
}

const char *jit_lacks(void)
{
	struct jit_host host;

	jit_host_need(&host, basic_features());
	return host.lacks;
}

/* Returns whether the host has LZCNT and TZCNT. Not all compilers' builtins know LZCNT. */
static bool has_counts(void)
{
	unsigned a, b, c = 0, d;

	return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & bit_LZCNT) &&
	       __builtin_cpu_supports("bmi");
}

/*
 * Returns whether the host has F16C. Its instructions have AVX encodings, so the host's operating
 * system must support AVX, too.
 */
static bool has_f16c(void)
{
	return (basic_features() & bit_F16C) && __builtin_cpu_supports("avx");
}

/*
 * Finds the extensions for cryptography by CPUID, because the builtins of Clang 14 do not know
 * them.
 */
static void find_crypto(struct jit_host *host)
{
	unsigned a, b = 0, c = 0, d;
	bool avx2 = __builtin_cpu_supports("avx2");

	__get_cpuid_count(7, 0, &a, &b, &c, &d);
	host->has_vaes = c & bit_VAES && avx2;
	host->has_vpclmul = c & bit_VPCLMULQDQ && avx2;
	host->has_gfni = c & bit_GFNI && avx2;
	host->has_sha = b & bit_SHA;
}

void jit_host_find(struct jit_host *host)
{
	jit_host_need(host, basic_features());
	host->has_bmi2 = __builtin_cpu_supports("bmi2");
	/* The operand of BEXTR extracts the index into a view of TLB_ENTRIES_MAX entries. */
	host->has_bextr = __builtin_cpu_supports("bmi") && TLB_ENTRIES == TLB_ENTRIES_MAX;
	host->has_fma = __builtin_cpu_supports("fma");
	host->has_counts = has_counts();
	host->has_aes = __builtin_cpu_supports("aes");
	find_crypto(host);
	host->has_pclmul = __builtin_cpu_supports("pclmul");
	host->has_f16c = has_f16c();
	host->has_avx = __builtin_cpu_supports("avx");
	host->has_avx2 = __builtin_cpu_supports("avx2");
	host->has_avx512 = __builtin_cpu_supports("avx512bw") &&
			   __builtin_cpu_supports("avx512dq") &&
			   __builtin_cpu_supports("avx512vl") && host->has_bmi2;
	host->has_vbmi = host->has_avx512 && __builtin_cpu_supports("avx512vbmi");
}
