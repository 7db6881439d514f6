#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the test programs of BLAS, of levels 1 to 3 in Fortran and of level 1 in C (the others in C
# need symbols of the reference BLAS), with OpenBLAS in place of BLAS; then matrix products by
# NumPy.

tests=/usr/lib/riscv64-linux-gnu/blas
mkdir -p /tmp/blas && cd /tmp/blas || exit 1
for type in s d c z; do
	for name in xblat1$type xblat2$type xblat3$type x${type}cblat1; do
		input=/dev/null
		case $name in
		xblat[23]*) input=$tests/${type}blat$(echo "$name" | tr -dc 0-9).in ;;
		esac
		rm -f ./*
		$tests/$name <$input >said 2>&1
		echo "$name $? $(cat ./* | grep -c PASS) passed"
		grep -hiE 'FAIL|ERROR|SUSPECT|FATAL' ./* | grep -viE 'ERROR.EXITS|TEST ERROR|ERROR-EXITS' |
			head -n 5
	done
done
exec python3 /vectors/matrices.py
