//! Tables of mistakes: what is spoiled, and what is said about it.

use super::{added, refused, spoiled};

#[test]
fn wrong_values_are_named_with_their_line_and_what_to_write() {
    let cases = [
        (
            "slug = \"salon-probe\"",
            "slug = \"Salon Probe\"",
            "t.toml:1: \"Salon Probe\" is no slug; use 2 to 60 of a-z, 0-9 and -, such as \"salon-morgenrot\"",
        ),
        (
            "name = \"Salon Probe\"",
            "nmae = \"Salon\"",
            "t.toml:1: the tenant has no name; write name = \"Salon Morgenrot\"\nt.toml:2: the tenant has no key \"nmae\"; did you mean \"name\"?",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlinn\"",
            "t.toml:3: there is no time zone \"Europe/Berlinn\"; did you mean \"Europe/Berlin\"?",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "",
            "t.toml:6: no time zone is known for this branch; write zone = \"Europe/Berlin\" here or at the top",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\nlanguage = \"fr\"",
            "t.toml:4: \"fr\" is no language we speak; write \"de\" or \"en\"",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\ncountry = \"Deutschland\"",
            "t.toml:4: \"Deutschland\" is no country; write two capitals such as \"DE\"",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\nslot_grid_minutes = 25",
            "t.toml:4: starts every 25 minutes are not possible; write 5, 10, 15, 20, 30 or 60",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\nmode = \"calendar-first\"",
            "t.toml:4: calendar-first needs an external calendar; the built-in one is always \"local-first\"",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\ncalendar.kind = \"google\"",
            "t.toml:4: there is no calendar \"google\"; write \"calcom\" or \"builtin\"",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\ndefault_branch = \"Mite\"",
            "t.toml:4: there is no branch \"Mite\"; did you mean \"Mitte\"?",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\nendpoint = \"ep_1\"",
            "t.toml:4: an endpoint is ep_ and 8 to 64 letters and digits; leave the key out and one is made for you",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\nstrict_ownership = \"yes\"",
            "t.toml:4: strict_ownership must be true or false, without quotes",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\npolicy.notice = 3",
            "t.toml:4: the policy has no key \"notice\"; possible here: notice_minutes, horizon_days, cancel_deadline_hours, move_deadline_hours, cancel_fee, move_fee, max_cancels_per_30_days, max_moves_per_appointment",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\npolicy.horizon_days = 0",
            "t.toml:4: horizon_days must be between 1 and 730",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\npolicy.cancel_fee = { amount = \"5 USD\" }",
            "t.toml:4: a fee is one amount in euros; write it like \"15 EUR\"\nt.toml:4: the fee does not say when it applies; add within_hours = 24",
        ),
        (
            "zone = \"Europe/Berlin\"",
            "zone = \"Europe/Berlin\"\nday_parts.morning = \"9 bis 12\"",
            "t.toml:4: \"9 bis 12\" is no span of time; write it like \"09:00-18:30\"",
        ),
        (
            "state = \"BE\"",
            "state = \"Bayrn\"",
            "t.toml:8: there is no German federal state \"Bayrn\"; did you mean \"bayern\"?",
        ),
        (
            "state = \"BE\"",
            "state = \"XX\"",
            "t.toml:8: there is no German federal state \"XX\"; write one of BW, BY, BE, BB, HB, HH, HE, MV, NI, NW, RP, SL, SN, ST, SH, TH",
        ),
        (
            "hours = { mon-fri = \"09:00-18:00\" }",
            "",
            "t.toml:6: the branch has no opening hours; write hours = { mon-fri = [\"09:00-18:00\"] }",
        ),
        (
            "mon-fri = \"09:00-18:00\"",
            "mon-fry = \"09:00-18:00\"",
            "t.toml:9: \"fry\" is no day of the week; did you mean \"fri\"?",
        ),
        (
            "mon-fri = \"09:00-18:00\"",
            "mon-fri = \"09:00-18:00\", mi = \"09:00-12:00\"",
            "t.toml:9: wednesday has its hours twice; name each day once",
        ),
        (
            "mon-fri = \"09:00-18:00\"",
            "mon-fri = [\"09:00-13:00\", \"12:30-18:00\"]",
            "t.toml:9: hours of mon-fri overlap; write spans that follow one another",
        ),
        (
            "mon-fri = \"09:00-18:00\"",
            "mon-fri = \"18:00-09:00\"",
            "t.toml:9: \"18:00-09:00\" ends before it begins; write the earlier time first, and \"24:00\" for midnight",
        ),
        (
            "mon-fri = \"09:00-18:00\"",
            "mon-fri = 9",
            "t.toml:9: mon-fri must be a text in quotes or a list [\"…\", \"…\"], not a number",
        ),
        (
            "number = \"+49 30 23125160\"",
            "number = \"030 23125160\"",
            "t.toml:10: this is no telephone number in international form; write + and 7 to 15 digits: \"+49 30 23125101\"",
        ),
        (
            "number = \"+49 30 23125160\"",
            "numbr = \"+49 30 23125160\"",
            "t.toml:10: the line has no key \"numbr\"; did you mean \"number\"?",
        ),
        (
            "{ number = \"+49 30 23125160\", retell_agent = \"agent_a\" }",
            "{}",
            "t.toml:10: the line leads nowhere; give it number = \"+49…\", retell_agent = \"agent_…\" or both",
        ),
        ("minutes = 30", "", "t.toml:12: the service does not say how long it takes; write minutes = 30"),
        ("minutes = 30", "minutes = \"30\"", "t.toml:14: minutes must be a whole number without quotes, not a text"),
        ("minutes = 30", "minutes = 4", "t.toml:14: minutes must be between 5 and 1440"),
        ("minutes = 30", "phases = []", "t.toml:14: phases is empty; list at least one: phases = [{ minutes = 30 }]"),
        (
            "minutes = 30",
            "phases = [{ minutes = 30, free = true }]",
            "t.toml:14: the first phase must keep the person busy; free = true may come from the second on",
        ),
        (
            "minutes = 30",
            "phases = [{ minutes = 1000 }, { minutes = 1000 }]",
            "t.toml:14: all phases together are longer than 1440 minutes; shorten them",
        ),
        (
            "minutes = 30",
            "minutes = 30\nphases = [{ minutes = 30 }]",
            "t.toml:15: the service has both minutes and phases; keep the phases if the person is free in between",
        ),
        (
            "minutes = 30",
            "minutes = 30\nprice = \"35\"",
            "t.toml:15: the price \"35\" has no currency; write it like \"35 EUR\"",
        ),
        (
            "minutes = 30",
            "minutes = 30\nprice = \"1.200,00 EUR\"",
            "t.toml:15: \"1.200,00 EUR\" is no price; write it like \"35 EUR\", \"35,50 EUR\" or \"ab 35 EUR\"",
        ),
        (
            "minutes = 30",
            "minutes = 30\nbranches = [\"Süd\"]",
            "t.toml:15: there is no branch \"Süd\"; known: \"Mitte\"",
        ),
        (
            "minutes = 30",
            "minutes = 30\nid = \"ä b\"",
            "t.toml:15: \"ä b\" is no id; use up to 64 letters a-z, digits, - and _",
        ),
        (
            "services = [\"Haarschnitt\"]",
            "services = [\"Harschnitt\"]",
            "t.toml:18: there is no service \"Harschnitt\"; did you mean \"Haarschnitt\"?",
        ),
        (
            "services = [\"Haarschnitt\"]",
            "services = [\"Haarschnitt\", \"haarschnitt\"]",
            "t.toml:18: \"haarschnitt\" is listed twice; remove one",
        ),
        (
            "services = [\"Haarschnitt\"]",
            "services = [\"Haarschnitt\"]\nabsences = [{ from = 2026-12-05, until = 2026-12-01 }]",
            "t.toml:19: the absence ends before it begins; swap from and until",
        ),
        (
            "services = [\"Haarschnitt\"]",
            "services = [\"Haarschnitt\"]\nabsences = [{ from = 2026-12-05T10:00:00Z, until = 2026-12-06 }]",
            "t.toml:19: absences are in the branch's own time; leave out the offset: 2026-12-24T12:00:00",
        ),
        (
            "phone = \"+49 171 3920021\"",
            "phone = \"+49 171 3920021\"\nemail = \"\"",
            "t.toml:24: email is empty; fill it in or leave the key out",
        ),
        (
            "phone = \"+49 171 3920021\"",
            "phone = \"+49 171 3920021\"\nemail = \"k.vogt@example\"",
            "t.toml:24: this is no e-mail address; write it like k.vogt@example.org, or leave email out",
        ),
        (
            "id = \"c1\"",
            "",
            "t.toml:20: the customer has no id; write id = \"…\", the number or code it had in the old system\nt.toml:26: there is no customer \"c1\"; this file has none yet",
        ),
        (
            "start = 2026-12-02T09:00:00",
            "",
            "t.toml:25: the appointment has no start; write start = 2026-12-03T10:00:00",
        ),
        (
            "start = 2026-12-02T09:00:00",
            "start = 2026-12-02",
            "t.toml:29: \"2026-12-02\" is no moment; write it like 2026-12-03T10:00:00 or 2026-12-03T10:00:00+01:00",
        ),
        (
            "start = 2026-12-02T09:00:00",
            "start = 2026-10-25T02:30:00",
            "t.toml:29: the clocks change at 2026-10-25T02:30:00; add the offset, such as 2026-10-25T02:30:00+01:00",
        ),
    ];
    for (from, to, wanted) in cases {
        refused(&spoiled(from, to), &wanted.lines().collect::<Vec<_>>());
    }
}

#[test]
fn doubles_and_strangers_are_named_with_both_lines() {
    let cases = [
        (
            "[[service]]\nname = \"haarschnitt\"\nminutes = 20",
            "t.toml:30: service id \"haarschnitt\" is already used in line 12; give this one an id of its own",
        ),
        (
            "[[service]]\nname = \"Farbe\"\nid = \"haarschnitt\"\nminutes = 20",
            "t.toml:30: service id \"haarschnitt\" is already used in line 12; give this one an id of its own",
        ),
        (
            "[[service]]\nname = \"Haarschnitt\"\nid = \"h2\"\nminutes = 20",
            "t.toml:18: there are several services named \"Haarschnitt\"; write the id of one: \"haarschnitt\", \"h2\"\nt.toml:27: there are several services named \"Haarschnitt\"; write the id of one: \"haarschnitt\", \"h2\"\nt.toml:30: service \"Haarschnitt\" is already in line 12 for the same branch; give one another name",
        ),
        (
            "[[staff]]\nname = \"Emma Winkler\"\nservices = []",
            "t.toml:30: staff id \"emma-winkler\" is already used in line 16; give this one an id of its own",
        ),
        (
            "[[customer]]\nid = \"c1\"\nname = \"Jens Albers\"",
            "t.toml:30: customer id \"c1\" is already used in line 20; give this one an id of its own",
        ),
        (
            "[[branch]]\nname = \"Süd\"\nstate = \"BE\"\nhours.mo = \"9:00-10:00\"\nline = [{ number = \"+493023125160\" }]",
            "t.toml:16: no branch is named here; write branch = one of \"Mitte\", \"Süd\"\nt.toml:25: no branch is named here; write branch = one of \"Mitte\", \"Süd\"\nt.toml:34: this number already stands in line 10; a number leads to one line",
        ),
        (
            "[[appointment]]\ncustomer = \"c1\"\nservice = \"Haarschnitt\"\nstaff = \"Emma Winkler\"\nstart = \"2026-12-02T09:15:00+01:00\"",
            "t.toml:30: this appointment overlaps the one in line 25 of the same person; correct one of the two",
        ),
        (
            "[[appointment]]\ncustomer = \"c2\"\nservice = \"Haarschnitt\"\nstaff = \"Tim\"\nstart = \"2026-12-02T10:00\"",
            "t.toml:31: there is no customer \"c2\"; did you mean \"c1\"?\nt.toml:33: there is no person \"Tim\"; known: \"Emma Winkler\"",
        ),
        (
            "[[employee]]\nname = \"Emma\"",
            "t.toml:30: the tenant has no key \"employee\"; possible here: slug, name, language, country, zone, policy, day_parts, branch, service, staff, customer, appointment, default_branch, slot_grid_minutes, business, calendar, mode, strict_ownership, endpoint, voice",
        ),
    ];
    for (more, wanted) in cases {
        refused(&added(more), &wanted.lines().collect::<Vec<_>>());
    }
}
