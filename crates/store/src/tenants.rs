//! Tenants: their definitions, doors (endpoint tokens with keys) and lines.

use std::sync::Arc;

use frontdesk_domain::calling::Platform;
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::tenant::Tenant;
use secrecy::SecretString;

use crate::appointments::{self, Appointment};
use crate::calendar_keys::{self, CalendarKeys};
use crate::customers::{self, Customer};
use crate::error::StoreError;
use crate::occupancy::{self, Owner};
use crate::sql::{p, to_json};
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// Everything behind one endpoint token, ready to verify and answer a call.
#[derive(Clone, Debug)]
pub struct Door {
    /// The tenant, for the store.
    pub scope: TenantScope,
    /// The tenant, for the desk.
    pub tenant: Arc<Tenant>,
    /// Keys that sign the platform's requests, newest first.
    pub retell_keys: Vec<SecretString>,
    /// Secrets that the calendar outside signs its webhooks with.
    pub calendar_secrets: Vec<SecretString>,
}

/// A tenant as `tenant apply` wants it; the id inside is ignored for a tenant that exists.
#[derive(Clone, Debug)]
pub struct Apply {
    /// The definition.
    pub tenant: Tenant,
    /// Wished endpoint token; `None`: the existing one, or a new one.
    pub endpoint: Option<String>,
    /// Keys of voice platforms, newest first; a platform that is not here keeps what it has.
    pub voice_keys: Vec<(Platform, Vec<SecretString>)>,
    /// Keys of the calendar outside; `None`: those that are there stay.
    pub calendar_keys: Option<CalendarKeys>,
    /// Records brought over from elsewhere; those already there are left alone.
    pub customers: Vec<Customer>,
    /// The same for appointments; their time is taken.
    pub appointments: Vec<Appointment>,
}

/// What applying did.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The definition before; `None`: a new tenant.
    pub before: Option<Tenant>,
    /// The definition now.
    pub tenant: Tenant,
    /// The endpoint token, old or new.
    pub endpoint: String,
    /// The endpoint token changed or is new.
    pub endpoint_changed: bool,
    /// The keys of a voice platform changed.
    pub keys_changed: bool,
    /// The calendar's keys changed.
    pub calendar_keys_changed: bool,
    /// New customers.
    pub customers_added: usize,
    /// New appointments.
    pub appointments_added: usize,
}

/// Why a tenant is not applied; nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyError {
    /// A phone number or agent is another tenant's.
    LineTaken(String),
    /// The endpoint token is another tenant's.
    EndpointTaken,
    /// An appointment's time is taken by another.
    AppointmentOverlaps(String),
    /// An appointment names a customer that is not there.
    UnknownCustomer(String),
    /// A key cannot be sealed.
    KeyRing(String),
    /// The store.
    Store(StoreError),
}

impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for ApplyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LineTaken(line) => write!(f, "{line} belongs to another tenant; a line rings at one place only"),
            Self::EndpointTaken => f.write_str("this endpoint token belongs to another tenant; choose another"),
            Self::AppointmentOverlaps(id) => write!(f, "appointment {id} overlaps another one of the same person"),
            Self::UnknownCustomer(id) => write!(f, "an appointment names customer {id}, who is not in the file"),
            Self::KeyRing(error) => write!(f, "the keys cannot be sealed: {error}"),
            Self::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ApplyError {}

const BY_SLUG: &str = "-- system::tenants::BY_SLUG
    SELECT tenant_id, definition FROM tenant WHERE slug = $1";

const BY_ID: &str = "-- system::tenants::BY_ID
    SELECT definition FROM tenant WHERE tenant_id = $1";

const ALL: &str = "-- system::tenants::ALL
    SELECT t.tenant_id, t.definition, e.token FROM tenant t JOIN endpoint e ON e.tenant_id = t.tenant_id ORDER BY t.slug";

const BY_ENDPOINT: &str = "-- system::tenants::BY_ENDPOINT
    SELECT t.tenant_id, t.definition FROM endpoint e JOIN tenant t ON t.tenant_id = e.tenant_id WHERE e.token = $1";

const KEYS: &str = "-- tenants::KEYS
    SELECT sealed FROM voice_key WHERE tenant_id = $1 AND platform = $2 ORDER BY position";

const LINE_OWNER: &str = "-- system::tenants::LINE_OWNER
    SELECT tenant_id FROM line WHERE line_key = $1";

const ENDPOINT_OF: &str = "-- system::tenants::ENDPOINT_OF
    SELECT token FROM endpoint WHERE tenant_id = $1 ORDER BY created_ms DESC LIMIT 1";

const PUT_TENANT: &str = "-- system::tenants::PUT_TENANT
    INSERT INTO tenant (tenant_id, slug, definition, revision, created_ms, updated_ms) VALUES ($1, $2, $3, 1, $4, $4)
    ON CONFLICT (tenant_id) DO UPDATE SET
        definition = excluded.definition, revision = tenant.revision + 1, updated_ms = excluded.updated_ms";

const DROP_ENDPOINTS: &str = "-- tenants::DROP_ENDPOINTS
    DELETE FROM endpoint WHERE tenant_id = $1";

const PUT_ENDPOINT: &str = "-- tenants::PUT_ENDPOINT
    INSERT INTO endpoint (token, tenant_id, created_ms) VALUES ($2, $1, $3) ON CONFLICT (token) DO NOTHING";

const DROP_LINES: &str = "-- tenants::DROP_LINES
    DELETE FROM line WHERE tenant_id = $1";

const PUT_LINE: &str = "-- tenants::PUT_LINE
    INSERT INTO line (line_key, tenant_id, branch_id) VALUES ($2, $1, $3) ON CONFLICT (line_key) DO NOTHING";

const DROP_KEYS: &str = "-- tenants::DROP_KEYS
    DELETE FROM voice_key WHERE tenant_id = $1 AND platform = $2";

const PUT_KEY: &str = "-- tenants::PUT_KEY
    INSERT INTO voice_key (tenant_id, platform, position, sealed) VALUES ($1, $2, $3, $4)";

/// The key of a phone number in the table of lines.
pub fn number_key(number: &str) -> String {
    format!("tel:{number}")
}

/// The key of a voice agent in the table of lines.
pub fn agent_key(platform: Platform, agent: &str) -> String {
    format!("{}:{agent}", platform.as_str())
}

/// Where a platform's keys open: sealed for one tenant and platform, they are worthless elsewhere.
pub(crate) fn place(tenant: &TenantId, platform: &str) -> String {
    format!("{tenant}/voice/{platform}")
}

impl Store {
    /// What is behind an endpoint token. Cached by the caller; this asks the database.
    pub async fn door(&self, token: &str) -> Result<Option<Door>, StoreError> {
        let token = token.to_owned();
        let found: Option<(Tenant, Vec<String>)> = self
            .read_system(move |tx| {
                Box::pin(async move {
                    let Some(row) = tx.first(BY_ENDPOINT, &[p(&token)]).await? else { return Ok(None) };
                    let keys = tx.query(KEYS, &[p(&row.text(0)?), p(Platform::Retell.as_str())]).await?;
                    let sealed = keys.iter().map(|key| key.text(0)).collect::<Result<Vec<_>, _>>()?;
                    Ok(Some((row.json(1)?, sealed)))
                })
            })
            .await?;
        let Some((tenant, sealed)) = found else { return Ok(None) };
        let retell_keys = self.open_keys(&tenant.id, Platform::Retell, &sealed)?;
        let scope = TenantScope::of(tenant.id.clone());
        let calendar_secrets =
            if tenant.calendar.is_some() { self.calendar_keys(&scope).await?.webhook } else { Vec::new() };
        Ok(Some(Door { scope, tenant: Arc::new(tenant), retell_keys, calendar_secrets }))
    }

    fn open_keys(
        &self,
        tenant: &TenantId,
        platform: Platform,
        sealed: &[String],
    ) -> Result<Vec<SecretString>, StoreError> {
        let place = place(tenant, platform.as_str());
        let ring = self.keys();
        sealed
            .iter()
            .map(|text| ring.open_secret(text, &place))
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    /// The tenant of a slug, for operators' commands.
    pub async fn tenant(&self, slug: &str) -> Result<Option<(TenantScope, Tenant)>, StoreError> {
        let slug = slug.to_owned();
        self.read_system(move |tx| {
            Box::pin(async move {
                let row = tx.first(BY_SLUG, &[p(&slug)]).await?;
                row.map(|row| Ok((TenantScope::of(TenantId::new(row.text(0)?)), row.json(1)?))).transpose()
            })
        })
        .await
    }

    /// The tenant of a scope as it is now, for work that follows later; `None`: it is gone.
    pub async fn tenant_of(&self, scope: &TenantScope) -> Result<Option<Tenant>, StoreError> {
        let id = scope.tenant().clone();
        self.read_system(move |tx| {
            Box::pin(async move {
                let row = tx.first(BY_ID, &[p(id.as_str())]).await?;
                row.map(|row| row.json(0)).transpose()
            })
        })
        .await
    }

    /// Every tenant with its endpoint token, by slug.
    pub async fn tenants(&self) -> Result<Vec<(TenantScope, Tenant, String)>, StoreError> {
        self.read_system(|tx| {
            Box::pin(async move {
                let rows = tx.query(ALL, &[]).await?;
                rows.iter()
                    .map(|row| Ok((TenantScope::of(TenantId::new(row.text(0)?)), row.json(1)?, row.text(2)?)))
                    .collect()
            })
        })
        .await
    }

    /// Whether a line (see [`number_key`], [`agent_key`]) is a tenant's other than this one.
    pub async fn line_is_anothers(&self, scope: &TenantScope, line_key: &str) -> Result<bool, StoreError> {
        let (line_key, ours) = (line_key.to_owned(), scope.tenant().clone());
        self.read_system(move |tx| {
            Box::pin(async move {
                let row = tx.first(LINE_OWNER, &[p(&line_key)]).await?;
                row.map_or(Ok(false), |row| Ok(row.text(0)? != ours.as_str()))
            })
        })
        .await
    }

    /// Makes a tenant what its file says, whole or not at all.
    pub async fn apply_tenant(&self, apply: Apply) -> Result<Applied, ApplyError> {
        let known = self.tenant(&apply.tenant.slug).await?;
        let id = known.map_or_else(|| TenantId::new(self.ctx().id("ten_")), |(scope, _)| scope.tenant().clone());
        let mut sealed = Vec::new();
        for (platform, keys) in &apply.voice_keys {
            sealed.extend(self.seal_if_changed(&id, *platform, keys).await?.map(|keys| (*platform, keys)));
        }
        let fresh_endpoint = self.ctx().token("ep_", 20);
        let now_ms = self.ctx().now_ms();
        let scope = TenantScope::of(id.clone());
        let calendar_sealed = match &apply.calendar_keys {
            Some(keys) => self
                .seal_changed_calendar_keys(&scope, keys)
                .await?
                .map_err(|error| ApplyError::KeyRing(error.to_string()))?,
            None => Vec::new(),
        };
        self.run(&scope, move |tx| {
            Box::pin(async move {
                let mut tenant = apply.tenant;
                tenant.id = id;
                let (before, definition_changed) = put_definition(tx, &tenant, now_ms).await?;
                let (endpoint, endpoint_changed) =
                    put_endpoint(tx, &tenant.id, apply.endpoint, fresh_endpoint, now_ms).await?;
                if definition_changed {
                    put_lines(tx, &tenant).await?;
                }
                for (platform, keys) in &sealed {
                    put_keys(tx, &tenant.id, *platform, keys).await?;
                }
                calendar_keys::put(tx, &tenant.id, &calendar_sealed).await?;
                let (customers_added, appointments_added) =
                    bring_over(tx, &apply.customers, &apply.appointments, now_ms).await?;
                Ok(Applied {
                    before,
                    tenant,
                    endpoint,
                    endpoint_changed,
                    keys_changed: !sealed.is_empty(),
                    calendar_keys_changed: !calendar_sealed.is_empty(),
                    customers_added,
                    appointments_added,
                })
            })
        })
        .await
    }

    /// Seals keys, unless they are the ones already there.
    async fn seal_if_changed(
        &self,
        id: &TenantId,
        platform: Platform,
        keys: &[SecretString],
    ) -> Result<Option<Vec<String>>, ApplyError> {
        use secrecy::ExposeSecret;
        let asked = id.clone();
        let sealed: Vec<String> = self
            .read_system(move |tx| {
                Box::pin(async move {
                    let rows = tx.query(KEYS, &[p(asked.as_str()), p(platform.as_str())]).await?;
                    rows.iter().map(|row| row.text(0)).collect()
                })
            })
            .await?;
        // A key that no longer opens (the ring was lost) is replaced by what the file says.
        let old = self.open_keys(id, platform, &sealed).unwrap_or_default();
        if old.len() == keys.len() && old.iter().zip(keys).all(|(a, b)| a.expose_secret() == b.expose_secret()) {
            return Ok(None);
        }
        let place = place(id, platform.as_str());
        let ring = self.keys();
        keys.iter()
            .map(|key| ring.seal(key, &place, self.ctx()))
            .collect::<Result<Vec<_>, _>>()
            .map(Some)
            .map_err(|error| ApplyError::KeyRing(error.to_string()))
    }
}

async fn put_definition(tx: &mut Tx, tenant: &Tenant, now_ms: i64) -> Result<(Option<Tenant>, bool), ApplyError> {
    let before: Option<Tenant> = match tx.first(BY_SLUG, &[p(&tenant.slug)]).await? {
        Some(row) => Some(row.json(1)?),
        None => None,
    };
    let changed = before.as_ref() != Some(tenant);
    if changed {
        let definition = to_json(tenant)?;
        tx.execute(PUT_TENANT, &[p(tenant.id.as_str()), p(&tenant.slug), p(&definition), p(now_ms)]).await?;
    }
    Ok((before, changed))
}

async fn put_endpoint(
    tx: &mut Tx,
    id: &TenantId,
    wished: Option<String>,
    fresh: String,
    now_ms: i64,
) -> Result<(String, bool), ApplyError> {
    let known = tx.first(ENDPOINT_OF, &[p(id.as_str())]).await?.map(|row| row.text(0)).transpose()?;
    let endpoint = match (wished, known) {
        (Some(wished), Some(known)) if wished == known => return Ok((known, false)),
        (None, Some(known)) => return Ok((known, false)),
        (wished, _) => wished.unwrap_or(fresh),
    };
    tx.execute(DROP_ENDPOINTS, &[p(id.as_str())]).await?;
    match tx.execute(PUT_ENDPOINT, &[p(id.as_str()), p(&endpoint), p(now_ms)]).await? {
        1 => Ok((endpoint, true)),
        _ => Err(ApplyError::EndpointTaken),
    }
}

async fn put_lines(tx: &mut Tx, tenant: &Tenant) -> Result<(), ApplyError> {
    tx.execute(DROP_LINES, &[p(tenant.id.as_str())]).await?;
    for branch in &tenant.branches {
        for line in &branch.lines {
            let number = line.number.iter().map(|number| number_key(number.reveal()));
            let agents = line.agents.iter().map(|agent| agent_key(agent.platform, &agent.id));
            for key in number.chain(agents) {
                let params = [p(tenant.id.as_str()), p(&key), p(branch.id.as_str())];
                if tx.execute(PUT_LINE, &params).await? == 1 {
                    continue;
                }
                // One agent may ring at two branches of a tenant; the number tells them apart.
                let owner = tx.first(LINE_OWNER, &[p(&key)]).await?.map(|row| row.text(0)).transpose()?;
                if owner.as_deref() != Some(tenant.id.as_str()) {
                    return Err(ApplyError::LineTaken(key));
                }
            }
        }
    }
    Ok(())
}

async fn put_keys(tx: &mut Tx, id: &TenantId, platform: Platform, sealed: &[String]) -> Result<(), ApplyError> {
    tx.execute(DROP_KEYS, &[p(id.as_str()), p(platform.as_str())]).await?;
    for (position, text) in (0_i64..).zip(sealed) {
        tx.execute(PUT_KEY, &[p(id.as_str()), p(platform.as_str()), p(position), p(text)]).await?;
    }
    Ok(())
}

/// Adds records from elsewhere; those already there are left alone, so that a file can be applied again and again.
async fn bring_over(
    tx: &mut Tx,
    customers: &[Customer],
    appointments: &[Appointment],
    now_ms: i64,
) -> Result<(usize, usize), ApplyError> {
    let mut added = (0, 0);
    for customer in customers {
        added.0 += usize::from(customers::add(tx, customer, now_ms).await?);
    }
    for appointment in appointments {
        if customers::load(tx, &appointment.customer).await?.is_none() {
            return Err(ApplyError::UnknownCustomer(appointment.customer.to_string()));
        }
        if !appointments::add(tx, appointment).await? {
            continue;
        }
        if !occupancy::take(tx, &appointment.visit, &Owner::Appointment(&appointment.id), now_ms).await? {
            return Err(ApplyError::AppointmentOverlaps(appointment.id.to_string()));
        }
        added.1 += 1;
    }
    Ok(added)
}
