#!/usr/bin/env python3
"""Times BrainPy (its `brainstate` on JAX, compiled for the CPU) on one of the networks; see `../networks.py`.

Its event-driven connections have a fixed out-degree. The coupling of `gamma` is one product with a dense matrix. The
first run compiles and is not counted.

    python with_brainpy.py gamma --precision f32
"""
import os
import time

from common import NETWORKS, absent, flags, gamma_start, report, timed

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ.update(JAX_PLATFORMS="cpu", NUMBA_NUM_THREADS="1", OMP_NUM_THREADS="1")
arguments = flags(list(NETWORKS), ("f64", "f32"))
try:
    import brainpy
    import brainstate
    import jax
    import jax.numpy as jnp
except ImportError:
    absent("BrainPy", "brainpy brainstate numba")
import numpy as np

double = arguments.precision == "f64"
jax.config.update("jax_enable_x64", double)
brainstate.environ.set(precision=64 if double else 32)
real = jnp.float64 if double else jnp.float32
p = NETWORKS[arguments.model]
dt, steps = p["dt"], round(p["ms"] / p["dt"])
rng = np.random.default_rng(arguments.seed)
brainstate.random.seed(arguments.seed)


def state(values):
    return brainstate.ShortTermState(jnp.asarray(values, real))


def fan_out(n_pre, n_post, k, weight):
    """Event-driven connections of `k` targets for each source."""
    return brainstate.nn.EventFixedNumConn(n_pre, n_post, round(k), float(weight))


def balanced():
    """COBA or CUBA with the exponential Euler method, which is exact for the synapses."""
    n_exc, n = p["n_exc"], p["n_exc"] + p["n_inh"]
    v, ge, gi = state(np.zeros(n)), state(np.zeros(n)), state(np.zeros(n))
    held, fired = brainstate.ShortTermState(jnp.zeros(n, jnp.int32)), brainstate.ShortTermState(jnp.zeros(n, bool))
    exc, inh = fan_out(n_exc, n, p["p"] * n, p["w_exc"]), fan_out(p["n_inh"], n, p["p"] * n, p["w_inh"])
    decay_exc, decay_inh = np.exp(-dt / p["tau_exc"]), np.exp(-dt / p["tau_inh"])
    refractory = round(p["t_ref"] / dt)

    def begin():
        v.value = jnp.asarray(rng.uniform(-60, -50, n), real)
        ge.value, gi.value = jnp.zeros(n, real), jnp.zeros(n, real)
        held.value, fired.value = jnp.zeros(n, jnp.int32), jnp.zeros(n, bool)

    def step(_):
        if arguments.model == "coba":
            leak = 1 + ge.value + gi.value
            end = (p["v_rest"] + p["drive"] + ge.value * p["e_exc"] + gi.value * p["e_inh"]) / leak
        else:
            leak, end = 1.0, p["v_rest"] + ge.value + gi.value
        moved = end + (v.value - end) * jnp.exp(-dt / p["tau"] * leak)
        new = jnp.where(held.value > 0, v.value, moved)
        spikes = new > p["v_th"]
        v.value = jnp.where(spikes, p["v_reset"], new).astype(real)
        held.value = jnp.where(spikes, refractory - 1, held.value - 1)
        ge.value = (ge.value * decay_exc + exc(spikes[:n_exc])).astype(real)
        gi.value = (gi.value * decay_inh + inh(spikes[n_exc:])).astype(real)
        return spikes
    return begin, step, n, round(p["p"] * n) * n


def brunel():
    n_exc, n_inh = p["n_exc"], p["n_inh"]
    n, slots, refractory = n_exc + n_inh, round(p["delay"] / dt), round(p["t_ref"] / dt)
    v, held = state(np.zeros(n)), brainstate.ShortTermState(jnp.zeros(n, jnp.int32))
    flying = brainstate.ShortTermState(jnp.zeros((slots, n), bool))
    exc = fan_out(n_exc, n, p["k_exc"] * n / n_exc, p["j"])
    inh = fan_out(n_inh, n, p["k_inh"] * n / n_inh, -p["g"] * p["j"])
    decay, mean = np.exp(-dt / p["tau"]), p["external"] * dt

    def begin():
        v.value, held.value = jnp.asarray(rng.uniform(0, 15, n), real), jnp.zeros(n, jnp.int32)
        flying.value = jnp.zeros((slots, n), bool)

    def step(k):
        due = flying.value[k % slots]
        arriving = exc(due[:n_exc]) + inh(due[n_exc:]) + p["j"] * brainstate.random.poisson(mean, (n,)).astype(real)
        new = jnp.where(held.value > 0, v.value, v.value * decay + arriving)
        spikes = new > p["v_th"]
        v.value = jnp.where(spikes, p["v_reset"], new).astype(real)
        held.value = jnp.where(spikes, refractory - 1, held.value - 1)
        flying.value = flying.value.at[k % slots].set(spikes)
        return spikes
    return begin, step, n, n * (p["k_exc"] + p["k_inh"])


def gamma():
    n = p["n"]
    v, h, gate, s = (state(np.zeros(n)) for _ in range(4))
    weights = jnp.asarray((1 - np.eye(n)) * p["g_total"] / n, real)

    def begin():
        v.value, h.value, gate.value = (jnp.asarray(values, real) for values in gamma_start(rng))
        s.value = jnp.zeros(n, real)

    def advance(x, rate, end):
        """One step of dx/dt = rate (end - x)."""
        return end + (x - end) * jnp.exp(-dt * rate)

    def step(_):
        u = v.value
        alpha_m = 0.1 * (u + 35) / (1 - jnp.exp(-(u + 35) / 10))
        m_inf = alpha_m / (alpha_m + 4 * jnp.exp(-(u + 60) / 18))
        alpha_h, beta_h = 0.07 * jnp.exp(-(u + 58) / 20), 1 / (1 + jnp.exp(-(u + 28) / 10))
        alpha_n = 0.01 * (u + 34) / (1 - jnp.exp(-(u + 34) / 10))
        beta_n = 0.125 * jnp.exp(-(u + 44) / 80)
        na, k, syn = 35 * m_inf**3 * h.value, 9 * gate.value**4, s.value @ weights
        total = na + k + 0.1 + syn
        release = 12 / (1 + jnp.exp(-u / 2))
        new = advance(u, total, (na * 55 - k * 90 - 6.5 + p["drive"] + syn * p["e_syn"]) / total)
        h.value = advance(h.value, 5 * (alpha_h + beta_h), alpha_h / (alpha_h + beta_h))
        gate.value = advance(gate.value, 5 * (alpha_n + beta_n), alpha_n / (alpha_n + beta_n))
        s.value = advance(s.value, release + 0.1, release / (release + 0.1))
        v.value = new
        return (u <= 0) & (new > 0)
    return begin, step, n, n * (n - 1)


started = time.perf_counter()
begin, step, neurons, synapses = {"brunel": brunel, "gamma": gamma}.get(arguments.model, balanced)()
run = brainstate.transform.jit(lambda k: brainstate.transform.for_loop(step, k))
numbers = jnp.arange(steps)
begin()
jax.block_until_ready(run(numbers))
build = time.perf_counter() - started
cpu, spikes = [], []
for _ in range(arguments.repeats):
    begin()
    raster = []
    cpu.append(timed(lambda: raster.append(jax.block_until_ready(run(numbers)))))
    spikes.append(int(np.asarray(raster[0]).sum()))
report("BrainPy", brainpy.__version__, arguments, neurons, synapses, build, cpu, spikes)
