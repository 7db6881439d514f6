/* SPDX-License-Identifier: MIT */
/*
 * Tests which processors have what native code cannot do without. The numbers are ECX of CPUID's
 * leaf 1, as QEMU's models of these processors give it.
 */
#include "tests/cmocka.h"

#include "cpu/jit/host.h"
#include "cpu/jit/jit.h"

static void test_needs(void **state)
{
	static const struct {
		const char *processor;
		u32 features;
		const char *lacks; /* NULL: nothing */
	} rows[] = {
		{ "one without anything", 0, "SSE3" },
		{ "kvm64", 0x80002001, "SSSE3" },
		{ "phenom", 0x80802001, "SSSE3" },
		{ "core2duo", 0x80002209, "SSE4.1" },
		{ "Penryn", 0x80082201, "SSE4.2" },
		{ "one without POPCNT", 0x80182201, "POPCNT" },
		{ "Nehalem", 0x80982201, NULL },
		{ "one without CMPXCHG16B, which is not used", 0x00980201, NULL },
		{ "all features", ~0u, NULL },
	};

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct jit_host host = { .lacks = "it was not set" };

		jit_host_need(&host, rows[n].features);
		if (!host.lacks != !rows[n].lacks ||
		    (host.lacks && strcmp(host.lacks, rows[n].lacks) != 0))
			fail_msg("%s: lacks %s, not %s", rows[n].processor, host.lacks,
				 rows[n].lacks);
	}
}

/* The answer for this host is that of its description. */
static void test_host(void **state)
{
	struct jit_host host;

	(void)state;
	jit_host_find(&host);
	assert_ptr_equal(host.lacks, jit_lacks());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
