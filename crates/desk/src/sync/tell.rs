//! Telling a customer what changed after the call: always as somebody's task, with the number to ring.

use frontdesk_domain::callback::promise;
use frontdesk_domain::ids::CallbackId;
use frontdesk_domain::pii::Pii;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::callbacks::{self, Callback};
use frontdesk_store::{StoreError, Tx};

use super::picture::Picture;

/// Minutes of opening time within which somebody rings.
const WITHIN_MINUTES: u16 = 120;

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// Noted, and the calendar would not have it.
    NotBooked,
    /// A move was noted, and the calendar would not have it.
    NotMoved,
    /// Somebody cancelled it in the calendar.
    CancelledThere,
    /// A person looked at a difference and lets the customer be rung.
    Look,
}

impl News {
    fn cause(self) -> &'static str {
        match self {
            Self::NotBooked => "not_booked",
            Self::NotMoved => "not_moved",
            Self::CancelledThere => "cancelled_in_calendar",
            Self::Look => "calendar_differs",
        }
    }

    fn text(self, what: &str) -> String {
        match self {
            Self::NotBooked => {
                format!("Der vorgemerkte Termin ({what}) kam nicht zustande; bitte einen anderen anbieten.")
            }
            Self::NotMoved => format!("Die vorgemerkte Verschiebung kam nicht zustande; es bleibt bei: {what}."),
            Self::Look => format!("Beim Termin ({what}) passt der Kalender nicht; bitte mit dem Kunden klären."),
            Self::CancelledThere => format!("Der Termin ({what}) wurde im Kalender abgesagt; weiß der Kunde davon?"),
        }
    }
}

/// Enters the task.
pub(super) async fn customer(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    picture: &Picture,
    news: News,
) -> Result<(), StoreError> {
    let appointment = &picture.appointment;
    let Some(branch) = tenant.branch(&appointment.branch) else { return Ok(()) };
    let start = appointment.visit.start.to_zoned(branch.zone.clone());
    let what = format!("{}, {}", start.strftime("%d.%m. %H:%M"), appointment.services.join(", "));
    let customer = picture.customer.as_ref();
    let phone = customer.map(|customer| customer.phone.clone()).filter(|phone| phone.reveal().starts_with('+'));
    let callback = Callback {
        id: CallbackId::new(ctx.id("cbk_")),
        branch: appointment.branch.clone(),
        call_id: appointment.call_id.clone(),
        customer: Some(appointment.customer.clone()),
        name: customer.map(|customer| customer.name.clone()),
        phone,
        reason: Some(Pii::new(news.text(&what))),
        wished: None,
        cause: news.cause(),
        promised_ms: promise(branch, ctx.now(), WITHIN_MINUTES).by.as_millisecond(),
    };
    callbacks::add(tx, &callback, ctx.now_ms()).await
}
