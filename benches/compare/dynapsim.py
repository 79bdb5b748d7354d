#!/usr/bin/env python3
"""Times a recurrent layer of DPI neurons in binnet and in Rockpool's DynapSim, side by side, and prints a table.

    python benches/compare/dynapsim.py
    python benches/compare/dynapsim.py --rounds 5 --envs ~/rivals

1000 steps of 1 ms, 256 and 1024 neurons, a tenth of the recurrent weights, 20 input events a second and neuron, all that
Rockpool records recorded. Both run on one processor (where `taskset` exists), in turn, several rounds; the best run of each
is compared, since what else a machine does only makes runs longer. Rockpool is compiled by JAX and has f32 only; its first
call, which compiles, is not counted.

Rockpool lives in an environment of its own, `ENVS/rockpool/bin/python`; if that is not there, it is run with the interpreter
of this script, and skipped where that doesn't have it:

    python3 -m venv ENVS/rockpool && ENVS/rockpool/bin/pip install rockpool jax jaxlib
"""
import argparse
import pathlib
import shutil
import sys

from networks import lines

HERE = pathlib.Path(__file__).resolve().parent
SIZES = [256, 1024]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--envs", type=pathlib.Path, default=pathlib.Path("rivals"), help="folder of environments")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=20, help="runs of each build")
    arguments = parser.parse_args()
    own = arguments.envs / "rockpool" / "bin" / "python"
    python = str(own.absolute()) if own.exists() else sys.executable
    pinned = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    repeats = str(arguments.repeats)
    found = {}
    for _ in range(arguments.rounds):
        command = ["cargo", "bench", "--quiet", "--package", "binnet-benches", "--bench", "dynapsim", "--", "--json",
                   f"--repeats={repeats}"]
        rows = lines(pinned + command, "binnet", HERE)
        for n in SIZES:
            rows += lines(pinned + [python, "with_rockpool.py", str(n), "--repeats", repeats], f"Rockpool, {n}",
                          HERE / "rivals")
        for row in rows:
            key = (row["n"], row["precision"], row["tool"])
            if key not in found or row["seconds_best"] < found[key]["seconds_best"]:
                found[key] = row
    print(f"  {'neurons':>7} {'':<4} {'simulator':<18} {'M neuron-steps/s':>17} {'median':>8} {'times Rockpool':>15} {'Hz':>6}")
    for (n, precision, tool), row in sorted(found.items()):
        def speed(which, row=row):
            return row["n"] * row["steps"] / row[which] * 1e-6

        rival = found.get((n, "f32", "Rockpool"))
        times = f"{rival['seconds_best'] / row['seconds_best']:.1f}" if rival and tool != "Rockpool" else ""
        print(f"  {n:>7} {precision:<4} {tool + ' ' + row['version']:<18} {speed('seconds_best'):>17.1f} "
              f"{speed('seconds_median'):>8.1f} {times:>15} {row['rate_hz']:>6.1f}")


if __name__ == "__main__":
    main()
