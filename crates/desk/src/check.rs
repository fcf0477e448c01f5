//! check_availability, hold_appointment and find_alternatives: what is free, told with tokens; an exact free time is
//! held for the call.

use std::sync::Arc;

use frontdesk_domain::reply::{Answer, Ask, Missing, Reply, WhyNot};
use frontdesk_domain::spoken::Wish;
use frontdesk_store::offers::Purpose;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::availability::{self, Calendar, Exactly};
use crate::case::{Case, Trouble};
use crate::own;
use crate::wanted::{self, Wanted};

/// Offers told for a vague wish.
const CHOICES: usize = 4;

/// What a positive answer is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Is it free?
    Check,
    /// Hold it.
    Hold,
}

/// Answers whether a wished time is free.
pub(crate) async fn check(case: &Arc<Case>, asked: Asked) -> Result<Answer, Trouble> {
    let args = &case.call.args;
    let wanted = match wanted::read(case) {
        Err(question) => return case.reply(*question).await,
        Ok(wanted) => wanted,
    };
    let wish = wanted::time(case, args.date.as_deref(), args.time.as_deref());
    let mut missing: Vec<Missing> = wanted.is_none().then_some(Missing::Service).into_iter().collect();
    missing.extend(wanted::missing_time(&wish));
    let (Some(wanted), true) = (wanted, missing.is_empty()) else {
        return case.reply(Reply::NeedMore { missing }).await;
    };
    match wish {
        Wish::Ask(question) => case.reply(Reply::Ask(Ask::Time(question))).await,
        Wish::Exact(start) => exact(case, wanted, start, asked).await,
        Wish::Within(stretches) => vague(case, wanted, stretches).await,
        Wish::ClockWithoutDay(_) | Wish::Unsaid => case.reply(Reply::NeedMore { missing: vec![Missing::Date] }).await,
    }
}

async fn exact(case: &Arc<Case>, wanted: Wanted, start: Zoned, asked: Asked) -> Result<Answer, Trouble> {
    for _ in 0..3 {
        let day = Calendar::of_day(case, &wanted, &start, None).await?;
        let made = own::made_here(case, &wanted, start.timestamp());
        if let Some(own) = made.or_else(|| day.own_in_the_way(case, &wanted, start.timestamp())) {
            let appointment = Box::new(crate::views::appointment(case, own));
            return not_that_time(case, wanted, start, WhyNot::AlreadyYours { appointment }, Vec::new()).await;
        }
        match availability::exactly_on(&day, case, &wanted, &start, None).await? {
            Exactly::Not { why, instead } => return not_that_time(case, wanted, start, why, instead).await,
            Exactly::Free(visits) => {
                let staff_wished = wanted.names_people();
                let held = case
                    .commit(move |tx, case| {
                        Box::pin(async move {
                            let offer = availability::hold(tx, &case, &visits, staff_wished).await?;
                            Ok(match asked {
                                Asked::Check => Reply::Available { offer }.into(),
                                Asked::Hold => Reply::Held { offer }.into(),
                            })
                        })
                    })
                    .await;
                if !matches!(held, Err(Trouble::Conflict)) {
                    return held;
                }
            }
        }
    }
    availability::gone(case, wanted, start, Purpose::Book).await
}

async fn vague(case: &Arc<Case>, wanted: Wanted, stretches: Vec<(Zoned, Zoned)>) -> Result<Answer, Trouble> {
    let free = availability::inside(case, &wanted, &stretches, CHOICES, None).await?;
    if free.is_empty() {
        let same_hours = same_hours_later(&stretches);
        let Some((first, _)) = stretches.into_iter().next() else {
            return case.reply(Reply::NeedMore { missing: vec![Missing::Date, Missing::Time] }).await;
        };
        let within = (!same_hours.is_empty()).then_some(same_hours.as_slice());
        let instead = availability::near(case, &wanted, &first, within, 3, None).await?;
        return case
            .commit(move |tx, case| {
                Box::pin(async move {
                    let why = nothing_free(&case, &first);
                    availability::unavailable(tx, &case, &wanted, None, why, &instead, &Purpose::Book).await
                })
            })
            .await;
    }
    case.commit(move |tx, case| {
        Box::pin(async move {
            let staff_wished = wanted.names_people();
            let offers = availability::offer_all(tx, &case, &free, &Purpose::Book, staff_wished).await?;
            Ok(Reply::Choices { offers, wish: None }.into())
        })
    })
    .await
}

/// The wished part of a day on the two weeks after it: who asked for a morning is offered mornings first. Nothing
/// for whole days and longer stretches.
fn same_hours_later(stretches: &[(Zoned, Zoned)]) -> Vec<(Timestamp, Timestamp)> {
    let Some((from, until)) = stretches.first() else { return Vec::new() };
    if until.duration_since(from).as_hours() >= 20 {
        return Vec::new();
    }
    let later = |days: i64| {
        let from = from.checked_add(days.days()).ok()?.timestamp();
        Some((from, until.checked_add(days.days()).ok()?.timestamp()))
    };
    (0..=14).filter_map(later).collect()
}

/// Why a whole stretch has nothing: the day is a holiday or closed, or it is simply full.
fn nothing_free(case: &Case, first: &Zoned) -> WhyNot {
    use frontdesk_domain::tenant::hours::{ClosedFor, opening_on};
    match opening_on(&case.branch, first.date()) {
        Err(ClosedFor::Holiday(holiday)) => WhyNot::Holiday { de: holiday.de, en: holiday.en },
        Err(ClosedFor::Closure(_)) => WhyNot::Closed,
        Ok(spans) if spans.is_empty() => WhyNot::Closed,
        Ok(_) => WhyNot::NothingFree,
    }
}

async fn not_that_time(
    case: &Arc<Case>,
    wanted: Wanted,
    start: Zoned,
    why: WhyNot,
    instead: Vec<frontdesk_domain::slots::Visit>,
) -> Result<Answer, Trouble> {
    case.commit(move |tx, case| {
        Box::pin(async move {
            availability::unavailable(tx, &case, &wanted, Some(start), why, &instead, &Purpose::Book).await
        })
    })
    .await
}

/// Free times near a wish, without holding any.
pub(crate) async fn find_alternatives(case: &Arc<Case>) -> Result<Answer, Trouble> {
    let args = &case.call.args;
    let wanted = match wanted::read(case) {
        Err(question) => return case.reply(*question).await,
        Ok(None) => return case.reply(Reply::NeedMore { missing: vec![Missing::Service] }).await,
        Ok(Some(wanted)) => wanted,
    };
    let count = usize::try_from(args.count.unwrap_or(3)).unwrap_or(3).clamp(1, 10);
    let now = case.local(case.now);
    let (found, wished, requested_free) = match wanted::time(case, args.date.as_deref(), args.time.as_deref()) {
        Wish::Ask(question) => return case.reply(Reply::Ask(Ask::Time(question))).await,
        Wish::Exact(start) => {
            let free = matches!(availability::exactly(case, &wanted, &start, None).await?, Exactly::Free(_));
            (availability::near(case, &wanted, &start, None, count, None).await?, Some(start), free)
        }
        Wish::Within(stretches) => {
            let inside = availability::inside(case, &wanted, &stretches, count, None).await?;
            let free = !inside.is_empty();
            let first = stretches.into_iter().next().map(|(from, _)| from);
            match (inside.is_empty(), &first) {
                (true, Some(start)) => {
                    (availability::near(case, &wanted, start, None, count, None).await?, first, free)
                }
                _ => (inside, None, free),
            }
        }
        Wish::ClockWithoutDay(time) => {
            let wished = now.date().to_datetime(time).to_zoned(case.branch.zone.clone()).unwrap_or(now);
            (availability::near(case, &wanted, &wished, None, count, None).await?, None, false)
        }
        Wish::Unsaid => (availability::near(case, &wanted, &now, None, count, None).await?, None, false),
    };
    case.commit(move |tx, case| {
        Box::pin(async move {
            if found.is_empty() {
                let why = WhyNot::NothingFree;
                return availability::unavailable(tx, &case, &wanted, wished, why, &[], &Purpose::Book).await;
            }
            let staff_wished = wanted.names_people();
            let offers = availability::offer_all(tx, &case, &found, &Purpose::Book, staff_wished).await?;
            Ok(Reply::Alternatives { offers, requested_free }.into())
        })
    })
    .await
}
