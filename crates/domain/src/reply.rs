//! What the desk answers: one enum with every outcome a caller can hear, and the flat answer it becomes.
//!
//! [`crate::speech::render`] turns a [`Reply`] into an [`Answer`]; a variant without a sentence in both
//! languages does not compile.

use jiff::Zoned;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::ids::{AppointmentId, CallbackId, OfferToken};
use crate::spoken::AskTime;
use crate::tenant::catalog::Money;
use crate::tenant::hours::DaySpan;

/// One outcome of one function call.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Reply {
    /// Committed. `again`: this call had booked it before and hears the present truth.
    Booked { appointment: AppointmentView, again: bool },
    /// Ours, but the deciding calendar has not said yes.
    Noted { appointment: AppointmentView },
    /// Exactly the wished time is free and held for this call. `already_yours`: the customer sits there already.
    Available { offer: OfferView },
    /// Free times inside a vague wish ("Freitagnachmittag"); at least one, best first.
    Choices { offers: Vec<OfferView>, wish: Option<String> },
    /// Held for this call at its request.
    Held { offer: OfferView },
    /// Not that time; what is free instead, best first, perhaps nothing.
    Unavailable { why: WhyNot, wished: Option<Zoned>, offers: Vec<OfferView>, callback: Option<PromiseView> },
    /// `find_alternatives`: free times near the wish, best first, at least one.
    Alternatives { offers: Vec<OfferView>, requested_free: bool },
    /// Something the function cannot do without was not said.
    NeedMore { missing: Vec<Missing> },
    /// Two readings: asked back.
    Ask(Ask),
    /// A move or cancellation costs something or needs consent.
    Consent(Consent),
    /// Moved.
    Rescheduled { appointment: AppointmentView, previous_start: Zoned, previous_end: Zoned },
    /// Taken back; also when it had been before.
    Cancelled { appointment: AppointmentView },
    /// The caller's own next appointments; `total` may be greater than what is listed.
    Appointments { list: Vec<AppointmentView>, total: usize },
    /// What can be booked.
    Services { list: Vec<ServiceView>, categories: Vec<String>, category: Option<String> },
    /// When the branch is open: on one day, or in the coming week.
    Hours { days: Vec<DayHours>, asked: Option<Date> },
    /// Nothing of the caller's to find; says nothing about anybody else's.
    NotFound(NothingFound),
    /// Understood, and not done.
    Refused(Refusal),
    /// A person will call back.
    CallbackTaken { id: CallbackId, promise: PromiseView, phone_known: bool },
    /// The e-mail address is stored.
    EmailSaved,
    /// Context for the first words of a call.
    Context(Box<CallContext>),
    /// Our own failure, spoken like a person would.
    Failed(Failure),
}

/// A visit as it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitView {
    /// In the branch's zone.
    pub start: Zoned,
    /// In the branch's zone.
    pub end: Zoned,
    /// The services in order, full names.
    pub services: Vec<String>,
    /// The people in order, full names, each once.
    pub staff: Vec<String>,
}

/// An appointment as it is told to its owner.
#[derive(Clone, Debug, PartialEq)]
pub struct AppointmentView {
    /// Its id.
    pub id: AppointmentId,
    /// What, when, by whom.
    pub visit: VisitView,
    /// The calendar that decides has not said yes yet.
    pub noted: bool,
}

/// A free time with the token that books it.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferView {
    /// What, when, by whom.
    pub visit: VisitView,
    /// Books exactly this, in this call.
    pub token: OfferToken,
    /// Until when it is held; `None`: offered, not held.
    pub held_until: Option<Zoned>,
}

/// Why a wished time cannot be had.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum WhyNot {
    /// Somebody else has it.
    Taken,
    /// The whole wished stretch has nothing free.
    NothingFree,
    /// The branch is closed then.
    Closed,
    /// The branch is open then, but closes before the visit would end.
    ClosesBefore,
    /// A public holiday; its name in both languages.
    Holiday { de: &'static str, en: &'static str },
    /// The wished person does not work then, or is away.
    StaffAway { staff: String },
    /// The wished person is taken then, though others may be free.
    StaffTaken { staff: String },
    /// The wished person does not do that service; offers are by people who do.
    StaffCannot { staff: String, service: String },
    /// Shorter notice than the house allows, in minutes.
    TooSoon { notice_minutes: u32 },
    /// Further ahead than the house books, in days.
    TooFar { horizon_days: u32 },
    /// No start is possible at that minute (starts are on a grid).
    OffGrid,
    /// The customer has an appointment then.
    AlreadyYours { appointment: Box<AppointmentView> },
    /// The offered time was for this token, which is unknown, used up or of another call.
    OfferGone,
}

/// What must still be said. The names are those of the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names of the arguments, see as_str")]
pub enum Missing {
    Service,
    Date,
    Time,
    CustomerName,
    CustomerEmail,
    Token,
    Phone,
    NewDate,
    NewTime,
}

impl Missing {
    /// The argument's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service_name",
            Self::Date => "date",
            Self::Time => "time",
            Self::CustomerName => "customer_name",
            Self::CustomerEmail => "customer_email",
            Self::Token => "token",
            Self::Phone => "phone",
            Self::NewDate => "new_date",
            Self::NewTime => "new_time",
        }
    }
}

/// A question back.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Ask {
    /// About a day or time.
    Time(AskTime),
    /// A day is known, the clock time is not exact enough to book; free times to choose from.
    ExactTime { offers: Vec<OfferView> },
    /// Which of these services (2 to 5).
    Service { candidates: Vec<String> },
    /// That service is not known; a few that are (0 to 5, or categories).
    UnknownService { examples: Vec<String> },
    /// Which of these people.
    Staff { candidates: Vec<String> },
    /// Nobody of that name works here; who does.
    UnknownStaff { examples: Vec<String> },
    /// What was given as a name is none ("Acht Uhr", "bei Mario").
    Name,
    /// The e-mail address cannot be right.
    Email,
    /// Which of the caller's appointments (at most 5 listed of `total`).
    Appointment { candidates: Vec<AppointmentView>, total: usize },
    /// Several people share this number: for whom?
    Person,
    /// To what time should it be moved? Day and clock are missing.
    NewTime,
}

/// A change that costs or needs a yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// Move or cancel.
    pub change: Change,
    /// The appointment as it is.
    pub appointment: AppointmentView,
    /// The new time of a move.
    pub new_start: Option<Zoned>,
    /// What it costs.
    pub fee_cents: u32,
    /// Saying yes may give this instead of `confirm: true`.
    pub token: Option<OfferToken>,
}

/// Which change needs consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `confirm_move`.
    Move,
    /// `confirm_cancel`.
    Cancel,
}

/// Nothing found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NothingFound {
    /// No coming appointment the caller may hear of.
    Appointment,
    /// No service of that category.
    Service,
}

/// Refused for a reason the caller hears.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Refusal {
    /// Called number and agent belong to no tenant behind this endpoint.
    UnknownLine,
    /// The number is withheld, or too many misses: a person must help.
    VerificationRequired,
    /// Later than the house allows to cancel, in hours before the start.
    TooLateToCancel { hours: u32 },
    /// Later than the house allows to move, in hours before the start.
    TooLateToMove { hours: u32 },
    /// Too many cancellations lately.
    TooManyCancels,
    /// Moved too often already.
    TooManyMoves,
    /// The appointment is over or running.
    AlreadyStarted,
}

/// Our own failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The calendar or the database cannot be asked now.
    CalendarUnavailable,
    /// The body names no call and nothing else does.
    CallRequired,
    /// No function of that name; the agent's set-up is wrong.
    UnknownFunction,
    /// Path and body name different functions; the agent's set-up is wrong.
    FunctionMismatch,
    /// Anything else; the log has it.
    Internal,
}

/// One bookable service, as it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceView {
    /// Full name.
    pub name: String,
    /// How long the customer is there.
    pub minutes: u32,
    /// What it costs, where that is told.
    pub price: Option<Money>,
    /// Its group.
    pub category: Option<String>,
}

/// One day's opening.
#[derive(Clone, Debug, PartialEq)]
pub struct DayHours {
    /// The day.
    pub date: Date,
    /// Spans of the wall clock; empty: closed.
    pub spans: Vec<DaySpan>,
    /// Why it is closed although the week says open: holiday or closure, (German, English).
    pub closed_for: Option<(String, String)>,
}

/// When somebody will call back.
#[derive(Clone, Debug, PartialEq)]
pub struct PromiseView {
    /// By then, in the branch's zone.
    pub by: Zoned,
    /// The house is open now.
    pub open_now: bool,
}

/// What an agent needs for its first words.
#[derive(Clone, Debug, PartialEq)]
pub struct CallContext {
    /// Company and branch as spoken.
    pub company: String,
    /// The branch as spoken.
    pub branch: String,
    /// The present, in the branch's zone.
    pub now: Zoned,
    /// The customer's full name, if the number is one known customer's.
    pub customer_name: Option<String>,
    /// The number is known (also when several people share it).
    pub caller_known: bool,
    /// Day of the last visit of that customer.
    pub last_visit: Option<Date>,
    /// The next appointment of that customer.
    pub next_appointment: Option<AppointmentView>,
    /// Hours of today and the next six days.
    pub week: Vec<DayHours>,
    /// Rules an agent should know before it offers times.
    pub notice_minutes: u32,
    /// Days ahead that can be booked.
    pub horizon_days: u32,
    /// Hours before the start until which callers may cancel or move.
    pub cancel_deadline_hours: u32,
    /// See `cancel_deadline_hours`.
    pub move_deadline_hours: u32,
}

/// The flat object that goes to the agent, whichever platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// One word of INTERFACE's list (`booked`, `available`, …).
    pub status: &'static str,
    /// `ok`, or one word of a closed list (see docs/BOOKING.md).
    pub code: &'static str,
    /// True only for a committed appointment.
    pub booked: bool,
    /// The sentence the agent speaks.
    pub spoken: String,
    /// What the status needs beside these: `appointment`, `slot`, `alternatives`, …
    pub fields: Map<String, Value>,
}

impl Answer {
    /// The one flat JSON object: `status`, `code`, `booked`, `spoken`, then the fields.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("status".to_owned(), self.status.into());
        object.insert("code".to_owned(), self.code.into());
        object.insert("booked".to_owned(), self.booked.into());
        object.insert("spoken".to_owned(), self.spoken.clone().into());
        object.extend(self.fields.clone());
        Value::Object(object)
    }
}
