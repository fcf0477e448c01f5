//! Webhooks of calls: merged into the call by its id, in any order, doubled or missing. The end frees the holds.

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::caller::number::CallerNumber;
use frontdesk_domain::calling::{CallEvent, CallEventKind, InboundCall};
use frontdesk_domain::reply::{Answer, AppointmentView, VisitView};
use frontdesk_domain::speech;
use frontdesk_store::calls::{self, CallSeen};
use frontdesk_store::tenants::Door;
use frontdesk_store::timeline::{self, Event};
use frontdesk_store::{Store, StoreError, appointments, customers, occupancy};

use crate::answer::{EventTaken, InboundContext};
use crate::line::{self, Line};

/// Takes in one event; its call is found or made.
pub(crate) async fn take_in(
    store: &Store,
    door: &Door,
    event: CallEvent,
    event_key: &str,
) -> Result<EventTaken, StoreError> {
    let name = match &event.kind {
        CallEventKind::Started => "call_started".to_owned(),
        CallEventKind::Ended => "call_ended".to_owned(),
        CallEventKind::Analyzed => "call_analyzed".to_owned(),
        CallEventKind::Transfer(word) => word.clone(),
        CallEventKind::Transcript | CallEventKind::Other(_) => return Ok(EventTaken::Ignored),
    };
    let Some(call_id) = event.facts.call_id.clone() else { return Ok(EventTaken::Ignored) };
    let Some(Line { branch, .. }) = line::find(store, door, event.platform, &event.facts, false).await? else {
        return Ok(EventTaken::Ignored);
    };
    let number = known_number(event.facts.customer_number(), &door.tenant.country);
    let (branch, event_key) = (branch.id.clone(), event_key.to_owned());
    let now_ms = store.ctx().now_ms();
    let fresh = store
        .run(&door.scope, move |tx| {
            Box::pin(async move {
                if !timeline::first_sight(tx, &event_key, now_ms).await? {
                    return Ok::<_, StoreError>(false);
                }
                let seen = CallSeen {
                    call_id: &call_id,
                    platform: event.platform,
                    branch: &branch,
                    number: number.as_ref(),
                    facts: &event.facts,
                    language: None,
                    now_ms,
                };
                calls::see(tx, &seen).await?;
                if event.kind == CallEventKind::Ended {
                    occupancy::release_holds_of(tx, &call_id, None).await?;
                }
                let entry = Event { at_ms: now_ms, kind: "webhook".to_owned(), name, ..Event::default() };
                timeline::add(tx, &call_id, &entry).await?;
                Ok(true)
            })
        })
        .await?;
    Ok(if fresh { EventTaken::Stored } else { EventTaken::Repeated })
}

fn known_number(raw: Option<&str>, country: &str) -> Option<frontdesk_domain::pii::Phone> {
    match CallerNumber::read(raw, country) {
        CallerNumber::Known(number) => Some(number),
        CallerNumber::Withheld => None,
    }
}

/// Who is calling, while it rings. Nothing is written: the call may never come, or come by another id.
pub(crate) async fn inbound(store: &Store, door: &Door, call: InboundCall) -> Result<InboundContext, StoreError> {
    let Some(Line { branch, language }) = line::find(store, door, call.platform, &call.facts, false).await? else {
        return Ok(InboundContext::default());
    };
    let lang = language.unwrap_or(door.tenant.language);
    let now = store.ctx().now().to_zoned(branch.zone.clone());
    let now_ms = now.timestamp().as_millisecond();
    let number = known_number(call.facts.customer_number(), &door.tenant.country);
    let strict = door.tenant.strict_ownership;
    let (people, next) = store
        .read::<_, StoreError, _>(&door.scope, move |tx| {
            Box::pin(async move {
                let Some(number) = number else { return Ok((Vec::new(), None)) };
                let people = customers::by_phone(tx, &number).await?;
                let next = match people.as_slice() {
                    [one] if !strict => appointments::coming_of(tx, &one.id, now_ms).await?.into_iter().next(),
                    _ => None,
                };
                Ok((people, next))
            })
        })
        .await?;
    let mut context = InboundContext {
        agent_id: agent_of(branch, call.platform, call.facts.agent_id.as_deref()),
        call_ref: Some(store.ctx().id("fd_")),
        ..InboundContext::default()
    };
    let mut say = |name: &str, value: String| context.variables.insert(name.to_owned(), value);
    let only = match people.as_slice() {
        [one] => one.name.reveal().to_owned(),
        _ => String::new(),
    };
    say("customer_name", only);
    say("caller_known", (!people.is_empty()).to_string());
    say("branch_name", branch.name.clone());
    say("company_name", door.tenant.name.clone());
    say("today", now.date().to_string());
    say("tomorrow", now.date().tomorrow().map_or_else(|_| String::new(), |day| day.to_string()));
    say("weekday", speech::weekday_name(now.date().weekday(), lang).to_owned());
    say("now_local", speech::spoken_now(&now, lang));
    if let Some(own) = next {
        let view = AppointmentView {
            id: own.id,
            visit: VisitView {
                start: own.visit.start.to_zoned(branch.zone.clone()),
                end: own.visit.end.to_zoned(branch.zone.clone()),
                services: own.services,
                staff: own.staff,
            },
            noted: own.saga == State::Held,
        };
        say("next_appointment", speech::spoken_appointment(&view, lang, &now));
    }
    Ok(context)
}

/// The branch's own agent of that platform; the one that asked, if it is one of them.
fn agent_of(
    branch: &frontdesk_domain::tenant::Branch,
    platform: frontdesk_domain::calling::Platform,
    asked: Option<&str>,
) -> Option<String> {
    let mut own = branch.lines.iter().flat_map(|line| &line.agents).filter(|agent| agent.platform == platform);
    let ids: Vec<&str> = own.by_ref().map(|agent| agent.id.as_str()).collect();
    asked.filter(|id| ids.contains(id)).or_else(|| ids.first().copied()).map(str::to_owned)
}

/// An answer outside any call's transaction.
pub(crate) fn bare_answer(door: &Door, store: &Store, reply: &frontdesk_domain::reply::Reply) -> Answer {
    let zone = door.tenant.branch(&door.tenant.default_branch).map_or(jiff::tz::TimeZone::UTC, |b| b.zone.clone());
    let now = store.ctx().now().to_zoned(zone);
    speech::render(
        reply,
        &speech::Voice { lang: door.tenant.language, now: &now, anonymous: false, business: door.tenant.business },
    )
}
