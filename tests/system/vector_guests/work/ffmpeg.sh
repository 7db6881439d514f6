#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints checksums of each frame that FFmpeg's decoders and filters make of the clips. Only those
# are used whose results FFmpeg promises to be bit-exact on all machines.

inputs= maps= number=0
for clip in /vectors/clips/*; do
	case $clip in *.ivf | *.wma) continue ;; esac
	case $clip in *.flac | *.m4a) idct= ;; *) idct="-idct simple" ;; esac
	inputs="$inputs -flags bitexact $idct -i $clip"
	maps="$maps -map $number"
	number=$((number + 1))
done
# shellcheck disable=SC2086 # lists
ffmpeg -nostdin -v error -threads 1 $inputs $maps -f framemd5 - | grep -v '^#'

ffmpeg -nostdin -v error -threads 1 -sws_flags bitexact+accurate_rnd \
	-f lavfi -i testsrc2=size=176x144:rate=4:duration=1 -filter_complex "
	split=8[a][b][c][d][e][f][g][h]; [a]hflip,split[mirrored][b2]; [b]negate[negative];
	[c][b2]blend=all_mode=average[mixed]; [d]scale=96:80:flags=bitexact+accurate_rnd+bicubic[small];
	[e]format=rgb24[rgb]; [f]format=nv12[nv12]; [g]yadif[fields]; [h]unsharp[sharp]" \
	-map '[mirrored]' -map '[negative]' -map '[mixed]' -map '[small]' -map '[rgb]' -map '[nv12]' \
	-map '[fields]' -map '[sharp]' -f framemd5 - | grep -v '^#'
