#!/usr/bin/env python3
"""Times NEST on one of the networks; see `../networks.py`. Its conductance-based neuron integrates with steps that
adapt, the others do not.

    python with_nest.py brunel
"""
import os
import time

from common import NETWORKS, absent, flags, report, silence, timed

os.environ["OMP_NUM_THREADS"] = "1"
# Wang & Buzsaki's graded synapses are none of its compiled models.
arguments = flags(["coba", "cuba", "brunel"])
try:
    with silence():
        import nest
except ImportError:
    absent("NEST", "nest-simulator")
import numpy as np


def start(seed):
    """A new network, ready to run: recorder, neurons, synapses."""
    p = NETWORKS[arguments.model]
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.set(resolution=p["dt"], local_num_threads=1, rng_seed=seed)
    rng, n = np.random.default_rng(seed), p["n_exc"] + p["n_inh"]
    if arguments.model == "brunel":
        # With a capacitance of 1 pF a weight in the delta model is a jump in mV.
        cells = nest.Create("iaf_psc_delta", n, params=dict(C_m=1.0, tau_m=p["tau"], E_L=0.0, V_th=p["v_th"],
                                                            V_reset=p["v_reset"], t_ref=p["t_ref"]))
        cells.V_m = rng.uniform(0, 15, n)
        w_exc, w_inh, delay = p["j"], -p["g"] * p["j"], p["delay"]
        rules = [dict(rule="fixed_indegree", indegree=k) for k in (p["k_exc"], p["k_inh"])]
    else:
        membrane = dict(C_m=200.0, V_th=p["v_th"], V_reset=p["v_reset"], t_ref=p["t_ref"], E_L=p["v_rest"],
                        tau_syn_ex=p["tau_exc"], tau_syn_in=p["tau_inh"])
        if arguments.model == "coba":  # a leak of 10 nS
            cells = nest.Create("iaf_cond_exp", n, params=dict(membrane, g_L=10.0, E_ex=p["e_exc"], E_in=p["e_inh"],
                                                               I_e=10.0 * p["drive"]))
            w_exc, w_inh = 10 * p["w_exc"], -10 * p["w_inh"]
        else:
            cells = nest.Create("iaf_psc_exp", n, params=dict(membrane, tau_m=p["tau"]))
            w_exc, w_inh = 10 * p["w_exc"], 10 * p["w_inh"]
        cells.V_m = rng.uniform(-60, -50, n)
        rules, delay = [dict(rule="pairwise_bernoulli", p=p["p"])] * 2, p["dt"]
    # Constant weights and delays are stored once.
    nest.CopyModel("static_synapse_hom_w", "exc", dict(weight=w_exc, delay=delay))
    nest.CopyModel("static_synapse_hom_w", "inh", dict(weight=w_inh, delay=delay))
    nest.Connect(cells[:p["n_exc"]], cells, rules[0], dict(synapse_model="exc"))
    nest.Connect(cells[p["n_exc"]:], cells, rules[1], dict(synapse_model="inh"))
    synapses = nest.num_connections
    if arguments.model == "brunel":
        nest.Connect(nest.Create("poisson_generator", params=dict(rate=1e3 * p["external"])), cells,
                     syn_spec=dict(synapse_model="exc"))
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Prepare()
    return recorder, n, synapses


builds, cpu, spikes = [], [], []
with silence():
    for repeat in range(arguments.repeats):
        begun = time.perf_counter()
        recorder, neurons, synapses = start(arguments.seed + repeat)
        builds.append(time.perf_counter() - begun)
        cpu.append(timed(lambda: nest.Run(NETWORKS[arguments.model]["ms"])))
        nest.Cleanup()
        spikes.append(int(recorder.n_events))
report("NEST", nest.__version__, arguments, neurons, synapses, float(np.median(builds)), cpu, spikes)
