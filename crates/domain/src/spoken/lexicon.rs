//! The words the grammar knows, in both languages, folded.

use jiff::civil::Weekday;

use super::tokens::{Edge, Part, Tok, Unit, Which};
use super::{doubt, glued, latest, numbers};

/// Looks a word up and pushes its token or tokens; fillers push nothing. `rest` is the text behind the word.
pub(super) fn look_up<'t>(word: &'t str, rest: &str, toks: &mut Vec<Tok<'t>>) {
    // "zum dritten Mal"
    if word == "mal" && matches!(toks.last(), Some(Tok::Ord(_))) {
        toks.push(Tok::Other(word));
        return;
    }
    match (word, toks.last()) {
        ("aeh" | "aehm" | "oeh" | "uh" | "uhm" | "er" | "erm", _) => {
            // "ER" between German words is "he", and as harmless.
            toks.push(Tok::Hesitation);
            return;
        }
        // "after that", "after work"
        ("that", Some(Tok::After)) => {
            toks.pop();
            toks.push(Tok::Afterwards);
            return;
        }
        ("work", Some(Tok::After | Tok::Before)) => {
            toks.push(Tok::Other(word));
            return;
        }
        // "Bis dann" takes leave.
        ("bis", _) if ["dann", "bald", "denn", "nachher"].contains(&next_word(rest)) => {
            toks.push(Tok::Soft);
            return;
        }
        // "I work until five"
        ("work", Some(Tok::Soft)) if ["until", "till", "from"].contains(&next_word(rest)) => {
            toks.push(Tok::Works);
            return;
        }
        // "I was there on Monday"; in German it is "what".
        ("was", Some(Tok::Soft | Tok::Appointment))
            if ["on", "there", "at", "last", "with"].contains(&next_word(rest)) =>
        {
            toks.push(Tok::Was);
            return;
        }
        // "ich meine", "I mean"
        ("meine" | "meinte" | "mean" | "meant", Some(Tok::Soft)) if time_follows(rest) => {
            toks.push(Tok::No);
            return;
        }
        _ => {}
    }
    if doubt::is_surname(toks) {
        toks.push(Tok::Other(word));
        return;
    }
    if doubt::unfit(word, toks) {
        toks.push(Tok::Unfit);
        return;
    }
    if filler(word) {
        // "So." before a figure is Sunday.
        if word == "so" && rest.starts_with('.') {
            toks.push(Tok::Weekday(Weekday::Sunday));
        }
        return;
    }
    if word == "tonight" {
        toks.extend([Tok::Today, Tok::Part(Part::Evening)]);
        return;
    }
    if word == latest::LATEST {
        toks.push(Tok::Latest);
        return;
    }
    let known = connective(word)
        .or_else(|| day(word))
        .or_else(|| calendar(word))
        .or_else(|| clock(word))
        .or_else(|| numbers::cardinal(word).map(|value| Tok::Card { value, figures: 0 }))
        .or_else(|| numbers::ordinal(word).map(Tok::Ord));
    if let Some(tok) = known {
        if let Some(tok) = short_weekday_in_doubt(word, tok, rest) {
            toks.push(tok);
        }
        return;
    }
    if soft(word) {
        toks.push(Tok::Soft);
        return;
    }
    if let Some(value) = word.strip_suffix("ish").and_then(numbers::cardinal) {
        toks.extend([Tok::Card { value, figures: 0 }, Tok::Roundabout]);
        return;
    }
    if let Some(parts) = glued::parts(word) {
        for part in parts {
            look_up(part, "", toks);
        }
        return;
    }
    if let Some(days) = ahead(word) {
        toks.push(Tok::Ahead(days));
        return;
    }
    if let Some((first, second)) = compound(word) {
        toks.push(first);
        toks.push(second);
        return;
    }
    match glued::misspelt(word) {
        Some(name) => look_up(name, rest, toks),
        None => toks.push(Tok::Other(word)),
    }
}

fn next_word(rest: &str) -> &str {
    rest.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}

/// A word of time stands next.
fn time_follows(rest: &str) -> bool {
    let next = rest.trim_start();
    let word = next_word(rest);
    next.starts_with(|c: char| c.is_ascii_digit())
        || matches!(connective(word), Some(Tok::At | Tok::On | Tok::AmOrOn | Tok::In | Tok::Since | Tok::Until))
        || matches!(word, "den" | "der" | "the")
        || day(word).is_some()
        || calendar(word).is_some()
        || clock(word).is_some()
        || numbers::cardinal(word).is_some()
}

/// "überübermorgen": three days ahead, and one more for each "über".
fn ahead(word: &str) -> Option<u8> {
    let mut rest = word.strip_suffix("morgen")?;
    let mut days = 1;
    while let Some(shorter) = rest.strip_prefix("ueber").or_else(|| rest.strip_prefix("uber")) {
        rest = shorter;
        days += 1;
    }
    (rest.is_empty() && (3..7).contains(&days)).then_some(days)
}

/// "do", "fr" and the like are weekdays before other words of time and at the end; a verb or "Frau" elsewhere.
fn short_weekday_in_doubt<'t>(word: &str, tok: Tok<'t>, rest: &str) -> Option<Tok<'t>> {
    if !matches!(word, "mo" | "di" | "mi" | "do" | "fr" | "sa" | "sat" | "wed" | "sun") {
        return Some(tok);
    }
    let next = rest.trim_start_matches([' ', ',', '.', '-']);
    let follow = next.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    // "I can only do after three" is English.
    if word == "do"
        && matches!(follow, "after" | "before" | "at" | "on" | "by" | "between" | "from" | "until" | "around" | "about")
    {
        return Some(Tok::Soft);
    }
    let sure = next.is_empty()
        || next.starts_with(|c: char| c.is_ascii_digit())
        || matches!(connective(follow), Some(tok) if !matches!(tok, Tok::A | Tok::Not | Tok::To))
        || matches!(follow, "den" | "der" | "the" | "frueh" | "morgen")
        || (word != "do" && weekday(follow).is_some())
        || part(follow).is_some()
        || numbers::cardinal(follow).is_some()
        || matches!(clock(follow), Some(Tok::Halb | Tok::Half | Tok::Viertel | Tok::Dreiviertel))
        || matches!(calendar(follow), Some(Tok::Which(_)));
    Some(if sure { tok } else { Tok::Soft })
}

fn filler(word: &str) -> bool {
    matches!(
        word,
        "der"
            | "die"
            | "das"
            | "den"
            | "dem"
            | "des"
            | "the"
            | "bitte"
            | "please"
            | "mal"
            | "so"
            | "noch"
            | "schon"
            | "doch"
            | "dann"
            | "also"
            | "ja"
            | "gern"
            | "gerne"
            | "vielleicht"
            | "eher"
            | "wieder"
            | "erst"
            | "einfach"
            | "halt"
            | "eben"
            | "hm"
            | "hmm"
            | "yes"
            | "of"
            | "zu"
            | "zum"
            | "zur"
            | "nur"
            | "only"
            | "just"
            | "maybe"
            | "perhaps"
            | "entweder"
            | "either"
            | "mir"
            | "naja"
            | "maximal"
            | "hoechstens"
            | "maximum"
            | "leider"
    )
}

fn connective(word: &str) -> Option<Tok<'static>> {
    Some(match word {
        "um" | "at" => Tok::At,
        "am" => Tok::AmOrOn,
        "pm" => Tok::Pm,
        "on" | "an" => Tok::On,
        "in" | "im" | "innerhalb" | "within" => Tok::In,
        "von" | "vom" => Tok::Von,
        "from" => Tok::From,
        "to" => Tok::To,
        "through" | "thru" => Tok::Until,
        "auf" => Tok::OnTo,
        "nach" | "after" | "past" => Tok::After,
        "vor" | "before" => Tok::Before,
        "ab" | "since" | "starting" | "fruehestens" | "fruhestens" => Tok::Since,
        "bis" | "until" | "till" | "til" | "by" | "spaetestens" | "spatestens" => Tok::Until,
        "zwischen" | "between" => Tok::Between,
        "und" | "and" => Tok::And,
        "oder" | "or" | "bzw" | "beziehungsweise" | "alternativ" | "alternatively" | "ansonsten" | "sonst"
        | "otherwise" | "notfalls" => Tok::Or,
        "nicht" | "ausser" | "except" | "not" | "kein" | "keine" | "keinen" | "cant" | "cannot" | "dont" | "wont"
        | "doesnt" | "isnt" | "nie" | "niemals" | "never" | "keinesfalls" => Tok::Not,
        "sondern" | "but" | "aber" => Tok::But,
        "statt" | "anstatt" | "anstelle" | "instead" | "than" => Tok::Instead,
        "lieber" | "rather" | "stattdessen" => Tok::Rather,
        "nein" | "nee" | "noe" | "no" | "nope" | "quatsch" | "sorry" | "entschuldigung" | "korrektur" | "wait"
        | "actually" | "vielmehr" | "moment" => Tok::No,
        "gegen" | "etwa" | "ungefaehr" | "circa" | "ca" | "zirka" | "around" | "about" | "approximately"
        | "roughly" => Tok::Around,
        "rum" | "herum" | "ish" => Tok::Roundabout,
        "kurz" | "shortly" => Tok::Shortly,
        "danach" | "anschliessend" | "hinterher" | "afterwards" | "afterward" => Tok::Afterwards,
        "vorher" | "davor" | "beforehand" => Tok::Beforehand,
        "arbeite" => Tok::Works,
        "war" | "waren" | "seit" | "wasnt" | "were" | "gewesen" => Tok::Was,
        "termin" | "appointment" => Tok::Appointment,
        "punkt" | "genau" | "exactly" | "sharp" => Tok::Sharp,
        "immer" | "jeden" | "jede" | "jedes" | "jeder" | "jedem" | "every" | "each" | "always" => Tok::Every,
        "ein" | "eine" | "einem" | "einen" | "einer" | "eines" | "a" => Tok::A,
        _ => return None,
    })
}

fn day(word: &str) -> Option<Tok<'static>> {
    Some(match word {
        "heute" | "heut" | "today" => Tok::Today,
        "tomorrow" | "tomorrows" => Tok::Tomorrow,
        "morgen" => Tok::Morgen,
        "uebermorgen" | "ubermorgen" => Tok::Overmorrow,
        "gestern" | "vorgestern" | "yesterday" => Tok::Yesterday,
        "werktags" | "wochentags" | "werktag" | "werktagen" | "werktage" | "wochentagen" | "weekdays" | "weekday"
        | "workdays" => Tok::Workdays,
        _ => {
            return weekday(word)
                .map(Tok::Weekday)
                .or_else(|| word.strip_suffix('s').and_then(weekday_in_full).map(Tok::EveryWeekday));
        }
    })
}

fn weekday(word: &str) -> Option<Weekday> {
    weekday_in_full(word).or(match word {
        "mo" | "mon" => Some(Weekday::Monday),
        "di" | "tue" | "tues" => Some(Weekday::Tuesday),
        "mi" | "wed" => Some(Weekday::Wednesday),
        "do" | "thu" | "thur" | "thurs" => Some(Weekday::Thursday),
        "fr" | "fri" => Some(Weekday::Friday),
        "sa" | "sat" => Some(Weekday::Saturday),
        "sun" => Some(Weekday::Sunday),
        _ => None,
    })
}

fn weekday_in_full(word: &str) -> Option<Weekday> {
    Some(match word {
        "montag" | "monday" => Weekday::Monday,
        "dienstag" | "tuesday" => Weekday::Tuesday,
        "mittwoch" | "wednesday" => Weekday::Wednesday,
        "donnerstag" | "thursday" => Weekday::Thursday,
        "freitag" | "friday" => Weekday::Friday,
        "samstag" | "sonnabend" | "saturday" => Weekday::Saturday,
        "sonntag" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// The month a word names.
fn month(word: &str) -> Option<u8> {
    Some(match word {
        "januar" | "jaenner" | "january" => 1,
        "februar" | "february" | "feb" | "feber" => 2,
        "maerz" | "marz" | "mrz" => 3,
        "april" | "apr" => 4,
        "mai" => 5,
        "juni" | "juno" | "june" | "jun" => 6,
        "juli" | "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "oktober" | "october" | "okt" | "oct" => 10,
        "november" | "nov" => 11,
        "dezember" | "december" | "dez" | "dec" => 12,
        _ => return None,
    })
}

fn calendar(word: &str) -> Option<Tok<'static>> {
    if let Some(month) = month(word) {
        return Some(Tok::Month(month));
    }
    let one = |unit| Some(Tok::Unit { unit, plural: false });
    let many = |unit| Some(Tok::Unit { unit, plural: true });
    match word {
        "jan" => return Some(Tok::WeakMonth(1)),
        "may" => return Some(Tok::WeakMonth(5)),
        "march" | "mar" => return Some(Tok::WeakMonth(3)),
        "minute" | "min" => return one(Unit::Minute),
        "minuten" | "minutes" | "mins" => return many(Unit::Minute),
        "stunde" | "hour" => return one(Unit::Hour),
        "stunden" | "hours" => return many(Unit::Hour),
        "tag" | "tages" | "tags" | "day" => return one(Unit::Day),
        "tage" | "tagen" | "days" => return many(Unit::Day),
        "woche" | "week" => return one(Unit::Week),
        "wochen" | "weeks" => return many(Unit::Week),
        "fortnight" => return one(Unit::Fortnight),
        "monat" | "monats" | "month" => return one(Unit::Month),
        "monate" | "monaten" | "months" => return many(Unit::Month),
        "jahr" | "jahres" | "jahrs" | "year" => return one(Unit::Year),
        "jahre" | "jahren" | "years" => return many(Unit::Year),
        "wochenende" | "wochenendes" | "weekend" => return Some(Tok::Weekend),
        "kw" | "kalenderwoche" => return Some(Tok::WeekNumber),
        "anfang" | "beginn" | "beginning" | "start" => return Some(Tok::Edge(Edge::Start)),
        "mitte" | "mid" | "middle" => return Some(Tok::Edge(Edge::Middle)),
        "ende" | "end" => return Some(Tok::Edge(Edge::End)),
        _ => {}
    }
    let which = if let Some(stem) = word.strip_suffix("woche") {
        return month(stem).map(Tok::MonthWeek);
    } else {
        match word {
            "dieser" | "diese" | "diesen" | "dieses" | "diesem" | "this" => Which::This,
            "coming" | "upcoming" => Which::Coming,
            "next" | "following" => Which::Next,
            "last" | "previous" => Which::Last,
            _ => {
                let stem = ["en", "er", "es", "em", "e"].iter().find_map(|ending| word.strip_suffix(ending))?;
                match stem {
                    "kommend" => Which::Coming,
                    "naechst" | "nachst" | "folgend" => Which::Next,
                    "uebernaechst" | "ubernachst" => Which::AfterNext,
                    "letzt" | "vergangen" | "vorig" => Which::Last,
                    _ => return None,
                }
            }
        }
    };
    Some(Tok::Which(which))
}

fn clock(word: &str) -> Option<Tok<'static>> {
    Some(match word {
        "uhr" | "oclock" => Tok::Uhr,
        "halb" | "halbe" | "halben" => Tok::Halb,
        "half" => Tok::Half,
        "quarter" => Tok::Quarter,
        "viertel" => Tok::Viertel,
        "dreiviertel" => Tok::Dreiviertel,
        "noon" | "midday" => Tok::Noon,
        "mitternacht" | "mitternachts" | "midnight" => Tok::Midnight,
        "frueher" | "fruehen" | "fruehe" | "fruehes" | "fruehem" | "early" => Tok::Early,
        "spaeter" | "spaeten" | "spaete" | "spaetes" | "spaetem" | "late" | "spaet" => Tok::Late,
        "earlier" => Tok::Earlier,
        "later" => Tok::Later,
        _ => return part(word).map(Tok::Part),
    })
}

fn part(word: &str) -> Option<Part> {
    Some(match word {
        "frueh" | "fruh" | "morgens" | "morning" | "mornings" => Part::Morning,
        "fruehmorgens" => Part::EarlyMorning,
        "vormittag" | "vormittags" | "forenoon" => Part::Forenoon,
        "spaetvormittag" => Part::LateMorning,
        "mittag" | "mittags" | "mittagszeit" => Part::Noon,
        "mittagspause" | "mittagessen" | "lunch" | "lunchtime" | "lunchbreak" => Part::Lunch,
        "nachmittag" | "nachmittags" | "afternoon" | "afternoons" => Part::Afternoon,
        "fruehnachmittag" => Part::EarlyAfternoon,
        "spaetnachmittag" | "spaetnachmittags" => Part::LateAfternoon,
        "abend" | "abends" | "evening" | "evenings" => Part::Evening,
        "vorabend" => Part::EarlyEvening,
        "spaetabends" | "spaetabend" => Part::LateEvening,
        "nachts" | "nacht" | "night" => Part::Night,
        _ => return None,
    })
}

/// "dienstagnachmittag", "freitagabends", "montagmorgen", "wochenanfang", "monatsende".
fn compound(word: &str) -> Option<(Tok<'static>, Tok<'static>)> {
    for (stem, unit) in [("wochen", Unit::Week), ("monats", Unit::Month), ("jahres", Unit::Year)] {
        if let Some(Tok::Edge(edge)) = word.strip_prefix(stem).and_then(calendar) {
            return Some((Tok::Edge(edge), Tok::Unit { unit, plural: false }));
        }
    }
    let cut = word.find("tag").map(|at| at + 3).or_else(|| word.find("woch").map(|at| at + 4))?;
    let (day, rest) = word.split_at_checked(cut)?;
    let day = weekday_in_full(day)?;
    let part = if rest == "morgen" { Part::Morning } else { part(rest)? };
    let weekday = if rest.ends_with('s') { Tok::EveryWeekday(day) } else { Tok::Weekday(day) };
    Some((weekday, Tok::Part(part)))
}

/// Words that say nothing about time but belong to saying a wish.
fn soft(word: &str) -> bool {
    matches!(
        word,
        "waere"
            | "waeren"
            | "wuerde"
            | "wuerden"
            | "passt"
            | "passen"
            | "passte"
            | "geht"
            | "gehen"
            | "ginge"
            | "ist"
            | "sind"
            | "wenn"
            | "moeglich"
            | "besser"
            | "besten"
            | "liebsten"
            | "would"
            | "be"
            | "works"
            | "work"
            | "is"
            | "great"
            | "fine"
            | "ok"
            | "okay"
            | "haette"
            | "haetten"
            | "habe"
            | "haben"
            | "kann"
            | "koennen"
            | "koennte"
            | "ich"
            | "wir"
            | "uns"
            | "es"
            | "i"
            | "we"
            | "me"
            | "us"
            | "it"
            | "that"
            | "can"
            | "could"
            | "danke"
            | "thanks"
            | "irgendwann"
            | "sometime"
            | "irgendwie"
            | "please"
            | "bei"
            | "da"
            | "there"
            | "dort"
            | "zeit"
            | "time"
            | "ganzen"
            | "ganztags"
            | "gut"
            | "schoen"
            | "super"
            | "prima"
            | "how"
            | "what"
            | "wie"
            | "vormerken"
            | "buchen"
            | "kommen"
            | "come"
            | "do"
            | "you"
            | "sie"
            | "id"
            | "like"
            | "nehmen"
            | "verschieben"
            | "verlegen"
            | "moechte"
            | "will"
            | "brauche"
            | "braeuchte"
            | "want"
            | "need"
    )
}
