#!/bin/sh
# SPDX-License-Identifier: MIT
# SLEEF's own tests of its functions that have the same results everywhere: sums of these results, by
# groups of one and of two registers, with fused multiplication and without.

cd /vectors/sleef || exit 1
failed=
try() {
	"./tester3$1" "$2" >/tmp/said 2>&1 || {
		failed="$failed $1"
		cat /tmp/said
	}
	echo "$1: $(wc -l <"$2") sums"
}

try rvvm1 hash_finz.txt
try rvvm2 hash_finz.txt
try rvvm1nofma hash_cinz.txt
try rvvm2nofma hash_cinz.txt
[ -z "$failed" ] && echo "all passed"
