//! start_call, list_services and opening_hours: what an agent needs to know, from the tenant's own data.

use std::sync::Arc;

use frontdesk_domain::reply::{Answer, Ask, CallContext, DayHours, NothingFound, Reply, ServiceView};
use frontdesk_domain::spoken::{AskTime, Wish};
use frontdesk_domain::tenant::Branch;
use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::hours::{ClosedFor, opening_on};
use frontdesk_domain::tenant::policy::Policy;
use frontdesk_store::StoreError;
use frontdesk_store::appointments::{self, Appointment};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::case::{Case, Trouble};
use crate::wanted;

/// What is bookable here, of one category if asked.
pub(crate) async fn services(case: &Arc<Case>) -> Result<Answer, Trouble> {
    let bookable: Vec<&Service> = case.tenant.services_at(&case.branch.id).collect();
    let mut categories: Vec<String> = Vec::new();
    for category in bookable.iter().filter_map(|service| service.category.clone()) {
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    let asked = case.call.args.category.as_deref().map(str::to_lowercase);
    let category = categories.iter().find(|own| asked.as_deref() == Some(&own.to_lowercase())).cloned();
    if asked.is_some() && category.is_none() && !categories.is_empty() {
        return case.reply(Reply::NotFound(NothingFound::Service)).await;
    }
    let list = bookable
        .into_iter()
        .filter(|service| category.is_none() || service.category == category)
        .map(|service| ServiceView {
            name: service.name.clone(),
            minutes: service.minutes(),
            price: service.price.clone(),
            category: service.category.clone(),
        })
        .collect();
    case.reply(Reply::Services { list, categories, category }).await
}

/// When the branch is open: on one day, or the coming week.
pub(crate) async fn hours(case: &Arc<Case>) -> Result<Answer, Trouble> {
    let today = case.local(case.now).date();
    let day = match wanted::time(case, case.call.args.date.as_deref(), None) {
        Wish::Exact(at) => Some(at.date()),
        Wish::Within(stretches) => one_day(&stretches),
        Wish::Ask(AskTime::WhichDay(days)) => days.first().copied(),
        // Today's hours are a fair question also after closing.
        Wish::Ask(question) => return case.reply(Reply::Ask(Ask::Time(question))).await,
        Wish::Unsaid | Wish::ClockWithoutDay(_) => None,
    };
    let days = match day {
        Some(day) => vec![day_hours(&case.branch, day)],
        None => week(&case.branch, today),
    };
    case.reply(Reply::Hours { days, asked: day }).await
}

fn one_day(stretches: &[(jiff::Zoned, jiff::Zoned)]) -> Option<Date> {
    let [(from, until)] = stretches else { return None };
    let short = until.timestamp().duration_since(from.timestamp()).as_hours() <= 25;
    short.then(|| from.date())
}

fn week(branch: &Branch, today: Date) -> Vec<DayHours> {
    (0..7_i64).filter_map(|ahead| today.checked_add(ahead.days()).ok()).map(|day| day_hours(branch, day)).collect()
}

fn day_hours(branch: &Branch, date: Date) -> DayHours {
    match opening_on(branch, date) {
        Ok(spans) => DayHours { date, spans, closed_for: None },
        Err(ClosedFor::Holiday(holiday)) => {
            let names = (holiday.de.to_owned(), holiday.en.to_owned());
            DayHours { date, spans: Vec::new(), closed_for: Some(names) }
        }
        Err(ClosedFor::Closure(name)) => {
            let closed_for = name.map(|name| (name.clone(), name));
            DayHours { date, spans: Vec::new(), closed_for }
        }
    }
}

/// Context for the first words.
pub(crate) async fn start_call(case: &Arc<Case>) -> Result<Answer, Trouble> {
    let (last_visit, next) = history(case).await?;
    let now = case.local(case.now);
    let policy = Policy::merged(&[&case.branch.policy, &case.tenant.policy]);
    let only = match case.known.by_number.as_slice() {
        [one] => Some(one.name.reveal().to_owned()),
        _ => None,
    };
    let context = CallContext {
        company: case.tenant.name.clone(),
        branch: case.branch.name.clone(),
        customer_name: only,
        caller_known: !case.known.by_number.is_empty(),
        last_visit,
        next_appointment: next.map(|own| crate::views::appointment(case, &own)),
        week: week(&case.branch, now.date()),
        notice_minutes: policy.notice_minutes,
        horizon_days: policy.horizon_days,
        cancel_deadline_hours: policy.cancel_deadline_hours,
        move_deadline_hours: policy.move_deadline_hours,
        now,
    };
    case.reply(Reply::Context(Box::new(context))).await
}

/// Last visit and next appointment of the one customer on the number; nothing where a house wants proof first.
async fn history(case: &Arc<Case>) -> Result<(Option<Date>, Option<Appointment>), StoreError> {
    let [customer] = case.known.by_number.as_slice() else { return Ok((None, None)) };
    if case.tenant.strict_ownership {
        return Ok((None, None));
    }
    let (reader, customer) = (Arc::clone(case), customer.id.clone());
    let (last_ms, next) = case
        .store
        .read::<_, StoreError, _>(&case.scope, move |tx| {
            Box::pin(async move {
                let last = appointments::last_visit(tx, &customer, reader.now_ms()).await?;
                let next = appointments::coming_of(tx, &customer, reader.now_ms()).await?.into_iter().next();
                Ok((last, next))
            })
        })
        .await?;
    let last = last_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map(|at| case.local(at).date());
    Ok((last, next))
}
