#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the clips that the decoders read, in /vectors/clips, and compiles the modules that NumPy's
# tests import, as the disk is read-only later. It runs once, on a machine without vectors.

set -e
mkdir -p /vectors/clips
cd /vectors/clips
picture="-f lavfi -i testsrc2=size=176x144:rate=10:duration=1"
sound="-f lavfi -i sine=frequency=440:beep_factor=4:duration=1"
make() {
	ffmpeg -nostdin -v error -y "$@"
}

# shellcheck disable=SC2086 # lists
{
	make $picture -c:v mpeg2video -b:v 400k -bf 2 mpeg2.mpg
	make $picture -c:v mpeg4 -b:v 300k -bf 2 mpeg4.avi
	make $picture -c:v h263p -b:v 300k h263.avi
	make $picture -c:v libx264 -preset medium -crf 28 h264.mkv
	make $picture -c:v libx264 -preset veryfast -pix_fmt yuv420p10le -crf 28 h264_10.mkv
	make $picture -c:v libvpx -b:v 300k -cpu-used 8 -deadline realtime vp8.webm
	make $picture -c:v libvpx-vp9 -b:v 300k -cpu-used 8 -deadline realtime vp9.webm
	make $picture -c:v ffv1 ffv1.mkv
	make $picture -c:v huffyuv huffyuv.avi
	make $picture -c:v utvideo utvideo.avi
	make $picture -c:v libaom-av1 -cpu-used 8 -usage realtime -crf 40 av1.ivf
	make -f lavfi -i testsrc2=size=128x96:rate=10:duration=0.5 -c:v libaom-av1 -cpu-used 8 \
		-pix_fmt yuv420p10le -crf 40 av1_10.ivf
	make $sound -c:a flac sound.flac
	make $sound -c:a alac sound.m4a
	make $sound -c:a wmav2 sound.wma
}
ls
modules=/usr/lib/python3/dist-packages
[ ! -d $modules/_pytest ] || python3 -m compileall -q $modules /usr/lib/python3.*
