//! Customers: known by number inside their tenant; several may share one; anonymous ones have a placeholder.

use frontdesk_domain::caller::name::name_key;
use frontdesk_domain::ids::{CallId, CustomerId};
use frontdesk_domain::pii::{Email, PersonName, Phone};

use crate::error::StoreError;
use crate::sql::{Row, p};
use crate::tx::Tx;

/// A customer as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// `cus_…`.
    pub id: CustomerId,
    /// Full name.
    pub name: PersonName,
    /// E.164 or the placeholder of an anonymous customer.
    pub phone: Phone,
    /// `None`: unknown; stored as NULL, never ''.
    pub email: Option<Email>,
    /// Where the record came from.
    pub source: String,
}

const ADD: &str = "-- customers::ADD
    INSERT INTO customer (tenant_id, customer_id, name, name_key, phone, email, source, created_ms, updated_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    ON CONFLICT (tenant_id, customer_id) DO NOTHING";

/// Adds a customer; `false` if that id is there already.
pub async fn add(tx: &mut Tx, customer: &Customer, now_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let key = name_key(&customer.name);
    let added = tx
        .execute(
            ADD,
            &[
                p(tenant.as_str()),
                p(customer.id.as_str()),
                p(customer.name.reveal()),
                p(&key),
                p(customer.phone.reveal()),
                p(customer.email.as_ref().map(Email::reveal)),
                p(customer.source.as_str()),
                p(now_ms),
            ],
        )
        .await?;
    Ok(added == 1)
}

const LOAD: &str = "-- customers::LOAD
    SELECT customer_id, name, phone, email, source FROM customer WHERE tenant_id = $1 AND customer_id = $2";

/// The customer of that id, of this tenant.
pub async fn load(tx: &mut Tx, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LOAD, &[p(tenant.as_str()), p(id.as_str())]).await?;
    row.as_ref().map(read).transpose()
}

const BY_PHONE: &str = "-- customers::BY_PHONE
    SELECT customer_id, name, phone, email, source FROM customer
    WHERE tenant_id = $1 AND phone = $2 ORDER BY created_ms, customer_id LIMIT 500";

/// Everybody on one number, oldest record first. Not more than 500: a home or a company may ring for hundreds of
/// people from one number and none of them may become a stranger, but no number can make a call read without end.
pub async fn by_phone(tx: &mut Tx, phone: &Phone) -> Result<Vec<Customer>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(BY_PHONE, &[p(tenant.as_str()), p(phone.reveal())]).await?.iter().map(read).collect()
}

const OF_CALL: &str = "-- customers::OF_CALL
    SELECT c.customer_id, c.name, c.phone, c.email, c.source
    FROM call_customer k JOIN customer c ON c.tenant_id = k.tenant_id AND c.customer_id = k.customer_id
    WHERE k.tenant_id = $1 AND k.call_id = $2 ORDER BY c.created_ms, c.customer_id";

/// The people a call booked for or spoke as.
pub async fn of_call(tx: &mut Tx, call_id: &CallId) -> Result<Vec<Customer>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(OF_CALL, &[p(tenant.as_str()), p(call_id.as_str())]).await?.iter().map(read).collect()
}

const LINK_TO_CALL: &str = "-- customers::LINK_TO_CALL
    INSERT INTO call_customer (tenant_id, call_id, customer_id, name_key) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, call_id, name_key) DO NOTHING";

/// Remembers that a call is (also) this person's.
pub async fn link_to_call(tx: &mut Tx, call_id: &CallId, customer: &Customer) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let key = name_key(&customer.name);
    tx.execute(LINK_TO_CALL, &[p(tenant.as_str()), p(call_id.as_str()), p(customer.id.as_str()), p(&key)])
        .await
        .map(|_| ())
}

const SET_EMAIL: &str = "-- customers::SET_EMAIL
    UPDATE customer SET email = $3, updated_ms = $4 WHERE tenant_id = $1 AND customer_id = $2";

/// Stores an e-mail address over whatever was there.
pub async fn set_email(tx: &mut Tx, id: &CustomerId, email: &Email, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(SET_EMAIL, &[p(tenant.as_str()), p(id.as_str()), p(email.reveal()), p(now_ms)]).await.map(|_| ())
}

fn read(row: &Row) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: CustomerId::new(row.text(0)?),
        name: PersonName::from_canonical(row.text(1)?),
        phone: Phone::from_canonical(row.text(2)?),
        email: row.opt_text(3)?.map(Email::from_canonical),
        source: row.text(4)?,
    })
}
