use frontdesk_domain::calendar::link::{CalendarLink, Provider};
use frontdesk_domain::tenant::Mode;
use secrecy::ExposeSecret;

use super::*;

/// A right file with Cal.com; each case of the table below spoils or adds one thing. The line numbers matter.
const RIGHT: &str = r#"slug = "salon-probe"
name = "Salon Probe"
zone = "Europe/Berlin"
voice.retell.keys = ["key_invented_8f2c61"]

[calendar]
kind = "calcom"
api_key = "cal_invented_51c0aa"
webhook_secrets = ["whk_invented_9c77"]

[[calendar.event_type]]
service = "Haarschnitt"
staff = "Emma Winkler"
id = 101

[[calendar.event_type]]
service = "faerben"
staff = "emma"
ids = [201, 202]

[[calendar.event_type]]
service = "Beratung"
id = 300
hosts = { emma = 11, mario = 12 }
fields = { title = "Termin" }

[[branch]]
name = "Mitte"
state = "BE"
hours = { mon-fri = "09:00-18:00" }
line = [{ number = "+49 30 23125160" }]

[[service]]
name = "Haarschnitt"
minutes = 30

[[service]]
name = "Färben"
phases = [{ minutes = 30 }, { minutes = 15 }, { minutes = 40, free = true }, { minutes = 20 }]

[[service]]
name = "Beratung"
minutes = 20

[[staff]]
id = "emma"
name = "Emma Winkler"
services = ["Haarschnitt", "Färben", "Beratung"]

[[staff]]
id = "mario"
name = "Mario Rossi"
services = ["Beratung"]
"#;

fn spoiled(from: &str, to: &str) -> String {
    assert_eq!(RIGHT.matches(from).count(), 1, "{from:?} must be there exactly once");
    RIGHT.replacen(from, to, 1)
}

fn link(file: &TenantFile) -> &CalendarLink {
    file.tenant.calendar.as_ref().unwrap()
}

#[test]
fn a_calendar_outside_is_linked_and_decides_unless_said_otherwise() {
    let file = reads(RIGHT);
    assert_eq!(file.warnings, Vec::<String>::new());
    assert_eq!(file.tenant.mode, Mode::CalendarFirst);
    let calendar = link(&file);
    assert_eq!((calendar.provider, calendar.url.as_str()), (Provider::Calcom, "https://api.cal.com"));
    assert_eq!((calendar.private, calendar.per_minute, calendar.rebook_for_email), (false, 120, false));
    let told: Vec<String> = calendar.event_types.iter().map(|mapped| format!("{mapped:?}")).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(calendar.can_carry(&"faerben".into(), &"emma".into()));
    assert!(calendar.can_carry(&"beratung".into(), &"mario".into()));
    assert!(!calendar.can_carry(&"faerben".into(), &"mario".into()));
    assert_eq!(calendar.event_types[2].fields["title"], "Termin");
    assert_eq!(file.calendar_api_key.as_ref().unwrap().expose_secret(), "cal_invented_51c0aa");
    assert_eq!(file.calendar_webhook_secrets[0].expose_secret(), "whk_invented_9c77");
    let shown = format!("{file:?}");
    assert!(!shown.contains("51c0aa") && !shown.contains("9c77"), "a key is never printed");
    let local = reads(&spoiled("zone = ", "mode = \"local-first\"\nzone = "));
    assert_eq!(local.tenant.mode, Mode::LocalFirst);
    let builtin = reads(super::RIGHT);
    assert_eq!((builtin.tenant.mode, &builtin.tenant.calendar), (Mode::LocalFirst, &None));
    assert!(builtin.calendar_api_key.is_none());
}

#[test]
fn what_a_calendar_can_be_told_is_taken_over() {
    let to = "kind = \"calcom\"\nurl = \"http://127.0.0.1:4010/\"\nprivate = true\nper_minute = 500\nrebook_for_email = true";
    let file = reads(&spoiled("kind = \"calcom\"", to));
    let calendar = link(&file);
    assert_eq!((calendar.url.as_str(), calendar.private), ("http://127.0.0.1:4010", true));
    assert_eq!((calendar.per_minute, calendar.rebook_for_email), (500, true));
}

#[test]
fn a_calendars_keys_may_stand_in_files_beside_the_tenant_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calcom.key"), "cal_invented_aaaa11\n").unwrap();
    std::fs::write(folder.path().join("hook.key"), "# next\nwhk_invented_next\nwhk_invented_now1\n").unwrap();
    let text = spoiled("api_key = \"cal_invented_51c0aa\"", "api_key_file = \"calcom.key\"")
        .replace("webhook_secrets = [\"whk_invented_9c77\"]", "webhook_secret_file = \"hook.key\"");
    let file = read(&text, folder.path().join("t.toml").to_str().unwrap()).unwrap();
    assert_eq!(file.calendar_api_key.unwrap().expose_secret(), "cal_invented_aaaa11");
    let hooks: Vec<&str> = file.calendar_webhook_secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(hooks, ["whk_invented_next", "whk_invented_now1"]);
}

#[test]
fn what_is_not_mapped_yet_is_warned_of_and_so_is_a_calendar_that_cannot_tell_us_anything() {
    let holes = [
        (
            "hosts = { emma = 11, mario = 12 }\n",
            "hosts = { emma = 11 }\n",
            "t.toml:41: \"Beratung\" with Mario Rossi is not offered until it is mapped; add [[calendar.event_type]] with service = \"beratung\"",
        ),
        (
            "[[calendar.event_type]]\nservice = \"Haarschnitt\"\nstaff = \"Emma Winkler\"\nid = 101\n\n",
            "",
            "t.toml:28: \"Haarschnitt\" with Emma Winkler is not offered until it is mapped; add [[calendar.event_type]] with service = \"haarschnitt\"",
        ),
        (
            "webhook_secrets = [\"whk_invented_9c77\"]\n",
            "",
            "t.toml:6: the calendar has no webhook_secrets, so what people change in Cal.com is seen minutes later; write webhook_secrets = [\"…\"] and give Cal.com's webhook the same one",
        ),
        (
            "staff = \"emma\"\nids = [201, 202]",
            "staff = \"emma\"\nid = 101",
            "t.toml:16: event type 101 stands for another service in line 11; what is booked in Cal.com itself cannot be told apart",
        ),
    ];
    for (from, to, warning) in holes {
        assert_eq!(reads(&spoiled(from, to)).warnings.join("\n"), warning);
    }
    let away = "[[staff]]\nid = \"mario\"\nactive = false\n";
    let text = spoiled("[[staff]]\nid = \"mario\"\n", away).replace("hosts = { emma = 11, mario = 12 }\n", "");
    assert_eq!(reads(&text).warnings, Vec::<String>::new(), "a shared event type without hosts is everybody's");
}

#[test]
fn every_mistake_in_a_calendar_is_told_with_its_line() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("kind = \"calcom\"\n", "", &["t.toml:6: the calendar has no kind; write kind = \"builtin\""]),
        (
            "api_key = \"cal_invented_51c0aa\"\n",
            "",
            &[
                "t.toml:6: the calendar has no api_key; write api_key = \"cal_…\" from Cal.com (Settings, Developer, API keys), or api_key_file with the path of a file that holds it",
            ],
        ),
        (
            "cal_invented_51c0aa",
            "cal_live_…",
            &["t.toml:8: this does not look like a real key; paste it from Cal.com: Settings, Developer, API keys"],
        ),
        (
            "\"cal_invented_51c0aa\"",
            "[\"cal_invented_51c0aa\", \"cal_invented_51c0ab\"]",
            &["t.toml:8: there are 2 API keys; keep one"],
        ),
        (
            "\"whk_invented_9c77\"",
            "\"whk_invented_1\", \"whk_invented_2\", \"whk_invented_3\"",
            &["t.toml:9: there are 3 webhook secrets; keep the present one and at most one next one"],
        ),
        (
            "kind = \"calcom\"",
            "kind = \"calcom\"\nurl = \"http://api.cal.com\"",
            &[
                "t.toml:8: the url is not encrypted, and the key would travel readable; write https://, or private = true for a server on this machine or in a private network",
            ],
        ),
        (
            "kind = \"calcom\"",
            "kind = \"calcom\"\nurl = \"https://api.cal.com/v2\"",
            &[
                "t.toml:8: \"https://api.cal.com/v2\" has more than scheme, host and port; write it like \"https://api.cal.com\", without /v2",
            ],
        ),
        (
            "kind = \"calcom\"",
            "kind = \"calcom\"\nper_minute = 5",
            &["t.toml:8: per_minute must be between 10 and 10000"],
        ),
        (
            "kind = \"calcom\"",
            "kind = \"calcom\"\ntoken = \"x\"",
            &[
                "t.toml:8: the calendar has no key \"token\"; possible here: kind, private, url, api_key, api_key_file, webhook_secrets, webhook_secret_file, event_type, per_minute, rebook_for_email",
            ],
        ),
        (
            "zone = ",
            "mode = \"calendar\"\nzone = ",
            &["t.toml:3: there is no mode \"calendar\"; write \"calendar-first\" or \"local-first\""],
        ),
        (
            "service = \"faerben\"",
            "service = \"faerbn\"",
            &["t.toml:17: there is no service \"faerbn\"; did you mean \"faerben\"?"],
        ),
        ("staff = \"emma\"", "staff = \"ema\"", &["t.toml:18: there is no person \"ema\"; did you mean \"emma\"?"]),
        (
            "staff = \"emma\"",
            "staff = \"mario\"",
            &["t.toml:18: Mario Rossi does not do \"Färben\"; add it to this person's services, or map somebody else"],
        ),
        (
            "hosts = { emma = 11, mario = 12 }",
            "hosts = { emma = 11, maria = 12 }",
            &["t.toml:24: there is no person \"maria\"; did you mean \"mario\"?"],
        ),
        (
            "hosts = { emma = 11, mario = 12 }",
            "hosts = { emma = 11, mario = 11 }",
            &["t.toml:24: host 11 is there twice; every person has a number of their own"],
        ),
        (
            "hosts = { emma = 11, mario = 12 }",
            "hosts = {}",
            &["t.toml:24: hosts is empty; write hosts = { emma = 11 }, or leave it out"],
        ),
        (
            "id = 300",
            "id = 300\nstaff = \"mario\"",
            &[
                "t.toml:25: the event type has both staff and hosts; staff is for one person's own, hosts for a shared one",
            ],
        ),
        (
            "id = 101",
            "ids = [101, 102]",
            &["t.toml:14: there are 2 ids, but \"Haarschnitt\" is one stretch of work; write one: id = 101"],
        ),
        (
            "ids = [201, 202]",
            "ids = [201, 202, 203]",
            &[
                "t.toml:19: there are 3 ids, but the person is busy in 2 phases of \"Färben\"; write 2 ids, or one for the whole service",
            ],
        ),
        (
            "ids = [201, 202]",
            "ids = [201, 201]",
            &["t.toml:19: one of the ids is there twice; each busy phase has an event type of its own"],
        ),
        ("ids = [201, 202]", "ids = []", &["t.toml:19: ids is empty; write at least one"]),
        ("ids = [201, 202]", "ids = 201", &["t.toml:19: ids must be a list [1, 2], not a number"]),
        ("id = 101", "id = 0", &["t.toml:14: id must be between 1 and 2147483647"]),
        ("id = 101\n", "", &["t.toml:11: the event type has no number; write id = 123, as Cal.com shows it"]),
        (
            "id = 101",
            "id = 101\nids = [101]",
            &["t.toml:15: the event type has both id and ids; keep ids if the service has one for each busy phase"],
        ),
        (
            "fields = { title = \"Termin\" }",
            "fields = { title = 3 }",
            &["t.toml:25: title must be a text in quotes, not a number"],
        ),
        (
            "[[branch]]",
            "[[calendar.event_type]]\nservice = \"Haarschnitt\"\nstaff = \"emma\"\nid = 999\n\n[[branch]]",
            &["t.toml:27: the same service and people are mapped in line 11; remove one of the two"],
        ),
        (
            "[[branch]]",
            "[[calendar.event_type]]\nservice = \"Beratung\"\nid = 999\n\n[[branch]]",
            &["t.toml:27: the same service and people are mapped in line 21; remove one of the two"],
        ),
        (
            "[[branch]]",
            "[[calendar.event_type]]\nservice = \"Beratung\"\nstaff = \"mario\"\nid = 300\n\n[[branch]]",
            &[
                "t.toml:27: event type 300 is already in line 21; if several people share it, write one entry with hosts instead of staff",
            ],
        ),
    ];
    let mut otherwise = Vec::new();
    for (from, to, wanted) in cases {
        let told = read(&spoiled(from, to), "t.toml").map(|_| ()).map_err(|errors| errors.to_string());
        if told.as_ref().err().map(String::as_str) != Some(&wanted.join("\n")) {
            otherwise.push(format!("{told:?}\n{wanted:?}"));
        }
    }
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n\n"));
}
