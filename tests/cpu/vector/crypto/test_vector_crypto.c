/* SPDX-License-Identifier: MIT */
/*
 * Tests the vector cryptography instructions in each tier, VLEN and LMUL, with several element
 * groups, and with vstart, against the examples of the standards (answers.h).
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/crypto/answers.h"

static void test_aes(void **suite)
{
	groups_each(*suite, 2, 4, answer_aes_128);
	groups_each(*suite, 2, 4, answer_aes_256);
	groups_each(*suite, 2, 4, answer_aes_scalar);
	groups_each(*suite, 2, 4, answer_aes_rounds);
}

static void test_ghash(void **suite)
{
	groups_each(*suite, 2, 4, answer_ghash);
}

static void test_sha2(void **suite)
{
	groups_each(*suite, 2, 4, answer_sha256);
	groups_each(*suite, 3, 4, answer_sha512);
}

static void test_sm4(void **suite)
{
	groups_each(*suite, 2, 4, answer_sm4);
	groups_each(*suite, 2, 4, answer_sm4_scalar);
}

static void test_sm3(void **suite)
{
	groups_each(*suite, 2, 8, answer_sm3);
}

/*
 * Checks that no row of cryptography is left out; ../test_vector_elements.c and ../../fpu test all
 * others.
 */
static void test_complete(void **suite)
{
	for (unsigned op = 0; op < OP_COUNT; op++)
		if ((isa_ops[op].class == CLASS_VCRYPTO) !=
		    (groups_executed(*suite, (enum op)op) > 0))
			fail_msg("%s has no answer", isa_ops[op].name);
	assert_in_range(groups_ones(*suite), 1000, UINT64_MAX);
}

int main(void)
{
	struct groups_suite *suite = groups_suite_create();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_aes, suite),
		cmocka_unit_test_prestate(test_ghash, suite),
		cmocka_unit_test_prestate(test_sha2, suite),
		cmocka_unit_test_prestate(test_sm4, suite),
		cmocka_unit_test_prestate(test_sm3, suite),
		cmocka_unit_test_prestate(test_complete, suite),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	groups_suite_free(suite);
	return failed;
}
