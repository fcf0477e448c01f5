//! All checks in order, the quick ones first: what CI runs and what a person runs before a commit.

use std::time::{Duration, Instant};

use crate::run::{Outcome, cargo, run};
use crate::{deps, generate, lint, parts, size, sql};

/// A check: its name in the summary and its work.
type Step = (&'static str, fn() -> Outcome);

const QUICK: &[Step] = &[
    ("parts", parts::parts),
    ("fmt", lint::fmt),
    ("deps", deps::deps),
    ("size", size::size),
    ("sql", sql::sql),
    ("gen", || generate::generate(true)),
];

const FULL: &[Step] = &[("clippy", lint::clippy), ("tests", all_tests)];

const FAST: &[Step] = &[("unit tests", unit_tests)];

/// Runs the steps, each summed up in a line with its duration; stops red at the first that fails.
pub fn test(fast: bool) -> Outcome {
    let mut done = Vec::new();
    for (name, work) in QUICK.iter().chain(if fast { FAST } else { FULL }) {
        println!("-- {name}");
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        if let Err(stop) = outcome {
            println!("{}", summary(&done));
            println!("RED   {name:<12} {}", seconds(took));
            return Err(stop);
        }
        done.push((*name, took));
    }
    println!("{}", summary(&done));
    if fast {
        println!("left out by --fast: clippy, integration tests, doc tests");
    }
    println!("{} steps passed", done.len());
    Ok(())
}

fn all_tests() -> Outcome {
    run(cargo().args(["test", "--workspace"]))
}

fn unit_tests() -> Outcome {
    run(cargo().args(["test", "--workspace", "--lib", "--bins"]))
}

fn summary(done: &[(&str, Duration)]) -> String {
    done.iter().map(|(name, took)| format!("\nok    {name:<12} {}", seconds(*took))).collect()
}

fn seconds(took: Duration) -> String {
    format!("{:>6.1} s", took.as_secs_f64())
}
