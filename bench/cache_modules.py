# SPDX-License-Identifier: Apache-2.0
"""The modules that `./sbh bench cache` loads: a small one of ours, the engine, and a large program for WASI."""

import os
import subprocess
import sys
import zipfile

PINNED = os.path.join("deps", "bench-modules.txt")
LARGE = "itkwasm_dicom_wasi/wasm_modules/apply-presentation-state-to-image.wasi.wasm"


class Module:
    def __init__(self, key, what, path, faster):
        self.key = key
        self.what = what
        self.path = path
        self.faster = faster  # how many times faster than Wasmtime's own cache a hit is to be
        self.size = os.path.getsize(path)

    def label(self):
        return f"{self.what}, {self.size / 1e6:.1f} MB" if self.size >= 1e6 else f"{self.what}, {self.size / 1e3:.0f} KB"


def fetch_large(context):
    """The large module's path, fetched where it is not there yet; None where it cannot be had."""
    folder = os.path.join(context.build, "bench", "modules")
    path = os.path.join(folder, os.path.basename(LARGE))
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary",
         ":all:", "--require-hashes", "--dest", context.scratch, "-r", os.path.join(context.root, PINNED)],
        capture_output=True, text=True, check=False,
    )
    wheels = [name for name in os.listdir(context.scratch) if name.endswith(".whl")]
    if done.returncode != 0 or not wheels:
        print(f"the large module cannot be fetched, its rows are missing: {done.stderr.strip().splitlines()[-1:]}")
        return None
    wheel = os.path.join(context.scratch, wheels[0])
    with zipfile.ZipFile(wheel) as archive, open(path + ".new", "wb") as file:
        file.write(archive.read(LARGE))
    os.replace(path + ".new", path)
    os.remove(wheel)
    return path


def modules(context):
    found = [
        Module("small", "a small tool", os.path.join(context.build, "bench", "small.wasm"), 2),
        Module("engine", "the shell's engine", os.path.join(context.build, "bin", "engine.wasm"), 5),
    ]
    large = fetch_large(context)
    if large is not None:
        found.append(Module("large", "a large program", large, 20))
    return found
