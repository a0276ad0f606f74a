#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Unit tests of the release's scripts, each as the build calls it; with Binaryen where it is installed."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import link_in_order
import list_imports
import order_functions
import share_signatures

MODULE = """(module
 (type $0 (func (param i32 i32)))
 (type $1 (func (param i32)))
 (type $2 (func (param i64) (result i32)))
 (import "swebash" "exit" (func $exit (param i32 i32)))
 (table $0 1 1 funcref)
 (elem $0 (i32.const 0) $reached)
 (export "main" (func $main))
 (func $main (param $0 i32) (param $1 i32)
  (call $rare
   (local.get $0)
  )
  (call $exit
   (local.get $0)
   (drop (call $reached (i64.const 7)))
  )
 )
 (func $rare (param $0 i32)
  (nop)
 )
 (func $reached (param $0 i64) (result i32)
  (i32.const 3)
 )
)
"""


class Script(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def file(self, name, content=""):
        path = self.place / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_script(self, name, *words, env=None):
        return subprocess.run([sys.executable, HERE / name, *map(str, words)], capture_output=True, text=True,
                              env={**os.environ, **(env or {})}, check=False)


class ShareSignatures(Script):
    def test_gives_a_rare_type_a_commoner_ones_parameters(self):
        self.assertEqual(share_signatures.replacements(MODULE), {"$rare": ("i32",)})

    def test_passes_zeros_for_them_at_each_call(self):
        source, target = self.file("in.wat", MODULE), self.place / "out.wat"
        self.assertEqual(self.run_script("share_signatures.py", source, target).returncode, 0)
        text = target.read_text()
        self.assertIn("(func $rare (param $added0 i32) (param $0 i32)", text)
        self.assertIn("(call $rare (i32.const 0)\n", text)
        self.assertIn("(call $exit\n", text, "what is imported keeps its type")

    def test_leaves_alone_what_is_reached_through_a_table_or_exported(self):
        text = MODULE.replace("(elem $0 (i32.const 0) $reached)", "(elem $0 (i32.const 0) $reached $rare)")
        self.assertEqual(share_signatures.replacements(text), {})
        text = MODULE.replace('(export "main"', '(export "rare" (func $rare))\n (export "main"')
        self.assertEqual(share_signatures.replacements(text), {})

    def test_leaves_alone_what_an_indirect_call_names(self):
        text = MODULE.replace("  (nop)", "  (call_indirect $0 (type $1)\n   (i32.const 0)\n   (i32.const 0)\n  )")
        self.assertEqual(share_signatures.replacements(text), {})

    def test_adds_no_more_than_its_bound(self):
        text = MODULE.replace("(func (param i32 i32))", "(func (param i32 i32 i32 i32))")
        text = text.replace("(param i32 i32)))", "(param i32 i32 i32 i32)))").replace(
            "(func $main (param $0 i32) (param $1 i32)", "(func $main (param $0 i32) (param $1 i32) (param $2 i32) (param $3 i32)")
        self.assertEqual(share_signatures.replacements(text), {})


class OrderFunctions(Script):
    def order(self, listed):
        target = self.place / "out.wat"
        done = self.run_script("order_functions.py", self.file("list", listed), self.file("in.wat", MODULE), target)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = target.read_text()
        self.assertEqual(sorted(text.splitlines()), sorted(MODULE.splitlines()), "nothing comes or goes")
        return order_functions.function_names(text)

    def test_puts_what_is_listed_first(self):
        self.assertEqual(self.order("# a comment\nreached\nrare\n"), ["reached", "rare", "main"])

    def test_does_not_mind_a_name_that_is_gone(self):
        self.assertEqual(self.order("gone\nrare\n"), ["rare", "main", "reached"])
        self.assertEqual(self.order(""), ["main", "rare", "reached"])

    def test_reads_names_with_escapes(self):
        self.assertEqual(order_functions.function_name(r" (func $a\28int\29 (param i32)"), "a(int)")


class BothWithBinaryen(Script):
    @unittest.skipUnless(shutil.which("wasm-as") and shutil.which("wasm-dis"), "Binaryen is not installed")
    def test_a_module_is_valid_after_both(self):
        text = MODULE.replace("   (drop (call $reached (i64.const 7)))\n", "   (call $reached\n    (i64.const 7)\n   )\n")
        module, printed = self.place / "in.wasm", self.place / "printed.wat"
        subprocess.run(["wasm-as", "-g", self.file("in.wat", text), "-o", module], check=True)
        subprocess.run(["wasm-dis", module, "-o", printed], check=True, capture_output=True)
        self.assertEqual(order_functions.function_names(printed.read_text()), ["main", "rare", "reached"])
        shared, ordered = self.place / "shared.wat", self.place / "ordered.wat"
        self.assertEqual(self.run_script("share_signatures.py", printed, shared).returncode, 0)
        self.assertIn("$added0", shared.read_text())
        self.assertEqual(self.run_script("order_functions.py", self.file("list", "rare\n"), shared, ordered).returncode, 0)
        subprocess.run(["wasm-as", ordered, "-o", self.place / "out.wasm"], check=True)
        names = list(list_imports.import_names((self.place / "out.wasm").read_bytes()))
        self.assertEqual(names, ["exit"])


def module_of_imports(*names, host=b"swebash", kind=0):
    """A module whose import section has these names; types above 127 take two bytes."""
    rows = b"".join(bytes([len(host)]) + host + bytes([len(name)]) + name + bytes([kind]) + b"\x80\x01" for name in names)
    section = bytes([len(names)]) + rows
    custom = b"\x00\x03\x02hi"
    return b"\0asm\1\0\0\0" + custom + b"\x02" + bytes([0x80 | len(section) & 0x7F, len(section) >> 7]) + section


class ListImports(Script):
    def test_lists_them_in_their_order(self):
        source, target = self.file("m.wasm", module_of_imports(b"read", b"close")), self.place / "out.def"
        self.assertEqual(self.run_script("list_imports.py", source, target).returncode, 0)
        self.assertEqual(target.read_text(), "SWEBASH_IMPORT(read)\nSWEBASH_IMPORT(close)\n")

    def test_does_not_touch_what_says_that_already(self):
        source, target = self.file("m.wasm", module_of_imports(b"read")), self.file("out.def", "SWEBASH_IMPORT(read)\n")
        os.utime(target, (1, 1))
        self.run_script("list_imports.py", source, target)
        self.assertEqual(target.stat().st_mtime, 1)

    def test_refuses_another_host_and_what_is_no_function(self):
        for module in (module_of_imports(b"x", host=b"env"), module_of_imports(b"x", kind=2)):
            done = self.run_script("list_imports.py", self.file("m.wasm", module), self.place / "out.def")
            self.assertEqual(done.returncode, 1)
            self.assertIn("is no function of swebash", done.stderr)

    def test_a_module_without_imports_has_none(self):
        self.assertEqual(list(list_imports.import_names(b"\0asm\1\0\0\0")), [])


class LinkInOrder(Script):
    def test_names_differ_by_their_hashes_alone(self):
        old, new = "_ZN4core3fmt5write17h0123456789abcdefE", "_ZN4core3fmt5write17hfedcba9876543210E"
        self.assertEqual(link_in_order.without_hash(old), link_in_order.without_hash(new))
        self.assertEqual(link_in_order.without_hash("_RNvCs1a2B3c_4core3fmt"), "_RNvC4core3fmt")

    def test_a_listed_name_stands_for_all_that_it_could_be(self):
        names = ["_ZN1aE17h0123456789abcdefE", "_ZN1bE", "_ZN1aE17hfedcba9876543210E"]
        self.assertEqual(link_in_order.order_of(["gone", "_ZN1aE17hE"], names), [names[0], names[2]])

    def link(self, lld, command, env=None):
        """A link by a driver that says how LLD is called, as zig's does."""
        tools = {}
        for name, text in {"lld": lld, "nm": "echo one; echo two", "driver": command}.items():
            tools[name] = self.file(name, f"#!/bin/sh\n{text}\n")
            tools[name].chmod(0o755)
        listed = self.file("list", "# comment\ntwo\ngone\none\n")
        return self.run_script("link_in_order.py", tools["lld"], tools["nm"], listed, tools["driver"], env=env)

    DRIVER = 'echo first > program; echo a warning >&2; echo "ld.lld -s a.o -o program" >&2'

    def test_asks_the_linker_once_more_with_the_order(self):
        os.chdir(self.place)
        lld = 'echo "$@" > words; while [ $# -gt 0 ]; do [ "$1" = --symbol-ordering-file ] && cat "$2" > order; shift; done; echo second > program'
        done = self.link(lld, self.DRIVER)
        self.assertEqual((done.returncode, done.stderr), (0, "a warning\n"))
        self.assertEqual((self.place / "program").read_text(), "second\n")
        self.assertEqual((self.place / "order").read_text(), "two\none\n")
        self.assertIn("-s a.o -o program", (self.place / "words").read_text())
        self.link(lld, self.DRIVER, env={"SWEBASH_KEEP_SYMBOLS": "1"})
        self.assertIn("--strip-debug a.o", (self.place / "words").read_text())

    def test_keeps_what_the_driver_made_where_that_fails(self):
        os.chdir(self.place)
        done = self.link("exit 3", self.DRIVER)
        self.assertEqual(done.returncode, 0)
        self.assertIn("ended with 3: the program's functions stay in the linker's order", done.stderr)
        self.assertEqual((self.place / "program").read_text(), "first\n")

    def test_a_link_that_fails_is_the_builds(self):
        os.chdir(self.place)
        done = self.link("exit 0", "echo undefined symbol >&2; exit 5")
        self.assertEqual((done.returncode, done.stderr), (5, "undefined symbol\n"))


if __name__ == "__main__":
    unittest.main()
