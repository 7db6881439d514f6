/* SPDX-License-Identifier: MIT */
/*
 * Tests sharing in a sandbox (seccomp(2)) that refuses openat2 with EPERM, as container runtimes
 * did for years.
 */
#include "devices/share/share.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/cmocka.h"

static void refuse_openat2(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { ARRAY_SIZE(filter), filter };

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		skip();
}

static void test_refused_openat2(void **state)
{
	const struct share_config config = { .path = ".", .descriptors = 100 };
	struct share *share;

	assert_int_equal(share_open(&share, &config), 0);
	share_close(share);
	refuse_openat2();
	assert_int_equal(share_open(&share, &config), -ENOSYS);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_refused_openat2),
	{ 0 },
};
