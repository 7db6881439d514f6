#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests the style checks: each is given text that breaks its rule, and text that does not."""

import unittest

import check_docs
import check_includes
import check_rules
import check_words
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

    def test_booleans(self):
        cases = ("struct x y[] = {\n\t{ .a = true, .b = false },\n\t{ 1, true },\n};\n",
                 "bool y[2] = { true, false };\n",
                 "bool y[][2] = {\n\t{ true, false },\n};\n",
                 "struct x y = { .a = b(true, false) };\n")
        for text in cases:
            with self.subTest(text=text):
                self.assertEqual(self.problems("bus/x.c", GOOD + text), [])

    def test_lists_of_tests(self):
        for rows, count in (("{ 0 }", 0), ("a(b),\n\t{ 0 },\n", 0), ("a(b)", 1),
                            ("{ 0 }, a(b)", 1), ("{ 0 }, a(b), { 0 }", 1), ("/* { 0 } */", 1),
                            ("cmocka_unit_test(a), cmocka_unit_test(b), { 0 }", 0),
                            ("cmocka_unit_test(a), cmocka_unit_test(a), { 0 }", 1)):
            text = GOOD + "const struct CMUnitTest unit_tests[] = { " + rows + " };\n"
            self.assertEqual(len(self.problems("tests/test_x.c", text)), count, rows)

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
            ("bus/x.c", GOOD + "struct x y = { false, true };\n"),
            ("bus/x.c", GOOD + "struct x y[] = {\n\t{ 1, true,\n\t  false },\n};\n"),
            ("bus/x.c", body.replace("{}", "*x = (struct x){ a, true, 3, false };")),
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
                ("devices/board/tree.c", "devices/board/machine.h", True),
                ("frontends/x.c", "devices/board/board.h", True),
                ("frontends/x.c", "devices/uart.h", False), ("frontends/x.c", "cpu/y.h", False),
                ("firmware/x.c", "devices/memmap.h", True), ("firmware/x.c", "bus/y.h", False)):
            self.assertEqual(check_includes.allowed(name, target), answer, (name, target))

    def test_layers(self):
        for name, target, answer in (
                ("cpu/mmu/x.c", "cpu/hart/y.h", True), ("cpu/isa/x.c", "cpu/mmu/y.h", False),
                ("cpu/timing/c906/lsu/x.c", "cpu/timing/c906/y.h", True),
                ("cpu/timing/c906/x.c", "cpu/timing/cva6/y.h", False),
                ("devices/virtio/gpu/x.c", "devices/pci/y.h", True),
                ("devices/block/x.c", "devices/virtio/y.h", False),
                ("frontends/net/guestfwd.c", "frontends/chardev/port_end.h", True)):
            self.assertEqual(check_includes.allowed(name, target), answer, (name, target))
        self.assertEqual(check_includes.table_problems(), [])

    def test_remedy(self):
        for name, target, word in (
                ("frontends/x.c", "devices/board/gpio.h", "PUBLIC"),
                ("cpu/isa/x.c", "cpu/mmu/y.h", "let cpu/isa include cpu/mmu in LAYERS"),
                ("bus/x.c", "cpu/y.h", "down only")):
            self.assertIn(word, check_includes.remedy(name, target))


class Docs(unittest.TestCase):
    PAGES = {"README.md": "# Top\n[a](docs/a.md#how-it-is)\n", "docs/a.md": "## How it is\n"}

    def links(self, text, name="README.md"):
        return list(check_docs.check_links(name, text, self.PAGES.__contains__,
                                           self.PAGES.__getitem__))

    def test_links(self):
        self.assertEqual(self.links(self.PAGES["README.md"]), [])
        two = "[up](../README.md#top) [w](http://x.org/y)\n"
        self.assertEqual(self.links(two, "docs/b.md"), [])
        for text in ("[a](docs/b.md)\n", "[a](docs/a.md#how)\n", "[here](#else)\n"):
            self.assertEqual(len(self.links(text)), 1, text)

    def test_paths(self):
        for text, count in (("`cpu/x.c` `bus/`", 0), ("`cpu/y.c`", 1), ("`cpu/*.c` cpu/y.c", 0)):
            found = check_docs.check_paths(text, {"cpu/x.c", "bus"}.__contains__)
            self.assertEqual(len(list(found)), count, text)

    def test_comments(self):
        for text, count in (("/* isa/x.c */", 0), ("/* cpu/isa/x.c,\n * y/z.c */", 0),
                            ("/* isa/y.c */", 1), ("isa/y.c", 0), ("/* (isa/\n * y.c) */", 0)):
            found = check_docs.check_comments("cpu/mmu/z.c", text, {"cpu/isa/x.c"}.__contains__)
            self.assertEqual(len(list(found)), count, text)

    def test_names(self):
        files = {"cpu/x.c": "void f(void)"}
        for text, count in (("`f` in `cpu/x.c`\n", 0), ("`f` (`cpu/x.c`)", 0), ("`f`\nin `cpu/x.c`", 0),
                            ("`g` in `cpu/x.c`", 1), ("`f` (`cpu/y.c`)", 1), ("`g`, `cpu/x.c`", 0)):
            found = check_docs.check_names(text, lambda path: files.get(path, ""))
            self.assertEqual(len(list(found)), count, text)

    def test_length_and_index(self):
        self.assertEqual(list(check_docs.check_length("\n" * 200)), [])
        self.assertEqual(len(list(check_docs.check_length("\n" * 201))), 1)
        pages = ["docs/README.md", "docs/a.md"]
        self.assertEqual(list(check_docs.check_index("[a](a.md)", pages)), [])
        self.assertEqual(len(list(check_docs.check_index("", pages))), 1)

    def test_folders(self):
        self.assertEqual(list(check_docs.check_folders("| `cpu/isa/` |", ["cpu/isa"])), [])
        self.assertEqual(len(list(check_docs.check_folders("cpu/isa", ["cpu/isa"]))), 1)

    def test_order(self):
        page, layers = "| `a/` | x |\n| `b/` | x |\n| `z/` | x |\n", ["cpu/a", "cpu/c", "cpu/b"]
        self.assertEqual(list(check_docs.check_order(page, "cpu/", layers)), [])
        layers.reverse()
        self.assertEqual(len(list(check_docs.check_order(page, "cpu/", layers))), 1)

    def test_cores(self):
        page = "| `cva6` | x |\n| `rocket`, `u74` | x |\n"
        self.assertEqual(list(check_docs.check_cores(page, ["cva6", "rocket", "u74"])), [])
        self.assertEqual(len(list(check_docs.check_cores(page, ["c906", "x"]))), 2)

    def test_events(self):
        page = "| branch | 5 | x |\n| l1d-read, l1d-miss | 0x10000 | x |\n| itlb-* | 0x10020 | x |\n"
        for name, count in (("branch", 0), ("l1d-miss", 0), ("itlb-x", 0), ("cycles", 0), ("y", 1)):
            events = f'EVENT(X, "{name}", 1, "x")\n'
            self.assertEqual(len(list(check_docs.check_events(page, events))), count, name)

    def test_version(self):
        project = "project(baya VERSION 1.2.0 LANGUAGES C)\n"
        for changes, tags, count in (("## 1.2.0 (2027)\n## 1.1.0\n", ["v1.2.0", "other"], 0),
                                     ("## 1.1.0\n## 1.2.0\n", [], 1), ("", [], 1),
                                     ("## 1.2.0\n", ["v1.1.0"], 1)):
            found = list(check_docs.check_version(changes, project, tags))
            self.assertEqual(len(found), count, (changes, tags))


class Words(unittest.TestCase):
    rows = check_words.read_words("# why\ncpu/ | foresee | lookahead\n")

    def problems(self, text, name="cpu/x.c"):
        return [line for line, _ in check_words.check(name, text, self.rows)]

    def test_names_and_comments(self):
        self.assertEqual(self.problems("int on_foresee(void);\n/* Foresee\n */\nFORESEE_MAX\n"),
                         [1, 2, 4])

    def test_others(self):
        self.assertEqual(self.problems('"foresee" foreseeable unforesee\n'), [])
        self.assertEqual(self.problems("foresee\n", "bus/x.c"), [])

    def test_openings(self):
        text = "/* Of stores. */\n/*\n * What is left. */\nint x; /* Whatever, of what is left */\n"
        self.assertEqual([line for line, _ in check_words.check_openings(text)], [1, 3])

    def test_list(self):
        for row in check_words.read_words(check_words.WORDS.read_text(encoding="utf-8")):
            self.assertEqual(len(row), 3, row)


if __name__ == "__main__":
    unittest.main()
