#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Malformed jobs through the program: exit code 2, every position named, nothing written.

malformed.tsv lists files and what must be said about them; larger damage is made here.
"""
import os
import random
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("ELFIN_PROGRAM")
HANGS_S = 120  # a second on an idle machine; what reads these jobs in more than linear time takes hours
BRACKETS = 50_000
GARBAGE_BYTES = 10 << 20

failures = []
checks = 0


def check(claim, what):
    global checks
    checks += 1
    if not claim:
        failures.append(what)
        print("does not hold:", what, file=sys.stderr)


def refuse(job, sentences, command=()):
    """The program refuses the job and says these sentences."""
    for verb in ("check", "run"):
        with tempfile.TemporaryDirectory() as empty:
            what = f"{verb} {os.path.basename(job)}"
            try:
                done = subprocess.run([*command, PROGRAM, verb, job], cwd=empty, timeout=HANGS_S,
                                      stdin=subprocess.DEVNULL, capture_output=True)
            except subprocess.TimeoutExpired:
                check(False, f"{what}: ends")
                continue
            said = done.stderr.decode("utf-8", "replace")
            check(done.returncode == 2, f"{what}: exit code 2, found {done.returncode}\n{said}")
            check(not done.stdout, f"{what}: says nothing on stdout")
            check(not os.listdir(empty), f"{what}: writes nothing, found {os.listdir(empty)}")
            for sentence in sentences:
                check(sentence in said, f"{what}: says {sentence!r}, found\n{said}")


def listed():
    """File → the sentences that malformed.tsv wants."""
    wanted = {}
    with open(os.path.join(FOLDER, "malformed.tsv"), encoding="utf-8") as table:
        for row in table:
            if not row.startswith("#"):
                name, line, column, text = row.rstrip("\n").split("\t")
                wanted.setdefault(name, []).append((f"{name}:{line}:{column}: ", text))
    return wanted


def made():
    """Name, content and what must be said of the jobs that are too large or too broken for git."""
    random.seed(1)
    good = b"name: good\nsweeps: {}\n"
    yield "brackets.yaml", b"[" * BRACKETS, "brackets.yaml:1:"
    yield "braces.yaml", b"{a: " * BRACKETS, "braces.yaml:1:"
    yield "garbage.yaml", random.randbytes(GARBAGE_BYTES), "garbage.yaml"
    yield "long.yaml", b"name: " + b"x" * GARBAGE_BYTES, "long.yaml"
    yield "nul.yaml", good.replace(b"good", b"go\0d"), "nul.yaml:1:9: "
    yield "latin1.yaml", good.replace(b"good", b"gr\xf6\xdfe"), "latin1.yaml:1:9: "
    yield "overlong.yaml", good.replace(b"good", b"\xc0\xaf"), "overlong.yaml:1:7: "
    yield "utf16.yaml", good.decode().encode("utf-16"), "utf16.yaml"


def main():
    if not PROGRAM:
        print("skipped: ELFIN_PROGRAM names no program")
        return 77
    wanted = listed()
    for name, sentences in wanted.items():
        parts = [part for sentence in sentences for part in sentence]
        refuse(os.path.join(FOLDER, "malformed", name), parts)
    with tempfile.TemporaryDirectory() as folder:
        for name, content, sentence in made():
            path = os.path.join(folder, name)
            with open(path, "wb") as job:
                job.write(content)
            refuse(path, [sentence])
        refuse(os.path.join(folder, "absent.yaml"), ["absent.yaml"])
        refuse(folder, [os.path.basename(folder)])
    refuse(os.path.join(FOLDER, "malformed", "several_errors.yaml"),
           ["several_errors.yaml:10:8: "], # Open MPI leaves memory behind at its end.
           ["env", "ASAN_OPTIONS=detect_leaks=0", "mpirun", "-n", "2"])
    check(len(wanted) >= 100, "a hundred files were tried")
    print(f"{checks} checks, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
