#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;

use super::super::clean::is_invisible;
use super::*;

const TEAM: [&str; 3] = ["Emma Winkler", "Fabian Krüger", "Mario"];

/// A read name as text: the name, `wish: …`, or `-`.
fn read(text: &str) -> String {
    match read_name(text, &TEAM) {
        NameGiven::Name(name) => name.reveal().to_owned(),
        NameGiven::StaffWish(wish) => format!("wish: {wish}"),
        NameGiven::NoName => "-".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, read(text)))
        .filter(|(_, expected, got)| *expected != got)
        .map(|(text, expected, got)| format!("{text:?}: expected {expected:?}, got {got:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn name(text: &str) -> PersonName {
    PersonName::from_canonical(text)
}

#[test]
fn a_name_is_freed_from_what_is_said_around_it() {
    check(&[
        ("Hannelore Brückner", "Hannelore Brückner"),
        ("  Hannelore   Brückner ", "Hannelore Brückner"),
        ("mein Name ist Hannelore Brückner", "Hannelore Brückner"),
        ("Guten Tag, mein Name ist Hannelore Brückner", "Hannelore Brückner"),
        ("ich heiße Max Stadler", "Max Stadler"),
        ("Ja, hallo, hier spricht die Brückner", "Brückner"),
        ("Ich bin Max", "Max"),
        ("Max Stadler bitte", "Max Stadler"),
        ("auf den Namen Brückner", "Brückner"),
        ("Für Max Stadler", "Max Stadler"),
        ("My name is John Smith", "John Smith"),
        ("I'm Will Smith", "Will Smith"),
        ("Frau Brückner", "Brückner"),
        ("Herr Doktor Weber", "Dr. Weber"),
        ("Frau Prof. Dr. Anna Weber", "Prof. Dr. Anna Weber"),
        ("Brückner, Hannelore", "Hannelore Brückner"),
        ("Weber, Dr.", "Dr. Weber"),
        ("Hannelore Brückner, geboren am 3.4.1960", "Hannelore Brückner"),
        ("Hannelore Brückner, danke", "Hannelore Brückner"),
        ("Herr Müller, Vorname Max", "Max Müller"),
        ("Max Stadler um 10 Uhr, danke", "Max Stadler"),
        ("Vorname Max, Nachname Müller", "Max Müller"),
        ("Mein Nachname ist Stadler", "Stadler"),
        ("Stadler, S T A D L E R", "Stadler"),
        ("S-C-H-M-I-D-T", "Schmidt"),
        ("Schmidt mit dt", "Schmidt"),
        ("Max Stadler um 10 Uhr", "Max Stadler"),
        ("ich bin's, die Emma", "Emma"),
        ("Ja genau, Max Stadler", "Max Stadler"),
        ("Kunde Müller", "Müller"),
        ("customer_name: Max", "Max"),
    ]);
}

#[test]
fn names_all_small_or_all_capital_get_their_capitals() {
    check(&[
        ("hannelore brückner", "Hannelore Brückner"),
        ("HANNELORE BRÜCKNER", "Hannelore Brückner"),
        ("ursula von der leyen", "Ursula von der Leyen"),
        ("anna-lena o'neill", "Anna-Lena O'Neill"),
        ("Ronald McDonald", "Ronald McDonald"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("dr. weber", "Dr. Weber"),
    ]);
}

#[test]
fn short_rare_and_foreign_names_are_names() {
    check(&[
        ("Hannelore", "Hannelore"),
        ("Brückner", "Brückner"),
        ("Bo", "Bo"),
        ("Emma", "Emma"),
        ("Emma Schulz", "Emma Schulz"),
        ("Mario", "Mario"),
        ("Paul Freitag", "Paul Freitag"),
        ("Frau Freitag", "Freitag"),
        ("mein Name ist Morgen", "Morgen"),
        ("August", "August"),
        ("李明", "李明"),
        ("Жанна Иванова", "Жанна Иванова"),
        ("محمد علي", "محمد علي"),
        ("Nguyễn Văn Ánh", "Nguyễn Văn Ánh"),
        ("Maria del Carmen García López", "Maria del Carmen García López"),
    ]);
}

#[test]
fn times_numbers_greetings_and_placeholders_are_no_names() {
    for text in [
        "",
        "  ",
        "Acht Uhr",
        "acht",
        "10",
        "10:30",
        "um halb drei",
        "Donnerstag 15 Uhr",
        "Freitag",
        "morgen früh",
        "heute Nachmittag",
        "am dritten",
        "ersten",
        "Siebzehnten",
        "Guten Tag",
        "Hallo",
        "ja",
        "Ja bitte",
        "genau",
        "okay",
        "danke",
        "unbekannt",
        "Unbekannter Anrufer",
        "Kunde",
        "Neue Kundin",
        "anonymous",
        "Anonymous Caller",
        "null",
        "N/A",
        "n/a",
        "none",
        "customer",
        "Customer Name",
        "{{customer_name}}",
        "{customer_name}",
        "${name}",
        "<name>",
        "undefined",
        "nicht angegeben",
        "keine Angabe",
        "not provided",
        "das möchte ich nicht sagen",
        "ich hätte gern einen Termin",
        "Termin am Freitag",
        "Frau",
        "Herr",
        "mein Name ist",
        "mein Name ist acht Uhr",
        "-",
        "...",
        "?",
        "x",
        "🙂",
        "0171 3920017",
        "lena@beispiel.de",
        "tomorrow at ten",
        "ten o'clock",
        "bei",
        "bei 15 Uhr",
        "bei Ihnen",
        "N.N.",
        "\0\u{202e}\u{200b}",
    ] {
        assert_eq!(read(text), "-", "{text:?}");
    }
}

#[test]
fn a_wish_for_somebody_who_works_here_is_no_name() {
    check(&[
        ("bei Mario", "wish: bei Mario"),
        ("zu Emma", "wish: zu Emma"),
        ("mit Frau Winkler", "wish: mit Frau Winkler"),
        ("beim Fabian bitte", "wish: beim Fabian bitte"),
        ("ich möchte gern zu der Emma", "wish: zu der Emma"),
        ("Gerne wieder bei Emma", "wish: bei Emma"),
        ("with Emma", "wish: with Emma"),
        ("Emma Winkler", "wish: Emma Winkler"),
        ("Winkler, Emma", "wish: Emma Winkler"),
        ("fabian krueger", "wish: Fabian Krueger"),
        ("Frau Emma Winkler", "wish: Emma Winkler"),
    ]);
}

#[test]
fn who_introduces_herself_with_a_staff_members_name_is_believed() {
    check(&[("mein Name ist Emma Winkler", "Emma Winkler")]);
}

#[test]
fn markup_and_hidden_characters_never_reach_a_name() {
    check(&[
        ("<b>Hannelore</b> <script>Brückner</script>", "Hannelore Brückner"),
        ("Hanne\u{200b}lore\u{202e} Brück\u{0}ner", "Hannelore Brückner"),
        ("Hannelore {{Brückner}} Vogt", "Hannelore Vogt"),
        ("Hannelore\nBru\u{308}ckner", "Hannelore Brückner"),
        ("Max [Stadler](x);--", "Max Stadler x"),
    ]);
    assert_eq!(read(&"Anna ".repeat(100)).chars().count(), 79);
}

#[test]
fn notes_keep_their_words_and_lose_their_markup() {
    assert_eq!(
        clean_text("Allergie gegen <i>Nickel</i>, {{x}}bitte 10 % länger!", 200).unwrap(),
        "Allergie gegen Nickel, bitte 10 % länger!"
    );
    assert_eq!(clean_text("abcdef", 3).unwrap(), "abc");
    assert_eq!(clean_text(" \n\u{0}<br/> ", 200), None);
}

#[test]
fn a_key_is_one_for_all_spellings_of_a_name() {
    let key = name_key(&name("Hannelore Brückner"));
    for spelling in [
        "hannelore brueckner",
        "HANNELORE BRUCKNER",
        "Brückner, Hannelore",
        "Frau Dr. Hannelore Brückner",
        "Hanne Lore Brückner",
        "Hanne-Lore Brückner",
    ] {
        assert_eq!(name_key(&name(spelling)), key, "{spelling}");
    }
    assert_eq!(name_key(&name("Jörg Groß")), name_key(&name("Joerg Gross")));
    for other in ["Hannelore Brucker", "Brückner", "Hanna Brückner"] {
        assert_ne!(name_key(&name(other)), key, "{other}");
    }
    assert!(!name_key(&name("Dr.")).is_empty());
    assert_ne!(name_key(&name("李明")), name_key(&name("王芳")));
}

#[test]
fn a_misheard_or_shortened_name_sounds_like_its_owner() {
    for (said, known) in [
        ("Hannelore Brückner", "Hannelore Brückner"),
        ("Brückner", "Hannelore Brückner"),
        ("Hannelore", "Hannelore Brückner"),
        ("Hanelore Brükner", "Hannelore Brückner"),
        ("Frau Brückner", "Hannelore Brückner"),
        ("Brückner Hannelore", "Hannelore Brückner"),
        ("H. Brückner", "Hannelore Brückner"),
        ("Hanne Lore Brückner", "Hannelore Brückner"),
        ("Max Stadler", "Max Stadtler"),
        ("Maximilian Stadler", "Max Stadler"),
        ("Meyer", "Maier"),
        ("Thomas Meier", "Tomas Mayer"),
        ("Philipp Schmidt", "Filip Schmitt"),
        ("Anna Müller", "Anna Müller-Lüdenscheidt"),
        ("Maria Schmidt", "Anna Maria Schmidt"),
        ("Ursula Leyen", "Ursula von der Leyen"),
        ("Miriam Tschelik", "Miriam Celik"),
        ("Dr. Weber", "Thomas Weber"),
    ] {
        assert!(sounds_like(&name(said), &name(known)), "{said} / {known}");
        assert!(sounds_like(&name(known), &name(said)), "{known} / {said}");
    }
}

#[test]
fn another_name_does_not_sound_like_it() {
    for (said, known) in [
        ("Thomas Weber", "Karin Vogt"),
        ("Anna Schmidt", "Peter Schmidt"),
        ("Peter Schmidt", "Peter Hoffmann"),
        ("Weber", "Karin Vogt"),
        ("Emma", "Anna Schmidt"),
        ("Tim Weber", "Tom Weber"),
        ("李明", "王芳"),
        ("Li", "Hannelore Brückner"),
    ] {
        assert!(!sounds_like(&name(said), &name(known)), "{said} / {known}");
    }
}

proptest! {
    #[test]
    fn a_read_name_is_clean_and_reads_as_itself(text in "\\PC{0,100}|(.|\u{202e}|\u{0}|[<>{}, ]){0,60}|[A-Za-zÄÖÜäöüß ,.'-]{1,50}") {
        if let NameGiven::Name(read) = read_name(&text, &[]) {
            let clean = read.reveal().chars().all(|c| !c.is_control() && !"<>{}".contains(c) && !is_invisible(c));
            prop_assert!(clean && !read.reveal().is_empty() && read.reveal().chars().count() <= LONGEST_NAME);
            prop_assert_eq!(read_name(read.reveal(), &[]), NameGiven::Name(read.clone()));
            prop_assert!(sounds_like(&read, &read));
        }
    }

    #[test]
    fn notes_are_clean_and_cleaning_twice_changes_nothing(text in "\\PC{0,200}|(.|\u{202e}|\u{0}|[<>{}$%/a ]|\u{338}){0,80}", limit in 0_usize..100) {
        if let Some(once) = clean_text(&text, limit) {
            let clean = once.chars().all(|c| !c.is_control() && !"<>{}`".contains(c) && !is_invisible(c));
            prop_assert!(clean);
            prop_assert!(once.chars().count() <= limit);
            prop_assert_eq!(clean_text(&once, limit), Some(once.clone()));
        }
    }

    #[test]
    fn likeness_goes_both_ways(one in "[A-Za-zäöüß]{1,8}( [A-Za-zäöüß-]{1,10}){0,2}", other in "[A-Za-zäöüß]{1,8}( [A-Za-zäöüß-]{1,10}){0,2}") {
        let (one, other) = (name(&one), name(&other));
        prop_assert_eq!(sounds_like(&one, &other), sounds_like(&other, &one));
    }
}

#[test]
fn ten_thousand_characters_do_no_harm() {
    for text in [
        "<".repeat(10_000),
        "{{".repeat(5_000),
        "mein Name ist ".repeat(700),
        "ä\u{301}\u{202e}\u{0}".repeat(3_000),
        ",".repeat(10_000),
    ] {
        let _ = read_name(&text, &TEAM);
        let _ = clean_text(&text, 500);
        assert!(!sounds_like(&name(&text), &name("Hannelore Brückner")));
    }
}

#[test]
fn somebody_of_the_family_is_no_name_but_what_is_said_behind_them_is() {
    for said in [
        "mein Mann",
        "meine Frau",
        "meine Tochter",
        "mein Sohn",
        "für meinen Sohn",
        "my husband",
        "my wife, please",
        "for my little son",
        "unsere kleine Tochter",
        "Tochter",
        "das ist für meine Mutter",
        "Test",
        "test test",
        "mein Name ist Test",
    ] {
        assert_eq!(read_name(said, &[]), NameGiven::NoName, "{said}");
    }
    for (said, name) in [
        ("mein Sohn Tim", "Tim"),
        ("meine Tochter, Lea Weber", "Lea Weber"),
        ("für meinen kleinen Sohn Tim Weber", "Tim Weber"),
        ("my son Tim", "Tim"),
        ("my son's name is Tim", "Tim"),
        ("meine Tochter heißt Lea", "Lea"),
        ("meine Frau Sabine Weber", "Sabine Weber"),
        ("der Herr Weber", "Weber"),
        ("die Frau Weber", "Weber"),
        ("Herr Mann", "Mann"),
        ("Thomas Mann", "Thomas Mann"),
        ("Freund", "Freund"),
    ] {
        let NameGiven::Name(given) = read_name(said, &[]) else { panic!("{said}: no name") };
        assert_eq!(given.reveal(), name, "{said}");
    }
}

#[test]
fn the_words_names_are_told_apart_by_are_folded_as_what_is_said() {
    let lists = [NO_NAME_WORDS, CALENDAR_WORDS, SENTENCE_WORDS, TIME_PREPOSITIONS, STAFF_PREPOSITIONS, CLOSERS, FEASTS];
    for word in lists.into_iter().flatten() {
        assert_eq!(fold(word), *word);
    }
}
