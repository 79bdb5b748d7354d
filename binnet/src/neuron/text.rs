//! What a model says of itself.

/// The equations of a model as text: what `neuron!` makes of its block.
///
/// ```
/// binnet::neuron! {
///     pub struct Leaky {
///         param tau = 20 ms;
///         state v = -65 mV;
///         dv/dt = (-70 mV - v) / tau;
///     }
/// }
/// let text = Leaky::equations();
/// assert!(text.markdown().contains("dv/dt = (-70 mV - v) / tau"));
/// assert!(text.latex().contains(r"\frac{\mathrm{d}v}{\mathrm{d}t}"));
/// assert!(text.explain().contains("exact"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelText {
    markdown: &'static str,
    latex: &'static str,
    explain: &'static str,
}

impl ModelText {
    /// For `neuron!`.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(markdown: &'static str, latex: &'static str, explain: &'static str) -> Self {
        Self { markdown, latex, explain }
    }

    /// Equations and a table of parameters with units and defaults, as Markdown.
    #[must_use]
    pub const fn markdown(&self) -> &'static str {
        self.markdown
    }

    /// The same as LaTeX, for the `align` of `amsmath`.
    #[must_use]
    pub const fn latex(&self) -> &'static str {
        self.latex
    }

    /// What is computed in a step: the method and why it was chosen, the right-hand sides with all factors
    /// between units, and the slopes that exponential methods use.
    #[must_use]
    pub const fn explain(&self) -> &'static str {
        self.explain
    }
}

impl core::fmt::Display for ModelText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.markdown)
    }
}
