#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of fuzz_bash: bash compared with itself, and with shells that are wrong on purpose."""
import os
import re
import stat
import sys
import tempfile
import unittest

import fuzz_bash
import grammar
import sandbox

BASH = os.path.realpath("/bin/bash")


class GrammarTest(unittest.TestCase):
    def test_a_seed_names_one_script(self):
        self.assertEqual(grammar.script_of(7), grammar.script_of(7))
        self.assertNotEqual(grammar.script_of(7), grammar.script_of(8))


class MessagesTest(unittest.TestCase):
    def test_prefixes_carets_and_process_numbers_go(self):
        self.assertEqual(sandbox.plain_messages("/shell/bash: line 3: x: not found\n"), "x: not found\n")
        self.assertEqual(sandbox.plain_messages("script: eval: line 3: oops\n   ^\n"), "oops\n")
        self.assertEqual(sandbox.plain_messages("[1] 12345\n"), "[1] N\n")


class ExplainedTest(unittest.TestCase):
    def test_the_rows_of_the_repository_are_well_formed(self):
        rows = fuzz_bash.read_explained(os.path.join(fuzz_bash.HERE, "explained.txt"))
        self.assertTrue(all(conditions and reason for conditions, reason in rows))

    def test_a_row_looks_at_its_own_field(self):
        rows = [([("ours", re.compile("status 3"))], "why")]
        self.assertEqual(fuzz_bash.explanation(rows, "", (0, "", ""), (3, "", "")), "why")
        self.assertIsNone(fuzz_bash.explanation(rows, "status 3", (3, "", ""), (0, "", "")))

    def test_all_conditions_of_a_row_must_hold(self):
        rows = [([("script", re.compile("a")), ("bash", re.compile("b"))], "why")]
        self.assertEqual(fuzz_bash.explanation(rows, "a", (0, "b", ""), (1, "", "")), "why")
        self.assertIsNone(fuzz_bash.explanation(rows, "a", (0, "", ""), (1, "b", "")))

    def test_an_order_is_explained_and_nothing_else(self):
        rows = [([("order", re.compile(r"\|"))], "why")]
        self.assertEqual(fuzz_bash.explanation(rows, "a | b", (0, "x\ny\n", ""), (0, "y\nx\n", "")), "why")
        self.assertIsNone(fuzz_bash.explanation(rows, "a | b", (0, "x\ny\n", ""), (0, "y\nz\n", "")))
        self.assertIsNone(fuzz_bash.explanation(rows, "a; b", (0, "x\ny\n", ""), (0, "y\nx\n", "")))


class ShrinkTest(unittest.TestCase):
    def test_only_what_matters_stays(self):
        small = fuzz_bash.shrink(["echo a", "for x in 1; do\nbad y\ndone", "echo b"], lambda text: "bad" in text)
        self.assertEqual(small, "bad")


@unittest.skipUnless(sandbox.is_possible(), "no user namespaces here")
class SandboxTest(unittest.TestCase):
    def setUp(self):
        self.sandbox = sandbox.Sandbox(BASH)
        self.addCleanup(self.sandbox.close)

    def test_only_the_folder_can_be_written(self):
        status, out, _ = self.sandbox.run("id -u; echo x > f && cat f; echo x > /usr/f; echo x > /f; ls -A\n")
        self.assertEqual((status, out), (0, "1000\nx\nf\nscript\n"))

    def test_kill_everything_reaches_nobody_outside(self):
        status, out, _ = self.sandbox.run("sleep 60 & echo a; kill -9 -1; echo b\n")
        self.assertEqual((status, out), (0, "a\nb\n"))

    def test_nothing_of_a_script_is_left_for_the_next(self):
        self.sandbox.run("echo x > f; sleep 60 &\n")
        self.assertEqual(self.sandbox.run("echo * /proc/[0-9]*\n")[1], "script /proc/1 /proc/2\n")

    def test_what_a_signal_ended_has_a_status(self):
        self.assertEqual(self.sandbox.run("kill -TERM $$; echo no\n")[:2], (143, ""))

    def test_there_is_no_network(self):
        self.assertEqual(self.sandbox.run("exec 3<>/dev/tcp/127.0.0.1/80; echo $?\n")[1], "1\n")


@unittest.skipUnless(sandbox.is_possible(), "no user namespaces here")
class ComparisonTest(unittest.TestCase):
    def test_bash_is_like_itself(self):
        with fuzz_bash.Comparison(BASH, BASH, []) as comparison:
            for seed in range(5):
                self.assertEqual(comparison.judge(seed)[1], "same", grammar.script_of(seed))

    def test_a_wrong_shell_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            wrong = os.path.join(folder, "wrong")
            with open(wrong, "w", encoding="utf-8") as file:
                file.write("#!/bin/bash\necho wrong\nexec /bin/bash \"$@\"\n")
            os.chmod(wrong, os.stat(wrong).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            os.chmod(folder, 0o755)
            with fuzz_bash.Comparison(BASH, wrong, []) as comparison:
                self.assertEqual(comparison.judge(1)[1], "unexplained")


if __name__ == "__main__":
    sys.exit(unittest.main())
