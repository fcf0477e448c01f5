//! What a voice platform hands us: function calls and call events, already decoded, not yet understood.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::CallId;
use crate::pii::Pii;

/// A voice platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Retell AI.
    Retell,
    /// Vapi.
    Vapi,
    /// ElevenLabs Agents.
    Elevenlabs,
}

impl Platform {
    /// The word in URLs, files and the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retell => "retell",
            Self::Vapi => "vapi",
            Self::Elevenlabs => "elevenlabs",
        }
    }
}

/// What a caller's agent can ask the desk to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// Context for the first words.
    StartCall,
    /// Is this time free? Holds an exact free time for the call.
    CheckAvailability,
    /// Free times near a wish.
    FindAlternatives,
    /// Books, in one step.
    BookAppointment,
    /// Holds one time for the call.
    HoldAppointment,
    /// Books what a token holds or offers.
    ConfirmBooking,
    /// The caller's own next appointments.
    ListAppointments,
    /// Moves an appointment.
    RescheduleAppointment,
    /// Cancels an appointment.
    CancelAppointment,
    /// What can be booked.
    ListServices,
    /// When the branch is open.
    OpeningHours,
    /// Asks for a call back.
    RequestCallback,
    /// Stores the caller's e-mail address.
    UpdateCustomerEmail,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 13] = [
        Self::StartCall,
        Self::CheckAvailability,
        Self::FindAlternatives,
        Self::BookAppointment,
        Self::HoldAppointment,
        Self::ConfirmBooking,
        Self::ListAppointments,
        Self::RescheduleAppointment,
        Self::CancelAppointment,
        Self::ListServices,
        Self::OpeningHours,
        Self::RequestCallback,
        Self::UpdateCustomerEmail,
    ];

    /// The canonical name.
    pub fn name(self) -> &'static str {
        self.names().first().copied().unwrap_or_default()
    }

    /// Every name ever documented, the canonical one first.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::StartCall => &["start_call", "initialize_call", "check_customer", "call_context"],
            Self::CheckAvailability => {
                &["check_availability", "verfuegbarkeit_pruefen", "check_appointment_availability"]
            }
            Self::FindAlternatives => &["find_alternatives", "get_alternatives", "get_available_slots"],
            Self::BookAppointment => {
                &["book_appointment", "collect_appointment_data", "collect_appointment", "termin_buchen"]
            }
            Self::HoldAppointment => &["hold_appointment", "start_booking", "reserve_slot"],
            Self::ConfirmBooking => &["confirm_booking"],
            Self::ListAppointments => &[
                "list_appointments",
                "get_customer_appointments",
                "query_appointment",
                "query_appointments",
                "get_appointments",
            ],
            Self::RescheduleAppointment => &["reschedule_appointment", "move_appointment", "termin_verschieben"],
            Self::CancelAppointment => &["cancel_appointment", "termin_absagen", "termin_stornieren"],
            Self::ListServices => &["list_services", "get_services", "get_available_services"],
            Self::OpeningHours => &["opening_hours", "get_opening_hours", "oeffnungszeiten"],
            Self::RequestCallback => &["request_callback", "rueckruf", "callback"],
            Self::UpdateCustomerEmail => &["update_customer_email", "update_email", "set_email"],
        }
    }

    /// Reads a function's name as agents spell it: every name ever documented, with or without a version
    /// suffix (`book_appointment_v17`), in any case. Unknown names are `None`, never a guess.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace('-', "_");
        let bare = match name.rsplit_once("_v") {
            Some((head, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => head,
            _ => &name,
        };
        Self::ALL.into_iter().find(|function| function.names().contains(&bare))
    }
}

/// The arguments of a function call: raw text as the model wrote it, trimmed, length-limited, `None` where
/// missing, empty, `null` or a literal "null"/"none"/"undefined". What they mean is decided by the desk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args {
    /// The wished service, in the caller's words.
    pub service_name: Option<String>,
    /// Several services of one visit.
    pub services: Vec<String>,
    /// A day, in any spelling; may hold a clock time too.
    pub date: Option<String>,
    /// A clock time or part of a day.
    pub time: Option<String>,
    /// A wished person, by name or id.
    pub staff_name: Option<String>,
    /// Who the appointment is for.
    pub customer_name: Option<Pii<String>>,
    /// E-mail as spoken or written.
    pub customer_email: Option<Pii<String>>,
    /// A number to call back.
    pub phone: Option<Pii<String>>,
    /// Why (cancel, callback).
    pub reason: Option<Pii<String>>,
    /// Notes for the business.
    pub notes: Option<Pii<String>>,
    /// An offer token of this call.
    pub token: Option<String>,
    /// Consent to a fee or rule, or to book at all (`false`: only check).
    pub confirm: Option<bool>,
    /// How many alternatives.
    pub count: Option<u32>,
    /// The day of the appointment to move.
    pub old_date: Option<String>,
    /// The clock time of the appointment to move.
    pub old_time: Option<String>,
    /// The day to move to.
    pub new_date: Option<String>,
    /// The clock time to move to.
    pub new_time: Option<String>,
    /// An appointment's id as told in this call.
    pub appointment_id: Option<String>,
    /// A category of services.
    pub category: Option<String>,
    /// When a call back suits.
    pub window: Option<String>,
    /// A language tag for this call.
    pub language: Option<String>,
    /// The call id as an argument: believed only in args-only bodies.
    pub call_id: Option<String>,
}

/// Which way a call goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The customer rang us.
    #[default]
    Inbound,
    /// We rang the customer.
    Outbound,
}

/// What a platform tells about a call, in whichever message; everything but the id may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallFacts {
    /// The platform's id; missing only in args-only bodies and old inbound webhooks.
    pub call_id: Option<CallId>,
    /// Web calls have no numbers.
    pub web: bool,
    /// Inbound unless said.
    pub direction: Direction,
    /// The calling number, raw.
    pub from_number: Option<Pii<String>>,
    /// The called number, raw; the customer's on outbound calls.
    pub to_number: Option<Pii<String>>,
    /// The platform's agent.
    pub agent_id: Option<String>,
    /// `call.metadata.branch` of web calls: a branch id.
    pub branch: Option<String>,
    /// The reference we gave in the inbound webhook (`frontdesk_call_ref`).
    pub call_ref: Option<String>,
    /// When the call began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Its length in milliseconds.
    pub duration_ms: Option<i64>,
    /// Why it ended, the platform's word.
    pub disconnection_reason: Option<String>,
    /// `ongoing`, `ended`, `not_connected`, `error`, or a word of the future.
    pub status: Option<String>,
    /// What the platform's analysis thinks of the call; kept beside our own facts, never over them.
    pub platform_successful: Option<bool>,
    /// The analysis' word for the caller's mood.
    pub sentiment: Option<String>,
}

impl CallFacts {
    /// The business's own number of this call: called when inbound, calling when outbound.
    pub fn line_number(&self) -> Option<&str> {
        match self.direction {
            Direction::Inbound => revealed(self.to_number.as_ref()),
            Direction::Outbound => revealed(self.from_number.as_ref()),
        }
    }

    /// The customer's number, raw, as the platform gave it.
    pub fn customer_number(&self) -> Option<&str> {
        match self.direction {
            Direction::Inbound => revealed(self.from_number.as_ref()),
            Direction::Outbound => revealed(self.to_number.as_ref()),
        }
    }
}

fn revealed(number: Option<&Pii<String>>) -> Option<&str> {
    number.map(|number| number.reveal().as_str())
}

/// One invocation of a function by a platform's agent.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionCall {
    /// Who calls.
    pub platform: Platform,
    /// What is asked.
    pub function: Function,
    /// With which words.
    pub args: Args,
    /// On which call.
    pub facts: CallFacts,
    /// The platform's id of this very invocation, for exact replays.
    pub invocation: Option<String>,
    /// The body was the bare arguments: nothing but the signature says where it comes from.
    pub args_only: bool,
}

/// Something that happened to a call, told by a webhook: any order, doubled, or never.
#[derive(Clone, Debug, PartialEq)]
pub struct CallEvent {
    /// Who tells.
    pub platform: Platform,
    /// What happened.
    pub kind: CallEventKind,
    /// The call as of then.
    pub facts: CallFacts,
    /// Where a transfer goes.
    pub transfer_to: Option<String>,
}

/// The kinds of call events the desk tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEventKind {
    /// The call began.
    Started,
    /// The call is over; ends its holds.
    Ended,
    /// The platform's analysis is there.
    Analyzed,
    /// A transfer to a person; the platform's word (`transfer_started` …).
    Transfer(String),
    /// Streamed transcript: ignored, never stored.
    Transcript,
    /// Chats, and events nobody knows yet: counted, answered, not stored.
    Other(String),
}

/// The platform asks, while it rings, who is calling.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundCall {
    /// Who asks.
    pub platform: Platform,
    /// Numbers, agent and perhaps the call id.
    pub facts: CallFacts,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_reads_its_own_name_with_and_without_a_version() {
        for function in Function::ALL {
            assert_eq!(Function::parse(function.name()), Some(function));
            assert_eq!(Function::parse(&format!("{}_v17", function.name())), Some(function));
        }
        assert_eq!(Function::parse("Book-Appointment_V3"), Some(Function::BookAppointment));
        let mut names: Vec<_> = Function::ALL.iter().flat_map(|function| function.names()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a name that means two functions");
        assert_eq!(Function::parse("start_booking"), Some(Function::HoldAppointment));
        assert_eq!(Function::parse("check_availability_cal"), None);
        assert_eq!(Function::parse("_v2"), None);
        assert_eq!(Function::parse(""), None);
    }
}
