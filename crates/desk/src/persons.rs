//! Who an appointment is for: found on the calling number, in this call, or made anew.

use frontdesk_domain::caller::email::parse_email;
use frontdesk_domain::caller::name::{name_key, sounds_like};
use frontdesk_domain::ids::CustomerId;
use frontdesk_domain::pii::{Email, PersonName, Phone};
use frontdesk_store::customers::{self, Customer};
use frontdesk_store::{StoreError, Tx};

use crate::case::Case;

/// The customer with that name among people of one number: the same name, else one that sounds like it.
pub(crate) fn named<'a>(name: &PersonName, people: &'a [Customer]) -> Option<&'a Customer> {
    let key = name_key(name);
    people
        .iter()
        .find(|customer| name_key(&customer.name) == key)
        .or_else(|| people.iter().find(|customer| sounds_like(name, &customer.name)))
}

/// The e-mail address given in this function call, if it is one.
pub(crate) fn given_email(case: &Case) -> Option<Email> {
    parse_email(case.call.args.customer_email.as_ref()?.reveal())
}

/// The customer to book for, made in this transaction if need be.
///
/// A withheld number is nobody's: inside one call a name is one customer, and each call makes its own, with a
/// placeholder phone and no e-mail. A number finds its people by name, and a new name on it is a new person.
pub(crate) async fn to_book_for(tx: &mut Tx, case: &Case, name: &PersonName) -> Result<Customer, StoreError> {
    let customer = match &case.number {
        None => {
            let of_call = customers::of_call(tx, &case.call_id).await?;
            let key = name_key(name);
            match of_call.into_iter().find(|customer| name_key(&customer.name) == key) {
                Some(customer) => customer,
                None => make(tx, case, name, placeholder_phone(case), None).await?,
            }
        }
        Some(number) => {
            let people = customers::by_phone(tx, number).await?;
            match named(name, &people) {
                Some(customer) => with_email(tx, case, customer.clone()).await?,
                None => make(tx, case, name, number.clone(), given_email(case)).await?,
            }
        }
    };
    customers::link_to_call(tx, &case.call_id, &customer).await?;
    Ok(customer)
}

/// Fills in a missing address; never replaces one on the way.
async fn with_email(tx: &mut Tx, case: &Case, customer: Customer) -> Result<Customer, StoreError> {
    match (&customer.email, given_email(case)) {
        (None, Some(email)) => {
            customers::set_email(tx, &customer.id, &email, case.now_ms()).await?;
            Ok(Customer { email: Some(email), ..customer })
        }
        _ => Ok(customer),
    }
}

async fn make(
    tx: &mut Tx,
    case: &Case,
    name: &PersonName,
    phone: Phone,
    email: Option<Email>,
) -> Result<Customer, StoreError> {
    let anonymous = if case.number.is_none() { "_anonymous" } else { "" };
    let customer = Customer {
        id: CustomerId::new(case.ctx().id("cus_")),
        name: name.clone(),
        phone,
        email,
        source: format!("{}_webhook{anonymous}", case.call.platform.as_str()),
    };
    customers::add(tx, &customer, case.now_ms()).await?;
    Ok(customer)
}

/// `anonymous_<unix seconds>_<random hex>`: unique, and plainly no number.
fn placeholder_phone(case: &Case) -> Phone {
    let random: String = case.ctx().random::<6>().iter().map(|byte| format!("{byte:02x}")).collect();
    Phone::from_canonical(format!("anonymous_{}_{random}", case.now.as_second()))
}
