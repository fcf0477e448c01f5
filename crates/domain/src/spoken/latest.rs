//! "So spät wie möglich", "der letzte freie Termin": the end of a day is wished, which no clock time says.

/// The one word every such phrase is read as.
pub(super) const LATEST: &str = "spaetestmoeglich";

/// The folded text with every phrase that wishes the end of a day put as [`LATEST`].
pub(super) fn marked(folded: &str) -> String {
    let words = words(folded);
    let mut text = String::with_capacity(folded.len());
    let (mut at, mut copied) = (0, 0);
    while at < words.len() {
        match length(words.get(at..).unwrap_or_default(), words.get(..at).unwrap_or_default()) {
            Some(length) => {
                let begin = words.get(at).map_or(copied, |word| word.start);
                text.push_str(folded.get(copied..begin).unwrap_or_default());
                text.push_str(LATEST);
                at += length;
                copied = words.get(at - 1).map_or(copied, |word| word.start + word.text.len());
            }
            None => at += 1,
        }
    }
    text.push_str(folded.get(copied..).unwrap_or_default());
    text
}

struct Word<'t> {
    text: &'t str,
    start: usize,
}

fn words(folded: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut begin = None;
    for (at, letter) in folded.char_indices().chain(std::iter::once((folded.len(), ' '))) {
        match (letter.is_alphanumeric(), begin) {
            (true, None) => begin = Some(at),
            (false, Some(start)) => {
                found.extend(folded.get(start..at).map(|text| Word { text, start }));
                begin = None;
            }
            _ => {}
        }
    }
    found
}

/// How many words at the start of `words` wish the end of a day; `said`: the words before them.
fn length(words: &[Word<'_>], said: &[Word<'_>]) -> Option<usize> {
    let word = |at: usize| words.get(at).map_or("", |word| word.text);
    let late = |word: &str| matches!(word, "spaet" | "spat" | "late");
    let possible = |word: &str| word.starts_with("moeglich") || matches!(word, "possible" | "geht" | "can" | "es");
    match (word(0), word(1)) {
        (one, _) if one.starts_with("spaetmoeglichst") || one.starts_with("spaetestmoeglich") => Some(1),
        ("moeglichst", other) if late(other) => Some(2),
        ("so" | "as", other) if late(other) && matches!(word(2), "wie" | "as") => {
            let filled = usize::from(matches!(word(3), "nur" | "irgend" | "you" | "we" | "i"));
            possible(word(3 + filled)).then_some(4 + filled)
        }
        (last, _) => {
            let last = matches!(last, "last" | "latest" | "letzter" | "letzten" | "letzte" | "letztes" | "letztem")
                || last.starts_with("spaetest") && last != "spaetestens"
                || last.starts_with("letztmoeglich");
            let free = |word: &str| {
                ["frei", "moeglich", "verfuegbar"].iter().any(|stem| word.starts_with(stem))
                    || matches!(word, "available" | "possible" | "free" | "open")
            };
            let frees = (1..3).take_while(|at| free(word(*at))).count();
            let noun = matches!(
                word(1 + frees),
                "termin" | "termine" | "slot" | "appointment" | "opening" | "platz" | "terminen" | "zeitpunkt"
            );
            // "Mein letzter Termin war im Mai" tells of the past.
            let told = said.last().is_some_and(|word| {
                let word = word.text;
                word.starts_with("mein") || word.starts_with("unser") || matches!(word, "my" | "our" | "beim" | "seit")
            });
            let over = (1..5).any(|at| matches!(word(at + frees), "war" | "was" | "hatte" | "had"));
            (last && noun && !told && !over).then_some(2 + frees)
        }
    }
}
