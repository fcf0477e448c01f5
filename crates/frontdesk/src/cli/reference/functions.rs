//! What each function is for, in the order an agent meets them.

use frontdesk_domain::calling::Function;

/// How much a function needs an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Asked for if it is missing.
    Wanted,
    /// Not needed in some cases, which the note tells.
    Depends,
    /// Never asked for.
    Optional,
}

impl Need {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "yes",
            Self::Depends => "mostly",
            Self::Optional => "no",
        }
    }
}

/// An argument of a function: its name, whether it is needed, what it means here.
pub(super) type Argument = (&'static str, Need, &'static str);

/// One question in an example: a function and its arguments as JSON; `$token` stands for the last token told.
pub(super) type Question = (Function, &'static str);

/// One function for people who build agents.
pub(super) struct Entry {
    pub(super) function: Function,
    pub(super) what: &'static str,
    pub(super) arguments: &'static [Argument],
    /// Statuses with what they mean here.
    pub(super) answers: &'static [(&'static str, &'static str)],
    /// Asked before the example in the same call.
    pub(super) before: &'static [Question],
    /// The example's arguments, as JSON.
    pub(super) example: &'static str,
    /// Its status.
    pub(super) status: &'static str,
}

/// What arguments mean wherever they are read.
pub(super) const MEANINGS: &[(&str, &str)] = &[
    ("service_name", "the service in the caller's words"),
    ("services", "several services of one visit, as a list, in their order"),
    ("date", "a day, in figures or words; may hold a time too"),
    ("time", "a clock time or a part of the day"),
    ("datetime", "day and time in one value; fills what `date` and `time` leave open"),
    ("staff_name", "the wished person; \"egal\" is nobody"),
    ("customer_name", "who the appointment is for"),
    ("customer_email", "an address, written or spelled out"),
    ("phone", "a number to call back"),
    ("reason", "why: of a cancellation or a call back"),
    ("notes", "something the business should know"),
    ("token", "a token told in this call"),
    ("confirm", "yes or no: consent, or only checking"),
    ("count", "how many times to offer, 1 to 10"),
    ("old_date", "the day of the appointment to move"),
    ("old_time", "the clock time of the appointment to move"),
    ("new_date", "the day to move to"),
    ("new_time", "the clock time to move to"),
    ("appointment_id", "an id told in this call"),
    ("category", "a category of services"),
    ("window", "when a call back suits"),
    ("language", "`de` or `en`, from then on for the whole call; any function takes it"),
    ("call_id", "the call, in args-only bodies; ignored elsewhere"),
];

use Need::{Depends, Optional, Wanted};

const SERVICE: Argument =
    ("service_name", Wanted, "the service; not needed in a house with one. Several at once may be named in one text");
const SERVICES: Argument = ("services", Optional, "instead of `service_name`: several services of one visit");
const DATE: Argument = ("date", Wanted, "the day");
const TIME: Argument = ("time", Depends, "the time; a part of the day, or nothing beside a day, is a vague wish");
const STAFF: Argument = ("staff_name", Optional, "only if the caller wishes for somebody");
const WHO: Argument = (
    "customer_name",
    Optional,
    "the caller's name; tells people of one number apart, and finds their own appointments",
);
const UNAVAILABLE: (&str, &str) = (
    "unavailable",
    "not that time; `code` says why, `alternatives` what is free. With nothing free at all a call back is promised in `callback`",
);
const ASKED_BACK: (&str, &str) = ("ambiguous", "two readings; `candidates` or the sentence says which");
const MISSING: (&str, &str) = ("need_more", "ask for what is in `missing`, or as the sentence says");

/// Every function.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        function: Function::StartCall,
        what: "Context for the first words: who is calling if the number is one customer's, what day it is, when the \
               house is open, its rules. Not needed where the inbound webhook is set.",
        arguments: &[("language", Optional, "the language of this call")],
        answers: &[(
            "ok",
            "`greeting`, `company`, `branch`, `caller_known`, `today`, `tomorrow`, `weekday`, `now`, `now_spoken`, \
             `next_7_days`, `hours`, `hours_spoken`, `policies`; for a known customer `customer` and perhaps \
             `next_appointment`",
        )],
        before: &[],
        example: "{}",
        status: "ok",
    },
    Entry {
        function: Function::CheckAvailability,
        what: "Is this time free? An exact time that is free is held for this call for four minutes; for a vague wish up \
               to four times are offered, none held.",
        arguments: &[SERVICE, SERVICES, DATE, TIME, STAFF, WHO],
        answers: &[
            ("available", "`slot` with its token; for a vague wish the best as `slot`, others in `alternatives`"),
            UNAVAILABLE,
            MISSING,
            ASKED_BACK,
        ],
        before: &[],
        example: r#"{"service_name": "Herrenhaarschnitt", "date": "morgen", "time": "halb zehn"}"#,
        status: "unavailable",
    },
    Entry {
        function: Function::FindAlternatives,
        what: "Free times near a wish, best first. Holds nothing.",
        arguments: &[
            SERVICE,
            SERVICES,
            ("date", Optional, "near this day; without it from now on"),
            ("time", Optional, "near this time"),
            ("count", Optional, "how many; 3 unless said, at most 10"),
            STAFF,
            WHO,
        ],
        answers: &[
            ("found", "`alternatives`, and `requested_free`: whether the wished time itself is free"),
            UNAVAILABLE,
            MISSING,
            ASKED_BACK,
        ],
        before: &[],
        example: r#"{"service_name": "Damenhaarschnitt", "date": "Donnerstag", "time": "vormittags"}"#,
        status: "found",
    },
    Entry {
        function: Function::BookAppointment,
        what: "Books, in one step: by a token of this call, or by service, day and exact time. Repeating it makes no \
               second appointment and hears the present truth.",
        arguments: &[
            ("service_name", Depends, "the service; not needed with a token"),
            SERVICES,
            ("date", Depends, "the day; not needed with a token"),
            ("time", Depends, "the exact time; not needed with a token"),
            ("customer_name", Depends, "who it is for; not needed if the calling number is one customer's"),
            ("token", Optional, "books exactly the time told with it"),
            STAFF,
            ("customer_email", Optional, "where a confirmation goes; never asked for"),
            ("notes", Optional, "kept with the appointment"),
            ("confirm", Optional, "`false`: only check, book nothing"),
        ],
        answers: &[
            ("booked", "`appointment`; on disk before it is told"),
            UNAVAILABLE,
            ("need_more", "`missing`; with code `exact_time` there are free times in `alternatives`"),
            ASKED_BACK,
        ],
        before: &[],
        example: r#"{"service_name": "Herrenhaarschnitt", "date": "Donnerstag", "time": "10:30", "customer_name": "Max Stadler"}"#,
        status: "booked",
    },
    Entry {
        function: Function::HoldAppointment,
        what: "Holds one exact time for this call for four minutes, while the caller makes up the mind. For flows in two \
               steps, followed by `confirm_booking`.",
        arguments: &[SERVICE, SERVICES, DATE, TIME, STAFF, WHO],
        answers: &[
            ("held", "`slot` with token and `held_until`"),
            ("available", "a vague wish: times to choose from, none held"),
            UNAVAILABLE,
            MISSING,
            ASKED_BACK,
        ],
        before: &[],
        example: r#"{"service_name": "Strähnen", "date": "2026-12-04", "time": "14 Uhr"}"#,
        status: "held",
    },
    Entry {
        function: Function::ConfirmBooking,
        what: "Books what a token stands for; without a token what this call holds.",
        arguments: &[
            ("token", Optional, "which of the told times; without it the held one"),
            ("customer_name", Depends, "who it is for; not needed if the calling number is one customer's"),
            ("customer_email", Optional, "where a confirmation goes"),
            ("notes", Optional, "kept with the appointment"),
        ],
        answers: &[
            ("booked", "`appointment`"),
            ("unavailable", "`offer_gone` for a token that is unknown here; else as with `book_appointment`"),
            ("need_more", "`missing`: a token where nothing is held, or a name"),
        ],
        before: &[(
            Function::HoldAppointment,
            r#"{"service_name": "Strähnen", "date": "2026-12-04", "time": "14 Uhr"}"#,
        )],
        example: r#"{"token": "$token", "customer_name": "Max Stadler"}"#,
        status: "booked",
    },
    Entry {
        function: Function::ListAppointments,
        what: "The caller's own coming appointments: those of the calling number, or made in this very call. Nobody \
               else's, whatever name is given.",
        arguments: &[
            ("customer_name", Depends, "needed where several people share the number, or with `strict_ownership`"),
            ("date", Optional, "only of this day; needed with `strict_ownership`"),
            ("time", Optional, "only of this part of the day"),
        ],
        answers: &[
            ("found", "`appointments`, and `total` if there are several"),
            ("not_found", "nothing that this caller may hear of"),
            ("need_more", "`which_person`: ask for the name"),
            ("refused", "`verification_required`: looked up in vain too often; a person must help"),
        ],
        before: &[],
        example: "{}",
        status: "found",
    },
    Entry {
        function: Function::RescheduleAppointment,
        what: "Moves one of the caller's appointments: same services, the same person unless another is wished. Without a \
               new time, or with a vague one, it offers times.",
        arguments: &[
            ("old_date", Depends, "which one; not needed if there is only one"),
            ("old_time", Optional, "which one, if several are on that day"),
            ("appointment_id", Optional, "which one, by an id told in this call"),
            ("new_date", Wanted, "the new day; the old one if only a new time is said"),
            ("new_time", Depends, "the new time; a part of the day is a vague wish"),
            (
                "token",
                Optional,
                "instead of a new time: moves to the time told with it; after `confirm_move` it says yes",
            ),
            ("confirm", Optional, "`true` after `confirm_move`: the caller agrees to the fee that was told"),
            STAFF,
            WHO,
        ],
        answers: &[
            ("rescheduled", "`appointment` with its new time, `previous` with the old one; the id stays"),
            ("need_more", "`missing`; or `confirm_move` with `fee_cents` and `token`: ask for a yes"),
            ("available", "a vague wish: times to choose from; repeat with a token"),
            UNAVAILABLE,
            ("refused", "`too_late_to_move`, `too_many_moves`, `already_started`, `verification_required`"),
            ("not_found", "no such appointment of this caller"),
            ASKED_BACK,
        ],
        before: &[],
        example: r#"{"old_date": "Donnerstag", "new_date": "Freitag", "new_time": "11 Uhr"}"#,
        status: "rescheduled",
    },
    Entry {
        function: Function::CancelAppointment,
        what: "Cancels one of the caller's appointments. A repeat hears that it is cancelled.",
        arguments: &[
            ("date", Depends, "which one; not needed if there is only one"),
            ("time", Optional, "which one, if several are on that day"),
            ("appointment_id", Optional, "which one, by an id told in this call"),
            ("reason", Optional, "kept with the appointment"),
            ("confirm", Optional, "`true` after `confirm_cancel`: the caller agrees to the fee that was told"),
            ("token", Optional, "the token of `confirm_cancel`, as good as `confirm`"),
            WHO,
        ],
        answers: &[
            ("cancelled", "`appointment`"),
            ("need_more", "`confirm_cancel` with `fee_cents` and `token`: ask for a yes"),
            ("refused", "`too_late_to_cancel`, `too_many_cancels`, `already_started`, `verification_required`"),
            ("not_found", "no such appointment of this caller"),
            ASKED_BACK,
        ],
        before: &[],
        example: r#"{"date": "3. Dezember", "reason": "krank"}"#,
        status: "cancelled",
    },
    Entry {
        function: Function::ListServices,
        what: "What can be booked at this branch.",
        arguments: &[("category", Optional, "only this category")],
        answers: &[
            (
                "found",
                "`services` (`name`, `minutes`, `category`, `price_cents`, `currency`, `price_from`), `categories`",
            ),
            ("not_found", "no such category"),
        ],
        before: &[],
        example: r#"{"category": "Farbe"}"#,
        status: "found",
    },
    Entry {
        function: Function::OpeningHours,
        what: "When the branch is open: on one day, or in the coming week. Knows closures, special days and holidays.",
        arguments: &[("date", Optional, "one day; without it today and six more")],
        answers: &[("found", "`hours`: each `date`, `weekday`, `open`, perhaps `closed_for`"), MISSING],
        before: &[],
        example: r#"{"date": "Samstag"}"#,
        status: "found",
    },
    Entry {
        function: Function::RequestCallback,
        what: "Promises a call back within two hours of opening time and enters it as a task (`frontdesk callbacks`). \
               Asking again in the same call, or within half an hour from the same number, is the same task.",
        arguments: &[
            ("phone", Depends, "where to; not needed if the calling number is shown"),
            ("customer_name", Optional, "whom"),
            ("reason", Optional, "what about"),
            ("window", Optional, "when it suits, in the caller's words"),
        ],
        answers: &[(
            "ok",
            "`callback` with `id` and `by`; with `missing: [\"phone\"]` the task stands, but ask for a number",
        )],
        before: &[],
        example: r#"{"reason": "Frage zur Farbe", "window": "nachmittags"}"#,
        status: "ok",
    },
    Entry {
        function: Function::UpdateCustomerEmail,
        what: "Stores the caller's e-mail address, and carries it to the coming appointments.",
        arguments: &[
            ("customer_email", Wanted, "the address, written or as it is spoken"),
            ("customer_name", Optional, "whose, if several people share the number"),
        ],
        answers: &[
            ("ok", "stored"),
            ("need_more", "`missing`; `email_unclear`: ask again; `which_person`: ask for the name"),
            ("refused", "`verification_required`: a withheld number that has booked nothing in this call"),
            ("not_found", "nobody of this number is known yet"),
        ],
        before: &[],
        example: r#"{"customer_email": "hannelore at example punkt org"}"#,
        status: "ok",
    },
];
