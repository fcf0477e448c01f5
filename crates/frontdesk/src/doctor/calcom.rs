//! A tenant's Cal.com: key, clock, rate, webhook, and whether every event type does what the tenant's file expects.

use frontdesk_domain::calendar::difference::{Difference, difference};
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::calendar::{Catalogue, EventTypeInfo};
use frontdesk_domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};

use super::Finding;
use super::event_type;
use crate::calendars::Trouble;

/// A clock further away than this puts times into the wrong order.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(5);
/// What Cal.com allows a key in a minute unless it was agreed otherwise.
const USUAL_RATE: u32 = 120;

/// What is known of a tenant's calendar.
#[derive(Clone, Debug)]
pub struct CalendarFacts<'a> {
    /// The tenant.
    pub tenant: &'a Tenant,
    /// Its link.
    pub link: &'a CalendarLink,
    /// Where our webhooks arrive.
    pub events_url: &'a str,
    /// How many secrets we check webhooks with.
    pub webhook_secrets: usize,
    /// What can be booked there, or why that is not known.
    pub read: Result<Catalogue, Trouble>,
    /// Our clock when it answered.
    pub now: Timestamp,
}

/// Checks a tenant's calendar.
pub fn calendar(facts: &CalendarFacts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    match &facts.read {
        Err(trouble) => found.push(Finding::error(
            "calendar_key",
            trouble.what.clone(),
            "bookings are only noted, and wait until the calendar is back",
            trouble.mend.clone(),
        )),
        Ok(catalogue) => {
            let owner = catalogue
                .owner
                .as_ref()
                .map_or_else(String::new, |(_, name, zone)| format!("; it is {name}'s, in {zone}"));
            found.push(Finding::ok("calendar_key", format!("{} takes the key{owner}", facts.link.url)));
            found.extend(clock(catalogue, facts.now));
            found.push(rate(catalogue, facts.link));
            found.push(webhook(catalogue, facts));
            found.extend(event_types(catalogue, facts));
        }
    }
    found.into_iter().map(|finding| finding.of(&facts.tenant.slug)).collect()
}

fn clock(catalogue: &Catalogue, now: Timestamp) -> Option<Finding> {
    // The calendar tells whole seconds.
    let apart = now.duration_since(catalogue.clock?).abs();
    Some(if apart < CLOCKS_APART {
        Finding::ok("calendar_clock", "Cal.com's clock and ours show the same time")
    } else {
        Finding::error(
            "calendar_clock",
            format!("Cal.com's clock and ours are {} seconds apart", apart.as_secs()),
            "what was changed last is decided by the time of the change, and free times near now would be wrong",
            "let both clocks be kept right (timedatectl set-ntp true); and start serve without --now",
        )
    })
}

fn rate(catalogue: &Catalogue, link: &CalendarLink) -> Finding {
    let ours = link.per_minute;
    let why = "whoever asks more is blocked for a whole minute, for bookings too";
    match catalogue.per_minute {
        Some(allowed) if allowed < ours => Finding::error(
            "calendar_rate",
            format!("the key may ask {allowed} times a minute, but per_minute is {ours}"),
            why,
            format!("write per_minute = {allowed} in [calendar], or have Cal.com allow more"),
        ),
        Some(allowed) => {
            Finding::ok("calendar_rate", format!("of {allowed} requests a minute, {ours} are used at most"))
        }
        None if ours > USUAL_RATE => Finding::warn(
            "calendar_rate",
            format!("Cal.com does not say how often the key may ask, and per_minute is {ours}"),
            why,
            format!("make sure that {ours} were agreed, or leave per_minute out"),
        ),
        None => Finding::ok(
            "calendar_rate",
            format!("Cal.com does not say how often the key may ask; {ours} times a minute at most"),
        ),
    }
}

fn webhook(catalogue: &Catalogue, facts: &CalendarFacts<'_>) -> Finding {
    let url = facts.events_url;
    let why = "what people change in Cal.com is seen minutes later, and may be offered to callers until then";
    let register = format!("in Cal.com (Settings, Developer, Webhooks) add {url} with the secret of the tenant's file");
    let Some((_, signed)) = catalogue.webhooks.iter().find(|(there, _)| there.trim_end_matches('/') == url) else {
        let older = catalogue.webhooks.iter().any(|(there, _)| there.contains("/v1/calcom/"));
        let what = if older { "Cal.com's webhook has another address than" } else { "Cal.com has no webhook to" };
        return Finding::warn("calendar_webhook", format!("{what} {url} for this key"), why, register);
    };
    let unchecked = "whoever knows the address could tell us of bookings that are not; what is unsigned is refused";
    match (signed, facts.webhook_secrets) {
        (false, _) => Finding::error(
            "calendar_webhook",
            "Cal.com's webhook has no secret, so it is not signed",
            unchecked,
            "enter the secret of the tenant's file at the webhook in Cal.com (Settings, Developer, Webhooks)",
        ),
        (true, 0) => Finding::error(
            "calendar_webhook",
            "Cal.com signs its webhook, but the tenant's file has no webhook_secrets",
            unchecked,
            "write the webhook's secret as webhook_secrets in [calendar] and apply the file again",
        ),
        (true, _) => Finding::ok("calendar_webhook", format!("Cal.com tells of changes at {url}, signed")),
    }
}

fn event_types(catalogue: &Catalogue, facts: &CalendarFacts<'_>) -> Vec<Finding> {
    let (tenant, link) = (facts.tenant, facts.link);
    let differs = difference(tenant, link, catalogue);
    let mut found = not_there(&differs, tenant);
    let find = |id| catalogue.event_types.iter().find(|info: &&EventTypeInfo| info.id == id);
    for mapped in &link.event_types {
        for info in mapped.ids.iter().filter_map(|id| find(*id)) {
            found.extend(event_type::check(info, mapped, tenant, catalogue));
        }
    }
    if found.is_empty() {
        let count: usize = link.event_types.iter().map(|mapped| mapped.ids.len()).sum();
        found.push(Finding::ok("event_types", format!("all {count} mapped event types are there and fit")));
    }
    found.extend(differs.holes.iter().map(|hole| {
        let (service, person) = (event_type::service(tenant, &hole.service), event_type::person(tenant, &hole.staff));
        Finding::warn(
            "mapping",
            format!("no event type stands for {service} with {person}"),
            "the two are not offered together",
            format!("frontdesk calendar import --tenant {} shows what to add", tenant.slug),
        )
    }));
    found
}

fn not_there(differs: &Difference, tenant: &Tenant) -> Vec<Finding> {
    let gone = differs.gone.iter().map(|gone| {
        Finding::error(
            "event_type_missing",
            format!("event type {} for {} is not there", gone.id.0, event_type::service(tenant, &gone.service)),
            "it cannot be booked, and what was booked with it cannot be looked up",
            "use the key of the account or team that owns it, or name another number in [[calendar.event_type]]",
        )
    });
    let lengths = differs.lengths.iter().map(|length| {
        let service = event_type::service(tenant, &length.service);
        Finding::error(
            "event_type_length",
            format!("event type {} takes {} minutes, {service} takes {}", length.id.0, length.theirs, length.ours),
            "the calendar would keep another time free than the caller was promised",
            "give both the same length, in Cal.com or in the tenant's file",
        )
    });
    let strangers = differs.strangers.iter().map(|stranger| {
        let person = event_type::person(tenant, &stranger.staff);
        Finding::error(
            "event_type_host",
            format!("{person} is not host {} of event type {}", stranger.host.0, stranger.id.0),
            "a booking with this person is refused",
            "add the person to the event type in Cal.com, or correct the number in hosts",
        )
    });
    gone.chain(lengths).chain(strangers).collect()
}

#[cfg(test)]
mod tests;
