#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs NumPy's own tests of its loops, some of which use vectors. One test of clip is left out, as
# Hypothesis reports a failure if making six inputs takes a second, and the tests of special
# numbers, as there are 3421 of them.

cd /usr/lib/python3/dist-packages/numpy/_core/tests &&
	exec python3 -m pytest -q --assert=plain -p no:cacheprovider -m 'not slow' \
		-k 'not test_clip_property and not TestSpecialFloats' test_umath.py \
		test_umath_accuracy.py test_umath_complex.py test_half.py \
		test_ufunc.py::TestUfunc test_numeric.py::TestClip \
		test_numeric.py::TestBoolArray test_numeric.py::TestBoolCmp \
		test_numeric.py::TestFloatExceptions test_numeric.py::TestNonzero
