#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checks see what they are for: each is given text that breaks its rule, and text that does
not."""

import unittest

import check_includes
import check_rules
import source

LONG = "static int long_one(int a,\n\t\t    int b)\n{\n" + "\tx();\n" * 58 + "}\n"
GOOD = "/* SPDX-License-Identifier: MIT */\n/* What it owns. */\nint f(void)\n{\n\treturn 0;\n}\n"


class Functions(unittest.TestCase):
    def test_length(self):
        function, = source.functions(LONG)
        self.assertEqual((function.name, function.first, function.last), ("long_one", 1, 62))
        self.assertEqual(function.parameters, 2)

    def test_parameters(self):
        text = "void f(int (*g)(int, int), char c)\n{\n}\nvoid h(void)\n{\n}\n"
        self.assertEqual([f.parameters for f in source.functions(text)], [2, 0])

    def test_data_is_no_function(self):
        text = 'static const int a[] = {\n\t1,\n};\nstruct s\n{\n\tint x;\n};\n'
        self.assertEqual(source.functions(text), [])

    def test_comments_and_strings(self):
        self.assertEqual(source.bare('a /* b\nc */ "d\\"e" f'), 'a     \n     "    " f')


class Rules(unittest.TestCase):
    def problems(self, name, text):
        return [why for check in (check_rules.check_text, check_rules.check_bare)
                for _, why in check(name, text)]

    def test_good(self):
        self.assertEqual(self.problems("cpu/x.c", GOOD), [])

    def test_each_rule(self):
        body = GOOD.replace("return 0;", "{}")
        cases = (
            ("cpu/x.c", body.replace("{}", 'printf("x");')),
            ("devices/x.c", body.replace("{}", "exit(1);")),
            ("bus/x.c", body.replace("{}", "strcpy(a, b);")),
            ("bus/x.c", body.replace("{}", "x = rand();")),
            ("bus/x.c", body.replace("\t{}", "#ifdef A\n\t;\n#endif")),
            ("bus/x.c", GOOD + "typedef struct x {\n\tint y;\n} z;\n"),
            ("bus/x.c", GOOD + "/* TO" + "DO: more */\n"),
            ("bus/x.c", GOOD + "int a; \n"),
            ("bus/x.c", GOOD.replace("\treturn", "        return")),
            ("bus/x.c", GOOD[1:]),
            ("bus/x.c", GOOD + "\n"),
            ("cpu/sem/x.inc", GOOD + "SEM(x, h->cycle++)\n"),
        )
        for name, text in cases:
            with self.subTest(text=text):
                self.assertTrue(self.problems(name, text))


class Includes(unittest.TestCase):
    def test_rings(self):
        for name, target, answer in (
                ("bus/x.c", "bus/y.h", True), ("bus/x.c", "cpu/y.h", False),
                ("cpu/x.c", "bus/y.h", True), ("cpu/x.c", "devices/y.h", False),
                ("devices/x.c", "bus/y.h", True), ("devices/x.c", "cpu/y.h", False),
                ("devices/x.c", "devices/board/board.h", False),
                ("devices/board/board.c", "cpu/y.h", True),
                ("devices/board/tree.c", "devices/board/parts.h", True),
                ("frontends/x.c", "devices/board/board.h", True),
                ("frontends/x.c", "devices/uart.h", False), ("frontends/x.c", "cpu/y.h", False),
                ("firmware/x.c", "devices/memmap.h", True), ("firmware/x.c", "bus/y.h", False)):
            self.assertEqual(check_includes.allowed(name, target), answer, (name, target))


if __name__ == "__main__":
    unittest.main()
