//! `frontdesk review`: what does not come right by itself and waits for a person.

mod resolve;
mod show;

use clap::{Subcommand, ValueEnum};
use frontdesk_domain::review::Resolution;
use serde::{Deserialize, Serialize};

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, StoreCommand, house};

pub(super) use resolve::resolve;
pub(super) use show::{list, show};

/// What does not come right by itself: whom to ring, and what was decided
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(ListArgs),
    Show(ShowArgs),
    Resolve(ResolveArgs),
}

/// List what waits for a person: what is wrong, the appointment, the customer's number, the next step
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk review list
  frontdesk review list --tenant salon-mit-calcom --all
  frontdesk review list --json

{EXIT_CODES}"))]
struct ListArgs {
    /// This tenant only
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// What was resolved, too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Show everything about one
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk review show rev_01KBCXM2Q8
  frontdesk review show rev_01KBCXM2Q8 --json

{EXIT_CODES}"))]
struct ShowArgs {
    /// Its id, as listed
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Write down what was decided, and let it happen
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Ways:
  retry   try again now
  link    that booking in the calendar (--uid) is this appointment
  cancel  the appointment does not take place; its time is free again. Of a booking without one: cancel it there
  keep    leave everything as it is; somebody is asked to ring the customer (frontdesk callbacks list)
  done    it was put right by hand

Examples:
  frontdesk review resolve rev_01KBCXM2Q8 retry
  frontdesk review resolve rev_01KBCXM2Q8 link --uid bK3x9PqW --note \"von Hand eingetragen\"
  frontdesk review resolve rev_01KBCXM2Q8 cancel --note \"Kundin angerufen\"

{EXIT_CODES}"))]
struct ResolveArgs {
    /// Its id, as listed
    id: String,
    /// How
    #[arg(value_enum)]
    way: Way,
    /// For link: the booking's uid in the calendar, the last part of its address there
    #[arg(long, required_if_eq("way", "link"))]
    uid: Option<String>,
    /// What others should know later; no more about a customer than needed
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// The ways a person may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the resolution of that name")]
pub enum Way {
    Retry,
    Link,
    Cancel,
    Keep,
    Done,
}

impl Way {
    fn resolution(self) -> Resolution {
        match self {
            Self::Retry => Resolution::Retry,
            Self::Link => Resolution::Link,
            Self::Cancel => Resolution::Cancel,
            Self::Keep => Resolution::Keep,
            Self::Done => Resolution::Done,
        }
    }
}

/// What a person decided about a review.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Which.
    pub id: String,
    /// How.
    pub way: Way,
    /// The booking to link.
    pub uid: Option<String>,
    /// What others should know.
    pub note: Option<String>,
}

pub(super) fn run(args: Args) -> CommandOutput {
    match args.what {
        What::List(args) => {
            args.place.run(StoreCommand::ReviewList { tenant: args.tenant, all: args.all, json: args.json })
        }
        What::Show(args) => args.place.run(StoreCommand::ReviewShow { id: args.id, json: args.json }),
        What::Resolve(args) if args.uid.is_some() && args.way != Way::Link => {
            CommandOutput::usage("--uid names the booking to link; leave it out, or resolve with link.")
        }
        What::Resolve(args) => {
            let decision = Decision { id: args.id, way: args.way, uid: args.uid, note: args.note };
            args.place.run(StoreCommand::ReviewResolve(decision))
        }
    }
}

/// Nobody knows a review of that id.
fn unknown(id: &str) -> CommandOutput {
    CommandOutput::wrong(format!("There is no review {id:?}. List them: frontdesk review list --all"))
}
