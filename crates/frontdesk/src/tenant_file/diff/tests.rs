#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use super::*;
use crate::tenant_file::read;

const SALON: &str = include_str!("../../../../../examples/hairsalon.toml");

fn tenant(text: &str) -> Tenant {
    read(text, "t.toml").unwrap_or_else(|errors| panic!("{errors}")).tenant
}

fn said_after(from: &str, to: &str) -> Vec<String> {
    assert!(SALON.contains(from), "{from:?} must be there");
    changes(Some(&tenant(SALON)), &tenant(&SALON.replacen(from, to, 1)))
}

#[test]
fn the_same_file_says_nothing_whatever_id_the_tenant_has() {
    let mut stored = tenant(SALON);
    stored.id = "ten_1".into();
    assert_eq!(changes(Some(&stored), &tenant(SALON)), Vec::<String>::new());
    assert_eq!(said_after("name = \"Altstadt\"", "name = \"Altstadt\" # a comment"), Vec::<String>::new());
}

#[test]
fn a_first_apply_tells_everything_it_adds() {
    let said = changes(None, &tenant(SALON));
    assert_eq!(said[..3], ["tenant Salon Lindenhof added", "branch Altstadt added", "branch Am Park added"]);
    assert_eq!(said.len(), 1 + 2 + 6 + 3);
    assert_eq!(said.last().unwrap(), "staff Greta Maurer added");
}

#[test]
fn a_change_of_the_calendar_outside_is_told_without_its_keys() {
    const LINKED: &str = include_str!("../../../../../examples/salon-mit-calcom.toml");
    let changed = |from: &str, to: &str| {
        assert!(LINKED.contains(from), "{from:?} must be there");
        changes(Some(&tenant(LINKED)), &tenant(&LINKED.replacen(from, to, 1)))
    };
    let first = changes(None, &tenant(LINKED));
    assert_eq!(first.last().unwrap(), "calendar: Cal.com at http://127.0.0.1:4010 connected, 3 event types");
    assert!(!first.join(" ").contains("cal_demo"));
    for (from, to, wanted) in [
        ("api_key = \"cal_demo_emma\"", "api_key = \"cal_demo_other\"", &[][..]),
        (":4010\"", ":4011\"", &["calendar: address http://127.0.0.1:4010 → http://127.0.0.1:4011"]),
        (
            "private = true",
            "private = true\nper_minute = 300\nrebook_for_email = true",
            &["calendar: requests a minute 120 → 300", "calendar: rebooks to change an e-mail address no → yes"],
        ),
        (
            "id = 2",
            "id = 22",
            &[
                "calendar: event type 22 for waschen-schneiden-foehnen by emma added",
                "calendar: event type 2 for waschen-schneiden-foehnen by emma removed",
            ],
        ),
        (
            "fabian = 2, leyla = 3 }",
            "fabian = 2, leyla = 4 }\nfields = { title = \"Termin\" }",
            &[
                "calendar: event type 8 for haarschnitt (emma 1, fabian 2, leyla 4), title \"Termin\" added",
                "calendar: event type 8 for haarschnitt (emma 1, fabian 2, leyla 3) removed",
            ],
        ),
        ("mode = \"calendar-first\"", "mode = \"local-first\"", &["company: mode calendar-first → local-first"]),
    ] {
        assert_eq!(changed(from, to), wanted);
    }
    let without = Tenant { calendar: None, ..tenant(LINKED) };
    let taken_off = "calendar: Cal.com at http://127.0.0.1:4010 taken off; the built-in one decides now";
    assert_eq!(changes(Some(&tenant(LINKED)), &without), [taken_off]);
    let connected = "calendar: Cal.com at http://127.0.0.1:4010 connected, 3 event types";
    assert_eq!(changes(Some(&without), &tenant(LINKED)), [connected]);
}

#[test]
fn every_change_is_one_plain_sentence() {
    let cases = [
        ("name = \"Salon Lindenhof\"", "name = \"Salon Linde\"", "company: name Salon Lindenhof → Salon Linde"),
        ("language = \"de\"", "language = \"en\"", "company: language German → English"),
        ("slot_grid_minutes = 15", "slot_grid_minutes = 30", "company: starts every 15 minutes → 30 minutes"),
        ("morning = \"09:00-12:00\"", "morning = \"08:00-12:00\"", "company: morning 09:00-12:00 → 08:00-12:00"),
        ("notice_minutes = 60", "notice_minutes = 90", "company: notice 60 minutes → 90 minutes"),
        ("horizon_days = 120", "", "company: horizon 120 days → none"),
        ("minutes = 30\n", "minutes = 40\n", "service Herrenhaarschnitt: 30 minutes → 40 minutes"),
        (
            "{ minutes = 35, free = true }",
            "{ minutes = 40, free = true }",
            "service Ansatzfarbe: 30 + 35 (free) + 30 minutes → 30 + 40 (free) + 30 minutes",
        ),
        ("price = \"ab 48 EUR\"", "price = \"50 EUR\"", "service Damenhaarschnitt: price from 48.00 EUR → 50.00 EUR"),
        ("active = false", "active = true", "service Hochsteckfrisur: active no → yes"),
        ("branches = [\"Altstadt\"]", "", "service Dauerwelle: offered at altstadt → every branch"),
        ("synonyms = [\"perm\"]", "synonyms = [\"perm\", \"Welle\"]", "service Dauerwelle: synonym \"Welle\" added"),
        ("buffer_after = 5", "buffer_after = 10", "service Ansatzfarbe: buffer after 5 minutes → 10 minutes"),
        ("samstag = \"09:00-14:00\"", "samstag = \"geschlossen\"", "branch Altstadt: saturday 09:00-14:00 → closed"),
        (
            "until = 2027-01-02\n",
            "until = 2027-01-03\n",
            "branch Altstadt: closure 2026-12-24 to 2027-01-03 (Weihnachtsferien) added",
        ),
        ("hours = \"11:00-16:00\"", "hours = []", "branch Altstadt: special day 2026-12-20 closed added"),
        ("transfer_to = \"+49 30 23125140\"", "", "branch Altstadt: hands calls to +493023125140 → none"),
        ("retell_agent = \"agent_invented_am_park\"", "", "branch Am Park: line +493023125143 added"),
        ("synonyms = [\"Joseph\"]", "", "staff Yusuf Demir: synonym \"Joseph\" removed"),
        (
            "hours = { di-do = [\"09:00-13:00\", \"14:00-19:00\"], sa = \"09:00-14:00\" }",
            "",
            "staff Yusuf Demir: works whenever the branch is open now",
        ),
        ("horizon_days = 60", "horizon_days = 90", "staff Greta Maurer: horizon 60 days → 90 days"),
        (
            "until = 2026-12-04",
            "until = 2026-12-05",
            "staff Clara Sommer: absence 2026-11-30T00:00:00 to 2026-12-06T00:00:00 added",
        ),
        ("state = \"BE\" ", "state = \"BB\" ", "branch Altstadt: federal state BE → BB"),
    ];
    for (from, to, wanted) in cases {
        let said = said_after(from, to);
        assert_eq!(said.first().map(String::as_str), Some(wanted), "{said:?}");
        assert!(said.len() <= 2, "{said:?}");
    }
}

#[test]
fn who_comes_and_goes_is_named_and_a_renamed_id_keeps_its_place() {
    let greta = &SALON[SALON.find("[[staff]]\nname = \"Greta Maurer\"").unwrap()..];
    let without = SALON.replace(greta, "");
    assert_eq!(changes(Some(&tenant(SALON)), &tenant(&without)), ["staff Greta Maurer removed"]);
    assert_eq!(changes(Some(&tenant(&without)), &tenant(SALON)), ["staff Greta Maurer added"]);
    let renamed = SALON.replace("name = \"Greta Maurer\"", "id = \"greta-maurer\"\nname = \"Greta Maurer-Lenz\"");
    assert_eq!(
        changes(Some(&tenant(SALON)), &tenant(&renamed)),
        ["staff Greta Maurer-Lenz: name Greta Maurer → Greta Maurer-Lenz"]
    );
}

#[test]
fn another_order_is_told_because_it_decides_who_is_offered_first() {
    let mut turned = tenant(SALON);
    turned.staff.reverse();
    assert_eq!(changes(Some(&tenant(SALON)), &turned), ["the order of the entries changed"]);
}
