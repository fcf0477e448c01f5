//! An e-mail address that came later, on its way to the bookings of a customer.

use frontdesk_domain::booking::remote::{Outcome, Remote, State, apply};
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::ids::CustomerId;
use frontdesk_domain::pii::Email;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::review::Kind;
use frontdesk_store::remotes::{self, RemoteRow};
use frontdesk_store::syncs::{self, Origin};
use frontdesk_store::{StoreError, Tx, appointments, reviews};

use super::intent;

/// Lets an address be carried to all bookings of a customer's coming appointments, once their names there are known.
pub(crate) async fn carry(tx: &mut Tx, ctx: &Ctx, customer: &CustomerId, email: &Email) -> Result<(), StoreError> {
    for appointment in appointments::coming_of(tx, customer, ctx.now_ms()).await? {
        let mut any = false;
        for mut row in remotes::of_appointment(tx, &appointment.id).await? {
            if !row.remote.desired || row.attendee.as_ref() == Some(email) {
                continue;
            }
            any = true;
            if row.remote.state == State::Wanted && row.remote.attempt == 0 {
                // Nothing was ever sent: it is simply made with the right address.
                remotes::set_attendee(tx, &row.op, email).await?;
                continue;
            }
            row.email_due = Some(email.clone());
            let now = Remote { email_due: true, ..row.remote };
            remotes::save(tx, &mut row, now, None, ctx.now_ms()).await?;
        }
        if any {
            syncs::open(tx, &appointment.id, Origin::Frontdesk, ctx.now_ms()).await?;
            intent::wake(tx, ctx, &appointment.id).await?;
        }
    }
    Ok(())
}

/// The calendar cannot change the address: cancelled and made again where the house wishes that, else a person's task.
pub(super) async fn refused(
    tx: &mut Tx,
    ctx: &Ctx,
    op: &str,
    code: &str,
    rebook: bool,
    rules: &Rules,
) -> Result<(), StoreError> {
    let Some(mut row) = remotes::by_op(tx, op).await? else { return Ok(()) };
    let email = row.email_due.clone();
    if let Some(now) = apply(&row.remote, Outcome::EmailDone, ctx.now(), rules) {
        remotes::save(tx, &mut row, now, None, ctx.now_ms()).await?;
    }
    if rebook && let Some(email) = email {
        let again = again_with(ctx, &row, email);
        intent::unwant(tx, ctx, &mut row, rules).await?;
        return remotes::add(tx, &again, ctx.now_ms()).await;
    }
    let message = "the calendar has no way to change the address of a booking";
    let subject = row.appointment.as_str();
    reviews::open(tx, &ctx.id("rev_"), Kind::EmailNotCarried, subject, code, message, ctx.now_ms()).await
}

/// The same booking, to be made anew with another address.
fn again_with(ctx: &Ctx, row: &RemoteRow, email: Email) -> RemoteRow {
    RemoteRow {
        op: ctx.id("op_"),
        remote: Remote {
            state: State::Wanted,
            desired: true,
            start: row.remote.start,
            at: None,
            attempt: 0,
            sent: None,
            email_due: false,
        },
        uid: None,
        number: None,
        attendee: Some(email),
        email_due: None,
        verified_ms: None,
        ..row.clone()
    }
}
