#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use secrecy::ExposeSecret;

use super::*;

mod calendar;
mod mistakes;

/// A right file; each case of the tables below spoils or adds one thing. The line numbers matter.
const RIGHT: &str = r#"slug = "salon-probe"
name = "Salon Probe"
zone = "Europe/Berlin"
voice.retell.keys = ["key_invented_8f2c61"]

[[branch]]
name = "Mitte"
state = "BE"
hours = { mon-fri = "09:00-18:00" }
line = [{ number = "+49 30 23125160", retell_agent = "agent_a" }]

[[service]]
name = "Haarschnitt"
minutes = 30

[[staff]]
name = "Emma Winkler"
services = ["Haarschnitt"]

[[customer]]
id = "c1"
name = "Karin Vogt"
phone = "+49 171 3920021"

[[appointment]]
customer = "c1"
service = "Haarschnitt"
staff = "Emma Winkler"
start = 2026-12-02T09:00:00
"#;

fn reads(text: &str) -> TenantFile {
    read(text, "t.toml").unwrap_or_else(|errors| panic!("{errors}\n---\n{text}"))
}

fn spoiled(from: &str, to: &str) -> String {
    assert_eq!(RIGHT.matches(from).count(), 1, "{from:?} must be there exactly once");
    RIGHT.replacen(from, to, 1)
}

fn added(text: &str) -> String {
    format!("{RIGHT}{text}\n")
}

#[track_caller]
fn refused(text: &str, wanted: &[&str]) {
    let errors = read(text, "t.toml").map(|file| file.tenant).expect_err(text).to_string();
    assert_eq!(errors.lines().collect::<Vec<_>>(), wanted, "---\n{text}");
}

#[test]
fn the_right_file_is_right_and_fills_in_what_it_leaves_out() {
    let file = reads(RIGHT);
    assert_eq!(file.warnings, Vec::<String>::new());
    let tenant = &file.tenant;
    assert_eq!((tenant.country.as_str(), tenant.slot_grid_minutes), ("DE", 15));
    assert_eq!(tenant.default_branch.as_str(), "mitte");
    assert_eq!(tenant.services[0].id.as_str(), "haarschnitt");
    assert_eq!((tenant.staff[0].id.as_str(), tenant.staff[0].branch.as_str()), ("emma-winkler", "mitte"));
    assert_eq!(file.retell_keys[0].expose_secret(), "key_invented_8f2c61");
    assert!(!format!("{file:?}").contains("8f2c61"), "a key is never printed");
    assert!(file.endpoint.is_none());
}

#[test]
fn what_looks_like_no_key_is_refused_without_repeating_it() {
    let strange = "this does not look like a real key; paste it from the voice platform's settings";
    for key in
        ["key_…", "key_xxxxxxxxxxxxxxxx", "<your key here>", "key_short", "REPLACE_ME_PLEASE", "key with spaces 123"]
    {
        refused(&spoiled("key_invented_8f2c61", key), &[&format!("t.toml:4: {strange}")]);
    }
    refused(&spoiled("\"key_invented_8f2c61\"", "\"\""), &["t.toml:4: keys is empty; fill it in or leave the key out"]);
    refused(
        &spoiled("\"key_invented_8f2c61\"", "\"key_invented_1\", \"key_invented_2\", \"key_invented_3\""),
        &["t.toml:4: there are 3 keys; keep the present one and at most one next one"],
    );
    let broken =
        read(&spoiled("\"key_invented_8f2c61\"]", "\"key_invented_8f2c61\""), "t.toml").unwrap_err().to_string();
    assert!(
        broken.starts_with("t.toml:") && broken.contains("this is not TOML") && !broken.contains("8f2c61"),
        "{broken}"
    );
}

#[test]
fn keys_may_stand_in_a_file_beside_the_tenant_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("retell.key"),
        "# rotating until Friday\nkey_invented_old_1\n\nkey_invented_new_2\n",
    )
    .unwrap();
    let text = spoiled("voice.retell.keys = [\"key_invented_8f2c61\"]", "voice.retell.keys_file = \"retell.key\"");
    let name = folder.path().join("t.toml");
    let file = read(&text, name.to_str().unwrap()).unwrap();
    let keys: Vec<&str> = file.retell_keys.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(keys, ["key_invented_old_1", "key_invented_new_2"]);

    let missing = read(&text, "nowhere/t.toml").unwrap_err().to_string();
    assert!(missing.starts_with("nowhere/t.toml:4: nowhere/retell.key cannot be read ("), "{missing}");
}

#[test]
fn all_problems_of_a_file_are_told_at_once() {
    let text = RIGHT.replace("minutes = 30", "minutes = 3").replace("+49 171 3920021", "0171").replace("BE", "B");
    let errors = read(&text, "t.toml").unwrap_err();
    assert_eq!(errors.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [8, 14, 23]);
    assert!(!errors.to_string().contains("0171"), "no customer's number in messages");
}

#[test]
fn days_may_be_written_in_many_ways() {
    use frontdesk_domain::tenant::hours::DaySpan;
    use jiff::civil::Weekday;
    let nine_to_noon = [DaySpan { from: 540, until: 720 }];
    let cases: [(&str, &[Weekday]); 7] = [
        ("mon", &[Weekday::Monday]),
        ("Mittwoch", &[Weekday::Wednesday]),
        ("\"mo, do\"", &[Weekday::Monday, Weekday::Thursday]),
        ("di-do", &[Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday]),
        ("\"Sa–So\"", &[Weekday::Saturday, Weekday::Sunday]),
        ("sun-tue", &[Weekday::Sunday, Weekday::Monday, Weekday::Tuesday]),
        ("friday-fri", &[Weekday::Friday]),
    ];
    for (key, days) in cases {
        let text = spoiled("mon-fri = \"09:00-18:00\"", &format!("{key} = \"9:00 – 12:00 Uhr\""));
        let hours = &reads(&text).tenant.branches[0].hours;
        for day in week::all_days() {
            assert_eq!(hours.on(day), if days.contains(&day) { &nine_to_noon[..] } else { &[] }, "{key}: {day:?}");
        }
    }
    let text = spoiled("mon-fri = \"09:00-18:00\"", "daily = [\"14:00-24:00\", \"09:00-12:00\"]");
    let sunday = reads(&text).tenant.branches[0].hours.sunday.clone();
    assert_eq!(sunday, [nine_to_noon[0], DaySpan { from: 840, until: 1440 }], "sorted");
}

#[test]
fn prices_may_be_written_in_many_ways() {
    for (price, cents, currency, from) in [
        ("35 EUR", 3500, "EUR", false),
        ("ab 35,50 €", 3550, "EUR", true),
        ("From 20.00 GBP", 2000, "GBP", true),
        ("£7.05", 705, "GBP", false),
        ("49,90 Euro", 4990, "EUR", false),
    ] {
        let text = spoiled("minutes = 30", &format!("minutes = 30\nprice = \"{price}\""));
        let money = reads(&text).tenant.services[0].price.clone().unwrap();
        assert_eq!((money.cents, money.currency.as_str(), money.from), (cents, currency, from), "{price}");
    }
}

#[test]
fn what_is_odd_but_possible_is_only_a_warning() {
    let cases = [
        (
            "state = \"BE\"",
            "",
            "t.toml:6: the branch names no federal state, so it is open on public holidays; write state = \"BE\" (its letters), or state = \"none\" to leave it so",
        ),
        (
            "voice.retell.keys = [\"key_invented_8f2c61\"]",
            "",
            "t.toml:1: there are no voice keys, so every call will be refused; add [voice.retell] with keys = [\"key_…\"]",
        ),
        (
            "[[staff]]",
            "[[service]]\nname = \"Farbe\"\nminutes = 60\n[[staff]]",
            "t.toml:16: nobody can do \"Farbe\", so it is not offered; name it in somebody's services",
        ),
        (
            "[[staff]]",
            "[[staff]]\nhours.sat = \"10:00-12:00\"",
            "t.toml:16: Emma Winkler works on saturday while \"Mitte\" is closed; only the time inside the opening hours counts",
        ),
        (
            "zone = ",
            "policy.cancel_deadline_hours = 24\npolicy.cancel_fee = { within_hours = 24, amount = \"15 EUR\" }\nzone = ",
            "t.toml:3: cancel_fee never applies: 24 hours before the start it is already too late to cancel; make its within_hours greater than cancel_deadline_hours",
        ),
    ];
    for (from, to, wanted) in cases {
        assert_eq!(reads(&spoiled(from, to)).warnings, [wanted]);
    }
}

#[test]
fn an_appointment_keeps_its_id_at_every_apply_and_leaves_the_person_free_in_between() {
    let text = spoiled(
        "minutes = 30",
        "phases = [{ minutes = 30 }, { minutes = 20, free = true }, { minutes = 10 }, { minutes = 15 }]\nbuffer_before = 5\nbuffer_after = 10",
    );
    let appointment = |text: &str| reads(text).appointments.remove(0);
    let first = appointment(&text);
    assert_eq!(first, appointment(&text));
    assert_ne!(first.id, appointment(&text.replace("12-02T09:00", "12-02T10:00")).id);
    let minute = |at: jiff::Timestamp| (at.as_second() - first.visit.start.as_second()) / 60;
    let busy: Vec<_> = first.visit.legs[0].busy.iter().map(|busy| (minute(busy.from), minute(busy.until))).collect();
    assert_eq!(busy, [(-5, 30), (50, 85)]);
    assert_eq!(minute(first.visit.end), 75);
    assert_eq!(first.visit.start.to_string(), "2026-12-02T08:00:00Z");
}

#[test]
fn words_and_agents_that_mean_two_things_are_warned_of() {
    let more = "[[service]]\nname = \"Bart\"\nminutes = 20\nsynonyms = [\"haarschnitt\"]\n[[staff]]\nname = \"Tim\"\nservices = [\"Bart\"]";
    assert_eq!(
        reads(&added(more)).warnings,
        ["t.toml:30: \"haarschnitt\" means both \"Haarschnitt\" and \"Bart\"; callers will be asked back"]
    );
    let branch = "[[branch]]\nname = \"Süd\"\nstate = \"none\"\nhours.mo = \"9:00-10:00\"\nline = [{ retell_agent = \"agent_a\" }]\n[[service]]\nname = \"Bart\"\nminutes = 20\nbranches = [\"Süd\"]";
    let text = added(branch)
        .replace("services = [\"Haarschnitt\"]", "branch = \"Mitte\"\nservices = [\"Haarschnitt\", \"Bart\"]")
        .replace("customer = \"c1\"", "branch = \"mitte\"\ncustomer = \"c1\"");
    refused(&text, &["t.toml:19: \"Bart\" is not offered at this person's branch; add the branch to the service"]);
    let text = text.replace(", \"Bart\"]", "]");
    assert_eq!(
        reads(&text).warnings,
        [
            "t.toml:36: agent \"agent_a\" already answers for the branch in line 10; its calls without a telephone number cannot be told apart",
            "t.toml:37: nobody can do \"Bart\", so it is not offered; name it in somebody's services",
        ]
    );
}

#[test]
fn a_file_from_another_editor_is_read_too() {
    let same = reads(RIGHT).tenant;
    assert_eq!(reads(&RIGHT.replace('\n', "\r\n")).tenant, same);
    assert_eq!(reads(&format!("\u{feff}{RIGHT}")).tenant, same);
    assert_eq!(reads(&spoiled("Europe/Berlin", "europe/berlin")).tenant, same);
    refused(
        "",
        &[
            "t.toml:1: the tenant has no branch; add [[branch]] with a name and hours",
            "t.toml:1: the tenant has no name; write name = \"Salon Morgenrot\"",
            "t.toml:1: the tenant has no slug; write slug = \"salon-morgenrot\"",
        ],
    );
    refused(
        "slug = \"ab\"\nname = \"Ab\"\nbranch = []",
        &["t.toml:1: the tenant has no branch; add [[branch]] with a name and hours"],
    );
}

#[test]
fn more_people_than_a_company_has_are_refused_in_good_time() {
    let mut text = RIGHT.to_owned();
    for number in 0..1001 {
        text.push_str(&format!("[[staff]]\nname = \"Nummer {number}\"\nservices = [\"Haarschnitt\"]\n"));
    }
    refused(&text, &["t.toml:3027: there are more than 1000 people; split the company into several tenants"]);
}

#[test]
fn absences_by_the_day_include_their_last_day() {
    let text = spoiled(
        "services = [\"Haarschnitt\"]",
        "services = [\"Haarschnitt\"]\nabsences = [{ from = 2026-12-01, until = 2026-12-04 }, { from = \"2026-12-08T12:00\", until = \"2026-12-08T15:00\" }]",
    );
    let absences: Vec<_> =
        reads(&text).tenant.staff[0].absences.iter().map(|a| (a.from.to_string(), a.until.to_string())).collect();
    let pair = |from: &str, until: &str| (from.to_owned(), until.to_owned());
    assert_eq!(
        absences,
        [pair("2026-12-01T00:00:00", "2026-12-05T00:00:00"), pair("2026-12-08T12:00:00", "2026-12-08T15:00:00")]
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_fall_over(cut in 0..RIGHT.len(), garbage in "[\\PC\\n]{0,12}") {
        let mut text = RIGHT.to_owned();
        text.insert_str(cut, &garbage);
        if let Err(errors) = read(&text, "t.toml") {
            proptest::prop_assert!(!errors.problems.is_empty());
            proptest::prop_assert!(errors.problems.iter().all(|p| (1..=text.lines().count() + 1).contains(&p.line)));
        }
    }

    #[test]
    fn ids_from_names_are_ids(name in "\\PC{0,100}") {
        let slug = naming::slug_of(&name);
        proptest::prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        proptest::prop_assert!(slug.len() <= 64 && !slug.starts_with('-') && !slug.ends_with('-'));
    }
}

#[test]
fn umlauts_in_names_are_folded_into_ids() {
    assert_eq!(naming::slug_of("Waschen, Schneiden, Föhnen"), "waschen-schneiden-foehnen");
    assert_eq!(naming::slug_of("Größe & Maß"), "groesse-mass");
    assert_eq!(naming::slug_of("Şükrü O’Brien"), "suekrue-obrien");
    assert_eq!(naming::slug_of("美容"), "");
}
