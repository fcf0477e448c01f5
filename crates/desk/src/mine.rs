//! Whose appointments a caller may hear of and change, and which one is meant.
//!
//! A known number may speak of its own people; a withheld or unknown one only of what this very call made. Nothing
//! found, not yours and another tenant's sound the same and take the same path.

use std::sync::Arc;

use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::reply::{Ask, NothingFound, Refusal, Reply};
use frontdesk_domain::spoken::{AskTime, Wish};
use frontdesk_store::StoreError;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::customers::Customer;
use jiff::Zoned;
use jiff::civil::{Date, Time};

use crate::case::{Case, Outcome, Trouble};
use crate::persons;
use crate::wanted;

/// Appointments named in one question.
const NAMED: usize = 5;

/// What a look-up came to.
pub(crate) enum Found {
    /// These are the caller's, earliest first; at least one.
    Some(Vec<Appointment>),
    /// Answer this instead.
    Instead(Box<Outcome>),
}

fn instead(reply: Reply) -> Found {
    Found::Instead(Box::new(reply.into()))
}

/// Nothing of the caller's: counted, and from the third time on a person must help.
fn miss(case: &Case) -> Found {
    let reply = match &case.number {
        Some(_) => Reply::NotFound(NothingFound::Appointment),
        None => Reply::Refused(Refusal::VerificationRequired),
    };
    Found::Instead(Box::new(Outcome { reply, unmet: None, miss: true }))
}

/// The caller's coming appointments.
pub(crate) async fn all(case: &Arc<Case>) -> Result<Found, StoreError> {
    let person = match whose(case) {
        Ok(person) => person,
        Err(found) => {
            // What this very call made is its own whatever else is unclear.
            let made = load(case, None).await?;
            return Ok(if made.is_empty() { *found } else { Found::Some(made) });
        }
    };
    let own = load(case, person).await?;
    Ok(if own.is_empty() { miss(case) } else { Found::Some(own) })
}

/// The customer whose appointments may be told: `Ok(None)`: nobody's but this call's own.
fn whose(case: &Case) -> Result<Option<Customer>, Box<Found>> {
    if case.too_many_misses() {
        return Err(Box::new(instead(Reply::Refused(Refusal::VerificationRequired))));
    }
    let people = &case.known.by_number;
    match (wanted::given_name(case), people.as_slice()) {
        (_, []) => Ok(None),
        (Some(name), people) => match persons::named(&name, people) {
            Some(customer) => Ok(Some(customer.clone())),
            None => Err(Box::new(miss(case))),
        },
        (None, _) if case.tenant.strict_ownership => Err(Box::new(instead(Reply::Ask(Ask::Person)))),
        (None, [one]) => Ok(Some(one.clone())),
        (None, _) => Err(Box::new(instead(Reply::Ask(Ask::Person)))),
    }
}

async fn load(case: &Arc<Case>, person: Option<Customer>) -> Result<Vec<Appointment>, StoreError> {
    let reader = Arc::clone(case);
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move {
                let now = reader.now;
                let made = appointments::made_by(tx, &reader.call_id).await?;
                let mut own: Vec<Appointment> =
                    made.into_iter().filter(|own| own.saga.is_active() && own.visit.end > now).collect();
                if let Some(person) = person {
                    for appointment in appointments::coming_of(tx, &person.id, reader.now_ms()).await? {
                        if !own.iter().any(|known| known.id == appointment.id) {
                            own.push(appointment);
                        }
                    }
                }
                own.sort_by_key(|own| own.visit.start);
                Ok(own)
            })
        })
        .await
}

/// Which appointment is meant by words.
pub(crate) struct Meant<'a> {
    pub(crate) date: Option<&'a str>,
    pub(crate) time: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
}

/// The one appointment that is meant, or what to answer instead.
pub(crate) async fn one(case: &Arc<Case>, meant: &Meant<'_>) -> Result<Result<Appointment, Box<Outcome>>, Trouble> {
    let own = match all(case).await? {
        Found::Some(own) => own,
        Found::Instead(outcome) => return Ok(Err(outcome)),
    };
    let filter = match Filter::read(case, meant) {
        Ok(filter) => filter,
        Err(question) => return Ok(Err(Box::new(Reply::Ask(Ask::Time(question)).into()))),
    };
    if case.tenant.strict_ownership && !filter.names_a_day() && !made_here(case, &own) {
        return Ok(Err(Box::new(which(case, &[]).into())));
    }
    let (mut matching, others): (Vec<Appointment>, Vec<Appointment>) =
        own.into_iter().partition(|own| filter.fits(case, own));
    // A slip of one's own day is no digging: say what there is. An id is never a slip.
    let slip = case.number.is_some() && !case.tenant.strict_ownership && !matches!(filter, Filter::Id(_));
    if matching.is_empty() && slip {
        return Ok(Err(Box::new(which(case, &others).into())));
    }
    Ok(match (matching.pop(), matching.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(last), false) => {
            matching.push(last);
            Err(Box::new(which(case, &matching).into()))
        }
        (None, _) => match miss(case) {
            Found::Instead(outcome) => Err(outcome),
            Found::Some(_) => Err(Box::new(Reply::NotFound(NothingFound::Appointment).into())),
        },
    })
}

/// Whether an appointment may be the one these words mean; unclear words mean anything.
pub(crate) fn may_mean(case: &Case, meant: &Meant<'_>, own: &Appointment) -> bool {
    Filter::read(case, meant).map_or(true, |filter| filter.fits(case, own))
}

/// The question for the day where a house wants it named before anything is told; `None` where it need not be asked.
pub(crate) fn day_wanted(case: &Case, own: &[Appointment]) -> Option<Reply> {
    let meant = Meant { date: case.call.args.date.as_deref(), time: case.call.args.time.as_deref(), id: None };
    let named = Filter::read(case, &meant).is_ok_and(|filter| filter.names_a_day());
    (case.tenant.strict_ownership && !named && !made_here(case, own)).then(|| which(case, &[]))
}

fn made_here(case: &Case, own: &[Appointment]) -> bool {
    own.iter().all(|own| own.call_id.as_ref() == Some(&case.call_id))
}

fn which(case: &Case, several: &[Appointment]) -> Reply {
    let candidates = several.iter().take(NAMED).map(|own| crate::views::appointment(case, own)).collect();
    Reply::Ask(Ask::Appointment { candidates, total: several.len() })
}

/// Day and time of the meant appointment as far as they were said.
enum Filter {
    Any,
    Id(AppointmentId),
    At(Zoned),
    Days(Vec<Date>),
    Clock(Time),
    Inside(Vec<(Zoned, Zoned)>),
}

impl Filter {
    fn read(case: &Case, meant: &Meant<'_>) -> Result<Self, AskTime> {
        if let Some(id) = meant.id {
            return Ok(Self::Id(AppointmentId::from(id)));
        }
        Ok(match wanted::time(case, meant.date, meant.time) {
            Wish::Unsaid => Self::Any,
            Wish::Exact(at) => Self::At(at),
            Wish::Within(stretches) => Self::Inside(stretches),
            Wish::ClockWithoutDay(time) => Self::Clock(time),
            // Two readings of the day matter only if there is something on both.
            Wish::Ask(AskTime::WhichDay(days)) => Self::Days(days),
            Wish::Ask(question) => return Err(question),
        })
    }

    /// Whether a day was said, not just any or an hour of any: "Donnerstag" is, "nächste Woche" is not.
    fn names_a_day(&self) -> bool {
        match self {
            Self::At(_) | Self::Days(_) => true,
            Self::Inside(stretches) => match stretches.as_slice() {
                [(from, until)] => until.duration_since(from).as_hours() <= 25,
                _ => false,
            },
            Self::Any | Self::Id(_) | Self::Clock(_) => false,
        }
    }

    fn fits(&self, case: &Case, own: &Appointment) -> bool {
        let start = case.local_at(&own.branch, own.visit.start);
        match self {
            Self::Any => true,
            Self::Id(id) => own.id == *id,
            Self::At(at) => start.timestamp() == at.timestamp(),
            Self::Days(days) => days.contains(&start.date()),
            Self::Clock(time) => start.time() == *time,
            Self::Inside(stretches) => stretches.iter().any(|(from, until)| *from <= start && start < *until),
        }
    }
}
