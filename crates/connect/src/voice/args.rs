//! The one table of argument names, for every platform and every function.
//!
//! Agents are written by people over years: German names, older names, camel case, hyphens. A wish is not
//! lost because a flow says `uhrzeit` where another says `appointment_time`. Names nobody knows are skipped.

mod value;

use std::collections::BTreeMap;

use frontdesk_domain::calling::Args;
use frontdesk_domain::pii::Pii;

use super::sieve::Node;
use value::{as_count, as_free_text, as_list, as_text, as_yes};

/// The longest argument, in characters.
const TEXT_CHARS: usize = 500;
/// The longest notes, in characters.
const NOTES_CHARS: usize = 2_000;

/// An argument, whatever it was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Service,
    Services,
    Date,
    Time,
    /// A day and a clock time in one value.
    Moment,
    Staff,
    CustomerName,
    CustomerEmail,
    Phone,
    Reason,
    Notes,
    Token,
    Confirm,
    Count,
    OldDate,
    OldTime,
    NewDate,
    NewTime,
    AppointmentId,
    Category,
    Window,
    Language,
    CallId,
}

/// How each argument is spelled: the canonical name first, then aliases, the surer the earlier.
/// Case, hyphens, underscores and blanks do not count, umlauts count as their two letters (see [`folded`]).
const SPELLINGS: &[(Field, &[&str])] = &[
    (
        Field::Service,
        &[
            "service_name",
            "service",
            "dienstleistung",
            "leistung",
            "behandlung",
            "service_type",
            "service_title",
            "dienstleistung_name",
            "dienstleistungsname",
            "leistungsname",
            "treatment",
        ],
    ),
    (Field::Services, &["services", "dienstleistungen", "leistungen", "behandlungen", "service_names"]),
    (
        Field::Date,
        &[
            "date",
            "datum",
            "appointment_date",
            "termin_datum",
            "wunschtermin",
            "wunschdatum",
            "tag",
            "wunschtag",
            "preferred_date",
            "requested_date",
            "day",
        ],
    ),
    (
        Field::Time,
        &[
            "time",
            "uhrzeit",
            "appointment_time",
            "termin_uhrzeit",
            "zeit",
            "wunschzeit",
            "wunschuhrzeit",
            "preferred_time",
            "requested_time",
        ],
    ),
    (
        Field::Moment,
        &[
            "datetime",
            "appointment_datetime",
            "start",
            "start_time",
            "starts_at",
            "termin",
            "datum_uhrzeit",
            "datum_zeit",
        ],
    ),
    (
        Field::Staff,
        &[
            "staff_name",
            "staff",
            "mitarbeiter",
            "mitarbeiterin",
            "mitarbeiter_name",
            "preferred_staff",
            "preferred_staff_name",
            "preferred_staff_id",
            "staff_id",
            "employee",
            "employee_name",
            "stylist",
            "wunschmitarbeiter",
        ],
    ),
    (
        Field::CustomerName,
        &[
            "customer_name",
            "name",
            "kundenname",
            "kunde",
            "patient_name",
            "patientenname",
            "full_name",
            "client_name",
            "caller_name",
        ],
    ),
    (Field::CustomerEmail, &["customer_email", "email", "mail", "email_address", "mailadresse", "kunden_email"]),
    (
        Field::Phone,
        &[
            "phone",
            "telefon",
            "phone_number",
            "customer_phone",
            "telefonnummer",
            "customer_phone_number",
            "rueckrufnummer",
            "callback_number",
            "handynummer",
            "mobile",
        ],
    ),
    (Field::Reason, &["reason", "grund", "cancellation_reason", "absagegrund", "anliegen"]),
    (
        Field::Notes,
        &["notes", "notiz", "notizen", "note", "comment", "kommentar", "comments", "bemerkung", "anmerkung", "hinweis"],
    ),
    (Field::Token, &["token", "slot_token", "slot_id", "hold_token", "reservation_token"]),
    (Field::Confirm, &["confirm", "confirmed", "bestaetigung", "bestaetigt", "confirmation"]),
    (Field::Count, &["count", "anzahl", "limit", "max_alternatives", "max_results"]),
    (
        Field::OldDate,
        &["old_date", "altes_datum", "alt_datum", "alter_termin", "bisheriges_datum", "old_datetime", "original_date"],
    ),
    (Field::OldTime, &["old_time", "alte_uhrzeit", "alt_uhrzeit", "alte_zeit", "bisherige_uhrzeit", "original_time"]),
    (
        Field::NewDate,
        &["new_date", "neues_datum", "neu_datum", "neuer_termin", "new_datetime", "new_appointment_date", "new_start"],
    ),
    (Field::NewTime, &["new_time", "neue_uhrzeit", "neu_uhrzeit", "neue_zeit", "new_appointment_time"]),
    (Field::AppointmentId, &["appointment_id", "termin_id", "booking_id", "buchungs_id", "terminnummer"]),
    (Field::Category, &["category", "kategorie", "service_category"]),
    (Field::Window, &["window", "zeitfenster", "rueckrufzeit", "callback_time", "preferred_callback_time"]),
    (Field::Language, &["language", "sprache", "lang"]),
    (Field::CallId, &["call_id", "retell_call_id"]),
];

/// Every argument as the reference names it: the canonical spelling first, then what else is taken for it.
pub fn spellings() -> impl Iterator<Item = &'static [&'static str]> {
    SPELLINGS.iter().map(|(_, spellings)| *spellings)
}

/// The argument a key names, and the rank of that spelling (0: canonical).
pub(super) fn field_of(key: &str) -> Option<(Field, usize)> {
    // No spelling is that long, and a key may be a megabyte.
    if key.len() > 64 {
        return None;
    }
    let key = folded(key);
    SPELLINGS.iter().find_map(|(field, spellings)| {
        spellings
            .iter()
            .position(|spelling| spelling.bytes().filter(|byte| *byte != b'_').eq(key.bytes()))
            .map(|rank| (*field, rank))
    })
}

/// A key without what people vary: `Bestätigung`, `bestaetigung`, `Service-Name` and `serviceName` fold alike.
fn folded(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for letter in key.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            // The two dots of an umlaut written as letter and accent.
            '\u{308}' => out.push('e'),
            '_' | '-' | ' ' | '.' => {}
            other => out.push(other),
        }
    }
    out
}

/// Arguments as they come in, the best spelling of each.
#[derive(Default)]
pub(super) struct Arguments(BTreeMap<Field, (usize, Node)>);

impl Arguments {
    /// Takes a value, unless a better spelling of the same argument has one already. An empty value never
    /// displaces a filled one: `customer_name: ""` beside `name: "Max"` is Max.
    pub(super) fn offer(&mut self, field: Field, rank: usize, value: Node) {
        let idle_truth = matches!(value, Node::Truth(_)) && field != Field::Confirm;
        if idle_truth || value::is_empty(&value) {
            return;
        }
        match self.0.get(&field) {
            Some((better, _)) if *better < rank => {}
            _ => {
                self.0.insert(field, (rank, value));
            }
        }
    }

    /// Whether nothing was said at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The arguments as the desk takes them.
    pub(super) fn into_args(mut self) -> Args {
        let mut args = Args {
            services: self.list(Field::Services),
            staff_name: self.text(Field::Staff),
            customer_name: self.text(Field::CustomerName).map(Pii::new),
            customer_email: self.text(Field::CustomerEmail).map(Pii::new),
            phone: self.text(Field::Phone).map(Pii::new),
            reason: self.free_text(Field::Reason, TEXT_CHARS).map(Pii::new),
            notes: self.free_text(Field::Notes, NOTES_CHARS).map(Pii::new),
            token: self.text(Field::Token),
            confirm: self.0.get(&Field::Confirm).and_then(|(_, value)| as_yes(value)),
            count: self.0.get(&Field::Count).and_then(|(_, value)| as_count(value)),
            old_date: self.text(Field::OldDate),
            old_time: self.text(Field::OldTime),
            new_date: self.text(Field::NewDate),
            new_time: self.text(Field::NewTime),
            appointment_id: self.text(Field::AppointmentId),
            category: self.text(Field::Category),
            window: self.free_text(Field::Window, TEXT_CHARS),
            language: self.text(Field::Language),
            call_id: self.text(Field::CallId),
            service_name: None,
            date: self.text(Field::Date),
            time: self.text(Field::Time),
        };
        self.read_service(&mut args);
        self.read_moment(&mut args);
        args
    }

    /// One service, or several where one was expected.
    fn read_service(&mut self, args: &mut Args) {
        let Some((_, value)) = self.0.get(&Field::Service) else { return };
        if let Node::List(_) = value {
            let mut names = as_list(value, TEXT_CHARS);
            if names.len() == 1 {
                args.service_name = names.pop();
            } else if args.services.is_empty() {
                args.services = names;
            }
        } else {
            args.service_name = as_text(value, TEXT_CHARS);
        }
    }

    /// A day and time in one value fill what the separate arguments leave open; they never overrule them.
    fn read_moment(&mut self, args: &mut Args) {
        let Some(moment) = self.text(Field::Moment) else { return };
        match (&args.date, &args.time) {
            (None, _) => args.date = Some(moment),
            // "2026-12-02T10:00" beside a date is that date with its clock; "14:30" is only the clock.
            (Some(_), None) if starts_with_year(&moment) => args.date = Some(moment),
            (Some(_), None) => args.time = Some(moment),
            (Some(_), Some(_)) => {}
        }
    }

    fn text(&self, field: Field) -> Option<String> {
        self.0.get(&field).and_then(|(_, value)| as_text(value, TEXT_CHARS))
    }

    fn free_text(&self, field: Field, chars: usize) -> Option<String> {
        self.0.get(&field).and_then(|(_, value)| as_free_text(value, chars))
    }

    fn list(&self, field: Field) -> Vec<String> {
        self.0.get(&field).map(|(_, value)| as_list(value, TEXT_CHARS)).unwrap_or_default()
    }
}

fn starts_with_year(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.by_ref().take(4).filter(u8::is_ascii_digit).count() == 4 && bytes.next() == Some(b'-')
}

#[cfg(test)]
mod tests;
