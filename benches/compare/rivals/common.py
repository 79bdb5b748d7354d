"""What the scripts of the rivals share: the networks' numbers, flags, and the line that each prints.

Times are CPU time of the simulation alone: it hardly depends on what else the machine does. All run on one thread.
"""
import argparse
import contextlib
import json
import os
import time

import numpy as np

# Times in ms, potentials in mV, rates in kHz. COBA and CUBA: Vogels & Abbott (2005), as in Brette et al. (2007).
COBA = dict(n_exc=3200, n_inh=800, p=0.02, dt=0.1, ms=1000, tau=20, v_rest=-60, v_th=-50, v_reset=-60, t_ref=5,
            tau_exc=5, tau_inh=10, e_exc=0, e_inh=-80, drive=20, w_exc=0.6, w_inh=6.7)  # weights over the leak
CUBA = dict(n_exc=3200, n_inh=800, p=0.02, dt=0.1, ms=1000, tau=20, v_rest=-49, v_th=-50, v_reset=-60, t_ref=5,
            tau_exc=5, tau_inh=10, w_exc=1.62, w_inh=-9)
# Brunel (2000), model A at g = 5 and twice the threshold's rate: 20 kHz of external spikes a neuron.
BRUNEL = dict(n_exc=10000, n_inh=2500, k_exc=1000, k_inh=250, dt=0.1, ms=1000, tau=20, v_th=20, v_reset=10, t_ref=2,
              j=0.1, g=5, delay=1.5, external=20)
# Wang & Buzsaki (1996): all-to-all, the total conductance in mS/cm2.
GAMMA = dict(n=100, dt=0.04, ms=500, drive=1.2, g_total=0.1, e_syn=-75)
NETWORKS = dict(coba=COBA, cuba=CUBA, brunel=BRUNEL, gamma=GAMMA)


def flags(models, precisions=("f64",)):
    """The flags of a script that can do these networks and precisions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=models)
    parser.add_argument("--precision", choices=precisions, default="f64")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3, help="runs of one build")
    return parser.parse_args()


def absent(what, install):
    """Ends the script well where its simulator is not installed."""
    print(json.dumps(dict(skipped=f"{what} is not installed (pip install {install})")))
    raise SystemExit(0)


def report(simulator, version, arguments, neurons, synapses, build, cpu, spikes):
    """Prints the line that `networks.py` reads: seconds of building, and of CPU time and numbers of spikes of each run."""
    print(json.dumps(dict(simulator=simulator, version=version, model=arguments.model, precision=arguments.precision,
                          ms=NETWORKS[arguments.model]["ms"], neurons=neurons, synapses=synapses, build_s=build,
                          cpu_s=cpu, spikes=spikes)), flush=True)


def timed(run):
    """The CPU time that a call takes."""
    start = time.process_time()
    run()
    return time.process_time() - start


@contextlib.contextmanager
def silence():
    """Sends what compiled code prints to nowhere."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)


def fixed_in_degree(rng, n_pre, n_post, k):
    """Sources and targets of k inputs for each target, several from one source allowed, sorted by source: the
    order in which delivery is fastest."""
    pre = rng.integers(0, n_pre, (n_post, k), dtype=np.int32).ravel()
    order = np.argsort(pre, kind="stable")
    return pre[order], np.repeat(np.arange(n_post, dtype=np.int32), k)[order]


def gamma_start(rng):
    """Potentials from -70 to -50 mV, and the steady state of the gates h and n there."""
    v = rng.uniform(-70, -50, GAMMA["n"])
    alpha_h, beta_h = 0.07 * np.exp(-(v + 58) / 20), 1 / (1 + np.exp(-(v + 28) / 10))
    alpha_n, beta_n = 0.01 * (v + 34) / (1 - np.exp(-(v + 34) / 10)), 0.125 * np.exp(-(v + 44) / 80)
    return v, alpha_h / (alpha_h + beta_h), alpha_n / (alpha_n + beta_n)
