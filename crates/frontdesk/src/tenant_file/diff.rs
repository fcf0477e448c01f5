//! stub
use frontdesk_domain::tenant::Tenant;
/// stub
pub fn changes(old: Option<&Tenant>, new: &Tenant) -> Vec<String> {
    let _ = (old, new);
    vec![]
}
