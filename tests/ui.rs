//! What must compile, and what must not, with the words of the error.
//!
//! Passing cases stand in the same `TestCases` as failing ones, since trybuild then builds instead of
//! checking, and constants of generic functions are evaluated too.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*.rs");
}
