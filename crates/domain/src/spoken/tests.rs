//! Each rule of dates and times as a sentence.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use jiff::civil::{date, time};

use super::*;

/// Friday, half past nine in Berlin.
const FRIDAY: &str = "2026-11-20T09:30:00+01:00[Europe/Berlin]";
/// The clock of the platforms' sample calls, a Tuesday.
const TUESDAY: &str = "2026-12-01T09:12:31+01:00[Europe/Berlin]";

fn within<T>(now: &str, hours: (u16, u16), ask: impl FnOnce(&TimeContext<'_>) -> T) -> T {
    let now: Zoned = now.parse().unwrap();
    let day_parts = DayParts::default();
    ask(&TimeContext { now: &now, hours, day_parts: &day_parts, lang: Lang::De })
}

fn at(now: &str, text: &str) -> Understood {
    within(now, (9 * 60, 18 * 60), |context| understand(text, context))
}

fn on_friday(text: &str) -> Understood {
    at(FRIDAY, text)
}

fn asked(now: &str, text: &str) -> AskTime {
    match at(now, text) {
        Understood::Ask(why) => why,
        other => panic!("{text:?} was understood as {other:?}"),
    }
}

fn instant(now: &str, text: &str) -> String {
    match at(now, text) {
        Understood::Instant { at, .. } => at.strftime("%Y-%m-%dT%H:%M%:z").to_string(),
        other => panic!("{text:?} was understood as {other:?}"),
    }
}

fn wished(date: Option<&str>, time: Option<&str>) -> Wish {
    within(FRIDAY, (9 * 60, 18 * 60), |context| wish(date, time, context))
}

fn stretches(date: Option<&str>, time: Option<&str>) -> Vec<(String, String)> {
    let text = |at: &Zoned| at.strftime("%m-%dT%H:%M").to_string();
    match wished(date, time) {
        Wish::Within(found) => found.iter().map(|(from, until)| (text(from), text(until))).collect(),
        other => panic!("{date:?} {time:?} was wished as {other:?}"),
    }
}

#[test]
fn a_year_invented_by_an_agent_is_asked_back() {
    for text in ["2023-10-04", "2024-06-17T16:00:00", "04.10.2023", "24.10.2023 um 16 Uhr", "2023-06-13T14:00:00Z"] {
        assert_eq!(asked(FRIDAY, text), AskTime::StaleYear, "{text}");
    }
    assert_eq!(asked(FRIDAY, "2026-11-19"), AskTime::Past);
}

#[test]
fn a_date_without_a_year_is_the_nearest_to_come() {
    assert_eq!(on_friday("7. oktober"), Understood::Day(date(2027, 10, 7)));
    assert_eq!(on_friday("4. dezember"), Understood::Day(date(2026, 12, 4)));
    assert_eq!(at("2027-01-01T10:00:00+01:00[Europe/Berlin]", "29.12."), Understood::Day(date(2027, 12, 29)));
}

#[test]
fn a_date_one_or_two_days_ago_is_asked_back_and_not_moved_a_year() {
    assert_eq!(asked(FRIDAY, "19. november"), AskTime::Past);
    assert_eq!(asked(FRIDAY, "18.11."), AskTime::Past);
    assert_eq!(on_friday("17.11."), Understood::Day(date(2027, 11, 17)));
    assert_eq!(asked("2027-01-01T10:00:00+01:00[Europe/Berlin]", "31.12."), AskTime::Past);
}

#[test]
fn every_short_spelling_of_a_date_is_read() {
    for text in [
        "4.12.",
        "04.12.",
        "4.12.26",
        "04.12.2026",
        "2026-12-04",
        "Freitag, den 4. Dezember",
        "Freitag 4.12.",
        "am 4ten dezember",
        "vierter zwölfter",
        "December 4th",
        "the 4th of December",
        "04/12/2026 4. dezember",
    ] {
        assert_eq!(on_friday(text), Understood::Day(date(2026, 12, 4)), "{text}");
    }
    assert_eq!(on_friday("am 11ten"), Understood::Day(date(2026, 12, 11)));
}

#[test]
fn fifteen_point_one_from_speech_is_asked_with_both_readings() {
    let both = AskTime::WhichDay(vec![date(2026, 12, 15), date(2027, 1, 15)]);
    assert_eq!(asked(FRIDAY, "15.1"), both);
    assert_eq!(asked(FRIDAY, "am fünfzehnten punkt eins"), both);
    assert_eq!(on_friday("15.1."), Understood::Day(date(2027, 1, 15)));
    // In January both are the same day.
    assert_eq!(at("2027-01-10T10:00:00+01:00[Europe/Berlin]", "15.1"), Understood::Day(date(2027, 1, 15)));
}

#[test]
fn this_weekday_is_in_this_week_in_either_order() {
    for text in ["diese Woche Donnerstag", "Donnerstag diese Woche", "diesen Donnerstag", "this Thursday"] {
        assert_eq!(at(TUESDAY, text), Understood::Day(date(2026, 12, 3)), "{text}");
    }
    assert_eq!(asked(TUESDAY, "diese Woche Montag"), AskTime::Past);
}

#[test]
fn next_week_is_the_next_iso_week() {
    for text in
        ["nächste Woche Mittwoch", "Mittwoch nächste Woche", "Wednesday next week", "am mittwoch in der nächsten woche"]
    {
        assert_eq!(at(TUESDAY, text), Understood::Day(date(2026, 12, 9)), "{text}");
        assert_eq!(on_friday(text), Understood::Day(date(2026, 11, 25)), "{text}");
    }
    assert_eq!(on_friday("übernächste Woche Donnerstag"), Understood::Day(date(2026, 12, 3)));
    // Sunday still belongs to the week before.
    let sunday = "2026-11-22T12:00:00+01:00[Europe/Berlin]";
    assert_eq!(at(sunday, "nächste Woche Mittwoch"), Understood::Day(date(2026, 11, 25)));
}

#[test]
fn naechsten_is_asked_where_two_days_are_meant_and_kommenden_never() {
    let both = AskTime::WhichDay(vec![date(2026, 12, 4), date(2026, 12, 11)]);
    assert_eq!(asked(TUESDAY, "nächsten Freitag"), both);
    assert_eq!(asked(TUESDAY, "next Friday at three"), both);
    assert_eq!(at(TUESDAY, "kommenden Freitag"), Understood::Day(date(2026, 12, 4)));
    assert_eq!(at(TUESDAY, "nächsten Montag"), Understood::Day(date(2026, 12, 7)));
    assert_eq!(on_friday("nächsten Freitag"), Understood::Day(date(2026, 11, 27)));
}

#[test]
fn a_weekday_said_on_that_day_is_asked_unless_its_hour_has_passed() {
    let both = AskTime::WhichDay(vec![date(2026, 11, 20), date(2026, 11, 27)]);
    assert_eq!(asked(FRIDAY, "am Freitag um elf"), both);
    assert_eq!(instant(FRIDAY, "am Freitag um neun"), "2026-11-27T09:00+01:00");
}

#[test]
fn no_clock_time_is_ever_invented() {
    assert_eq!(on_friday("einen termin bitte"), Understood::Nothing);
    assert_eq!(on_friday("nächsten Dienstag"), Understood::Day(date(2026, 11, 24)));
    assert_eq!(wished(None, None), Wish::Unsaid);
    assert_eq!(wished(Some(" "), Some("")), Wish::Unsaid);
    assert_eq!(stretches(Some("morgen"), None), [("11-21T00:00".into(), "11-22T00:00".into())]);
}

#[test]
fn an_hour_already_past_today_is_asked_back() {
    assert_eq!(asked(FRIDAY, "heute um neun"), AskTime::Past);
    assert_eq!(asked("2026-11-20T16:10:00+01:00[Europe/Berlin]", "heute um drei"), AskTime::Past);
    assert_eq!(asked("2026-11-20T16:10:00+01:00[Europe/Berlin]", "heute vormittag"), AskTime::Past);
    assert_eq!(instant(FRIDAY, "heute um halb zehn"), "2026-11-20T09:30+01:00");
    // With hours until 22 Uhr the evening is still possible.
    within("2026-11-20T12:00:00+01:00[Europe/Berlin]", (8 * 60, 22 * 60), |context| {
        let Understood::Instant { at, .. } = understand("heute um neun", context) else { panic!("no instant") };
        assert_eq!(at.hour(), 21);
    });
}

#[test]
fn a_clock_time_alone_names_no_day() {
    assert_eq!(wished(None, Some("14 Uhr")), Wish::ClockWithoutDay(time(14, 0, 0, 0)));
    assert_eq!(wished(Some("halb drei"), None), Wish::ClockWithoutDay(time(14, 30, 0, 0)));
}

#[test]
fn a_stamp_with_an_offset_is_an_instant_and_one_without_is_the_branchs_wall_clock() {
    assert_eq!(instant(FRIDAY, "2026-11-24T13:30:00Z"), "2026-11-24T14:30+01:00");
    assert_eq!(instant(FRIDAY, "2026-11-24T08:30:00-05:00"), "2026-11-24T14:30+01:00");
    assert_eq!(instant(FRIDAY, "2026-11-24T14:30:00"), "2026-11-24T14:30+01:00");
}

#[test]
fn a_wall_time_the_clocks_skip_is_asked_back_and_one_shown_twice_too() {
    let skipped = AskTime::SkippedByClockChange { date: date(2027, 3, 28), time: time(2, 30, 0, 0) };
    assert_eq!(asked(FRIDAY, "2027-03-28 02:30"), skipped);
    let AskTime::WhichFold { earlier, later } = asked(FRIDAY, "2027-10-31 02:30") else { panic!("not a fold") };
    assert_eq!(earlier.duration_until(&later).as_secs(), 3600);
}

#[test]
fn tomorrow_is_a_calendar_day_and_hours_are_real_hours() {
    let before_the_gap = "2027-03-27T23:30:00+01:00[Europe/Berlin]";
    assert_eq!(instant(before_the_gap, "morgen um zehn"), "2027-03-28T10:00+02:00");
    assert_eq!(instant("2027-03-28T01:30:00+01:00[Europe/Berlin]", "in zwei stunden"), "2027-03-28T04:30+02:00");
    let before_the_fold = "2026-10-24T23:30:00+02:00[Europe/Berlin]";
    assert_eq!(at(before_the_fold, "morgen"), Understood::Day(date(2026, 10, 25)));
    assert_eq!(at(before_the_fold, "übermorgen"), Understood::Day(date(2026, 10, 26)));
}

#[test]
fn german_and_english_clock_phrases_are_read() {
    for (text, hour, minute) in [
        ("halb drei", 14, 30),
        ("viertel nach drei", 15, 15),
        ("viertel vor vier", 15, 45),
        ("viertel drei", 14, 15),
        ("dreiviertel vier", 15, 45),
        ("dreiviertel zwölf", 11, 45),
        ("zwanzig nach vier", 16, 20),
        ("fünf vor halb drei", 14, 25),
        ("fünf nach halb drei", 14, 35),
        ("halb eins", 12, 30),
        ("um eins", 13, 0),
        ("14 uhr 30", 14, 30),
        ("14.30 uhr", 14, 30),
        ("15h", 15, 0),
        ("half past two", 14, 30),
        ("half ten", 10, 30),
        ("quarter to four", 15, 45),
        ("ten to four", 15, 50),
        ("10am", 10, 0),
        ("2 p.m.", 14, 0),
        ("fourteen thirty", 14, 30),
        ("acht uhr abends", 20, 0),
        ("um sechs", 18, 0),
        ("mittags um zwölf", 12, 0),
    ] {
        let expected = Understood::Clock { time: time(hour, minute, 0, 0), around: None };
        assert_eq!(on_friday(text), expected, "{text}");
    }
}

#[test]
fn the_hours_decide_between_morning_and_evening_and_else_it_is_asked() {
    let clock = |hours, text| within(FRIDAY, hours, |context| understand(text, context));
    let is = |hour| Understood::Clock { time: time(hour, 0, 0, 0), around: None };
    assert_eq!(clock((17 * 60, 23 * 60), "um acht"), is(20));
    assert_eq!(clock((7 * 60, 13 * 60), "um acht"), is(8));
    let both = AskTime::WhichClock { date: None, times: vec![time(8, 0, 0, 0), time(20, 0, 0, 0)] };
    assert_eq!(clock((9 * 60, 18 * 60), "um acht"), Understood::Ask(both.clone()));
    assert_eq!(clock((7 * 60, 22 * 60), "um acht"), Understood::Ask(both));
    assert_eq!(clock((9 * 60, 18 * 60), "morgens um acht"), is(8));
}

#[test]
fn a_clock_time_against_the_part_of_the_day_is_asked_back() {
    assert_eq!(asked(FRIDAY, "morgen früh um 15 uhr"), AskTime::Unclear);
    assert_eq!(wished(Some("morgen nachmittag"), Some("10:00")), Wish::Ask(AskTime::Unclear));
}

#[test]
fn the_tenants_one_table_says_what_parts_of_a_day_are() {
    let now: Zoned = FRIDAY.parse().unwrap();
    let mut day_parts = DayParts::default();
    day_parts.afternoon.from = 13 * 60;
    let context = TimeContext { now: &now, hours: (540, 1080), day_parts: &day_parts, lang: Lang::De };
    for text in ["nachmittags", "in the afternoon"] {
        let Understood::PartOfAnyDay { from, until, .. } = understand(text, &context) else { panic!("{text}") };
        assert_eq!((from, until), (time(13, 0, 0, 0), time(18, 0, 0, 0)), "{text}");
    }
}

#[test]
fn days_that_do_not_exist_and_weekdays_that_do_not_fit_are_asked_back() {
    for text in ["31. november", "am 30.2.", "29. februar 2027", "32.12.", "48. dezember"] {
        assert_eq!(asked(FRIDAY, text), AskTime::NoSuchDay, "{text}");
    }
    let contradiction = AskTime::WeekdayContradicts { said: date(2026, 11, 24) };
    assert_eq!(asked(FRIDAY, "Montag, der 24."), contradiction);
    assert_eq!(wished(Some("Montag"), Some("2026-11-24 um zehn")), Wish::Ask(contradiction));
}

#[test]
fn what_is_denied_is_not_wished() {
    for text in [
        "nicht morgen sondern am dienstag um zehn",
        "montag geht nicht, aber dienstag um zehn",
        "statt montag lieber dienstag um zehn",
        "montag, nein dienstag um zehn",
        "von montag auf dienstag um zehn",
        "dienstag um neun, ach nein lieber um zehn",
        "move it from Monday to Tuesday at ten",
        "vom dreiundzwanzigsten auf den vierundzwanzigsten um zehn vorziehen",
    ] {
        assert_eq!(instant(FRIDAY, text), "2026-11-24T10:00+01:00", "{text}");
    }
    for text in [
        "nicht am montag",
        "nächste woche aber nicht montag",
        "any day but Monday",
        "alles außer dienstag",
        "I can't do Monday",
        "ich kann am montag leider nicht",
        "montag passt nicht dienstag wäre gut",
    ] {
        assert_eq!(asked(FRIDAY, text), AskTime::Unclear, "{text}");
    }
}

#[test]
fn alternatives_keep_their_order_and_share_a_day_or_an_hour_said_once() {
    let ten = |day: i8| on_friday(&format!("am {day}.12. um zehn"));
    assert_eq!(on_friday("am 1.12. oder 2.12. um zehn"), Understood::OneOf(vec![ten(1), ten(2)]));
    let tuesday = |hour: i8| {
        let at = date(2026, 11, 24).at(hour, 0, 0, 0).in_tz("Europe/Berlin").unwrap();
        Understood::Instant { at, around: None }
    };
    for text in ["dienstag um drei oder um vier", "um drei oder vier am dienstag", "3pm or 4pm on Tuesday"] {
        assert_eq!(on_friday(text), Understood::OneOf(vec![tuesday(15), tuesday(16)]), "{text}");
    }
}

#[test]
fn numbers_that_are_no_times_are_left_alone() {
    let three = "2026-11-21T15:00+01:00";
    assert_eq!(instant(FRIDAY, "meine Tochter ist acht, morgen um drei"), three);
    assert_eq!(instant(FRIDAY, "wir sind zwei Personen, morgen um drei"), three);
    assert_eq!(instant(FRIDAY, "meine Nummer ist 0151 2345678, morgen um drei"), three);
    assert_eq!(instant(FRIDAY, "ich komme zum dritten Mal, morgen um drei"), three);
    assert_eq!(instant(FRIDAY, "bei Jan oder Fr. Müller morgen um drei"), three);
    assert_eq!(on_friday("morgen zwei Haarschnitte"), Understood::Day(date(2026, 11, 21)));
}

#[test]
fn bounds_are_read_before_and_after_what_they_bound() {
    let five = Understood::ClockAfter(time(17, 0, 0, 0));
    for text in
        ["nach 17 uhr", "ab fünf", "um 17 uhr oder später", "nicht vor fünf", "after five", "no earlier than five pm"]
    {
        assert_eq!(on_friday(text), five, "{text}");
    }
    let twelve = Understood::ClockBefore(time(12, 0, 0, 0));
    for text in ["bis zwölf uhr", "vor zwölf", "spätestens um zwölf", "bis mittag", "nicht nach zwölf", "by noon"]
    {
        assert_eq!(on_friday(text), twelve, "{text}");
    }
    assert_eq!(instant(FRIDAY, "morgen nach der Arbeit um sechs"), "2026-11-21T18:00+01:00");
    let between = Understood::ClockBetween(time(8, 0, 0, 0), time(12, 0, 0, 0));
    assert_eq!(on_friday("von acht bis zwölf"), between);
    assert_eq!(on_friday("8-12 Uhr"), between);
}

#[test]
fn half_a_clock_time_is_asked_back() {
    for text in ["morgen um halb", "morgen fünf nach", "um 25 uhr", "um 14:75", "11-24"] {
        assert_eq!(asked(FRIDAY, text), AskTime::Unclear, "{text}");
    }
}

#[test]
fn date_and_time_arguments_may_repeat_but_not_contradict_each_other() {
    let ten = |date: &str, time: &str| match wished(Some(date), Some(time)) {
        Wish::Exact(at) => at.strftime("%m-%dT%H:%M").to_string(),
        other => panic!("{date} {time}: {other:?}"),
    };
    for (date, time) in [
        ("2026-11-24", "10:00"),
        ("2026-11-24T10:00", "10:00"),
        ("2026-11-24T09:00:00Z", "10 Uhr"),
        ("Dienstag um zehn", "Dienstag"),
        ("10:00", "2026-11-24"),
        ("24", "10"),
    ] {
        assert_eq!(ten(date, time), "11-24T10:00", "{date} {time}");
    }
    assert_eq!(wished(Some("2026-11-24T10:00"), Some("11:00")), Wish::Ask(AskTime::Unclear));
    assert_eq!(wished(Some("morgen"), Some("übermorgen um zehn")), Wish::Ask(AskTime::Unclear));
}

#[test]
fn vague_wishes_become_stretches_from_now_on() {
    let pair = |from: &str, until: &str| (from.to_owned(), until.to_owned());
    assert_eq!(stretches(Some("diese Woche"), None), [pair("11-20T09:30", "11-23T00:00")]);
    assert_eq!(stretches(Some("morgen"), Some("nach drei")), [pair("11-21T15:00", "11-22T00:00")]);
    assert_eq!(stretches(Some("morgen"), Some("bis zwölf")), [pair("11-21T00:00", "11-21T12:00")]);
    assert_eq!(stretches(Some("morgen"), Some("vormittags")), [pair("11-21T09:00", "11-21T12:00")]);
    assert_eq!(stretches(Some("der nächste freie Termin"), None), [pair("11-20T09:30", "12-04T09:30")]);
    let after_five = stretches(None, Some("nach 17 Uhr"));
    assert_eq!((after_five.len(), after_five.first().unwrap()), (14, &pair("11-20T17:00", "11-21T00:00")));
    let tuesdays = stretches(Some("immer dienstags"), Some("vormittags"));
    assert_eq!(tuesdays, [pair("11-24T09:00", "11-24T12:00"), pair("12-01T09:00", "12-01T12:00")]);
}

#[test]
fn a_corrected_weekday_stays_in_the_week_that_was_said() {
    let thursday = Understood::Day(date(2026, 11, 26));
    // Said on a Monday, so that this week's Thursday is another one.
    let monday = "2026-11-16T09:30:00+01:00[Europe/Berlin]";
    for text in [
        "nächste Woche Mittwoch, nein Donnerstag",
        "nächste Woche Mittwoch, ach nein, lieber Donnerstag",
        "nächste Woche Mittwoch - Quatsch, Donnerstag",
        "Mittwoch nächste Woche, nein, Donnerstag",
        "next week Wednesday, no, Thursday",
        "Wednesday next week, sorry, Thursday",
        "nächste Woche Mittwoch geht nicht, lieber Donnerstag",
        "nächste Woche nicht Mittwoch sondern Donnerstag",
        "nächste Woche, lieber Donnerstag",
    ] {
        assert_eq!(at(monday, text), thursday, "{text}");
    }
    let four = "2026-11-26T16:00+01:00";
    assert_eq!(instant(monday, "nächste Woche Mittwoch, nein Donnerstag um 16 Uhr"), four);
    let both = within(monday, (540, 1080), |context| {
        wish(Some("nächste Woche Mittwoch, nein Donnerstag"), Some("16 Uhr"), context)
    });
    assert_eq!(both, Wish::Exact("2026-11-26T16:00:00+01:00[Europe/Berlin]".parse().unwrap()));
    assert_eq!(at(monday, "nächste Woche Mittwoch, nein diese Woche Donnerstag"), Understood::Day(date(2026, 11, 19)));
    assert_eq!(at(monday, "nächste Woche Mittwoch, nein morgen"), Understood::Day(date(2026, 11, 17)));
    assert_eq!(at(monday, "übernächste Woche Mittwoch, nein Freitag"), Understood::Day(date(2026, 12, 4)));
    assert_eq!(asked(monday, "nächste Woche, nein, Donnerstag"), AskTime::Unclear);
}

#[test]
fn a_corrected_day_stays_in_the_month_that_was_said() {
    for text in ["am 3. Januar, nein am 4.", "on January 3rd, no, the 4th", "3.1.2027, nein am 4."] {
        assert_eq!(on_friday(text), Understood::Day(date(2027, 1, 4)), "{text}");
    }
    assert_eq!(on_friday("morgen, nein am 4."), Understood::Day(date(2026, 12, 4)));
}

#[test]
fn amounts_beyond_counting_are_asked_back_and_never_dropped() {
    for text in [
        "heute in 100000 Jahren",
        "Montag in 99999 Wochen",
        "in 100 000 Tagen",
        "in 1.000.000 Tagen",
        "in hunderttausend Jahren",
        "in zweihundert Wochen am Montag",
        "in two hundred days",
        "Monday in a thousand weeks",
        "in 65535 Jahren",
        "in 65535 Tagen",
        "in 9999 Monaten",
        "in 65535 Wochen am Montag",
    ] {
        assert_eq!(asked(FRIDAY, text), AskTime::Unclear, "{text}");
    }
    assert_eq!(on_friday("in 100 Tagen"), Understood::Day(date(2027, 2, 28)));
}

#[test]
fn an_ambiguous_date_has_only_readings_that_are_to_come() {
    for text in ["12/03/2026", "03/12/2026", "03/12/26"] {
        assert_eq!(at(TUESDAY, text), Understood::Day(date(2026, 12, 3)), "{text}");
    }
    assert_eq!(at(TUESDAY, "02/12/2026"), Understood::Day(date(2026, 12, 2)));
    assert_eq!(asked(TUESDAY, "03/04/2026"), AskTime::Past);
    assert_eq!(asked(TUESDAY, "03/04/2023"), AskTime::StaleYear);
    let both = AskTime::WhichDay(vec![date(2027, 3, 4), date(2027, 4, 3)]);
    assert_eq!(asked(TUESDAY, "03/04/2027"), both);
    assert_eq!(asked("2026-12-12T10:00:00+01:00[Europe/Berlin]", "11/12"), AskTime::Past);
}

#[test]
fn midnight_ends_the_day_it_is_said_with() {
    for text in ["morgen um Mitternacht", "morgen Mitternacht", "tomorrow at midnight", "Samstag gegen Mitternacht"] {
        assert_eq!(instant(FRIDAY, text), "2026-11-22T00:00+01:00", "{text}");
    }
    assert_eq!(instant(FRIDAY, "heute mitternachts"), "2026-11-21T00:00+01:00");
    assert_eq!(on_friday("um Mitternacht"), Understood::Clock { time: time(0, 0, 0, 0), around: None });
    assert_eq!(stretches(Some("morgen"), Some("bis Mitternacht")), [("11-21T00:00".into(), "11-21T23:59".into())]);
    assert_eq!(instant(FRIDAY, "morgen um 0 Uhr"), "2026-11-21T00:00+01:00");
}

#[test]
fn as_soon_as_possible_may_be_written_in_one_word() {
    for text in ["sobald wie möglich", "so bald wie möglich"] {
        assert_eq!(on_friday(text), Understood::Anytime, "{text}");
    }
}

#[test]
fn no_question_has_only_impossible_answers() {
    let asked_at = |now: &str, date: &str, time: &str| {
        within(now, (9 * 60, 19 * 60), |context| wish(Some(date), Some(time), context))
    };
    let exact = |at: &str| Wish::Exact(format!("{at}[Europe/Berlin]").parse().unwrap());
    for time in ["8 Uhr", "acht Uhr", "um acht", "8:00", "08:00", "8.00 Uhr"] {
        assert_eq!(asked_at(TUESDAY, "heute", time), Wish::Ask(AskTime::Past), "{time}");
    }
    for time in ["8 Uhr", "acht Uhr", "8:00", "08:00", "8.00 Uhr"] {
        assert_eq!(asked_at(TUESDAY, "morgen", time), exact("2026-12-02T08:00:00+01:00"), "{time}");
    }
    assert_eq!(asked_at(TUESDAY, "morgen", "20 Uhr"), exact("2026-12-02T20:00:00+01:00"));
    assert_eq!(asked_at(TUESDAY, "morgen", "3 Uhr"), exact("2026-12-02T15:00:00+01:00"));
    // In the evening house "8 Uhr" is 20 Uhr, "8:00" is not.
    let late = |time| within(TUESDAY, (15 * 60, 23 * 60), |context| wish(Some("morgen"), Some(time), context));
    assert_eq!(late("8 Uhr"), exact("2026-12-02T20:00:00+01:00"));
    assert_eq!(late("8:00"), exact("2026-12-02T08:00:00+01:00"));
}

#[test]
fn as_late_as_possible_is_the_end_of_the_named_day_and_without_a_day_asked_back() {
    let from = |hour: i8| date(2026, 11, 27).at(hour, 0, 0, 0).in_tz("Europe/Berlin").unwrap();
    let hours = |first, last| Understood::Stretch { from: from(first), until: from(last), grain: Grain::Minute };
    for text in [
        "nächste Woche Freitag so spät wie möglich",
        "nächste Woche Freitag möglichst spät",
        "letzter Termin am 27.11.",
        "der letzte freie Termin am 27.11.",
        "den spätesten Termin am 27.11.",
        "Friday next week as late as possible",
        "the last available appointment on November 27th",
        "so spät wie nur möglich am 27.11.",
    ] {
        assert_eq!(on_friday(text), hours(15, 18), "{text}");
    }
    assert_eq!(on_friday("am 27.11. vormittags so spät wie möglich"), hours(9, 12));
    assert_eq!(on_friday("am 27.11. nach 16 Uhr, möglichst spät"), hours(16, 18));
    assert_eq!(on_friday("am 27.11. vor 16 Uhr, möglichst spät"), hours(13, 16));
    for text in [
        "letzter Termin",
        "so spät wie möglich",
        "as late as possible",
        "möglichst spät",
        "der letzte Termin nächste Woche",
        "freitags möglichst spät",
        "am 27.11. um 10 Uhr so spät wie möglich",
    ] {
        assert_eq!(asked(FRIDAY, text), AskTime::Unclear, "{text}");
    }
    assert_eq!(wished(Some("27.11."), Some("so spät wie möglich")), Wish::Within(vec![(from(15), from(18))]));
    assert_eq!(instant(FRIDAY, "mein letzter Termin war im Salon Mitte, morgen um drei"), "2026-11-21T15:00+01:00");
}
