//! A process stops at every edge there is: before and after each commit and each request. Whatever it was at, the next one
//! brings it to its end.

use frontdesk_domain::calendar::rules::Rules;
use frontdesk_testkit::sim::plan::{Plan, Step};
use frontdesk_testkit::sim::run;

fn book() -> Step {
    Step::Book { service: 0, time: "10:00".to_owned(), staff: None }
}

fn shared() -> Step {
    Step::Book { service: 2, time: "10:00".to_owned(), staff: Some("Fabian Krüger") }
}

/// Passes all edges once, then stops at each of them; both modes.
fn at_every_edge(name: &str, steps: &[Step]) {
    for local_first in [false, true] {
        at_every_edge_of(name, &Plan::quiet(local_first, steps.to_vec()));
    }
}

fn at_every_edge_of(name: &str, plan: &Plan) {
    let dry = run(plan, Rules::SOUND);
    assert!(dry.wrong.is_empty(), "{name}: {:?}\n{}", dry.wrong, dry.story.join("\n"));
    let edges = &dry.edges[0];
    let mode = if plan.local_first { "local-first" } else { "calendar-first" };
    println!("{name}, {mode}: {} edges", edges.len());
    for (place, edge) in edges.iter().enumerate() {
        println!("  {:>3} {edge}", place + 1);
        let ran = run(&plan.stopping_at(place + 1), Rules::SOUND);
        assert!(
            ran.wrong.is_empty(),
            "{name}, stopped at {} ({edge}): {:?}\n{}",
            place + 1,
            ran.wrong,
            ran.story.join("\n")
        );
        assert!(ran.edges.len() > 1, "{name}: nothing stopped at {}", place + 1);
    }
}

#[test]
fn booking() {
    at_every_edge("book", &[book()]);
}

#[test]
fn booking_in_a_shared_event_type_and_asking_again() {
    at_every_edge("book and again", &[shared(), Step::SameAgain]);
}

#[test]
fn cancelling() {
    at_every_edge("cancel", &[book(), Step::Cancel]);
}

#[test]
fn moving() {
    at_every_edge("move", &[book(), Step::Move { time: "10:15".to_owned() }, Step::SameAgain]);
}

#[test]
fn bringing_an_address() {
    at_every_edge("e-mail", &[book(), Step::Email]);
    for local_first in [false, true] {
        let plan = Plan::quiet(local_first, vec![book(), Step::Email]);
        at_every_edge_of("e-mail by booking anew", &Plan { rebook: true, attendees_endpoint: false, ..plan });
    }
}
