use super::samples::{
    appointment, at_ten_on, berlin, closed, consent, context, every_ask_time, every_failure, every_refusal, fabians,
    foehnen, herren, now, offer, priced, promise, service, strings, unavailable, visit, week,
};
use crate::ids::CallbackId;
use crate::lang::Lang;
use crate::reply::{Ask, Change, Missing, OfferView, Reply, WhyNot};
use crate::speech::{Voice, render};
use crate::tenant::Business;

fn said_to(reply: &Reply, anonymous: bool) -> String {
    render(reply, &Voice { lang: Lang::De, now: &now(), anonymous, business: Business::Salon }).spoken
}

fn said(reply: &Reply) -> String {
    said_to(reply, false)
}

fn all_said(replies: impl IntoIterator<Item = Reply>) -> String {
    replies.into_iter().map(|reply| said(&reply)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_withheld_number_is_asked_for_when_the_appointment_is_only_noted() {
    insta::assert_snapshot!(
        said_to(&Reply::Noted { appointment: herren() }, true),
        @"Ich habe Mittwoch, den zweiten Dezember, um 10 Uhr bei Fabian für Sie vorgemerkt. Fest ist der Termin noch nicht, unter welcher Nummer dürfen wir Ihnen Bescheid geben?"
    );
}

#[test]
fn a_repeated_booking_is_told_like_the_first() {
    let told = |again| said(&Reply::Booked { appointment: herren(), again });
    assert_eq!(told(true), told(false));
}

#[test]
fn several_people_of_one_visit_are_named_together() {
    let both = visit("2026-12-02T10:00", 90, &["Ansatzfarbe", "Damenhaarschnitt"], &["Emma Winkler", "Leyla Demir"]);
    insta::assert_snapshot!(
        said(&Reply::Booked { appointment: appointment("apt_1", both), again: false }),
        @"Ihr Termin ist am Mittwoch, dem zweiten Dezember, um 10 Uhr bei Emma und Leyla eingetragen."
    );
}

#[test]
fn free_times_are_offered_two_at_a_time_and_the_day_is_said_once() {
    let choices = |offers: Vec<OfferView>| Reply::Choices { offers, wish: None };
    let near = |offers: Vec<OfferView>| Reply::Alternatives { offers, requested_free: false };
    insta::assert_snapshot!(all_said([
        choices(fabians(&["2026-12-04T12:00", "2026-12-04T12:15", "2026-12-04T12:30"])),
        choices(fabians(&["2026-12-04T12:00", "2026-12-05T09:00"])),
        choices(fabians(&["2026-12-04T12:00"])),
        near(fabians(&["2026-12-02T11:00", "2026-12-02T11:15"])),
        near(fabians(&["2026-12-02T11:00", "2026-12-03T10:00"])),
        near(fabians(&["2026-12-02T11:00"])),
        Reply::Ask(Ask::ExactTime { offers: fabians(&["2026-12-04T12:00", "2026-12-04T12:15"]) }),
        Reply::Ask(Ask::ExactTime { offers: Vec::new() }),
    ]), @"
    Am Freitag, dem vierten Dezember, wäre um 12 Uhr oder um 12 Uhr 15 frei. Was passt Ihnen?
    Frei wäre es am Freitag, dem vierten Dezember, um 12 Uhr oder am Samstag, dem fünften Dezember, um 9 Uhr. Was passt Ihnen?
    Am Freitag, dem vierten Dezember, wäre um 12 Uhr frei. Passt Ihnen das?
    Frei wäre es am Mittwoch, dem zweiten Dezember, um 11 Uhr oder um 11 Uhr 15. Was passt Ihnen?
    Frei wäre es am Mittwoch, dem zweiten Dezember, um 11 Uhr oder am Donnerstag, dem dritten Dezember, um 10 Uhr. Was passt Ihnen?
    Frei wäre es am Mittwoch, dem zweiten Dezember, um 11 Uhr. Passt Ihnen das?
    Am Freitag, dem vierten Dezember, wäre um 12 Uhr oder um 12 Uhr 15 frei. Welche Uhrzeit passt Ihnen?
    Um wie viel Uhr möchten Sie kommen?
    ");
}

#[test]
fn people_are_named_where_offers_are_by_different_ones() {
    let emma = |start| offer(start, &["Emma Winkler"], "slot_e");
    let leyla = |start| offer(start, &["Leyla Demir"], "slot_l");
    let offers = vec![emma("2026-12-04T12:00"), leyla("2026-12-04T12:00")];
    insta::assert_snapshot!(all_said([
        Reply::Choices { offers: offers.clone(), wish: None },
        Reply::Alternatives { offers, requested_free: false },
        Reply::Alternatives { offers: vec![emma("2026-12-04T12:00"), leyla("2026-12-05T09:00")], requested_free: false },
    ]), @"
    Am Freitag, dem vierten Dezember, wäre um 12 Uhr bei Emma oder um 12 Uhr bei Leyla frei. Was passt Ihnen?
    Frei wäre es am Freitag, dem vierten Dezember, um 12 Uhr bei Emma oder um 12 Uhr bei Leyla. Was passt Ihnen?
    Frei wäre es am Freitag, dem vierten Dezember, um 12 Uhr bei Emma oder am Samstag, dem fünften Dezember, um 9 Uhr bei Leyla. Was passt Ihnen?
    ");
}

#[test]
fn a_time_within_half_an_hour_is_framed_by_its_nearness() {
    let instead = |why, starts: &[&str]| unavailable(why, Some("2026-12-02T10:07"), fabians(starts));
    insta::assert_snapshot!(all_said([
        instead(WhyNot::OffGrid, &["2026-12-02T10:15", "2026-12-02T10:00"]),
        instead(WhyNot::Closed, &["2026-12-02T10:37", "2026-12-03T10:00"]),
        instead(WhyNot::NothingFree, &["2026-12-02T09:52", "2026-12-02T11:15"]),
        instead(WhyNot::TooSoon { notice_minutes: 30 }, &["2026-12-02T10:38"]),
        instead(WhyNot::Taken, &["2026-12-02T10:15"]),
    ]), @"
    Am Mittwoch, dem zweiten Dezember, um 10 Uhr 7 kann leider kein Termin beginnen. Um 10 Uhr 15, 8 Minuten später, ginge es, sonst um 10 Uhr.
    Am Mittwoch, dem zweiten Dezember, um 10 Uhr 7 haben wir leider geschlossen. Um 10 Uhr 37, eine halbe Stunde später, ginge es, sonst am Donnerstag, dem dritten Dezember, um 10 Uhr.
    In der gewünschten Zeit ist leider nichts frei. Am Mittwoch, dem zweiten Dezember, ginge es um 9 Uhr 52, eine Viertelstunde früher, sonst um 11 Uhr 15.
    So kurzfristig geht es leider nicht, wir brauchen eine halbe Stunde Vorlauf. Frei wäre es am Mittwoch, dem zweiten Dezember, um 10 Uhr 38.
    Um 10 Uhr 7 ist leider gerade vergeben worden. Frei wäre es am Mittwoch, dem zweiten Dezember, um 10 Uhr 15.
    ");
}

#[test]
fn somebody_else_than_the_wished_person_is_never_offered_silently() {
    let fabian = || "Fabian Krüger".to_owned();
    let emma = |start| vec![offer(start, &["Emma Winkler"], "slot_e")];
    let wished = Some("2026-12-02T10:00");
    insta::assert_snapshot!(all_said([
        unavailable(WhyNot::StaffTaken { staff: fabian() }, wished, emma("2026-12-02T10:00")),
        unavailable(WhyNot::StaffTaken { staff: fabian() }, wished, emma("2026-12-02T10:30")),
        unavailable(WhyNot::StaffAway { staff: fabian() }, Some("2026-12-02T00:00"), emma("2026-12-02T10:00")),
        unavailable(
            WhyNot::StaffCannot { staff: fabian(), service: "Ansatzfarbe".to_owned() },
            wished,
            emma("2026-12-02T10:00"),
        ),
    ]), @"
    Bei Fabian ist am Mittwoch, dem zweiten Dezember, um 10 Uhr leider nichts mehr frei. Zur gleichen Zeit ginge es bei Emma.
    Bei Fabian ist am Mittwoch, dem zweiten Dezember, um 10 Uhr leider nichts mehr frei. Um 10 Uhr 30, eine halbe Stunde später, ginge es bei Emma.
    Fabian ist am Mittwoch, dem zweiten Dezember, leider nicht da. Frei wäre es am Mittwoch, dem zweiten Dezember, um 10 Uhr bei Emma.
    Fabian bietet Ansatzfarbe leider nicht an. Am Mittwoch, dem zweiten Dezember, ginge es zur gleichen Zeit bei Emma.
    ");
}

#[test]
fn every_reason_is_told_and_leads_on() {
    let whys = super::samples::every_why();
    let wished = Some("2026-12-25T10:00");
    insta::assert_snapshot!(all_said(whys.into_iter().map(|why| unavailable(why, wished, Vec::new()))), @"
    Um 10 Uhr ist leider gerade vergeben worden. Passt Ihnen ein anderer Tag?
    In der gewünschten Zeit ist leider nichts frei. Passt Ihnen ein anderer Tag?
    Am Freitag, dem fünfundzwanzigsten Dezember, um 10 Uhr haben wir leider geschlossen. Passt Ihnen ein anderer Tag?
    Am Freitag, dem fünfundzwanzigsten Dezember, um 10 Uhr reicht die Zeit bis zum Schließen leider nicht. Passt Ihnen ein anderer Tag?
    Am Freitag, dem fünfundzwanzigsten Dezember, haben wir leider geschlossen, da ist Erster Weihnachtstag. Passt Ihnen ein anderer Tag?
    Fabian ist am Freitag, dem fünfundzwanzigsten Dezember, um 10 Uhr leider nicht da. Passt Ihnen ein anderer Tag, oder jemand anders?
    Bei Fabian ist am Freitag, dem fünfundzwanzigsten Dezember, um 10 Uhr leider nichts mehr frei. Passt Ihnen ein anderer Tag, oder jemand anders?
    Fabian bietet Ansatzfarbe leider nicht an. Darf es jemand anders sein?
    So kurzfristig geht es leider nicht mehr. Passt Ihnen eine spätere Zeit?
    So kurzfristig geht es leider nicht, wir brauchen zwei Stunden Vorlauf. Passt Ihnen eine spätere Zeit?
    So weit voraus planen wir noch nicht, Termine vergeben wir bis 90 Tage im Voraus. Passt Ihnen ein früherer Tag?
    Am Freitag, dem fünfundzwanzigsten Dezember, um 10 Uhr kann leider kein Termin beginnen. Passt Ihnen eine andere Uhrzeit?
    Da haben Sie schon einen Termin, am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma. Möchten Sie einen weiteren Termin an einem anderen Tag?
    Dieser Vorschlag gilt leider nicht mehr. Wann möchten Sie kommen?
    ");
}

#[test]
fn where_nothing_is_free_somebody_rings_back_if_there_is_a_number() {
    let callback = Some(promise("2026-12-01T12:00", true));
    let reply = Reply::Unavailable { why: WhyNot::Taken, wished: None, offers: Vec::new(), callback };
    insta::assert_snapshot!(
        said(&reply),
        @"Diese Zeit ist leider gerade vergeben worden. Jemand ruft Sie heute bis 12 Uhr zurück."
    );
    insta::assert_snapshot!(
        said_to(&reply, true),
        @"Diese Zeit ist leider gerade vergeben worden. Unter welcher Nummer darf jemand Sie heute bis 12 Uhr zurückrufen?"
    );
}

#[test]
fn a_call_back_is_promised_honestly() {
    let taken = |by, open, phone_known| Reply::CallbackTaken {
        id: CallbackId::new("cbk_1"),
        promise: promise(by, open),
        phone_known,
    };
    insta::assert_snapshot!(all_said([
        taken("2026-12-01T12:00", true, true),
        taken("2026-12-07T11:00", false, true),
        taken("2026-12-01T12:00", true, false),
        taken("2026-12-07T11:00", false, false),
    ]), @"
    Jemand ruft Sie heute bis 12 Uhr zurück.
    Gerade haben wir geschlossen. Jemand ruft Sie am Montag, dem siebten Dezember, bis 11 Uhr zurück.
    Unter welcher Nummer darf jemand Sie heute bis 12 Uhr zurückrufen?
    Gerade haben wir geschlossen. Unter welcher Nummer darf jemand Sie am Montag, dem siebten Dezember, bis 11 Uhr zurückrufen?
    ");
}

#[test]
fn what_is_missing_is_asked_for_in_one_breath() {
    use Missing::{CustomerEmail, CustomerName, Date, NewDate, NewTime, Phone, Service, Time, Token};
    let asked: [&[Missing]; 14] = [
        &[Service],
        &[Date],
        &[Time],
        &[Date, Time],
        &[Service, Date],
        &[Service, Time],
        &[Service, Date, Time, CustomerName],
        &[CustomerName],
        &[CustomerName, Phone],
        &[CustomerEmail],
        &[Token],
        &[Token, CustomerName],
        &[NewDate, NewTime],
        &[Date, NewTime],
    ];
    let replies = asked.into_iter().map(|missing| Reply::NeedMore { missing: missing.to_vec() });
    insta::assert_snapshot!(all_said(replies), @"
    Für welche Leistung möchten Sie kommen?
    An welchem Tag möchten Sie kommen?
    Um wie viel Uhr möchten Sie kommen?
    Wann möchten Sie kommen?
    Für welche Leistung und an welchem Tag möchten Sie kommen?
    Für welche Leistung und um wie viel Uhr möchten Sie kommen?
    Für welche Leistung und wann möchten Sie kommen? Und wie heißen Sie, bitte?
    Wie heißen Sie, bitte?
    Wie heißen Sie, und unter welcher Nummer erreichen wir Sie?
    Wie lautet Ihre E-Mail-Adresse?
    Welche der genannten Zeiten darf es sein?
    Welche der genannten Zeiten darf es sein? Und wie heißen Sie, bitte?
    Auf wann möchten Sie den Termin verlegen?
    An welchem Tag möchten Sie kommen, und auf welche Uhrzeit möchten Sie den Termin verlegen?
    ");
}

#[test]
fn unclear_times_are_asked_back() {
    insta::assert_snapshot!(all_said(every_ask_time().into_iter().map(|ask| Reply::Ask(Ask::Time(ask)))), @"
    Meinen Sie Freitag, den vierten Dezember, oder Freitag, den elften Dezember?
    Meinen Sie Dienstag, den fünfzehnten Dezember, Freitag, den fünfzehnten Januar 2027, oder Samstag, den ersten Mai 2027?
    Welchen Tag meinen Sie?
    Meinen Sie 8 Uhr oder 20 Uhr?
    Um wie viel Uhr meinen Sie?
    2 Uhr 30 gibt es in dieser Nacht zweimal, weil die Uhr zurückgestellt wird. Meinen Sie davor oder danach?
    Am Sonntag, dem achtundzwanzigsten März 2027, gibt es 2 Uhr 30 wegen der Zeitumstellung nicht. Welche Uhrzeit passt Ihnen?
    Diese Zeit ist leider schon vorbei. Wann möchten Sie kommen?
    Diesen Tag gibt es im Kalender nicht. Welchen Tag meinen Sie?
    Der vierundzwanzigste November ist ein Dienstag. Welchen Tag meinen Sie?
    Dieses Datum liegt weit zurück. An welchem Tag möchten Sie kommen?
    Die Zeit habe ich leider nicht verstanden. An welchem Tag und um wie viel Uhr möchten Sie kommen?
    ");
}

#[test]
fn unclear_services_people_and_appointments_are_asked_back() {
    let days: Vec<_> = (3..=7).map(at_ten_on).collect();
    let asks = [
        Ask::Service { candidates: strings(&["Herrenhaarschnitt", "Damenhaarschnitt", "Kinderhaarschnitt"]) },
        Ask::Service { candidates: strings(&["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"]) },
        Ask::UnknownService { examples: strings(&["Schnitt", "Farbe", "Pflege"]) },
        Ask::UnknownService { examples: Vec::new() },
        Ask::Staff { candidates: strings(&["Emma Winkler", "Fabian Krüger"]) },
        Ask::Staff { candidates: strings(&["Emma Winkler", "Emma Vogt"]) },
        Ask::UnknownStaff { examples: strings(&["Emma Winkler", "Fabian Krüger"]) },
        Ask::UnknownStaff { examples: Vec::new() },
        Ask::Name,
        Ask::Email,
        Ask::Appointment { candidates: days[..2].to_vec(), total: 2 },
        Ask::Appointment { candidates: days.clone(), total: 7 },
        Ask::Person,
        Ask::NewTime,
    ];
    insta::assert_snapshot!(all_said(asks.map(Reply::Ask)), @"
    Meinen Sie Herrenhaarschnitt, Damenhaarschnitt oder Kinderhaarschnitt?
    Meinen Sie Damenhaarschnitt oder Waschen, Schneiden, Föhnen?
    Diese Leistung kenne ich leider nicht. Wie wäre es mit Schnitt, Farbe oder Pflege?
    Diese Leistung kenne ich leider nicht. Was möchten Sie machen lassen?
    Meinen Sie Emma oder Fabian?
    Meinen Sie Emma Winkler oder Emma Vogt?
    Diesen Namen finde ich bei uns leider nicht. Möchten Sie zu Emma oder Fabian?
    Diesen Namen finde ich bei uns leider nicht. Zu wem möchten Sie?
    Ihren Namen habe ich leider nicht verstanden. Wie heißen Sie, bitte?
    Die E-Mail-Adresse habe ich leider nicht verstanden. Würden Sie sie bitte noch einmal langsam sagen?
    Sie haben zwei Termine. Meinen Sie den am Donnerstag, dem dritten Dezember, um 10 Uhr oder den am Freitag, dem vierten Dezember, um 10 Uhr?
    Sie haben sieben Termine. Meinen Sie den am Donnerstag, dem dritten Dezember, um 10 Uhr, den am Freitag, dem vierten Dezember, um 10 Uhr, den am Samstag, dem fünften Dezember, um 10 Uhr oder einen anderen?
    Um wessen Termin geht es? Nennen Sie mir bitte Vor- und Nachnamen.
    Auf wann möchten Sie den Termin verlegen?
    ");
}

#[test]
fn consent_names_the_price_and_the_change() {
    insta::assert_snapshot!(all_said([
        consent(Change::Move, Some("2026-12-04T11:15"), 1500),
        consent(Change::Move, Some("2026-12-04T11:15"), 0),
        consent(Change::Cancel, None, 1250),
        consent(Change::Cancel, None, 50),
        consent(Change::Cancel, None, 0),
    ]), @"
    So kurzfristig kostet das Verlegen 15 Euro. Soll ich Ihren Termin auf Freitag, den vierten Dezember, um 11 Uhr 15 verlegen?
    Soll ich Ihren Termin auf Freitag, den vierten Dezember, um 11 Uhr 15 verlegen?
    So kurzfristig kostet die Absage 12 Euro 50. Soll ich Ihren Termin am Donnerstag, dem dritten Dezember, um 10 Uhr trotzdem absagen?
    So kurzfristig kostet die Absage 50 Cent. Soll ich Ihren Termin am Donnerstag, dem dritten Dezember, um 10 Uhr trotzdem absagen?
    Soll ich Ihren Termin am Donnerstag, dem dritten Dezember, um 10 Uhr wirklich absagen?
    ");
}

#[test]
fn at_most_three_appointments_are_read_out() {
    let days: Vec<_> = (3..=7).map(at_ten_on).collect();
    insta::assert_snapshot!(all_said([
        Reply::Appointments { list: days[..2].to_vec(), total: 2 },
        Reply::Appointments { list: days[..3].to_vec(), total: 3 },
        Reply::Appointments { list: days[..4].to_vec(), total: 4 },
        Reply::Appointments { list: days, total: 7 },
        Reply::Appointments { list: vec![foehnen()], total: 2 },
        Reply::Appointments { list: Vec::new(), total: 0 },
    ]), @"
    Sie haben zwei Termine: am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma und am Freitag, dem vierten Dezember, um 10 Uhr bei Emma.
    Sie haben drei Termine: am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma, am Freitag, dem vierten Dezember, um 10 Uhr bei Emma und am Samstag, dem fünften Dezember, um 10 Uhr bei Emma.
    Sie haben vier Termine: am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma, am Freitag, dem vierten Dezember, um 10 Uhr bei Emma, am Samstag, dem fünften Dezember, um 10 Uhr bei Emma, und einer später.
    Sie haben sieben Termine: am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma, am Freitag, dem vierten Dezember, um 10 Uhr bei Emma, am Samstag, dem fünften Dezember, um 10 Uhr bei Emma, und vier später.
    Sie haben zwei Termine, der nächste ist am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma.
    Ich finde zu Ihrer Rufnummer keinen kommenden Termin. Möchten Sie einen vereinbaren?
    ");
}

#[test]
fn long_catalogues_become_categories() {
    let many: Vec<_> = (1..=6).map(|n| service(&format!("Schnitt {n}"), 30, "Schnitt")).collect();
    let categories = strings(&["Schnitt", "Farbe", "Pflege"]);
    let services = |list: &[_], category: Option<&str>| Reply::Services {
        list: list.to_vec(),
        categories: categories.clone(),
        category: category.map(str::to_owned),
    };
    insta::assert_snapshot!(all_said([
        services(&many, None),
        services(&many, Some("Schnitt")),
        services(&many[..5], None),
        services(&[priced("Herrenhaarschnitt", 30, 2850, false)], None),
        services(&[priced("Ansatzfarbe", 90, 6000, true)], None),
        services(&many[..1], None),
    ]), @"
    Wir haben Schnitt, Farbe und Pflege. Was davon interessiert Sie?
    Bei Schnitt haben wir zum Beispiel Schnitt 1, Schnitt 2, Schnitt 3, Schnitt 4 und Schnitt 5. Was darf es sein?
    Wir haben Schnitt 1, Schnitt 2, Schnitt 3, Schnitt 4 und Schnitt 5. Was darf es sein?
    Herrenhaarschnitt dauert 30 Minuten und kostet 28 Euro 50. Möchten Sie dafür einen Termin?
    Ansatzfarbe dauert 90 Minuten und kostet ab 60 Euro. Möchten Sie dafür einen Termin?
    Schnitt 1 dauert 30 Minuten. Möchten Sie dafür einen Termin?
    ");
}

#[test]
fn opening_hours_are_told_by_equal_days() {
    use crate::tenant::hours::DaySpan;
    let hours = |days: Vec<_>, asked: Option<i8>| Reply::Hours {
        days,
        asked: asked.map(|day| jiff::civil::date(2026, 12, day)),
    };
    let mut holidays = week();
    holidays[2] = closed(3, "Betriebsferien", "company holidays");
    holidays[3] = closed(4, "Betriebsferien", "company holidays");
    let mut split = week();
    split[1].spans = vec![DaySpan { from: 540, until: 720 }, DaySpan { from: 870, until: 1080 }];
    insta::assert_snapshot!(all_said([
        hours(week(), None),
        hours(holidays.clone(), None),
        hours(split.clone(), None),
        hours(split, Some(2)),
        hours(week(), Some(6)),
        hours(holidays, Some(4)),
        hours(week(), Some(24)),
    ]), @"
    Montag bis Freitag von 9 bis 19 Uhr, Samstag von 9 bis 14 Uhr; Sonntag ist geschlossen.
    Montag bis Mittwoch von 9 bis 19 Uhr, Samstag von 9 bis 14 Uhr; Sonntag ist geschlossen. Von Donnerstag, dem dritten Dezember, bis Freitag, dem vierten Dezember, haben wir geschlossen, da sind Betriebsferien.
    Montag und Dienstag von 9 bis 19 Uhr, Mittwoch von 9 bis 12 Uhr und von 14 Uhr 30 bis 18 Uhr, Donnerstag und Freitag von 9 bis 19 Uhr, Samstag von 9 bis 14 Uhr; Sonntag ist geschlossen.
    Am Mittwoch, dem zweiten Dezember, haben wir von 9 bis 12 Uhr und von 14 Uhr 30 bis 18 Uhr geöffnet.
    Am Sonntag, dem sechsten Dezember, haben wir geschlossen.
    Am Freitag, dem vierten Dezember, haben wir geschlossen, da sind Betriebsferien.
    Die Öffnungszeiten am Donnerstag, dem vierundzwanzigsten Dezember, weiß ich leider noch nicht.
    ");
}

#[test]
fn refusals_and_failures_offer_a_person() {
    let refusals = every_refusal().map(Reply::Refused).chain(every_failure().map(Reply::Failed));
    insta::assert_snapshot!(all_said(refusals), @"
    Unter dieser Nummer kann ich leider keine Termine vergeben. Bitte versuchen Sie es unter der Nummer, die Sie von uns kennen.
    Dazu kann ich am Telefon leider nichts mehr nachsehen. Soll jemand aus dem Salon Sie zurückrufen?
    Absagen geht am Telefon nur bis 24 Stunden vor dem Termin. Soll jemand aus dem Salon Sie zurückrufen?
    Verlegen geht am Telefon nur bis eine Stunde vor dem Termin. Soll jemand aus dem Salon Sie zurückrufen?
    Sie haben in letzter Zeit schon mehrere Termine abgesagt, hier geht es leider nicht weiter. Soll jemand aus dem Salon Sie zurückrufen?
    Dieser Termin ist schon mehrmals verlegt worden, noch einmal geht es hier leider nicht. Soll jemand aus dem Salon Sie zurückrufen?
    Dieser Termin hat schon begonnen, daran kann ich leider nichts mehr ändern. Soll jemand aus dem Salon Sie zurückrufen?
    Ich kann gerade nicht in den Kalender schauen. Darf jemand aus dem Salon Sie zurückrufen?
    Ich kann diesen Anruf gerade leider nicht zuordnen. Darf jemand Sie zurückrufen?
    Dabei kann ich gerade leider nicht helfen. Darf jemand Sie zurückrufen?
    Dabei kann ich gerade leider nicht helfen. Darf jemand Sie zurückrufen?
    Das hat gerade leider nicht geklappt. Darf jemand Sie zurückrufen?
    ");
}

#[test]
fn callers_are_greeted_by_full_name_and_time_of_day() {
    let greeted = |clock: &str, known| {
        let now = berlin(&format!("2026-12-01T{clock}"));
        Reply::Context(Box::new(crate::reply::CallContext { now, ..context(known) }))
    };
    insta::assert_snapshot!(all_said([greeted("09:12", true), greeted("11:00", false), greeted("18:00", false)]), @"
    Guten Morgen, Hannelore Brückner, hier ist Salon Morgenrot in Mitte. Was kann ich für Sie tun?
    Guten Tag, Salon Morgenrot in Mitte. Was kann ich für Sie tun?
    Guten Abend, Salon Morgenrot in Mitte. Was kann ich für Sie tun?
    ");
}

#[test]
fn what_is_only_noted_is_told_as_not_confirmed_yet() {
    let mut appointment = herren();
    appointment.noted = true;
    let told = said(&Reply::Appointments { list: vec![appointment], total: 1 });
    assert!(told.ends_with("noch nicht bestätigt."), "{told}");
}
