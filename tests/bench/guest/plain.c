/* SPDX-License-Identifier: MIT */
/* Has the main() of the benchmarks that stay in M-mode. */
#include "bench.h"

int main(void)
{
	return bench_run();
}
