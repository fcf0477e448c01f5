#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(said, expected)| {
            let read = parse_email(said).map(|email| email.reveal().to_owned()).unwrap_or_default();
            (read == *expected, format!("{said:?}: expected {expected:?}, got {read:?}"))
        })
        .filter_map(|(right, text)| (!right).then_some(text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn german_speech_is_read() {
    check(&[
        ("lena punkt brandt ät beispiel punkt de", "lena.brandt@beispiel.de"),
        ("lena at beispiel punkt de", "lena@beispiel.de"),
        ("Lena Punkt Brandt Klammeraffe Beispiel Punkt DE", "lena.brandt@beispiel.de"),
        ("lena affenschwanz beispiel punkt de", "lena@beispiel.de"),
        ("hannelore punkt brückner ät example punkt org", "hannelore.brueckner@example.org"),
        ("jürgen unterstrich groß minus weiß ät beispiel punkt de", "juergen_gross-weiss@beispiel.de"),
        ("lena bindestrich brandt ät uni strich berlin punkt de danke", "lena-brandt@uni-berlin.de"),
        ("meine E-Mail-Adresse ist lena plus termin ät beispiel punkt de bitte", "lena+termin@beispiel.de"),
        ("lena vierundachtzig ät web de", "lena84@web.de"),
        ("lena eins neun acht vier ät gmail punkt com", "lena1984@gmail.com"),
        ("h wie heinrich punkt b wie berta ät beispiel punkt de", "h.b@beispiel.de"),
        ("h a n n a ät beispiel punkt d e", "hanna@beispiel.de"),
        ("doppel m ät beispiel punkt de", "mm@beispiel.de"),
        ("lena ät t online punkt de", "lena@t-online.de"),
        ("lena at t-online de", "lena@t-online.de"),
        ("lena ät t-online.de", "lena@t-online.de"),
        ("lena ät gmx punkt at", "lena@gmx.at"),
        ("lena at gmx at", "lena@gmx.at"),
        ("lena ät gmx net danke schön", "lena@gmx.net"),
        ("lena ät eins und eins punkt de", "lena@1und1.de"),
        ("lena ät drei punkt at", "lena@drei.at"),
        ("anna punkt klein ät beispiel punkt de, alles klein geschrieben", "anna.klein@beispiel.de"),
        ("also äh lena, punkt, brandt, ät, beispiel, punkt, de.", "lena.brandt@beispiel.de"),
        ("lena ät gmail", "lena@gmail.com"),
    ]);
}

#[test]
fn english_speech_is_read() {
    check(&[
        ("lena dot brandt at example dot co dot uk", "lena.brandt@example.co.uk"),
        ("my email is john underscore smith at gmail dot com thank you", "john_smith@gmail.com"),
        ("it's j as in juliet dot smith at sign example dot com", "j.smith@example.com"),
        ("john dash smith seven at example dot org", "john-smith7@example.org"),
    ]);
}

#[test]
fn written_addresses_are_found_in_their_text() {
    check(&[
        ("h.brueckner@example.org", "h.brueckner@example.org"),
        (" Lena.Brandt@Example.ORG ", "Lena.Brandt@example.org"),
        ("<lena@beispiel.de>", "lena@beispiel.de"),
        ("mailto:lena@beispiel.de", "lena@beispiel.de"),
        ("Meine Mail: lena@beispiel.de, danke.", "lena@beispiel.de"),
        ("lena @ beispiel . de", "lena@beispiel.de"),
        ("lena@ beispiel.de", "lena@beispiel.de"),
        ("lena . brandt@beispiel.de", "lena.brandt@beispiel.de"),
        ("lena punkt brandt@beispiel.de", "lena.brandt@beispiel.de"),
        ("lena@beispiel punkt de", "lena@beispiel.de"),
        ("Ja gerne. Lena ät beispiel.de. Danke.", "lena@beispiel.de"),
        ("h brückner@example.org", "hbrueckner@example.org"),
        ("müller@example.org", "mueller@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
    ]);
}

#[test]
fn the_hopeless_is_nothing() {
    let long_local = format!("{}@beispiel.de", "a".repeat(65));
    let long_domain = format!("a@{}.de", "beispiel.".repeat(30));
    check(&[
        ("", ""),
        ("   ", ""),
        ("null", ""),
        ("keine E-Mail", ""),
        ("habe ich nicht", ""),
        ("lena", ""),
        ("lena@beispiel", ""),
        ("@beispiel.de", ""),
        ("lena@", ""),
        ("lena@@beispiel.de", ""),
        ("lena ät beispiel ät punkt de ät", ""),
        ("lena..brandt@beispiel.de", ""),
        (".lena@-beispiel.de", ""),
        ("lena@müller.de", ""),
        ("lena ät müller punkt de", ""),
        ("lena@beispiel.d", ""),
        ("lena@beispiel.123", ""),
        ("lena@bei_spiel.de", ""),
        ("lena ät gmx", ""),
        ("{{customer_email}}", ""),
        ("a@b.de c@d.de", ""),
        ("ich weiß nicht genau at home", ""),
        ("lena sieben und zwanzig ät beispiel punkt de", ""),
        (&long_local, ""),
        (&long_domain, ""),
    ]);
}

proptest! {
    #[test]
    fn what_was_read_reads_as_itself(
        text in "[a-zA-Z0-9äöüß.+_-]{1,12}( punkt | minus |[. -])?[a-z0-9]{0,8}( ät | at |@| @ )[a-zA-Z0-9-]{1,10}( punkt |\\.| )(de|com|Net|x)( danke)?"
    ) {
        if let Some(email) = parse_email(&text) {
            prop_assert_eq!(parse_email(email.reveal()), Some(email));
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,120}|(.|\u{202e}|\u{0}|[@.]| ät | punkt ){0,60}") {
        if let Some(email) = parse_email(&text) {
            let plain = email.reveal().chars().all(|c| c.is_ascii_graphic() && !"<>{}\"()".contains(c));
            prop_assert!(plain, "{}", email.reveal());
            prop_assert_eq!(parse_email(email.reveal()), Some(email));
        }
    }
}

#[test]
fn ten_thousand_characters_do_no_harm() {
    for text in ["@".repeat(10_000), "a ät ".repeat(2_000), "punkt ".repeat(2_000), "ä\u{0}\u{202e}".repeat(3_000)] {
        assert_eq!(parse_email(&text), None);
    }
}

#[test]
fn remarks_on_small_letters_and_the_english_w_are_understood() {
    for (said, address) in [
        ("alles klein anna ät posteo punkt de", "anna@posteo.de"),
        ("anna ät posteo punkt de alles klein", "anna@posteo.de"),
        ("anna, alles klein, ät posteo punkt de", "anna@posteo.de"),
        ("double u e b e r at posteo dot de", "weber@posteo.de"),
        ("doppel u at posteo dot de", "uu@posteo.de"),
    ] {
        let email = parse_email(said).unwrap_or_else(|| panic!("{said}"));
        assert_eq!(email.reveal(), address, "{said}");
    }
}
