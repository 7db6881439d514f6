#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests what tests/bench/run --update writes into a page, and that README.md has a place for it."""

import os
import re
import unittest

from generated_part import BEGIN, END, replace

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")


class Marked(unittest.TestCase):
    def test_replaces_what_is_between(self):
        page = "above\n" + BEGIN + "old\n" + END + "below\n"
        self.assertEqual(replace(page, "new\n"), "above\n" + BEGIN + "new\n" + END + "below\n")

    def test_refuses_other_pages(self):
        for page in ("", BEGIN, END, END + BEGIN, BEGIN + BEGIN + END, BEGIN + END + END):
            self.assertIsNone(replace(page, "new\n"), page)

    def test_readme(self):
        with open(README, encoding="utf-8") as file:
            page = file.read()
        self.assertIsNotNone(replace(page, ""))
        text = page.partition(BEGIN)[2].partition(END)[0]
        self.assertRegex(text, r"\| all \(\d+\) \| \d+\.\d\d \(")
        said = re.sub(r"\s+", " ", text)
        self.assertRegex(said, r"\d{4}-\d\d-\d\d; .* processors, QEMU \d+\.\d+")


unittest.main()
