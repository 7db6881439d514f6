#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs ggml's own tests, limited to a part that takes two minutes. On a machine with vectors the
# program loads the backend for them first, and computes its reference results with it.
# GGML_BACKEND_PATH adds the one for RV64GC. So the first backend is compared with itself in
# reference mode, and then the second with the first. Types like IQ2_XXS are left out, as making
# their weights takes minutes. With vectors, products of rows of IQ4_NL ignore the last of an odd
# number of blocks, in QEMU, too; so FLASH_ATTN_EXT runs without that type.
GGML_BACKEND_PATH=/usr/lib/riscv64-linux-gnu/ggml/backends0/libggml-cpu-riscv64_0.so
export GGML_BACKEND_PATH
folder=/usr/libexec/riscv64-linux-gnu/ggml
types='(f32|f16|bf16|q[2-8].*|tq.*|mxfp4|iq4_.*)'
bad=0

# Runs a test; prints failures, and the number of passed tests of each of the two backends.
try() {
	"$folder/test-backend-ops" test -b CPU -o "$1" -p "$2" >/tmp/tests 2>&1 &&
		[ "$(grep -c '[1-9][0-9]* tests passed' /tmp/tests)" = 2 ] || bad=$((bad + 1))
	echo "$1:"
	grep -e FAIL -e 'tests passed' /tmp/tests
}

try MUL_MAT "type_a=$types,.*m=16,n=[19],k=256,bs=\[1,1\],nr=\[1,1\],per=\[0,1,2,3\],k_v=0,o=1,"
try MUL_MAT_ID "type_a=$types,.*n_mats=8,n_used=4,b=1,m=512,n=4,k=256,"
try OUT_PROD "type_a=$types,.*m=256,n=16,k=16,bs=\[1,1\],nr=\[1,1\],trans_b=0"
try FLASH_ATTN_EXT 'hsk=72,hsv=72,nh=4,nr23=\[1,1\],kv=113,nb=3,mask=1,sinks=1,.*type_K=[bfq]'
try GET_ROWS "type=$types,n=256,m=5,r=4,be1=1,be2=1,v=0"
try SET_ROWS "type_dst=$types,.*ne=\[256,5,1,3\]"
try CPY "type_src=$types,type_dst=$types,ne_src=\[256,2,3,4\]"
try SOFT_MAX 'ne=\[1[56],1[56],1,1\]'
try ADD,SUB,MUL,DIV 'ne=\[(10|16),5,[14],[13]\]'
try NORM,RMS_NORM,L2_NORM,GROUP_NORM .
try SILU,GELU,EXP,TANH,SIGMOID,SWIGLU,GEGLU .
try SUM,SUM_ROWS,MEAN,SCALE,CUMSUM .
try SSM_CONV,RWKV_WKV6 'ne_a=\[[34],1024,1|head_size=64'
for each in test-alloc test-gguf; do
	"$folder/$each" >/tmp/tests 2>&1 || bad=$((bad + 1))
	echo "$each: $(tail -n 1 /tmp/tests)"
done
echo "$bad failed"
exit $bad
