//! The tenant file: one company with branches, lines, staff, services, keys and calendar, as an owner writes it.
//!
//! A wrong file is refused whole, with every problem found and the line it stands on. Start reading at [`read`].

mod build;
mod calendar;
mod check;
mod diff;
mod keys;
mod mapping;
mod naming;
mod people;
mod places;
mod reader;
mod records;
pub(crate) mod report;
mod rules;
mod services;
mod states;
#[cfg(test)]
mod tests;
mod week;

use frontdesk_domain::ids::TenantId;
use frontdesk_domain::tenant::Tenant;
use secrecy::SecretString;
use toml::de::DeTable;

pub use diff::changes;
pub use records::{NewAppointment, NewCustomer};
pub use report::{FileErrors, Problem};

use reader::Table;
use report::Report;

/// What [`read`] puts where the tenant's id belongs; the real one is made at the first apply.
pub const PLACEHOLDER_ID: &str = "ten_new";

/// A tenant file that was read and found right.
#[derive(Clone, Debug)]
pub struct TenantFile {
    /// The tenant; its id is [`PLACEHOLDER_ID`] until [`TenantFile::with_id`].
    pub tenant: Tenant,
    /// The endpoint token `ep_…`, if the file wishes a certain one.
    pub endpoint: Option<String>,
    /// Retell's keys: the present one and, while rotating, the next.
    pub retell_keys: Vec<SecretString>,
    /// Vapi's secrets, likewise.
    pub vapi_keys: Vec<SecretString>,
    /// ElevenLabs' secrets, likewise.
    pub elevenlabs_keys: Vec<SecretString>,
    /// The key of the calendar outside, if there is one.
    pub calendar_api_key: Option<SecretString>,
    /// What its webhooks are signed with: the present secret and, while rotating, the next.
    pub calendar_webhook_secrets: Vec<SecretString>,
    /// Customers to bring over, once.
    pub customers: Vec<NewCustomer>,
    /// Appointments to bring over, once; none overlaps another of the same person.
    pub appointments: Vec<NewAppointment>,
    /// What the writer probably meant otherwise, as `file:LINE: …`.
    pub warnings: Vec<String>,
}

impl TenantFile {
    /// The same with the tenant's real id.
    pub fn with_id(mut self, id: TenantId) -> Self {
        self.tenant.id = id;
        self
    }
}

/// Reads a tenant file. `file_name` appears in messages, and `keys_file` is looked for beside it.
///
/// Fails with everything that is wrong, sorted by line; no message contains a key or a customer.
pub fn read(text: &str, file_name: &str) -> Result<TenantFile, FileErrors> {
    let (root, syntax_errors) = DeTable::parse_recoverable(text);
    let report = Report::new(text);
    for error in &syntax_errors {
        let at = error.span().map_or(0, |span| span.start);
        report.wrong(at, format!("this is not TOML: {}; compare with the files in examples/", error.message()));
    }
    if !syntax_errors.is_empty() {
        // What a broken table holds is guesswork; more messages would only mislead.
        return Err(report.close(file_name).err().unwrap_or_else(|| unreadable(file_name)));
    }
    let file = build::tenant_file(Table::new("tenant", 0, root.get_ref(), &report), file_name);
    let warnings = report.close(file_name)?;
    file.map(|file| TenantFile { warnings, ..file }).ok_or_else(|| unreadable(file_name))
}

/// The answer where reading gave up without saying why; it cannot, but then it must not pass either.
fn unreadable(file_name: &str) -> FileErrors {
    let problem = Problem { line: 1, text: "the file cannot be read; compare with the files in examples/".to_owned() };
    FileErrors { file: file_name.to_owned(), problems: vec![problem] }
}
