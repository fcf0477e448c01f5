//! `frontdesk understand`: what we make of a phrase, so that anyone can measure it.

mod person;
mod time;

use std::io::BufRead;

use clap::ValueEnum;
use frontdesk_domain::lang::Lang;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CommandOutput, Exit};
use crate::out;
use crate::world::Stopwatch;

/// Say what we make of a phrase: a time, an e-mail address, a name, a service, a person, a telephone number
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With --jsonl one JSON object per line is read from standard input and one is written:
  time               {\"id\", \"text\", \"lang\", \"reference\", \"tz\", \"hours\": [\"09:00\", \"18:00\"]}
  service, staff     {\"id\", \"text\", \"lang\", \"candidates\": [{\"name\", \"synonyms\"}]}
  email, name, phone {\"id\", \"text\", \"lang\", \"country\"}

Examples:
  frontdesk understand time \"übermorgen um halb drei\"
  frontdesk understand time \"next Tuesday 10am\" --lang en --reference 2026-11-20T09:30:00+01:00
  frontdesk understand service \"Herren Haarschnitt\" --candidate Herrenhaarschnitt --candidate Damenhaarschnitt
  frontdesk understand time --jsonl < phrases.jsonl

Exit codes: 0 done, 1 a line could not be read, 2 wrong usage.")]
pub(super) struct Args {
    /// What the phrase is about
    what: What,
    /// The phrase
    text: Option<String>,
    /// Read cases from standard input, one JSON object per line
    #[arg(long, conflicts_with = "text")]
    jsonl: bool,
    /// The present, for times; without it the real one
    #[arg(long, value_name = "RFC3339")]
    reference: Option<Timestamp>,
    /// The branch's time zone
    #[arg(long, value_name = "ZONE", default_value = "Europe/Berlin")]
    tz: String,
    /// The call's language: de or en
    #[arg(long, default_value = "de")]
    lang: String,
    /// Opening hours, which decide between morning and evening
    #[arg(long, value_name = "FROM-TO", default_value = "09:00-18:00")]
    hours: String,
    /// The country whose national telephone numbers are meant
    #[arg(long, value_name = "CC", default_value = "DE")]
    country: String,
    /// A service or person that may be meant
    #[arg(long, value_name = "NAME")]
    candidate: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Time,
    Email,
    Name,
    Service,
    Staff,
    Phone,
}

/// One phrase with what it is understood against; lines of `--jsonl` look like this.
#[derive(Debug, Deserialize)]
struct Case {
    #[serde(default)]
    id: Value,
    text: String,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    reference: Option<Timestamp>,
    #[serde(default)]
    tz: Option<String>,
    #[serde(default)]
    hours: Option<(String, String)>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    candidates: Vec<Candidate>,
}

/// Something that may be meant.
#[derive(Debug, Deserialize)]
struct Candidate {
    name: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

impl Case {
    fn lang(&self) -> Lang {
        self.lang.as_deref().and_then(Lang::from_tag).unwrap_or_default()
    }
}

pub(super) fn run(args: &Args) -> CommandOutput {
    if args.jsonl {
        return lines(args);
    }
    let Some(text) = &args.text else {
        return CommandOutput::usage("Give a phrase, or --jsonl and cases on standard input. See --help.");
    };
    let case = Case {
        id: Value::Null,
        text: text.clone(),
        lang: Some(args.lang.clone()),
        reference: None,
        tz: None,
        hours: None,
        country: None,
        candidates: args.candidate.iter().map(|name| Candidate { name: name.clone(), synonyms: Vec::new() }).collect(),
    };
    match understood(&case, args) {
        Ok(mut answer) => {
            if let Value::Object(fields) = &mut answer {
                fields.remove("id");
            }
            CommandOutput::json(&answer)
        }
        Err(problem) => CommandOutput::usage(problem),
    }
}

fn lines(args: &Args) -> CommandOutput {
    let mut exit = Exit::Ok;
    for (number, line) in (1..).zip(std::io::stdin().lock().lines()) {
        let Ok(line) = line else { return CommandOutput::wrong("Standard input is no text.") };
        if line.trim().is_empty() {
            continue;
        }
        let answer = serde_json::from_str::<Case>(&line)
            .map_err(|error| error.to_string())
            .and_then(|case| understood(&case, args));
        out::line(match answer {
            Ok(answer) => answer.to_string(),
            Err(problem) => {
                exit = Exit::Wrong;
                json!({ "id": null, "kind": "unreadable", "line": number, "problem": problem }).to_string()
            }
        });
    }
    CommandOutput { exit, ..CommandOutput::ok("") }
}

fn understood(case: &Case, args: &Args) -> Result<Value, String> {
    let context = time::Context::new(case, args)?;
    let country = case.country.as_deref().unwrap_or(&args.country);
    let watch = Stopwatch::start();
    let mut answer = match args.what {
        What::Time => context.understood(&case.text),
        What::Email => person::email(case, &context),
        What::Name => person::name(case, &context),
        What::Phone => person::phone(case, country),
        What::Service => person::service(case, &context)?,
        What::Staff => person::staff(case, &context)?,
    };
    let micros = u64::try_from(watch.elapsed().as_micros()).unwrap_or(u64::MAX);
    if let Value::Object(fields) = &mut answer {
        fields.insert("id".to_owned(), case.id.clone());
        fields.insert("micros".to_owned(), micros.into());
        fields.entry("spoken").or_insert_with(|| "".into());
    }
    Ok(answer)
}
