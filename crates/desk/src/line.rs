//! Which branch a call belongs to: by the called number, else by the agent; never by guessing.

use frontdesk_domain::caller::number::CallerNumber;
use frontdesk_domain::calling::{CallFacts, Platform};
use frontdesk_domain::lang::Lang;
use frontdesk_domain::tenant::{Branch, Tenant};
use frontdesk_store::tenants::{Door, number_key};
use frontdesk_store::{Store, StoreError};

/// The line a call came in on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) branch: &'a Branch,
    pub(crate) language: Option<Lang>,
}

/// Finds the line of a call behind a door; `None`: no line of this tenant, refuse.
pub(crate) async fn find<'a>(
    store: &Store,
    door: &'a Door,
    platform: Platform,
    facts: &CallFacts,
    args_only: bool,
) -> Result<Option<Line<'a>>, StoreError> {
    let tenant = &door.tenant;
    // Bare arguments name no line; the signature of this endpoint is all there is.
    if args_only {
        return Ok(default_line(tenant));
    }
    // Platforms say the number as the tenant's file has it; only other spellings need understanding.
    if let Some(line) = facts.line_number().and_then(|raw| by_number(tenant, raw)) {
        return Ok(Some(line));
    }
    if let Some(raw) = facts.line_number()
        && let CallerNumber::Known(number) = CallerNumber::read(Some(raw), &tenant.country)
    {
        if let Some(line) = by_number(tenant, number.reveal()) {
            return Ok(Some(line));
        }
        if store.line_is_anothers(&door.scope, &number_key(number.reveal())).await? {
            return Ok(None);
        }
    }
    Ok(by_agent(tenant, platform, facts))
}

fn by_number<'a>(tenant: &'a Tenant, number: &str) -> Option<Line<'a>> {
    lines(tenant)
        .find(|(_, line)| line.number.as_ref().is_some_and(|own| own.reveal() == number))
        .map(|(branch, line)| Line { branch, language: line.language })
}

/// By the agent; a web call may name one of the tenant's branches itself.
fn by_agent<'a>(tenant: &'a Tenant, platform: Platform, facts: &CallFacts) -> Option<Line<'a>> {
    let agent = facts.agent_id.as_deref()?;
    let (branch, line) =
        lines(tenant).find(|(_, line)| line.agents.iter().any(|own| own.platform == platform && own.id == agent))?;
    let named = facts.branch.as_deref().filter(|_| facts.web);
    let branch = named.and_then(|name| tenant.branches.iter().find(|own| own.id.as_str() == name)).unwrap_or(branch);
    Some(Line { branch, language: line.language })
}

fn default_line(tenant: &Tenant) -> Option<Line<'_>> {
    tenant.branch(&tenant.default_branch).map(|branch| Line { branch, language: None })
}

fn lines(tenant: &Tenant) -> impl Iterator<Item = (&Branch, &frontdesk_domain::tenant::Line)> {
    tenant.branches.iter().flat_map(|branch| branch.lines.iter().map(move |line| (branch, line)))
}
