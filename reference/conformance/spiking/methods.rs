//! Methods of integration by the names of the reference.

/// Runs `$body` with the type `$method` of the method that is called `$name`.
macro_rules! by_name {
    ($name:expr, $method:ident => $body:expr, $($known:literal: $path:ident),*) => {
        match $name {
            $($known => { type $method = binnet::integrate::$path; $body })*
            other => Err(format!("no method `{other}` for these equations").into()),
        }
    };
}

/// Runs an expression with the type of a deterministic method.
macro_rules! by_method {
    ($name:expr, $method:ident => $body:expr) => {
        $crate::conformance::spiking::methods::by_name!($name, $method => $body,
            "euler": Euler, "rk2": Midpoint, "midpoint": Midpoint, "heun": Heun, "rk3": Rk3, "rk4": Rk4,
            "exponential_euler": ExponentialEuler, "exponential_euler_diagjac": ExponentialEulerDiagJac,
            "exact": Exact)
    };
}

/// Runs an expression with the type of a stochastic method.
macro_rules! by_stochastic_method {
    ($name:expr, $method:ident => $body:expr) => {
        $crate::conformance::spiking::methods::by_name!($name, $method => $body,
            "euler_maruyama": EulerMaruyama, "milstein_ito": MilsteinIto,
            "milstein_stratonovich": MilsteinStratonovich,
            "milstein_stratonovich_derivative_free": MilsteinStratonovichDerivativeFree,
            "heun_drift_euler": HeunDriftEuler, "heun_full": HeunFull)
    };
}

pub(super) use {by_method, by_name, by_stochastic_method};
