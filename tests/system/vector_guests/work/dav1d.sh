#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints checksums of the clips that dav1d decodes, with and without film grain.

for clip in /vectors/clips/*.ivf; do
	for grain in 0 1; do
		dav1d -q --threads 1 --filmgrain $grain "$@" -i "$clip" --muxer md5 -o -
	done
done
