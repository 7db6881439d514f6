/* SPDX-License-Identifier: MIT */
/* The extensions that belong to the vector unit, for sets of extensions with or without it. */
#ifndef TESTS_CPU_VECTOR_NAMES_H
#define TESTS_CPU_VECTOR_NAMES_H

#define VECTOR_EXTENSIONS									   \
	EXT_v, EXT_zvbb, EXT_zvbc, EXT_zve32f, EXT_zve32x, EXT_zve64d, EXT_zve64f, EXT_zve64x,	   \
		EXT_zvfbfmin, EXT_zvfbfwma, EXT_zvfh, EXT_zvfhmin, EXT_zvkb, EXT_zvkg, EXT_zvkn,   \
		EXT_zvknc, EXT_zvkned, EXT_zvkng, EXT_zvknha, EXT_zvknhb, EXT_zvks, EXT_zvksc,	   \
		EXT_zvksed, EXT_zvksg, EXT_zvksh, EXT_zvkt

#endif
