#!/usr/bin/env python3
"""Times Brian2's C++ standalone on the Hodgkin-Huxley model of `benches/neurons.rs`.

    pip install brian2 'numpy<2' cython setuptools
    python benches/compare/hodgkin_huxley_brian2.py

Prints ns a neuron and step. Says so and ends well where Brian2 is absent.
"""
import shutil
import statistics
import subprocess
import sys
import tempfile

try:
    from brian2 import (NeuronGroup, cm, defaultclock, device, float64, ms, mV, msiemens, prefs, run, set_device, uA, ufarad)
    import numpy as np
except ImportError:
    print("Brian2 is not installed: skipped (pip install brian2 'numpy<2' cython setuptools)")
    sys.exit(0)

N, STEPS = 4000, 5000
prefs.core.default_float_dtype = float64
prefs.devices.cpp_standalone.openmp_threads = 0  # one core
folder = tempfile.mkdtemp(prefix="hh_brian2_")
set_device("cpp_standalone", directory=folder, build_on_run=False)
defaultclock.dt = 0.01 * ms

equations = """
dv/dt = (drive - g_na*m**3*h*(v - e_na) - g_k*n**4*(v - e_k) - g_l*(v - e_l))/c_m : volt
dm/dt = alpha_m*(1 - m) - beta_m*m : 1
dh/dt = alpha_h*(1 - h) - beta_h*h : 1
dn/dt = alpha_n*(1 - n) - beta_n*n : 1
alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : Hz
beta_m = 4*exp(-(v + 65*mV)/(18*mV))/ms : Hz
alpha_h = 0.07*exp(-(v + 65*mV)/(20*mV))/ms : Hz
beta_h = 1/(1 + exp(-(v + 35*mV)/(10*mV)))/ms : Hz
alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : Hz
beta_n = 0.125*exp(-(v + 65*mV)/(80*mV))/ms : Hz
drive : amp/meter**2 (constant)
"""
area = cm**2
names = dict(c_m=1 * ufarad / area, g_na=120 * msiemens / area, g_k=36 * msiemens / area, g_l=0.3 * msiemens / area,
             e_na=50 * mV, e_k=-77 * mV, e_l=-54.387 * mV)
cells = NeuronGroup(N, equations, method="exponential_euler", namespace=names, threshold="v > 0*mV",
                    refractory="v > 0*mV")
cells.v, cells.m, cells.h, cells.n = -65 * mV, 0.05, 0.6, 0.32
cells.drive = np.random.default_rng(1).uniform(8, 12, N) * uA / area
run(STEPS * defaultclock.dt)
device.build(run=False, directory=folder)

def seconds():
    """The time that the simulation itself took, as Brian2 reports it."""
    subprocess.run(["./main"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with open(f"{folder}/results/last_run_info.txt", encoding="ascii") as info:
        return float(info.read().split()[0])

ns = [1e9 * seconds() / (N * STEPS) for _ in range(5)]
shutil.rmtree(folder)
print(f"Brian2 C++ standalone, Hodgkin-Huxley, f64: {statistics.median(ns):.1f} ns a neuron and step"
      f" ({min(ns):.1f} to {max(ns):.1f})")
