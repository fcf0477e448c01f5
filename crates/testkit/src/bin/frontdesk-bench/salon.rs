//! The salon that is measured: twenty people, open long hours every day of the year, so that free times do not run
//! out. Every wish gets a time of its own; no two requests of a run ever ask for the same chair at the same time.

use jiff::civil::{Date, Time};
use jiff::{ToSpan, Zoned};

/// People of a salon.
pub const PEOPLE: u64 = 20;
/// The key its platform signs with.
pub const KEY: &str = "key_bench_0123456789abcdef";
/// The service of the sustained load: a quarter of an hour, one row of taken time.
pub const SHORT: &str = "Konturen";
/// Longer ones, the last with a pause in which its person is free.
const LONGER: [&str; 3] = ["Herrenhaarschnitt", "Damenhaarschnitt", "Ansatzfarbe"];
/// Quarters of an hour between opening at six and closing at ten.
const QUARTERS: u64 = 64;
const OPENS_AT: i64 = 6 * 60;

/// A salon and the times its callers wish for.
#[derive(Clone, Copy)]
pub struct Salon {
    number: u32,
    today: Date,
}

/// What a caller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub service: &'static str,
    pub date: String,
    pub time: String,
    /// `None`: anybody.
    pub staff: Option<String>,
}

impl Salon {
    /// The salon with that number; the first is 0.
    pub fn new(number: u32) -> Self {
        Self {
            number,
            today: Zoned::now()
                .with_time_zone(jiff::tz::TimeZone::get("Europe/Berlin").unwrap_or(jiff::tz::TimeZone::UTC))
                .date(),
        }
    }

    /// The unguessable part of its address.
    pub fn endpoint(&self) -> String {
        format!("ep_bench{:05}", self.number)
    }

    /// The number that is called.
    pub fn line(&self) -> String {
        format!("+4930231{:05}", self.number)
    }

    /// The agent that answers there.
    pub fn agent(&self) -> String {
        format!("agent_bench_{:05}", self.number)
    }

    /// Its tenant file.
    pub fn file(&self) -> String {
        let (number, endpoint, line, agent) = (self.number, self.endpoint(), self.line(), self.agent());
        let mut file = format!(
            r#"slug = "bench-{number}"
name = "Salon Prüfstand {number}"
language = "de"
country = "DE"
zone = "Europe/Berlin"
slot_grid_minutes = 15
mode = "local-first"
endpoint = "{endpoint}"

[calendar]
kind = "builtin"

[policy]
notice_minutes = 0
horizon_days = 365

[voice.retell]
keys = ["{KEY}"]

[[branch]]
id = "mitte"
name = "Mitte"
state = "none"
hours = {{ mon-sun = "06:00-22:00" }}

[[branch.line]]
number = "{line}"
retell_agent = "{agent}"

[[service]]
name = "Konturen"
minutes = 15

[[service]]
name = "Herrenhaarschnitt"
minutes = 30
synonyms = ["Herrenschnitt"]

[[service]]
name = "Damenhaarschnitt"
minutes = 45
synonyms = ["Damenschnitt"]

[[service]]
name = "Waschen, Schneiden, Föhnen"
minutes = 60

[[service]]
name = "Ansatzfarbe"
phases = [{{ minutes = 30 }}, {{ minutes = 30, free = true }}, {{ minutes = 30 }}]
synonyms = ["Ansatz färben"]

[[service]]
name = "Dauerwelle"
phases = [{{ minutes = 45 }}, {{ minutes = 30, free = true }}, {{ minutes = 45 }}]
"#
        );
        for person in 0..PEOPLE {
            file.push_str(&format!(
                "\n[[staff]]\nname = \"{}\"\nbranch = \"mitte\"\nhours = {{ mon-sun = \"06:00-22:00\" }}\n\
                 services = [\"Konturen\", \"Herrenhaarschnitt\", \"Damenhaarschnitt\", \
                 \"Waschen, Schneiden, Föhnen\", \"Ansatzfarbe\", \"Dauerwelle\"]\n",
                staff_name(person)
            ));
        }
        file
    }

    /// The n-th booking of the latency run: services of different length, by turns with a certain person and with
    /// anybody; always free. There are [`LATENCY_WISHES`] of them.
    pub fn booking(&self, n: u64) -> Wish {
        let service = LONGER[usize::try_from(n % 3).unwrap_or(0)];
        let turn = n / 2;
        let (day, quarter, staff) = if n.is_multiple_of(2) {
            (1 + 2 * (turn / (10 * PEOPLE)), turn / PEOPLE % 10, Some(staff_name(turn % PEOPLE)))
        } else {
            (2 + 2 * (turn / 10 % 60), turn % 10, None)
        };
        self.wish(service, day, quarter * 6, staff)
    }

    /// The n-th booking of the sustained run, likewise; there are [`SUSTAINED_WISHES`] of them.
    pub fn short_booking(&self, n: u64) -> Wish {
        let turn = n / 2;
        let (day, quarter, staff) = if n.is_multiple_of(2) {
            (121 + turn / (QUARTERS * PEOPLE), turn / PEOPLE % QUARTERS, Some(staff_name(turn % PEOPLE)))
        } else {
            (211 + turn / QUARTERS % 90, turn % QUARTERS, None)
        };
        self.wish(SHORT, day, quarter, staff)
    }

    /// The n-th question: by turns for an exact time, which is held, and for half a day in spoken words.
    pub fn question(&self, n: u64) -> Wish {
        let turn = n / 2;
        let wish = self.wish(LONGER[usize::try_from(turn % 2).unwrap_or(0)], 301 + turn % 60, turn / 60 % 10 * 6, None);
        if n.is_multiple_of(2) {
            return wish;
        }
        let date = self.day(301 + turn % 60);
        let half = if turn.is_multiple_of(4) { "vormittags" } else { "nachmittags" };
        Wish { date: format!("am {}. {}", date.day(), month(date)), time: half.to_owned(), ..wish }
    }

    fn day(&self, ahead: u64) -> Date {
        self.today.saturating_add(i64::try_from(ahead).unwrap_or(0).days())
    }

    fn wish(&self, service: &'static str, day: u64, quarter: u64, staff: Option<String>) -> Wish {
        let minute = OPENS_AT + 15 * i64::try_from(quarter).unwrap_or(0);
        let time = Time::midnight().saturating_add(minute.minutes());
        Wish { service, date: self.day(day).to_string(), time: time.strftime("%H:%M").to_string(), staff }
    }
}

/// How many bookings of the latency run find a free time.
pub const LATENCY_WISHES: u64 = 24_000;
/// How many bookings of the sustained run do.
pub const SUSTAINED_WISHES: u64 = 2 * 90 * QUARTERS * PEOPLE;

const FIRST_NAMES: [&str; 20] = [
    "Anna", "Bernd", "Clara", "David", "Emma", "Fabian", "Greta", "Holger", "Ida", "Jonas", "Karin", "Leyla", "Moritz",
    "Nele", "Oskar", "Paula", "Rosa", "Stefan", "Tilda", "Ulrich",
];
const FAMILY_NAMES: [&str; 20] = [
    "Ackermann",
    "Brückner",
    "Cordes",
    "Dietrich",
    "Engel",
    "Fuchs",
    "Gärtner",
    "Hartwig",
    "Iversen",
    "Jansen",
    "Krüger",
    "Lindner",
    "Münster",
    "Neumann",
    "Ostermann",
    "Petersen",
    "Reuter",
    "Seidel",
    "Thiele",
    "Winkler",
];

fn staff_name(person: u64) -> String {
    let at = usize::try_from(person).unwrap_or(0);
    format!("{} {}", FIRST_NAMES[at % 20], FAMILY_NAMES[at % 20])
}

/// The n-th caller's name; never that of one of the staff, which the desk would not take for the caller's.
pub fn caller_name(n: u64) -> String {
    let at = usize::try_from(n).unwrap_or(0);
    format!("{} {}", FIRST_NAMES[at % 20], FAMILY_NAMES[(at % 20 + 1 + at / 20 % 19) % 20])
}

fn month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    MONTHS[usize::from(date.month().unsigned_abs()).saturating_sub(1) % 12]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Whether these wishes leave everybody a chair: nobody is wished for twice at once, and at no start do more
    /// people wish for anybody than there are.
    fn all_fit(wishes: impl Iterator<Item = Wish>) -> bool {
        let mut seen = BTreeMap::<(String, String, Option<String>), u64>::new();
        for wish in wishes {
            *seen.entry((wish.date, wish.time, wish.staff)).or_default() += 1;
        }
        let days = |named: bool| {
            seen.keys().filter(move |(_, _, staff)| staff.is_some() == named).map(|(date, _, _)| date.clone())
        };
        let anybody: std::collections::BTreeSet<String> = days(false).collect();
        seen.iter().all(|((_, _, staff), count)| *count <= if staff.is_some() { 1 } else { PEOPLE })
            && days(true).all(|day| !anybody.contains(&day))
    }

    #[test]
    fn every_wish_of_a_run_can_be_met() {
        let salon = Salon::new(0);
        assert!(all_fit((0..LATENCY_WISHES).map(|n| salon.booking(n))));
        assert!(all_fit((0..SUSTAINED_WISHES).map(|n| salon.short_booking(n))));
        assert!(!all_fit((0..=SUSTAINED_WISHES + 1).map(|n| salon.short_booking(n % SUSTAINED_WISHES))));
    }

    #[test]
    fn no_caller_is_called_like_one_of_the_staff() {
        let staff: Vec<String> = (0..PEOPLE).map(staff_name).collect();
        assert!((0..400).all(|n| !staff.contains(&caller_name(n))));
    }

    #[test]
    fn the_tenant_file_is_a_right_one() {
        let file = frontdesk::tenant_file::read(&Salon::new(3).file(), "bench").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(file.tenant.staff.len(), 20);
        assert_eq!(file.warnings, Vec::<String>::new());
    }
}
