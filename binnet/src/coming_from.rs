//! What methods of other simulators are called here.
//!
//! The networks of the examples:
//!
//! ```
//! use binnet::prelude::*;
//!
//! neuron! {
//!     /// A leaky neuron.
//!     pub struct Cell {
//!         param tau = 10 ms;
//!         state v = 0 mV;
//!         dv/dt = -v / tau;
//!         spike when v > 20 mV { v = 0 mV; }
//!     }
//! }
//!
//! network! {
//!     /// A network with a clock.
//!     pub struct Net {
//!         clock 0.1 ms;
//!         const v_start = 5 mV;                      // constant(name, value)
//!         param w = 0.5 mV;                          // a Parameter that the builder and the command line can set
//!         source noise: poisson[100] { rate: 50 Hz };
//!         population exc: Cell[80] { v: v_start };   // create(geometry, neuron, name)
//!         population inh: Cell[4, 5];                // create(geometry=(4, 5), ..)
//!         projection drive: noise -> (exc, inh) { target: v, connect: fixed_prob(0.5), weight: 1 mV };
//!         projection ee: exc -> exc { target: v, connect: fixed_prob(0.1), weight: w };   // connect(pre, post, target, name)
//!         record exc.spikes;                         // monitor(exc, 'spike')
//!         record exc.v[0..2] every 1 ms from 0.5 ms; // monitor(exc[:2], 'v', period, period_offset)
//!         stop high: when any(exc.v > 30 mV);        // create(.., stop_condition)
//!     }
//! }
//! # fn main() -> binnet::Result<()> {
//! let net = Net::builder().seed(1).build()?;         // Network(dt, seed), compile()
//! assert_eq!(net.time(), 0.ms());
//! # Ok(())
//! # }
//! ```
//!
//! # `Network` of ANNarchy 5
//!
//! | there | here |
//! | --- | --- |
//! | `Network(dt, seed)`, `dt`, `seed` | `clock 0.1 ms;`, `Net::builder().seed(1)`, `net.clock()`, `net.options().seed` |
//! | `create(geometry, neuron, name, stop_condition)` | `population exc: Cell[80];` or `Cell[4, 5]`, `stop when any(..);` |
//! | `connect(pre, post, target, synapse, name)` | `projection ee: exc -> exc { target: v, synapse: .., .. };`, or `net.connect(Projection::new(..))` |
//! | `monitor(obj, variables, period, period_offset, start, name)` | `record n: exc.v every 1 ms from 0.5 ms;`, or `net.record(Record::of(..))`; `.paused()` for `start=False` |
//! | `constant(name, value)`, `get_constant`, `get_constants` | `const v_start = 5 mV;`; Rust knows its value |
//! | `compile(..)` and its options | rustc compiles; `.build()?` draws the connections. `profile_enabled`: `net.profile(true)` |
//! | `simulate(duration, measure_time)` | `net.run(1.s())?`, `net.wall()` |
//! | `simulate_until(max_duration, population, operator)` | `net.run(max)?` with `stop when any(..)` or `all(..)`; `net.run_until(max, \|net\| ..)?` |
//! | `step()` | `net.step()?` |
//! | `current_step`, `time` | `net.steps()`, `net.time()` |
//! | `reset(populations, projections, synapses, monitors, reseed_rng)` | `net.reset(Reset::STATE \| Reset::WEIGHTS \| ..)?`, `net.reset_seeded(parts, seed)?` |
//! | `clear()` | drop the network |
//! | `save(filename, populations, projections)`, `load(..)` | `net.save(path)?`, `net.load(path)?`; `save_population`, `save_projection` for one |
//! | `copy()` | `net.clone()`; `net.fork(seed)` goes on with other random numbers |
//! | `parallel_run(method, number, max_processes, seeds)` | `Sweep::new(builder).seeds(..).threads(n).measure(name, \|net\| ..).run()?` |
//! | `config(num_threads, ..)` | `Net::builder().threads(2)`, `.options(\|o\| ..)` |
//! | `get_population(name)`, `get_populations()` | `net.populations().exc`; `net.values("exc", "v")?` by name |
//! | `get_projection(name)`, `get_projections(post, pre, target)` | `net.projections()`, `net.synapses("ee")?`, `net.connectivity("ee")?` |
//! | `get_monitor(name)`, `get_monitors()` | `net.records().exc.spikes`; `net.records().spikes("exc")?` by name |
//! | `enable_callbacks`, `disable_callbacks`, `clear_all_callbacks`, `@every` | `net.every(10.ms(), \|net\| ..).at(..).run(1.s())?`: those of one run |
//! | `memory_footprint()` | `net.memory_estimate(1.s())?`, bytes of each projection in `net.projections()` |
//! | `enable_learning`, `disable_learning` | a parameter of the synapse, set to 0: `net.set("ee.a_plus", 0.0)?` |
//! | `default_rng` | a stream for each purpose, `binnet::rng::Streams` |
//! | `boldmonitor`, `get_extension(s)`, `cuda_config`, `directory` | there is nothing of the kind |
//!
//! ```
//! use core::ops::ControlFlow;
//!
//! use binnet::clocked::{Projection, Record};
//! use binnet::connect::one_to_one;
//! use binnet::prelude::*;
//! use binnet::run::{Reset, Why};
//! use binnet::sweep::Sweep;
//! # neuron! { pub struct Cell { param tau = 10 ms; state v = 0 mV; dv/dt = -v / tau; spike when v > 20 mV { v = 0 mV; } } }
//! # network! {
//! #     pub struct Net {
//! #         clock 0.1 ms;
//! #         param w = 0.5 mV;
//! #         source noise: poisson[100] { rate: 50 Hz };
//! #         population exc: Cell[80] { v: 5 mV };
//! #         population inh: Cell[4, 5];
//! #         projection drive: noise -> (exc, inh) { target: v, connect: fixed_prob(0.5), weight: 1 mV };
//! #         projection ee: exc -> exc { target: v, connect: fixed_prob(0.1), weight: w };
//! #         record exc.spikes;
//! #         record exc.v[0..2] every 1 ms from 0.5 ms;
//! #         stop high: when any(exc.v > 30 mV);
//! #     }
//! # }
//! # fn main() -> binnet::Result<()> {
//! let mut net = Net::builder().seed(1).threads(2).options(|o| o.sentinel = true).build()?;
//! assert_eq!((net.clock(), net.options().seed), (0.1.ms(), 1));                      // dt, seed
//! net.connect(Projection::new("inh", "inh", one_to_one()).onto("v").weight(-0.1))?;  // connect
//! net.record(Record::of("inh", "v").every(1.ms()).named("later").paused())?;         // monitor(start=False)
//! net.resume_record("later")?;                                                       // Monitor.start()
//!
//! net.run(100.ms())?;                                                                // simulate
//! println!("{:?}", net.wall());                                                      // measure_time
//! net.step()?;                                                                       // step
//! println!("{} {:?}", net.steps(), net.time());                                      // current_step, time
//! let ended = net.run_until(1.s(), |net| net.spike_count(0) > 0)?;                   // simulate_until
//! assert!(matches!(ended.why, Why::Condition(_)));
//!
//! let folder = std::env::temp_dir().join(format!("coming-from-{}", std::process::id()));
//! std::fs::create_dir_all(&folder).unwrap();
//! net.save(folder.join("net"))?;                                                     // save
//! net.load(folder.join("net"))?;                                                     // load
//! net.save_population("exc", folder.join("exc"))?;                                   // save(projections=False)
//! net.load_population("exc", folder.join("exc"))?;
//! net.save_projection("ee", folder.join("ee"))?;                                     // save(populations=False)
//! net.load_projection("ee", folder.join("ee"))?;
//! # std::fs::remove_dir_all(&folder).unwrap();
//! let (copy, branch) = (net.clone(), net.fork(7));                                  // copy
//! assert_eq!(copy.values("exc", "v")?, branch.values("exc", "v")?);
//!
//! assert_eq!(net.populations().exc.neurons().len(), 80);                             // get_population
//! assert_eq!(net.values("exc", "v")?.len(), 80);
//! assert!(net.projections().iter().any(|projection| projection.bytes > 0));          // get_projections, memory_footprint
//! println!("{}", net.memory_estimate(1.s())?);
//! assert_eq!(net.synapses("ee")?.len(), net.connectivity("ee")?.len());              // get_projection
//! println!("{}", net.records().exc.spikes.len() + net.records().spikes("exc")?.len()); // get_monitor
//!
//! net.every(10.ms(), |net| println!("{:?}", net.time()))                               // callbacks
//!     .at(net_time(150), |_| ControlFlow::Break(()))
//!     .run(1.s())?;
//! # fn net_time(ms: i32) -> Time { (ms + 10_000).ms() }
//! net.profile(true);                                                                 // compile(profile_enabled=True)
//! net.set("exc.tau", 8.ms())?;                                                       // exc.tau = 8.0
//! net.reset(Reset::STATE | Reset::WEIGHTS | Reset::RECORDERS)?;                      // reset
//! net.reset_seeded(Reset::STATE | Reset::CONNECTIVITY, 3)?;                          // reset(synapses=True, reseed_rng)
//!
//! let table = Sweep::new(Net::builder())                                             // parallel_run(method, number, seeds)
//!     .seeds(1..=4)
//!     .threads(2)
//!     .measure("spikes", |net: &mut Net| {
//!         net.run(20.ms())?;
//!         Ok(vec![binnet::network::Measure::new("spikes", net.spike_count(0) as f64)])
//!     })
//!     .run()?;
//! assert_eq!(table.len(), 4);
//! # Ok(())
//! # }
//! ```
//!
//! # Running in BrainPy
//!
//! | there | here |
//! | --- | --- |
//! | `DSRunner(net, dt=..)`, `bm.set_dt` | `clock 0.1 ms;`, or `Net::builder().clock(0.05.ms())` |
//! | `run(duration)`, `t0` | `net.run(1.s())?`, `net.run(0.ms()..1.s())?` |
//! | `inputs` of a run | `stimulus` in the block, or `net.stimulate("exc", "v", Stimulus::..)?`; `external` sources |
//! | `monitors`, `numpy_mon_after_run` | `record ..;`; `trace.values()` is an `ndarray` matrix |
//! | `progress_bar`, `report`, `report_percent` | `net.run_with_progress(1.s())?` |
//! | `reset_state`, repeat mode (`build(repeat=True)`) | `net.reset(Reset::STATE)?`: as often as wanted, without building again |
//! | `eval_time` | `net.wall()`, `net.stage_times()` |
//! | `jit`, `dyn_vars`, `data_to_host`, `memory_efficient` | nothing to choose: all is compiled, and in one memory |
//! | `shared_args` | `param`s of the network and of its populations, `net.set(name, value)?` |
//! | process pools (`cpu_ordered_parallel`, ..) | `Sweep` with `.vary(name, values)?` |
//!
//! ```
//! use binnet::clocked::Stimulus;
//! use binnet::prelude::*;
//! use binnet::run::Reset;
//! use binnet::sweep::Sweep;
//! # neuron! { pub struct Cell { param tau = 10 ms; state v = 0 mV; input i: mV/ms; dv/dt = -v / tau + i; spike when v > 20 mV { v = 0 mV; } } }
//! # network! { pub struct Net { clock 0.1 ms; population exc: Cell[80]; record exc.spikes; record exc.v[0..2] every 1 ms; } }
//! # fn main() -> binnet::Result<()> {
//! let mut net = Net::builder().clock(0.05.ms()).build()?;                            // dt
//! net.stimulate("exc", "i", Stimulus::steps([(0.0, 20.ms()), (3.0, 80.ms())]))?;     // inputs
//! net.run(0.ms()..100.ms())?;                                                        // run, t0
//! net.run_with_progress(100.ms())?;                                                  // progress_bar
//! assert_eq!(net.records().trace("exc.v")?.values().shape(), [200, 2]);              // monitors
//! net.profile(true);
//! net.reset(Reset::STATE)?;                                                          // reset_state, repeat mode
//! net.set("exc.tau", 15.ms())?;                                                      // shared_args
//! net.run(10.ms())?;
//! println!("{:?} {:?}", net.wall(), net.stage_times());                              // eval_time
//!
//! let table = Sweep::new(Net::builder())                                             // process pools
//!     .vary("exc.tau", [5.ms(), 10.ms()])?
//!     .duration(20.ms())
//!     .run()?;
//! assert_eq!(table.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # `BinaryNetwork`
//!
//! | there | here |
//! | --- | --- |
//! | `add_population`, `add_synapse`, `add_background_activity` | `population`, `projection` and `source` in the block |
//! | `initialize(autapse, weight_mode, weight_dtype)` | `.build()?`; `autapses: true` in a rule; `.options(\|o\| ..)` |
//! | `reinitalize` | `net.reset(Reset::STATE)?`, `net.reset_seeded(Reset::STATE, seed)?` |
//! | `update()`, `run(steps, batch_size)` | `net.run_updates(1)?`, `net.run_updates(n)?`, `net.run(500.ms())?` |
//! | `state`, `field`, `weights` | `net.states()`, `net.fields()`, `net.weights()`, `net.set_states(..)?` |
//! | `sim_steps`, `t` | `net.updates()`, `net.time()` |
//! | `enable_diff_logging`, `consume_diff_log` | `record flips;`, `net.log()?`, `net.stop_recording()?` |
//! | `enable_step_logging` | `net.log()?.states_every(1)?` |
//! | `reconstruct_states_from_diff_logs`, `population_rates_from_diff_logs`, `extract_spike_events_from_diff_logs` | `states_every`, `rates_every`, `onsets` |
//!
//! ```
//! use binnet::prelude::*;
//! use binnet::run::Reset;
//!
//! network! {
//!     pub struct Bin {
//!         asynchronous;
//!         population e: Binary[100] { threshold: 0.3, tau: 10 ms, init: bernoulli(0.3) };   // add_population
//!         projection e -> e { connect: fixed_prob(0.1, autapses: true), weight: 0.05 };     // add_synapse, autapse
//!         source drive: constant(1);                                                       // add_background_activity
//!         projection drive -> e { weight: 0.2 };
//!         record flips;                                                                    // enable_diff_logging
//!     }
//! }
//! # fn main() -> binnet::Result<()> {
//! let mut net = Bin::builder().options(|o| o.seed = 3).build()?;                           // initialize
//! net.run_updates(1)?;                                                                     // update
//! net.run_updates(1000)?;                                                                  // run
//! net.run(50.ms())?;
//! assert_eq!((net.states().len(), net.fields().len(), net.weights().shape()), (100, 100, &[100, 100][..]));
//! println!("{} {:?}", net.updates(), net.time());                                          // sim_steps, t
//! let log = net.log()?;                                                                    // consume_diff_log
//! let (states, rates) = (log.states_every(100)?, log.rates_every(100, By::Population)?);
//! println!("{:?} {:?} {}", states.shape(), rates.values.shape(), log.onsets().0.len());
//! net.set_states(&[0; 100])?;
//! net.reset(Reset::STATE)?;                                                                // reinitalize
//! net.reset_seeded(Reset::STATE, 9)?;
//! # Ok(())
//! # }
//! ```
