#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/tidy.py on a tree of its own, with a clang-tidy that only notes what it is asked: what is looked at
again, in which order, and what is told."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import tidy  # noqa: E402

FAKE_CLANG_TIDY = """#!/bin/sh
[ "$1" = --version ] && exec cat "$TIDY_VERSION"
echo "${2##*/}" >>"$TIDY_ASKED"
grep -n bad "$2" | sed "s|^\\([0-9]*\\):.*|$2:\\1:1: warning: bad|"
"""


class TidyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve() / "tree"
        (self.root / "build").mkdir(parents=True)
        self.asked = self.root.parent / "asked"
        version = self.root.parent / "version"
        self.write("../version", "one")
        os.environ.update(TIDY_ASKED=str(self.asked), TIDY_VERSION=str(version))
        self.write("../clang-tidy", FAKE_CLANG_TIDY)
        (self.root.parent / "clang-tidy").chmod(0o755)
        tidy.ROOT, tidy.TIDY = self.root, str(self.root.parent / "clang-tidy")
        tidy.version.cache_clear()
        self.write(".clang-tidy", "Checks: '*'\n")
        self.write(".gitignore", "/build/\n")
        self.write("shared.hpp", "int shared;\n")
        self.write("header.hpp", '#include "shared.hpp"\n')
        self.write("a.cpp", '#include "header.hpp"\n')
        self.write("b.cpp", "int b;\n")
        self.set_flags("-O2")
        self.git("init", "-q")
        self.commit()

    def write(self, name, text):
        (self.root / name).write_text(text)

    def set_flags(self, flags):
        entries = [{"directory": str(self.root), "file": name, "command": f"c++ {flags} -o x.o -c {name}"}
                   for name in ("a.cpp", "b.cpp")]
        self.write("build/compile_commands.json", json.dumps(entries))

    def git(self, *arguments):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments], cwd=self.root, check=True,
                       capture_output=True)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "x")

    def run_tidy(self, *arguments):
        """The status, and the sources that were looked at, in that order."""
        self.asked.write_text("")
        sys.argv = ["tidy.py", str(self.root / "build"), str(self.root.parent / "clean"), "--jobs", "1", *arguments]
        with open(os.devnull, "w") as nothing:
            said, sys.stdout, sys.stderr = (sys.stdout, sys.stderr), nothing, nothing
            try:
                status = tidy.main()
            finally:
                sys.stdout, sys.stderr = said
        return status, self.asked.read_text().split()

    def test_what_is_clean_is_not_looked_at_again(self):
        self.assertEqual(self.run_tidy(), (0, ["a.cpp", "b.cpp"]))
        self.assertEqual(self.run_tidy(), (0, []))

    def test_what_an_answer_hangs_on_is_seen(self):
        self.run_tidy()
        self.write("shared.hpp", "long shared;\n")
        self.assertEqual(self.run_tidy(), (0, ["a.cpp"]), "a header of a header")
        self.set_flags("-O2 -DX")
        self.assertEqual(self.run_tidy(), (0, ["a.cpp", "b.cpp"]), "the flags")
        self.set_flags("-O0 -g -fsanitize=address -DX")
        self.assertEqual(self.run_tidy(), (0, []), "those that change nothing")
        self.write(".clang-tidy", "Checks: 'x'\n")
        self.assertEqual(self.run_tidy(), (0, ["a.cpp", "b.cpp"]), "the checks")
        self.write("../version", "two")
        tidy.version.cache_clear()
        self.assertEqual(self.run_tidy(), (0, ["a.cpp", "b.cpp"]), "clang-tidy itself")

    def test_a_finding_fails_each_time(self):
        self.write("b.cpp", "int bad;\n")
        self.assertEqual(self.run_tidy(), (1, ["b.cpp", "a.cpp"]))
        self.assertEqual(self.run_tidy(), (1, ["b.cpp"]))

    def test_what_was_changed_last_comes_first(self):
        self.write("b.cpp", "int c;\n")
        self.commit()
        self.assertEqual(self.run_tidy(), (0, ["b.cpp", "a.cpp"]))
        self.write("shared.hpp", "char shared;\n")
        self.write("b.cpp", "int d;\n")
        self.commit()
        self.write("header.hpp", '#include "shared.hpp"\n\n')
        self.assertEqual(self.run_tidy(), (0, ["a.cpp", "b.cpp"]), "what is not committed yet")

    def test_without_time_nothing_is_taken_for_clean(self):
        self.assertEqual(self.run_tidy("--seconds", "0"), (0, []))
        self.assertEqual(self.run_tidy(), (0, ["a.cpp", "b.cpp"]))

    def test_a_source_that_nothing_compiles_is_told(self):
        self.write("c.cpp", "")
        self.assertEqual(self.run_tidy()[0], 1)


if __name__ == "__main__":
    unittest.main()
