/* SPDX-License-Identifier: MIT */
/* -vnc, -display vnc= and -object secret: where viewers come and what they are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "frontends/options.h"

#define WORDS_MAX 8

/* What is wrong with it, or "". Words are separated by blanks. */
static const char *parse(struct options *options, const char *text)
{
	static char copy[256], *words[WORDS_MAX];
	static struct board_error error;
	char *rest = NULL;
	int count = 0;

	error = (struct board_error){ 0 };
	snprintf(copy, sizeof(copy), "baya %s", text);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	options_parse(options, count, words, &error);
	return error.text;
}

/* Viewers come to this host alone, unless another address is named. */
static void test_vnc(void **state)
{
	static const struct {
		const char *text, *host, *port, *path;
		bool locked;
	} cases[] = {
		{ "-vnc :1", "127.0.0.1", "5901", NULL, false },
		{ "-display vnc=:0,password=on", "127.0.0.1", "5900", NULL, true },
		{ "-vnc 0.0.0.0:7,password", "0.0.0.0", "5907", NULL, true },
		{ "-vnc [::1]:99", "::1", "5999", NULL, false },
		{ "-vnc unix:/tmp/screen", NULL, NULL, "/tmp/screen", false },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct options options;
		const struct display_options *display = &options.display;

		assert_string_equal(parse(&options, cases[i].text), "");
		assert_int_equal(display->kind, DISPLAY_VNC);
		assert_int_equal(options.board.device_count, 3);
		assert_int_equal(display->locked, cases[i].locked);
		if (cases[i].path) {
			assert_string_equal(display->vnc.path, cases[i].path);
		} else {
			assert_string_equal(display->vnc.host, cases[i].host);
			assert_string_equal(display->vnc.port, cases[i].port);
		}
		options_free(&options);
	}
}

/* A password comes from a file, without the end of its line. */
static void test_secret(void **state)
{
	static const struct {
		const char *content, *answer;
	} cases[] = {
		{ "weaver\n", "" },
		{ "weavers8", "" },
		{ "", "there is nothing in it" },
		{ "\n", "there is nothing in it" },
		{ "weaverbird\n", "VNC's passwords have up to 8 characters" },
	};
	char path[] = "/tmp/baya-test-secret.XXXXXX", line[128];
	int fd = mkstemp(path);

	(void)state;
	snprintf(line, sizeof(line), "-vnc :1,password-secret=s -object secret,id=s,file=%s",
		 path);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct options options;
		const char *answer;
		size_t size = strlen(cases[i].content);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, cases[i].content, size, 0), size);
		answer = parse(&options, line);
		assert_non_null(strstr(answer, cases[i].answer));
		assert_int_equal(!*answer, options.display.password != NULL);
		if (!*answer)
			assert_int_equal(strcspn(cases[i].content, "\n"),
					 strlen(options.display.password));
		options_free(&options);
	}
	unlink(path);
	close(fd);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *answer;
	} cases[] = {
		{ "-display vnc", "-display: vnc needs a place: vnc=:N (port 5900 + N)" },
		{ "-vnc x", "-display vnc: 'x' is not accepted; accepted: [HOST]:N (port 5900 + "
			    "N), unix:PATH" },
		{ "-vnc :59636", "-display vnc: ':59636' is not accepted; accepted: [HOST]:N "
				 "(port 5900 + N), unix:PATH" },
		{ "-vnc :1,password-secret=s", "-display vnc: password-secret=s: no -object "
					       "secret has this id" },
		{ "-object secret,id=s,data=x", "-object secret: no parameter 'data', nearest is "
						"'id'; accepted: id, file" },
		{ "-object secret,id=s", "-object secret: needs id=ID and file=FILE (on a command "
					 "line it would be none)" },
		{ "-vnc :1,password-secret=s -object secret,id=s,file=/nowhere",
		  "-object secret: '/nowhere': No such file or directory" },
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct options options;

		assert_string_equal(parse(&options, cases[i].text), cases[i].answer);
		options_free(&options);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vnc),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
