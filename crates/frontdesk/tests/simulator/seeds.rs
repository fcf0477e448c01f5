//! Many seeds, and single ones again.

use std::time::Instant;

use frontdesk_domain::calendar::rules::Rules;
use frontdesk_testkit::sim::plan::Plan;
use frontdesk_testkit::sim::{Ran, run};

/// Seeds that once showed something wrong. The list only grows.
const REGRESSIONS: &str = include_str!("regressions.txt");

fn story(seed: u64, ran: &Ran) -> String {
    format!(
        "{}\n\nseed {seed}: {} wrong:\n{}\n\nagain: FRONTDESK_SEED={seed} cargo test -p frontdesk --test simulator one_seed -- --nocapture\n",
        ran.story.join("\n"),
        ran.wrong.len(),
        ran.wrong.join("\n"),
    )
}

fn env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs seeds on two threads; the first failures of each.
fn run_all(seeds: Vec<u64>) {
    let began = Instant::now();
    let count = seeds.len();
    let halves: Vec<Vec<u64>> = (0..2).map(|half| seeds.iter().copied().skip(half).step_by(2).collect()).collect();
    let failed: Vec<(u64, Ran)> = std::thread::scope(|scope| {
        let runs: Vec<_> = halves
            .into_iter()
            .map(|seeds| {
                scope.spawn(move || {
                    let mut failed = Vec::new();
                    for seed in seeds {
                        let ran = run(&Plan::of(seed), Rules::SOUND);
                        if !ran.wrong.is_empty() {
                            failed.push((seed, ran));
                        }
                    }
                    failed
                })
            })
            .collect();
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    println!("{count} seeds in {:?}", began.elapsed());
    if let Some((seed, ran)) = failed.iter().min_by_key(|(_, ran)| ran.story.len()) {
        println!("{}", story(*seed, ran));
        for (seed, ran) in &failed {
            println!("{seed}: {}", ran.wrong.join("; "));
        }
        panic!("{} of {count} seeds failed", failed.len());
    }
}

#[test]
fn every_world_keeps_every_guarantee() {
    let count = env("FRONTDESK_SEEDS").unwrap_or(if env("FRONTDESK_FULL").is_some() { 200_000 } else { 500 });
    let first = env("FRONTDESK_FIRST_SEED").unwrap_or(1);
    run_all((first..first + count).collect());
}

#[test]
fn seeds_that_once_failed_stay_mended() {
    run_all(REGRESSIONS.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect());
}

#[test]
fn the_same_seed_is_the_same_story() {
    for seed in 1..=20 {
        let (one, other) = (run(&Plan::of(seed), Rules::SOUND), run(&Plan::of(seed), Rules::SOUND));
        let differs = one.story.iter().zip(&other.story).find(|(one, other)| one != other);
        assert_eq!((one.trace, differs), (other.trace, None), "seed {seed}");
        assert!(one.requests > 0, "seed {seed} asked the calendar nothing: the client is not in it");
    }
}

#[test]
fn one_seed() {
    let Some(seed) = env("FRONTDESK_SEED") else { return };
    let plan = Plan::of(seed);
    println!("{plan:#?}");
    let ran = run(&plan, Rules::SOUND);
    println!("{}", story(seed, &ran));
    assert!(ran.wrong.is_empty());
}
