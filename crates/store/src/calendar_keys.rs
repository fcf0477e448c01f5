//! The keys of a tenant's calendar outside: the one its API takes, and those its webhooks are signed with.

use frontdesk_domain::ids::TenantId;
use secrecy::{ExposeSecret, SecretString};

use crate::error::StoreError;
use crate::keyring::{KeyRing, KeyRingError};
use crate::sql::p;
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// Keys of a calendar outside.
#[derive(Clone, Debug, Default)]
pub struct CalendarKeys {
    /// What its API takes; none with the built-in calendar.
    pub api: Option<SecretString>,
    /// What its webhooks are signed with: the present one and, while rotating, the next.
    pub webhook: Vec<SecretString>,
}

/// What a key is for; keys sealed for one purpose do not open for the other.
const API: &str = "api";
const WEBHOOK: &str = "webhook";
const PURPOSES: [&str; 2] = [API, WEBHOOK];

const KEYS: &str = "-- calendar_keys::KEYS
    SELECT sealed FROM calendar_key WHERE tenant_id = $1 AND purpose = $2 ORDER BY position";

const DROP_KEYS: &str = "-- calendar_keys::DROP_KEYS
    DELETE FROM calendar_key WHERE tenant_id = $1 AND purpose = $2";

const PUT_KEY: &str = "-- calendar_keys::PUT_KEY
    INSERT INTO calendar_key (tenant_id, purpose, position, sealed) VALUES ($1, $2, $3, $4)";

/// Where a calendar's keys open: sealed for one tenant and purpose, they are worthless elsewhere.
pub(crate) fn place(tenant: &TenantId, purpose: &str) -> String {
    format!("{tenant}/calendar/{purpose}")
}

impl CalendarKeys {
    fn of(&self, purpose: &str) -> Vec<&SecretString> {
        if purpose == API { self.api.iter().collect() } else { self.webhook.iter().collect() }
    }
}

/// Sealed keys of one purpose, ready to be put in.
pub(crate) type Sealed = (&'static str, Vec<String>);

impl Store {
    /// The keys of a tenant's calendar outside, opened.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if the key ring does not open them, otherwise what the database does to us.
    pub async fn calendar_keys(&self, scope: &TenantScope) -> Result<CalendarKeys, StoreError> {
        let [api, webhook] = self.sealed_calendar_keys(scope).await?;
        let ring = self.keys();
        let opened = |purpose: &str, sealed: &[String]| {
            open_all(&ring, scope.tenant(), purpose, sealed).map_err(|error| StoreError::Unreadable(error.to_string()))
        };
        Ok(CalendarKeys { api: opened(API, &api)?.into_iter().next(), webhook: opened(WEBHOOK, &webhook)? })
    }

    /// Seals what differs from what is stored, by purpose.
    pub(crate) async fn seal_changed_calendar_keys(
        &self,
        scope: &TenantScope,
        wanted: &CalendarKeys,
    ) -> Result<Result<Vec<Sealed>, KeyRingError>, StoreError> {
        let stored = self.sealed_calendar_keys(scope).await?;
        let ring = self.keys();
        let id = scope.tenant();
        let mut changed = Vec::new();
        for (purpose, sealed) in PURPOSES.into_iter().zip(&stored) {
            let keys = wanted.of(purpose);
            // A key that no longer opens (the ring was lost) is replaced by what the file says.
            let same = open_all(&ring, id, purpose, sealed).is_ok_and(|old| {
                old.len() == keys.len() && old.iter().zip(&keys).all(|(a, b)| a.expose_secret() == b.expose_secret())
            });
            if same {
                continue;
            }
            let place = place(id, purpose);
            match keys.into_iter().map(|key| ring.seal(key, &place, self.ctx())).collect() {
                Ok(sealed) => changed.push((purpose, sealed)),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(changed))
    }

    async fn sealed_calendar_keys(&self, scope: &TenantScope) -> Result<[Vec<String>; 2], StoreError> {
        let tenant = scope.tenant().clone();
        self.read(scope, move |tx| {
            Box::pin(async move {
                let mut all = [const { Vec::new() }; 2];
                for (purpose, place) in PURPOSES.into_iter().zip(&mut all) {
                    let rows = tx.query(KEYS, &[p(tenant.as_str()), p(purpose)]).await?;
                    *place = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
                }
                Ok(all)
            })
        })
        .await
    }
}

fn open_all(
    ring: &KeyRing,
    tenant: &TenantId,
    purpose: &str,
    sealed: &[String],
) -> Result<Vec<SecretString>, KeyRingError> {
    let place = place(tenant, purpose);
    sealed.iter().map(|text| ring.open_secret(text, &place)).collect()
}

/// Puts sealed keys in the place of those of the same purpose.
pub(crate) async fn put(tx: &mut Tx, id: &TenantId, sealed: &[Sealed]) -> Result<(), StoreError> {
    for (purpose, keys) in sealed {
        tx.execute(DROP_KEYS, &[p(id.as_str()), p(*purpose)]).await?;
        for (position, text) in (0_i64..).zip(keys) {
            tx.execute(PUT_KEY, &[p(id.as_str()), p(*purpose), p(position), p(text)]).await?;
        }
    }
    Ok(())
}
