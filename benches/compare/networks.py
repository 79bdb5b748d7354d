#!/usr/bin/env python3
"""Times binnet and other simulators on spiking networks, one after the other on this machine, and prints a table.

    python benches/compare/networks.py
    python benches/compare/networks.py --models coba cuba --rivals brian2 --envs ~/rivals

Networks: `coba` and `cuba` (4000 neurons, 3.2e5 synapses, 1 s), `brunel` (12 500 neurons, 1.56e7 synapses, 1 s) and
`gamma` (100 neurons, all-to-all, 0.5 s); `rivals/common.py` has their numbers. Each simulator has one thread. What
is compared is CPU time of the simulation per second of biological time, the median of several runs; the time to
build, compilation included, stands beside it.

Rivals live in environments of their own, `ENVS/brian2/bin/python` and so on; those that are not there are run with
the interpreter of this script, and skipped where it doesn't have them:

    for r in "brian2 brian2 numpy<2 cython setuptools" "nest nest-simulator" "annarchy ANNarchy cmake" \\
             "brainpy brainpy brainstate numba"; do
        set -- $r; name=$1; shift; python3 -m venv ENVS/$name && ENVS/$name/bin/pip install "$@"
    done
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODELS = ["coba", "cuba", "brunel", "gamma"]
# What each can do: models, and precisions.
RIVALS = {
    "brian2": (MODELS, ["f64", "f32"]),
    "annarchy": (MODELS, ["f64"]),
    "nest": (["coba", "cuba", "brunel"], ["f64"]),
    "brainpy": (MODELS, ["f64", "f32"]),
}


def lines(command, what, folder):
    """What a command prints as JSON, one object a line; nothing, and a message, where it fails or is skipped."""
    print(f"... {what}", file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        print(f"{what} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return []
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for line in found:
        if "skipped" in line:
            print(f"{what} is skipped: {line['skipped']}", file=sys.stderr)
    return [line for line in found if "skipped" not in line]


def rival(name, model, precision, arguments):
    own = arguments.envs / name / "bin" / "python"
    python = str(own.absolute()) if own.exists() else sys.executable
    command = [python, f"with_{name}.py", model, "--precision", precision, "--repeats", str(arguments.repeats)]
    return lines(command, f"{name}, {model}, {precision}", HERE / "rivals")


def binnet(model, arguments):
    command = ["cargo", "bench", "--quiet", "--package", "binnet-benches", "--bench", "spiking", "--", model, "--json",
               f"--repeats={arguments.repeats}"]
    return lines(command, f"binnet, {model}", HERE)


def table(model, rows):
    """Prints the rows of a network, the fastest first, each as a share of the best rival of its precision."""
    def cost(row):
        return statistics.median(row["cpu_s"]) / (row["ms"] * 1e-3)

    rivals = [row for row in rows if row["simulator"] != "binnet"]
    print(f"\n{model}: {rows[0]['neurons']} neurons, {rows[0]['synapses']} synapses")
    print(f"  {'simulator':<18} {'':<4} {'CPU s/s':>8} {'least':>8} {'most':>8} {'share of best rival':>20} "
          f"{'build s':>8} {'Hz':>7}")
    for row in sorted(rows, key=cost):
        peers = [cost(other) for other in rivals if other["precision"] == row["precision"] or row["precision"] == "f32"]
        share = f"{cost(row) / min(peers):.2f}" if peers else ""
        seconds = row["ms"] * 1e-3
        rate = statistics.mean(row["spikes"]) / (row["neurons"] * seconds)
        print(f"  {row['simulator'] + ' ' + row['version']:<18} {row['precision']:<4} {cost(row):8.4f} "
              f"{min(row['cpu_s']) / seconds:8.4f} {max(row['cpu_s']) / seconds:8.4f} {share:>20} "
              f"{row['build_s']:8.2f} {rate:7.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--rivals", nargs="*", choices=RIVALS, default=list(RIVALS))
    parser.add_argument("--envs", type=pathlib.Path, default=pathlib.Path("rivals"), help="folder of environments")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each build")
    parser.add_argument("--json", type=pathlib.Path, help="also writes all numbers to this file")
    arguments = parser.parse_args()
    everything = []
    for model in arguments.models:
        rows = binnet(model, arguments)
        for name in arguments.rivals:
            models, precisions = RIVALS[name]
            for precision in precisions if model in models else []:
                rows += rival(name, model, precision, arguments)
        if rows:
            table(model, rows)
            everything += rows
    if arguments.json:
        arguments.json.write_text(json.dumps(everything, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
