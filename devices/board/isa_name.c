/* SPDX-License-Identifier: MIT */
/*
 * Parses ISA strings and profile flags (see isa_name.h). This file does not know what extensions
 * require: each name becomes an item of -cpu, which cpu/isa/model.c checks.
 */
#include "devices/board/isa_name.h"

#include "bus/output.h"
#include "cpu/isa/ext.h"
#include "cpu/isa/model.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_SIZE 64
#define VLEN_ALWAYS 128 /* V alone implies this length */

/*
 * The possible beginnings of a string, each with the model that it stands for, or with the reason
 * why no hart has it.
 */
static const struct start {
	const char *begins;
	unsigned taken; /* how many of its letters are consumed; the rest are extensions */
	const char *model, *refused;
} starts[] = {
	{ "rv64i", 5, "rv64i", NULL },
	{ "rv64g", 4, "rv64i", NULL },
	{ "rv64e", 5, NULL, "no hart has the base E; give rv64i" },
	{ "rv32", 4, NULL, "harts have 64 bits; give rv64" },
	{ "rv128", 5, NULL, "harts have 64 bits; give rv64" },
};

/*
 * Versions of the privileged architecture, which profiles name. Harts have version 1.13, which
 * contains the others.
 */
static const char *const privileged[] = { "sm1p11", "sm1p12", "sm1p13",
					  "ss1p11", "ss1p12", "ss1p13" };

struct isa_name {
	const char *at; /* the rest of the string, up to `end` */
	const char *end;
	const char *whole;
	FILE *out;
	unsigned vlen;
	struct board_error *error;
};

static int isa_fail(const struct isa_name *isa, const char *text)
{
	snprintf(isa->error->text, sizeof(isa->error->text), "-cpu: '%.*s': %s",
		 (int)MIN(isa->end - isa->whole, 200), isa->whole, text);
	isa->error->exit_code = 2;
	return -EINVAL;
}

static char letter_at(const struct isa_name *isa, const char *at)
{
	return at < isa->end ? (char)tolower((unsigned char)*at) : 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_extension(const char *name, size_t size)
{
	for (unsigned n = 0; ext_name(n); n++)
		if (strlen(ext_name(n)) == size && !strncmp(ext_name(n), name, size))
			return true;
	return false;
}

/* Returns the length of the text if the text is a version, such as 2p1 or 2; else 0. */
static size_t version_size(const char *text)
{
	size_t size = strspn(text, "0123456789");

	if (size && text[size] == 'p' && is_digit(text[size + 1]))
		size += 1 + strspn(text + size + 1, "0123456789");
	return text[size] ? 0 : size;
}

/*
 * Cuts the version off a name. The names of some extensions end in digits (Sv39), so the longest
 * beginning that is the name of an extension is kept. If there is none, everything that can be a
 * version is cut.
 */
static void cut_version(char *name)
{
	size_t size = strlen(name), shortest = size;

	for (size_t n = size; n > 1; n--) {
		if (n < size && !version_size(name + n))
			continue;
		if (is_extension(name, n)) {
			name[n] = 0;
			return;
		}
		if (!is_digit(name[n - 1]))
			shortest = n;
	}
	name[shortest] = 0;
}

static bool is_privileged(const char *name)
{
	for (unsigned n = 0; n < ARRAY_SIZE(privileged); n++)
		if (!strcmp(name, privileged[n]))
			return true;
	return false;
}

/* Consumes a name of several letters, which ends at an underscore. */
static void take_name(struct isa_name *isa)
{
	char name[NAME_MAX_SIZE];
	size_t size = 0;
	unsigned bits, used = 0;

	for (; isa->at < isa->end && *isa->at != '_'; isa->at++)
		if (size < sizeof(name) - 1)
			name[size++] = letter_at(isa, isa->at);
	name[size] = 0;
	if (is_privileged(name))
		return;
	cut_version(name);
	if (sscanf(name, "zvl%ub%n", &bits, &used) == 1 && used == strlen(name))
		isa->vlen = MAX(isa->vlen, bits);
	else
		fprintf(isa->out, ",%s=on", name);
}

static void skip_version(struct isa_name *isa)
{
	size_t size = strspn(isa->at, "0123456789");

	if (size && letter_at(isa, isa->at + size) == 'p' && is_digit(isa->at[size + 1]))
		size += 1 + strspn(isa->at + size + 1, "0123456789");
	isa->at += size;
}

/*
 * Consumes an extension of one letter. Drafts of V are refused: in them, as in version 0.7 of
 * T-Head's cores, the same encodings mean other instructions than in V 1.0.
 */
static int take_letter(struct isa_name *isa)
{
	char letter = letter_at(isa, isa->at++);

	if (letter == 'v' && letter_at(isa, isa->at) == '0')
		return isa_fail(isa, "harts have V 1.0, and no draft of it; give v");
	fprintf(isa->out, ",%c=on", letter);
	skip_version(isa);
	return 0;
}

/*
 * Returns whether a name of several letters begins here. S and U were extensions of one letter in
 * the past, and are still in riscof's strings: RV64IMAFDCSUZicsr.
 */
static bool is_long_name(const struct isa_name *isa)
{
	char first = letter_at(isa, isa->at), next = letter_at(isa, isa->at + 1);
	const char *end = memchr(isa->at, '_', (size_t)(isa->end - isa->at));
	char name[NAME_MAX_SIZE];

	if (first == 'z' || first == 'x')
		return true;
	if (first != 's')
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)((end ? end : isa->end) - isa->at), isa->at);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	cut_version(name);
	return is_extension(name, strlen(name)) ? name[1] : next && !strchr("_uzx", next);
}

static int take_extensions(struct isa_name *isa)
{
	bool parted = true; /* an extension of one letter may follow */

	while (isa->at < isa->end) {
		char c = letter_at(isa, isa->at);

		if (c == '_') {
			isa->at++;
			parted = true;
			c = letter_at(isa, isa->at);
		}
		if (!parted || !isalpha((unsigned char)c))
			return isa_fail(isa, "an ISA string is rv64i or rv64g, letters, and names "
					     "with _ between them, as rv64imafdcv_zba_zbb");
		if (is_long_name(isa)) {
			take_name(isa);
			parted = false;
		} else if (take_letter(isa)) {
			return -EINVAL;
		}
	}
	return 0;
}

/* Consumes the beginning. Returns 1 if the text is not an ISA string. */
static int take_start(struct isa_name *isa)
{
	const char *underscore = memchr(isa->at, '_', (size_t)(isa->end - isa->at));
	char model[NAME_MAX_SIZE];

	snprintf(model, sizeof(model), "%.*s", (int)(isa->end - isa->at), isa->at);
	if (!ext_is_empty(model_extensions(model)))
		return 1;
	for (unsigned n = 0; n < ARRAY_SIZE(starts); n++) {
		if (strncasecmp(isa->at, starts[n].begins, strlen(starts[n].begins)))
			continue;
		if (starts[n].refused)
			return isa_fail(isa, starts[n].refused);
		fputs(starts[n].model, isa->out);
		isa->at += starts[n].taken;
		skip_version(isa);
		return 0;
	}
	if (!underscore || strncasecmp(isa->at, "rv", 2))
		return 1;
	snprintf(model, sizeof(model), "%.*s", (int)(underscore - isa->at), isa->at);
	if (ext_is_empty(model_extensions(model)) || model_is_max(model))
		return 1;
	fputs(model, isa->out);
	isa->at = underscore;
	return 0;
}

/*
 * Returns what a profile makes mandatory. Its model has more, which ISA strings do not name: the
 * privileged architecture if it is a profile for U-mode (rva22u64), and PMP. What M, A, C, V and
 * Zvbb contain goes and comes with them, so that m=on after rva22u64=off is no contradiction. B
 * comes with its parts, so that zba=off after rva22u64=on is none.
 */
static struct ext_set mandatory(const char *profile)
{
	const struct ext_set modes = EXT_SET(EXT_s, EXT_svbare, EXT_sv39, EXT_svade, EXT_zifencei);
	const struct ext_set more = EXT_SET(EXT_i, EXT_pmp, EXT_b, EXT_zmmul, EXT_zaamo, EXT_zalrsc,
					    EXT_zca, EXT_zcd, EXT_zve32f, EXT_zve32x, EXT_zve64d,
					    EXT_zve64f, EXT_zve64x, EXT_zvkb);
	struct ext_set set = ext_minus(model_extensions(profile), more);

	return strchr("uU", profile[strlen("rva22")]) ? ext_minus(set, modes) : set;
}

static bool is_profile(const char *name)
{
	static const char *const families[] = { "rva", "rvb", "rvi" };

	for (unsigned n = 0; n < ARRAY_SIZE(families); n++)
		if (!strncasecmp(name, families[n], strlen(families[n])))
			return !ext_is_empty(model_extensions(name));
	return false;
}

/* Copies an item, or writes the extensions for which it stands if it is a profile flag of QEMU. */
static int take_item(struct isa_name *isa, const char *item)
{
	const char *equals = strchr(item, '=');
	int on = equals ? model_switch(equals + 1) : 1;
	char name[NAME_MAX_SIZE];
	struct ext_set set;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(item, "="), item);
	if (!is_profile(name)) {
		fprintf(isa->out, ",%s", item);
		return 0;
	}
	if (on < 0) {
		snprintf(isa->error->text, sizeof(isa->error->text),
			 "-cpu: '%.64s' is not accepted; accepted: on, off", item);
		isa->error->exit_code = 2;
		return -EINVAL;
	}
	set = mandatory(name);
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (ext_has(set, ext))
			fprintf(isa->out, ",%s=%s", ext_name(ext), on ? "on" : "off");
	return 0;
}

/* Replaces the flags of profiles among the items after the model. */
static int take_items(struct isa_name *isa)
{
	int failed = 0;

	for (const char *at = isa->end; *at && !failed;) {
		char *item = strndup(at + 1, strcspn(at + 1, ","));

		if (!item)
			return board_error_memory(isa->error);
		at += 1 + strlen(item);
		failed = take_item(isa, item);
		free(item);
	}
	return failed;
}

char *isa_name_expand(const char *cpu, unsigned *vlen, struct board_error *error)
{
	struct isa_name isa = {
		.at = cpu, .whole = cpu, .end = cpu + strcspn(cpu, ","), .error = error,
	};
	char *text = NULL;
	size_t size;
	int failed;

	isa.out = open_memstream(&text, &size);
	if (!isa.out) {
		board_error_memory(error);
		return NULL;
	}
	failed = take_start(&isa);
	if (failed > 0)
		fprintf(isa.out, "%.*s", (int)(isa.end - cpu), cpu);
	else if (!failed)
		failed = take_extensions(&isa);
	if (failed >= 0)
		failed = take_items(&isa);
	*vlen = isa.vlen > VLEN_ALWAYS ? isa.vlen : 0;
	if (output_end_text(isa.out, &text))
		failed = board_error_memory(error);
	if (!failed)
		return text;
	free(text);
	return NULL;
}
