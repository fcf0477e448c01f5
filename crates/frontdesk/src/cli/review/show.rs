//! `frontdesk review list` and `frontdesk review show`.

use std::fmt::Write as _;

use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::customers::{self, Customer};
use frontdesk_store::reviews::{self, Review};
use frontdesk_store::syncs::{self, SyncRow};
use frontdesk_store::{StoreError, TenantScope, Tx};
use serde_json::{Value, json};

use super::{house, unknown};
use crate::cli::sync::tenants;
use crate::cli::{CommandOutput, Premises};

/// A review with whom and what it is about.
pub(super) struct Case {
    pub(super) review: Review,
    appointment: Option<Appointment>,
    customer: Option<Customer>,
    sync: Option<SyncRow>,
}

impl Case {
    pub(super) async fn load(tx: &mut Tx, review: Review) -> Result<Self, StoreError> {
        let id = AppointmentId::new(&review.subject);
        let appointment = appointments::load(tx, &id).await?;
        let customer = match &appointment {
            Some(own) => customers::load(tx, &own.customer).await?,
            None => None,
        };
        let sync = syncs::load(tx, &id).await?;
        Ok(Self { review, appointment, customer, sync })
    }
}

pub(in crate::cli) async fn list(
    slug: Option<&str>,
    all: bool,
    as_json: bool,
    premises: &Premises<'_>,
) -> CommandOutput {
    let tenants = match tenants(slug, premises).await {
        Ok(tenants) => tenants,
        Err(output) => return output,
    };
    let (mut text, mut told) = (String::new(), Vec::new());
    for (scope, tenant) in &tenants {
        let cases = match cases(scope, all, premises).await {
            Ok(cases) => cases,
            Err(error) => return CommandOutput::wrong(format!("The reviews cannot be read: {error}")),
        };
        if !cases.is_empty() {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _infallible = writeln!(text, "{gap}{} ({})", tenant.name, tenant.slug);
        }
        for case in &cases {
            text.push_str(&case.text(tenant, false));
            told.push(case.json(tenant, false));
        }
    }
    if as_json {
        return CommandOutput::json(&json!({ "reviews": told }));
    }
    if text.is_empty() {
        return CommandOutput::ok(if all { "No reviews." } else { "Nothing waits for a person." });
    }
    text.push_str("\nDecide: frontdesk review resolve REVIEW_ID retry|link|cancel|keep|done\n");
    CommandOutput::ok(text)
}

async fn cases(scope: &TenantScope, all: bool, premises: &Premises<'_>) -> Result<Vec<Case>, StoreError> {
    premises
        .store
        .read(scope, move |tx| {
            Box::pin(async move {
                let mut cases = Vec::new();
                for review in reviews::list(tx, all).await? {
                    cases.push(Case::load(tx, review).await?);
                }
                Ok(cases)
            })
        })
        .await
}

/// The review of that id, with whose it is.
pub(super) async fn find(id: &str, premises: &Premises<'_>) -> Result<Option<(TenantScope, Tenant, Case)>, StoreError> {
    for (scope, tenant, _) in premises.store.tenants().await? {
        let wanted = id.to_owned();
        let found: Result<Option<Case>, StoreError> = premises
            .store
            .read(&scope, move |tx| {
                Box::pin(async move {
                    match reviews::load(tx, &wanted).await? {
                        Some(review) => Case::load(tx, review).await.map(Some),
                        None => Ok(None),
                    }
                })
            })
            .await;
        if let Some(case) = found? {
            return Ok(Some((scope, tenant, case)));
        }
    }
    Ok(None)
}

pub(in crate::cli) async fn show(id: &str, as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    match find(id, premises).await {
        Err(error) => CommandOutput::wrong(format!("The review cannot be read: {error}")),
        Ok(None) => unknown(id),
        Ok(Some((_, tenant, case))) if as_json => CommandOutput::json(&case.json(&tenant, true)),
        Ok(Some((_, tenant, case))) => {
            CommandOutput::ok(format!("{} ({})\n{}", tenant.name, tenant.slug, case.text(&tenant, true)))
        }
    }
}

impl Case {
    fn at(&self, tenant: &Tenant, ms: i64) -> jiff::Zoned {
        let branch = self.appointment.as_ref().map_or(&tenant.default_branch, |own| &own.branch);
        house::local(tenant, branch, ms)
    }

    /// For people; `whole`: with the name of the booking in the calendar, and how it stands there.
    fn text(&self, tenant: &Tenant, whole: bool) -> String {
        let review = &self.review;
        let opened = self.at(tenant, review.opened_ms).strftime("%a %Y-%m-%d %H:%M");
        let mut text = format!(
            "  {}  {}  since {opened}\n    what        {} ({})\n",
            review.id,
            review.kind.as_str(),
            review.message,
            review.code
        );
        let mut line = |word: &str, said: &str| {
            let _infallible = writeln!(text, "    {word:<11} {said}");
        };
        match &self.appointment {
            Some(own) => {
                let start = self.at(tenant, own.visit.start.as_millisecond());
                let (services, staff) = (own.services.join(" + "), own.staff.join(", "));
                let start = start.strftime("%A, %Y-%m-%d %H:%M");
                line("appointment", &format!("{start}, {services} with {staff} ({}, {})", own.id, own.saga.as_str()));
            }
            None => line("appointment", "none here: it is about a booking in the calendar"),
        }
        if let Some(customer) = &self.customer {
            let number = house::number(&customer.phone).unwrap_or("number withheld");
            line("customer", &format!("{}, {number}", customer.name.reveal()));
        }
        if whole && self.appointment.is_none() {
            line("booking", &format!("{} (whoever knows this can change it)", review.subject));
        }
        if let Some(sync) = self.sync.as_ref().filter(|_| whole) {
            line("calendar", &format!("{}, {} failed tries", sync.status, sync.attempts));
            if let Some(number) = sync.booking_id {
                line("booking", &format!("number {number} there"));
            }
        }
        match (review.resolved_ms, review.resolution) {
            (Some(ms), way) => {
                let at = self.at(tenant, ms).strftime("%a %Y-%m-%d %H:%M").to_string();
                let way = way.map_or("unknown", frontdesk_domain::review::Resolution::as_str);
                line("resolved", &format!("{at}, {way}"));
                if let Some(note) = &review.note {
                    line("note", note);
                }
            }
            (None, _) => line("next step", review.kind.next_step()),
        }
        text
    }

    fn json(&self, tenant: &Tenant, whole: bool) -> Value {
        let review = &self.review;
        let at = |ms: i64| house::rfc3339(&self.at(tenant, ms));
        json!({
            "id": review.id,
            "tenant": tenant.slug,
            "kind": review.kind.as_str(),
            "code": review.code,
            "message": review.message,
            "opened": at(review.opened_ms),
            "next_step": review.kind.next_step(),
            "appointment": self.appointment.as_ref().map(|own| json!({
                "id": own.id,
                "start": at(own.visit.start.as_millisecond()),
                "services": own.services,
                "staff": own.staff,
                "state": own.saga.as_str(),
            })),
            "customer": self.customer.as_ref().map(|customer| json!({
                "name": customer.name.reveal(),
                "phone": house::number(&customer.phone),
            })),
            "sync_status": self.sync.as_ref().map(|sync| &sync.status),
            "sync_attempt_count": self.sync.as_ref().map(|sync| sync.attempts),
            "booking_id": self.sync.as_ref().and_then(|sync| sync.booking_id),
            "booking_uid": (whole && self.appointment.is_none()).then_some(&review.subject),
            "resolved": review.resolved_ms.map(at),
            "resolution": review.resolution.map(frontdesk_domain::review::Resolution::as_str),
            "note": review.note,
        })
    }
}
