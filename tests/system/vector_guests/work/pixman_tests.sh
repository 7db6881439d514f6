#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs those of pixman's own tests that use its code for vectors, which is that of formats and
# operators with floating point. `composite` has millions of cases, of which an argument selects
# one.

cd /vectors/pixman || exit 1
failed=
try() {
	"$@" >/tmp/said 2>&1 || {
		failed="$failed $*"
		cat /tmp/said
	}
}

for each in alphamap combiner-test pdf-op-test pixel-test rotate-test matrix-test; do
	try ./$each
	echo "$each ended"
done
case=0
while [ $case -lt 1500 ]; do
	case=$((case + 1))
	try ./composite $case
done
[ -z "$failed" ] && echo "all passed"
