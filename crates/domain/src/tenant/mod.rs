//! A tenant as the desk sees it: one immutable snapshot of company, branches, lines, staff and services.

pub mod catalog;
pub mod holidays;
pub mod hours;
pub mod policy;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::calendar::link::CalendarLink;
use crate::calling::Platform;
use crate::ids::{BranchId, ServiceId, StaffId, TenantId};
use crate::lang::Lang;
use crate::pii::Phone;
use catalog::Service;
use holidays::State;
use hours::{DayParts, DaySpan, WeekHours};
use policy::PolicyLayer;

/// One company with everything that answering its calls needs; built from its tenant file, never changed in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Stable identity.
    pub id: TenantId,
    /// Short name for people and URLs, unique in the installation.
    pub slug: String,
    /// The company's name as it is spoken.
    pub name: String,
    /// The language answers are spoken in unless a line says otherwise.
    pub language: Lang,
    /// ISO 3166 country of the company, two capitals: how national phone numbers are read.
    pub country: String,
    /// What kind of house it is, for sentences that speak of its people.
    #[serde(default)]
    pub business: Business,
    /// Who confirms a booking.
    pub mode: Mode,
    /// Minutes between two possible starts, counted from each opening.
    pub slot_grid_minutes: u16,
    /// What "vormittags" and its kin mean here.
    #[serde(default)]
    pub day_parts: DayParts,
    /// The branch for calls that name none (web calls of an agent without a branch).
    pub default_branch: BranchId,
    /// At least one.
    pub branches: Vec<Branch>,
    /// Services of the company and of single branches.
    pub services: Vec<Service>,
    /// Everybody who serves customers.
    pub staff: Vec<Staff>,
    /// The company's own rules; branches, services and staff may override key by key.
    #[serde(default)]
    pub policy: PolicyLayer,
    /// Need name and date before an appointment is read out, moved or cancelled, even for a known number.
    #[serde(default)]
    pub strict_ownership: bool,
    /// The calendar outside that the company keeps; none: the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarLink>,
}

/// What kind of house it is: "jemand aus dem Salon", "somebody from the practice".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Business {
    /// "dem Team": whoever it is.
    #[default]
    Team,
    /// "dem Salon".
    Salon,
    /// "der Praxis".
    Practice,
    /// "der Werkstatt".
    Workshop,
    /// "dem Studio".
    Studio,
}

/// Who confirms a booking while the caller waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Our own commit is the confirmation; always so with the built-in calendar.
    #[default]
    LocalFirst,
    /// The external calendar confirms, within its deadline.
    CalendarFirst,
}

/// One place where customers come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Unique inside the tenant.
    pub id: BranchId,
    /// As spoken.
    pub name: String,
    /// IANA zone of its wall clock.
    #[serde(with = "zone_name")]
    pub zone: TimeZone,
    /// German federal state, for its public holidays; none: no holidays are observed.
    #[serde(default)]
    pub state: Option<State>,
    /// Open although it is a public holiday.
    #[serde(default)]
    pub open_on_holidays: bool,
    /// Weekly opening hours.
    pub hours: WeekHours,
    /// Days or ranges of days with no opening at all.
    #[serde(default)]
    pub closures: Vec<Closure>,
    /// Single days with other hours than the week says; wins over holidays.
    #[serde(default)]
    pub special_days: Vec<SpecialDay>,
    /// Telephone lines and voice agents that ring here.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Where an agent may hand a call to a person.
    #[serde(default)]
    pub transfer_to: Option<Phone>,
    /// This branch's rules.
    #[serde(default)]
    pub policy: PolicyLayer,
}

/// A range of days on which a branch is closed, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// First closed day.
    pub from: Date,
    /// Last closed day.
    pub until: Date,
    /// As spoken ("Betriebsferien").
    #[serde(default)]
    pub name: Option<String>,
}

/// One day with its own hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The day.
    pub date: Date,
    /// Its hours; empty: closed.
    pub hours: Vec<DaySpan>,
}

/// A phone number or voice agent that leads to a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The called number; none for web-only agents.
    #[serde(default)]
    pub number: Option<Phone>,
    /// Agents of voice platforms behind it.
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// Language of this line, if other than the tenant's.
    #[serde(default)]
    pub language: Option<Lang>,
}

/// A voice platform's agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Whose agent.
    pub platform: Platform,
    /// The platform's id for it.
    pub id: String,
}

/// A person who serves customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// Unique inside the tenant.
    pub id: StaffId,
    /// Full name; callers hear the first word of it.
    pub name: String,
    /// Other ways callers say it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Where the person works.
    pub branch: BranchId,
    /// Working hours; none: the branch's opening hours. Never outside the branch's hours.
    #[serde(default)]
    pub hours: Option<WeekHours>,
    /// Times away.
    #[serde(default)]
    pub absences: Vec<Absence>,
    /// What the person can do.
    pub services: Vec<ServiceId>,
    /// Inactive people are neither offered nor booked.
    #[serde(default = "yes")]
    pub active: bool,
    /// This person's rules.
    #[serde(default)]
    pub policy: PolicyLayer,
}

/// A time a person is away, in the branch's wall clock; half-open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// First moment away.
    pub from: DateTime,
    /// First moment back.
    pub until: DateTime,
}

fn yes() -> bool {
    true
}

impl Tenant {
    /// The branch of that id.
    pub fn branch(&self, id: &BranchId) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == *id)
    }

    /// The service of that id, active or not.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// The person of that id, active or not.
    pub fn staff(&self, id: &StaffId) -> Option<&Staff> {
        self.staff.iter().find(|person| person.id == *id)
    }

    /// Services that can be booked at this branch now: active, of the company or of this branch, and with
    /// somebody active here who can do them.
    pub fn services_at(&self, branch: &BranchId) -> impl Iterator<Item = &Service> {
        let branch = branch.clone();
        self.services.iter().filter(move |service| {
            service.active && service.offered_at(&branch) && self.staff_for(&branch, &service.id).next().is_some()
        })
    }

    /// Active people of this branch who can do this service, in the order of the tenant file.
    pub fn staff_for(&self, branch: &BranchId, service: &ServiceId) -> impl Iterator<Item = &Staff> {
        let (branch, service) = (branch.clone(), service.clone());
        self.staff
            .iter()
            .filter(move |person| person.active && person.branch == branch && person.services.contains(&service))
    }
}

impl Staff {
    /// The first name, as it is spoken.
    pub fn spoken_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}

/// Time zones as their IANA names; an unknown name is refused while reading.
mod zone_name {
    use jiff::tz::TimeZone;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(zone: &TimeZone, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.iana_name().unwrap_or("UTC"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
        let name = String::deserialize(deserializer)?;
        TimeZone::get(&name).map_err(|_| D::Error::custom(format!("{name:?} is no IANA time zone")))
    }
}
