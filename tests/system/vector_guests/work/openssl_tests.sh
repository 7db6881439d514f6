#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs OpenSSL's own tests of ciphers, authentication codes and digests.

cd /vectors/openssl || exit 1
failed=
for file in evpciph_*.txt evpmac_*.txt evpmd_*.txt; do
	./evp_test "$file" >/tmp/said 2>&1 || failed="$failed $file"
	echo "$file: $(grep Completed /tmp/said)"
done
[ -z "$failed" ] && echo "all passed"
