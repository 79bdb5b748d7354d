#!/usr/bin/env python3
"""Times ANNarchy on one of the networks; see `../networks.py`. It has no Poisson numbers in its equations, so that in
`brunel` normal ones of the same mean and variance stand for the external spikes.

    python with_annarchy.py cuba
"""
import os
import shutil
import sys
import tempfile
import time

from common import NETWORKS, absent, flags, gamma_start, report, silence, timed

arguments = flags(list(NETWORKS))
folder = tempfile.mkdtemp(prefix="networks_annarchy_")
home = os.getcwd()
os.chdir(folder)  # where it writes what it compiles
# It calls `cmake`, which pip puts beside the interpreter.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
try:
    with silence():
        import ANNarchy
except ImportError:
    os.chdir(home)
    shutil.rmtree(folder)
    absent("ANNarchy", "ANNarchy cmake")
import numpy as np

p = NETWORKS[arguments.model]
rng = np.random.default_rng(arguments.seed)

BALANCED = """
    {tau}*dv/dt = {v_rest} - v + {current} : init={v_reset}, exponential
    {tau_exc}*dg_exc/dt = -g_exc : exponential
    {tau_inh}*dg_inh/dt = -g_inh : exponential
"""
# Jumps of the potential: what arrives in a step, over the length of the step.
BRUNEL = """
    external = Normal({mean}, {deviation})
    {tau}*dv/dt = -v + {tau}/{dt}*(g_exc - g_inh + {j}*external) : init=0.0
    g_exc = 0.0
    g_inh = 0.0
"""
GAMMA = """
    before = v
    alpha_m = 0.1*(v + 35.0)/(1.0 - exp(-0.1*(v + 35.0)))
    m_inf = alpha_m/(alpha_m + 4.0*exp(-(v + 60.0)/18.0))
    alpha_h = 0.07*exp(-(v + 58.0)/20.0)
    beta_h = 1.0/(1.0 + exp(-0.1*(v + 28.0)))
    alpha_n = 0.01*(v + 34.0)/(1.0 - exp(-0.1*(v + 34.0)))
    beta_n = 0.125*exp(-(v + 44.0)/80.0)
    release = 12.0/(1.0 + exp(-0.5*v))
    dh/dt = 5.0*(alpha_h*(1.0 - h) - beta_h*h) : exponential
    dn/dt = 5.0*(alpha_n*(1.0 - n) - beta_n*n) : exponential
    ds/dt = release*(1.0 - s) - 0.1*s : exponential
    dv/dt = -35.0*m_inf^3*h*(v - 55.0) - 9.0*n^4*(v + 90.0) - 0.1*(v + 65.0) + {drive} - g_inh*(v - {e_syn}) : init=-65.0, exponential
"""


def populate(net):
    """The population, its projections, and a function that sets the state at the start."""
    if arguments.model == "gamma":
        cell = ANNarchy.Neuron(equations=GAMMA.format(**p), spike="(v > 0.0) and (before < 0.0)", reset="")
        cells = net.create(p["n"], neuron=cell)
        coupling = net.connect(cells, cells, target="inh", synapse=ANNarchy.Synapse(psp="w*pre.s"))
        coupling.all_to_all(weights=p["g_total"] / p["n"], allow_self_connections=False)

        def begin():
            cells.v, cells.h, cells.n = gamma_start(rng)
        return cells, [coupling], begin
    if arguments.model == "brunel":
        mean = p["external"] * p["dt"]
        equations = BRUNEL.format(mean=mean, deviation=mean**0.5, **{name: float(x) for name, x in p.items()})
    elif arguments.model == "coba":
        current = "g_exc*({e_exc} - v) + g_inh*({e_inh} - v) + {drive}".format(**p)
        equations = BALANCED.format(current=current, **{name: float(x) for name, x in p.items()})
    else:
        equations = BALANCED.format(current="g_exc - g_inh", **{name: float(x) for name, x in p.items()})
    cell = ANNarchy.Neuron(equations=equations, spike=f"v > {float(p['v_th'])}", reset=f"v = {float(p['v_reset'])}",
                           refractory=float(p["t_ref"]))
    n = p["n_exc"] + p["n_inh"]
    cells = net.create(n, neuron=cell)
    exc = net.connect(cells[:p["n_exc"]], cells, target="exc")
    inh = net.connect(cells[p["n_exc"]:], cells, target="inh")
    if arguments.model == "brunel":
        exc.fixed_number_pre(number=p["k_exc"], weights=p["j"], delays=p["delay"])
        inh.fixed_number_pre(number=p["k_inh"], weights=p["g"] * p["j"], delays=p["delay"])
        low, high = 0, 15
    else:
        exc.fixed_probability(probability=p["p"], weights=p["w_exc"], allow_self_connections=True)
        inh.fixed_probability(probability=p["p"], weights=abs(p["w_inh"]), allow_self_connections=True)
        low, high = -60, -50

    def begin():
        cells.v = rng.uniform(low, high, n)
    return cells, [exc, inh], begin


cpu, spikes = [], []
with silence():
    begun = time.perf_counter()
    net = ANNarchy.Network(dt=p["dt"], seed=arguments.seed)
    net.config(num_threads=1, verbose=False)
    cells, projections, begin = populate(net)
    monitor = net.monitor(cells, ["spike"])
    net.compile()
    build = time.perf_counter() - begun
    for repeat in range(arguments.repeats):
        if repeat:
            net.reset()
        begin()
        cpu.append(timed(lambda: net.simulate(float(p["ms"]))))
        spikes.append(sum(len(times) for times in monitor.get("spike").values()))
    count = lambda synapses: synapses() if callable(synapses) else synapses
    synapses = sum(count(projection.nb_synapses) for projection in projections)
report("ANNarchy", ANNarchy.__version__, arguments, len(cells), int(synapses), build, cpu, spikes)
os.chdir(home)
shutil.rmtree(folder)
os._exit(0)  # its threads outlive the interpreter
