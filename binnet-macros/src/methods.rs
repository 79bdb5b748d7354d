//! The methods of integration by name.

/// A method that a model may name, and its type in `binnet::integrate`.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
}

const fn method(name: &'static str, path: &'static str) -> Method {
    Method { name, path }
}

/// All methods, deterministic ones first.
pub(crate) const METHODS: &[Method] = &[
    method("exact", "Exact"),
    method("exponential_euler", "ExponentialEuler"),
    method("rk4", "Rk4"),
    method("rk4_38", "Rk4ThreeEighths"),
    method("rk3", "Rk3"),
    method("heun", "Heun"),
    method("midpoint", "Midpoint"),
    method("rk2", "Rk2"),
    method("euler", "Euler"),
    method("exponential_euler_diagjac", "ExponentialEulerDiagJac"),
    method("euler_maruyama", "EulerMaruyama"),
    method("milstein_ito", "MilsteinIto"),
    method("milstein_stratonovich", "MilsteinStratonovich"),
    method("milstein_stratonovich_derivative_free", "MilsteinStratonovichDerivativeFree"),
    method("heun_full", "HeunFull"),
    method("heun_drift_euler", "HeunDriftEuler"),
];
