"""Rockpool's DynapSim, compiled by JAX: one recurrent layer as in `benches/dynapsim.rs`."""
import argparse
import json
import logging
import statistics
import time
import warnings

import numpy as np

from common import absent

STEPS, DENSITY, RATE, WEIGHT = 1000, 0.1, 20, 0.35


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("n", type=int)
    parser.add_argument("--repeats", type=int, default=20)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    try:
        import jax
        import rockpool
        from rockpool.devices.dynapse import DynapSim
    except ImportError:
        absent("Rockpool with JAX", "rockpool jax jaxlib")
    n, rng = arguments.n, np.random.default_rng(1)
    weights = rng.normal(0.0, 0.5 / np.sqrt(DENSITY * n), (n, n)) * (rng.random((n, n)) < DENSITY)
    events = ((rng.random((1, STEPS, n)) < RATE * 1e-3) * WEIGHT).astype(np.float32)
    layer = jax.jit(DynapSim(n, has_rec=True, w_rec=weights, dt=1e-3, rng_key=jax.random.PRNGKey(1)))

    def once():
        start = time.perf_counter()
        spikes, _, recorded = layer(events)
        jax.block_until_ready((spikes, recorded))
        return time.perf_counter() - start, spikes

    # The first call compiles.
    _, spikes = once()
    seconds = [once()[0] for _ in range(arguments.repeats)]
    rate = float(np.asarray(spikes).sum()) / n * 1e3 / STEPS
    print(json.dumps(dict(tool="Rockpool", version=rockpool.__version__, precision="f32", n=n, steps=STEPS,
                          seconds_best=min(seconds), seconds_median=statistics.median(seconds), rate_hz=rate)))


if __name__ == "__main__":
    main()
