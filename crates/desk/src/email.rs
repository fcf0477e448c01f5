//! update_customer_email: stored with the customer and carried to all coming appointments.

use std::sync::Arc;

use frontdesk_domain::pii::Email;
use frontdesk_domain::reply::{Answer, Ask, Missing, NothingFound, Refusal, Reply};
use frontdesk_store::customers::Customer;
use frontdesk_store::{appointments, customers};

use crate::case::{Case, Trouble};
use crate::sync::emails;
use crate::{persons, wanted};

/// Stores the address for the caller: the one customer of the number, the named one, or whom this call booked for.
pub(crate) async fn update(case: &Arc<Case>) -> Result<Answer, Trouble> {
    if case.call.args.customer_email.is_none() {
        return case.reply(Reply::NeedMore { missing: vec![Missing::CustomerEmail] }).await;
    }
    let Some(email) = persons::given_email(case) else { return case.reply(Reply::Ask(Ask::Email)).await };
    match whose(case) {
        Ok(customer) => save(case, customer, email).await,
        Err(reply) => case.reply(*reply).await,
    }
}

fn whose(case: &Case) -> Result<Customer, Box<Reply>> {
    let (known, of_call) = (&case.known.by_number, &case.known.of_call);
    let people = if known.is_empty() { of_call } else { known };
    let named = wanted::given_name(case).map(|name| persons::named(&name, people).cloned());
    match (named, of_call.as_slice(), people.as_slice()) {
        (Some(Some(customer)), _, _) => Ok(customer),
        // Whom this call booked for, however the name was heard; else the only one of the number, unless another
        // name was said: a husband's address is not his wife's.
        (_, [one], _) | (None, [], [one]) => Ok(one.clone()),
        (_, _, []) if case.number.is_none() => Err(Box::new(Reply::Refused(Refusal::VerificationRequired))),
        (_, _, []) => Err(Box::new(Reply::NotFound(NothingFound::Appointment))),
        (_, _, _) => Err(Box::new(Reply::Ask(Ask::Person))),
    }
}

async fn save(case: &Arc<Case>, customer: Customer, email: Email) -> Result<Answer, Trouble> {
    case.commit(move |tx, case| {
        Box::pin(async move {
            customers::set_email(tx, &customer.id, &email, case.now_ms()).await?;
            appointments::set_email(tx, &customer.id, &email, case.now_ms()).await?;
            emails::carry(tx, case.ctx(), &customer.id, &email).await?;
            Ok(Reply::EmailSaved.into())
        })
    })
    .await
}
