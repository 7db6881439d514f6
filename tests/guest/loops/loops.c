/* SPDX-License-Identifier: MIT */
/* Makes functions of loops.def, and their table, named LOOPS: scalar_loops or vector_loops. */
#include "loops.h"

#define LOOP static __attribute__((noinline)) void
#define OPERANDS(t)                                                                                \
	t *restrict d, const t *restrict a, const t *restrict b, const u32 *restrict c, s64 n

/* Defines the function of a row for the type t; u is U, and w is W. */
#define EACH(name, t, u, w, statement)                                                             \
	LOOP name##_##t(OPERANDS(t))                                                               \
	{                                                                                          \
		typedef t T;                                                                       \
		typedef u U __attribute__((unused));                                               \
		typedef w W __attribute__((unused));                                               \
		enum { BITS = 8 * sizeof(T) };                                                     \
		(void)c;                                                                           \
		(void)BITS;                                                                        \
		for (s64 i = 0; i < n; i++) {                                                      \
			T x = a[i], y = b[i];                                                      \
			(void)x;                                                                   \
			(void)y;                                                                   \
			statement;                                                                 \
		}                                                                                  \
	}

#define EACH_FOLD(name, t, u, start, statement)                                                    \
	LOOP name##_##t(OPERANDS(t))                                                               \
	{                                                                                          \
		typedef t T;                                                                       \
		typedef u U __attribute__((unused));                                               \
		T r = (T)(start);                                                                  \
		(void)c;                                                                           \
		for (s64 i = 0; i < n; i++) {                                                      \
			T x = a[i], y = b[i];                                                      \
			(void)y;                                                                   \
			statement;                                                                 \
		}                                                                                  \
		d[0] = r;                                                                          \
	}

#define SIGNED(name, ...)                                                                          \
	EACH(name, s8, u8, s32, __VA_ARGS__)                                                       \
	EACH(name, s16, u16, s32, __VA_ARGS__)                                                     \
	EACH(name, s32, u32, s64, __VA_ARGS__)                                                     \
	EACH(name, s64, u64, __int128, __VA_ARGS__)
#define INTEGER(name, ...)                                                                         \
	SIGNED(name, __VA_ARGS__)                                                                  \
	EACH(name, u8, u8, s32, __VA_ARGS__)                                                       \
	EACH(name, u16, u16, s64, __VA_ARGS__)                                                     \
	EACH(name, u32, u32, __int128, __VA_ARGS__)                                                \
	EACH(name, u64, u64, unsigned __int128, __VA_ARGS__)
/* Half precision is for compilers that support it. */
#ifdef HALF
#define EACH_HALF(name, ...) EACH(name, f16, f16, f16, __VA_ARGS__)
#define FOLD_HALF(name, start, ...) EACH_FOLD(name, f16, f16, start, __VA_ARGS__)
#define ROW_HALF(name) ROW(name##_f16, f16)
#else
#define EACH_HALF(name, ...)
#define FOLD_HALF(name, start, ...)
#define ROW_HALF(name)
#endif
#define FUSED(x, y, z) (sizeof(T) <= 4 ? (T)__builtin_fmaf(x, y, z) : (T)__builtin_fma(x, y, z))
#define ROOT(x) (sizeof(T) <= 4 ? (T)__builtin_sqrtf(x) : (T)__builtin_sqrt(x))
#define FLOAT(name, ...)                                                                           \
	EACH_HALF(name, __VA_ARGS__)                                                               \
	EACH(name, f32, f32, f32, __VA_ARGS__)                                                     \
	EACH(name, f64, f64, f64, __VA_ARGS__)
#define FOLD(name, start, ...)                                                                     \
	EACH_FOLD(name, u8, u8, start, __VA_ARGS__)                                                \
	EACH_FOLD(name, s8, u8, start, __VA_ARGS__)                                                \
	EACH_FOLD(name, u16, u16, start, __VA_ARGS__)                                              \
	EACH_FOLD(name, s16, u16, start, __VA_ARGS__)                                              \
	EACH_FOLD(name, u32, u32, start, __VA_ARGS__)                                              \
	EACH_FOLD(name, s32, u32, start, __VA_ARGS__)                                              \
	EACH_FOLD(name, u64, u64, start, __VA_ARGS__)                                              \
	EACH_FOLD(name, s64, u64, start, __VA_ARGS__)
#define FOLD_FLOAT(name, start, ...)                                                               \
	FOLD_HALF(fold_##name, start, __VA_ARGS__)                                                 \
	EACH_FOLD(fold_##name, f32, f32, start, __VA_ARGS__)                                       \
	EACH_FOLD(fold_##name, f64, f64, start, __VA_ARGS__)
#define CONVERT(from, to)                                                                          \
	LOOP from##_to_##to(to *restrict d, const from *restrict a, const from *restrict b,        \
			    const u32 *restrict c, s64 n)                                          \
	{                                                                                          \
		(void)b;                                                                           \
		(void)c;                                                                           \
		for (s64 i = 0; i < n; i++)                                                        \
			d[i] = (to)a[i];                                                           \
	}
#define BYTES(name, ...)                                                                           \
	LOOP name##_bytes(OPERANDS(u8))                                                            \
	{                                                                                          \
		(void)b;                                                                           \
		(void)c;                                                                           \
		__VA_ARGS__;                                                                       \
	}
#include "loops.def"

#define ROW(name, t) { #name, (loop_fn *)name, sizeof(t), (t)0.5 != 0 },
#define SIGNED(name, ...)                                                                          \
	ROW(name##_s8, s8) ROW(name##_s16, s16) ROW(name##_s32, s32) ROW(name##_s64, s64)
#define INTEGER(name, ...)                                                                         \
	SIGNED(name, )                                                                             \
	ROW(name##_u8, u8) ROW(name##_u16, u16) ROW(name##_u32, u32) ROW(name##_u64, u64)
#define FLOAT(name, ...) ROW_HALF(name) ROW(name##_f32, f32) ROW(name##_f64, f64)
#define FOLD(name, ...) INTEGER(name, )
#define FOLD_FLOAT(name, ...) FLOAT(fold_##name, )
#define CONVERT(from, to) ROW(from##_to_##to, from)
#define BYTES(name, ...) ROW(name##_bytes, u8)
const struct loop LOOPS[] = {
#include "loops.def"
	{ 0 },
};
