#!/bin/sh
# SPDX-License-Identifier: MIT
# Checksums of what dav1d decodes, by what the machine has and by scalars alone.

for clip in /vectors/clips/*.ivf; do
	for grain in 0 1; do
		dav1d -q --threads 1 --filmgrain $grain "$@" -i "$clip" --muxer md5 -o -
	done
done
