#!/usr/bin/env python3
"""Times Brian2's C++ standalone on one of the networks; see `../networks.py`.

    python with_brian2.py coba --precision f32
"""
import os
import shutil
import tempfile
import time

from common import BRUNEL, GAMMA, NETWORKS, absent, fixed_in_degree, flags, gamma_start, report, silence

arguments = flags(list(NETWORKS), ("f64", "f32"))
try:
    import brian2
    from brian2 import (Network, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, defaultclock, device, kHz, ms, mV,
                        prefs, seed, set_device)
except ImportError:
    absent("Brian2", "brian2 'numpy<2' cython setuptools")
import numpy as np

brian2.BrianLogger.log_level_error()
prefs.core.default_float_dtype = np.float64 if arguments.precision == "f64" else np.float32
prefs.devices.cpp_standalone.openmp_threads = 0  # one thread, without OpenMP
folder = tempfile.mkdtemp(prefix="networks_brian2_")
network = NETWORKS[arguments.model]
rng = np.random.default_rng(arguments.seed)


def balanced(p):
    """COBA or CUBA. Potentials in mV without unit, synaptic variables relative to the leak."""
    if arguments.model == "coba":
        synapses = "ge*(e_exc - v) + gi*(e_inh - v) + drive"
    else:
        synapses = "ge + gi"
    cells = NeuronGroup(p["n_exc"] + p["n_inh"], f"""
        dv/dt = (v_rest - v + {synapses})/(tau*ms) : 1 (unless refractory)
        dge/dt = -ge/(tau_exc*ms) : 1
        dgi/dt = -gi/(tau_inh*ms) : 1
        """, threshold="v > v_th", reset="v = v_reset", refractory=p["t_ref"] * ms, namespace=p,
        method="exponential_euler" if arguments.model == "coba" else "exact")
    cells.v = "v_reset + 10*rand()"
    exc = Synapses(cells[:p["n_exc"]], cells, "", on_pre="ge_post += w_exc", namespace=p)
    inh = Synapses(cells[p["n_exc"]:], cells, "", on_pre="gi_post += w_inh", namespace=p)
    exc.connect(p=p["p"])
    inh.connect(p=p["p"])
    return cells, [exc, inh], []


def brunel(p):
    n = p["n_exc"] + p["n_inh"]
    cells = NeuronGroup(n, "dv/dt = -v/(20*ms) : volt (unless refractory)", threshold="v > 20*mV", reset="v = 10*mV",
                        refractory=p["t_ref"] * ms, method="exact")
    cells.v = "15*mV*rand()"
    both = []
    for part, k, weight in [(cells[:p["n_exc"]], p["k_exc"], p["j"]), (cells[p["n_exc"]:], p["k_inh"], -p["g"] * p["j"])]:
        synapses = Synapses(part, cells, on_pre=f"v_post += {weight}*mV", delay=p["delay"] * ms)
        pre, post = fixed_in_degree(rng, len(part), n, k)
        synapses.connect(i=pre, j=post)
        both.append(synapses)
    noise = PoissonInput(cells, "v", p["k_exc"], p["external"] / p["k_exc"] * kHz, p["j"] * mV)
    return cells, both, [noise]


def gamma(p):
    cells = NeuronGroup(p["n"], """
        dv/dt = (-35*m_inf**3*h*(v - 55) - 9*n**4*(v + 90) - 0.1*(v + 65) + drive - g_total/N*total*(v - e_syn))/ms : 1
        dh/dt = 5*(alpha_h*(1 - h) - beta_h*h)/ms : 1
        dn/dt = 5*(alpha_n*(1 - n) - beta_n*n)/ms : 1
        ds/dt = (12/(1 + exp(-v/2))*(1 - s) - 0.1*s)/ms : 1
        m_inf = alpha_m/(alpha_m + beta_m) : 1 (constant over dt)
        alpha_m = 1/exprel(-(v + 35)/10) : 1
        beta_m = 4*exp(-(v + 60)/18) : 1
        alpha_h = 0.07*exp(-(v + 58)/20) : 1
        beta_h = 1/(1 + exp(-(v + 28)/10)) : 1
        alpha_n = 0.1/exprel(-(v + 34)/10) : 1
        beta_n = 0.125*exp(-(v + 44)/80) : 1
        total : 1
        """, threshold="v > 0", refractory="v > 0", method="exponential_euler", namespace=p)
    cells.v, cells.h, cells.n = gamma_start(rng)
    coupling = Synapses(cells, cells, "total_post = s_pre : 1 (summed)")
    coupling.connect(condition="i != j")
    return cells, [coupling], []


start = time.perf_counter()
with silence():
    set_device("cpp_standalone", directory=folder, build_on_run=False)
    seed(arguments.seed)
    defaultclock.dt = network["dt"] * ms
    cells, projections, inputs = {"brunel": brunel, "gamma": gamma}.get(arguments.model, balanced)(network)
    monitor = SpikeMonitor(cells)
    device.insert_code("before_network_run", "const std::clock_t begun = std::clock();")
    device.insert_code("after_network_run",
                       'std::ofstream("cpu.txt") << double(std::clock() - begun)/CLOCKS_PER_SEC;')
    Network(cells, *projections, *inputs, monitor).run(network["ms"] * ms)
    device.build(directory=folder, compile=True, run=False)
    build = time.perf_counter() - start
    cpu, spikes, filling = [], [], []
    for _ in range(arguments.repeats):
        begun = time.perf_counter()
        device.run(directory=folder, with_output=False, run_args=[])
        # What the program does besides simulating: it makes the synapses.
        filling.append(time.perf_counter() - begun - device._last_run_time)
        with open(os.path.join(folder, "cpu.txt"), encoding="ascii") as file:
            cpu.append(float(file.read()))
        spikes.append(int(monitor.num_spikes))
synapses = sum(len(s) for s in projections)
report("Brian2", brian2.__version__, arguments, len(cells), synapses, build + float(np.median(filling)), cpu, spikes)
shutil.rmtree(folder)
