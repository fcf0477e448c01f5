//! The checks that read the sources and run nothing.

use crate::run::{Outcome, cargo, run};
use crate::{deps, size, sql};

/// All of them, the quick ones first.
pub fn lint() -> Outcome {
    fmt()?;
    deps::deps()?;
    size::size()?;
    sql::sql()?;
    clippy()
}

/// The sources are formatted.
pub fn fmt() -> Outcome {
    run(cargo().args(["fmt", "--all", "--check"]))
}

/// Clippy finds nothing, in products and tests.
pub fn clippy() -> Outcome {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}
