//! What the commands for the people of a house share: which tenant, whose clock, how a number is shown.

use frontdesk_domain::ids::BranchId;
use frontdesk_domain::pii::Phone;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::TenantScope;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::{CommandOutput, Premises};

/// The tenant a command is about: the named one, else the only one.
pub(super) async fn tenant(
    slug: Option<&str>,
    premises: &Premises<'_>,
) -> Result<(TenantScope, Tenant), CommandOutput> {
    let tenants = premises.store.tenants().await;
    let tenants = tenants.map_err(|error| CommandOutput::wrong(format!("The tenants cannot be read: {error}")))?;
    let names = tenants.iter().map(|(_, tenant, _)| tenant.slug.as_str()).collect::<Vec<_>>().join(", ");
    let several = tenants.len() > 1;
    let mut fitting = tenants.into_iter().filter(|(_, tenant, _)| slug.is_none_or(|slug| tenant.slug == slug));
    match (fitting.next(), slug) {
        (Some(_), None) if several => {
            Err(CommandOutput::usage(format!("There are several tenants; name one with --tenant: {names}")))
        }
        (Some((scope, tenant, _)), _) => Ok((scope, tenant)),
        (None, Some(slug)) => {
            Err(CommandOutput::wrong(format!("There is no tenant {slug:?}. List them: frontdesk tenant list")))
        }
        (None, None) => Err(CommandOutput::wrong(
            "No tenants yet. Put one in: frontdesk tenant apply examples/salon-morgenrot.toml",
        )),
    }
}

/// The wall clock of a branch; of the default one where it is gone.
pub(super) fn zone(tenant: &Tenant, branch: &BranchId) -> TimeZone {
    let branch = tenant.branch(branch).or_else(|| tenant.branch(&tenant.default_branch));
    branch.map_or(TimeZone::UTC, |branch| branch.zone.clone())
}

/// An instant of the store on a branch's wall clock.
pub(super) fn local(tenant: &Tenant, branch: &BranchId, ms: i64) -> Zoned {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone(tenant, branch))
}

/// RFC 3339 with the branch's offset.
pub(super) fn rfc3339(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The branch's name as spoken; its id where it is gone.
pub(super) fn branch_name<'a>(tenant: &'a Tenant, branch: &'a BranchId) -> &'a str {
    tenant.branch(branch).map_or(branch.as_str(), |branch| branch.name.as_str())
}

/// A customer's number; `None` for the placeholder of one who withheld it.
pub(super) fn number(phone: &Phone) -> Option<&str> {
    Some(phone.reveal()).filter(|number| !number.starts_with("anonymous_"))
}
