# SPDX-License-Identifier: Apache-2.0
"""What the tests of this folder share: packages by their own package managers, and how a test begins.

What cannot be had without network leaves a test out: status 77, and the reason.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess

SKIPPED = 77
NO_NETWORK = re.compile(
    r"resolve host|resolv|Could not connect|failed to (connect|download|get|fetch)|network|timed? ?out|ENOTFOUND|"
    r"EAI_AGAIN|ECONN|Unable to locate|was not found|not found in registry|offline", re.IGNORECASE)



class Skip(Exception):
    """What the script needs cannot be had here."""


def fetch(command, **options):
    """Runs a package manager; a failure that is the network's (or the mirror's) leaves the test out."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200, **options)
    except FileNotFoundError as missing:
        raise Skip(f"{command[0]} is not installed") from missing
    except subprocess.TimeoutExpired as late:
        raise Skip(f"{' '.join(command)} took too long") from late
    if done.returncode != 0:
        if NO_NETWORK.search(done.stderr):
            raise Skip(f"{' '.join(command)}: {done.stderr.strip().splitlines()[-1]}")
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def crate(name, version):
    """A crate's sources, as cargo unpacks them; cargo checks them against the registry's checksum."""
    def get(place):
        (place / "lib.rs").touch()
        (place / "Cargo.toml").write_text(
            f'[package]\nname = "fetched"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
            f'[dependencies]\n{name} = "={version}"\n')
        fetch(["cargo", "fetch"], cwd=place)
        data = json.loads(fetch(["cargo", "metadata", "--format-version", "1", "--offline"], cwd=place))
        return next(pathlib.Path(p["manifest_path"]).parent for p in data["packages"] if p["name"] == name)
    return get


def npm(name, version):
    """An npm package, unpacked; npm checks it against the registry's checksum."""
    def get(place):
        command = ["npm", "pack", "--silent", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", f"{name}@{version}"]
        archive = fetch(command, cwd=place).split()[-1]
        subprocess.run(["tar", "-xzf", archive], cwd=place, check=True)
        return place / "package"
    return get


def debian(name, version):
    """A Debian package, unpacked; apt checks it against the archive's signature."""
    def get(place):
        fetch(["apt-get", "download", f"{name}={version}"], cwd=place)
        archive = next(place.glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive, place / "package"], check=True)
        return place / "package"
    return get


def parser(description):
    """The options that each of these tests has."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--shell", required=True, type=os.path.realpath)
    made.add_argument("--bash", required=True, type=os.path.realpath)
    made.add_argument("--work", required=True, type=pathlib.Path)
    return made


def fresh_work(options, name):
    """An empty folder for a test, with one in it for what is fetched."""
    work = options.work.resolve() / name
    shutil.rmtree(work, ignore_errors=True)
    (work / "fetched").mkdir(parents=True)
    return work


def run(test, name=""):
    """The status of `test()`, which may be left out."""
    try:
        return test()
    except Skip as reason:
        print(f"SKIPPED: {name + ': ' if name else ''}{reason}")
        return SKIPPED
