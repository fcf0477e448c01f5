//! The words that stand for letters when something is spelled: "Anton, Berta, Cäsar", "alpha, bravo, charlie".

/// The letter a folded word of a spelling table stands for: the German ones, old and new, and NATO's.
pub(super) fn letter_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "anton" | "aachen" | "alpha" | "alfa" => "a",
        "berta" | "bertha" | "berlin" | "bravo" => "b",
        "casar" | "chemnitz" | "charlie" => "c",
        "dora" | "dusseldorf" | "delta" => "d",
        "emil" | "essen" | "echo" => "e",
        "friedrich" | "frankfurt" | "foxtrot" => "f",
        "gustav" | "goslar" | "golf" => "g",
        "heinrich" | "hamburg" | "hotel" => "h",
        "ida" | "ingelheim" | "india" => "i",
        "julius" | "jena" | "juliett" | "juliet" => "j",
        "kaufmann" | "konrad" | "koln" | "kilo" => "k",
        "ludwig" | "leipzig" | "lima" => "l",
        "martha" | "munchen" | "mike" => "m",
        "nordpol" | "nathan" | "nurnberg" | "november" => "n",
        "otto" | "offenbach" | "oscar" => "o",
        "paula" | "potsdam" | "papa" => "p",
        "quelle" | "quickborn" | "quebec" => "q",
        "richard" | "rostock" | "romeo" => "r",
        "samul" | "siegfried" | "salzwedel" | "sierra" => "s",
        "schule" => "sch",
        "theodor" | "tubingen" | "tango" => "t",
        "ulrich" | "unna" | "uniform" => "u",
        "viktor" | "vollingen" | "victor" => "v",
        "wilhelm" | "wuppertal" | "whiskey" | "whisky" => "w",
        "xanthippe" | "xanten" | "xray" => "x",
        "ypsilon" | "yankee" => "y",
        "zacharias" | "zeppelin" | "zwickau" | "zulu" => "z",
        _ => return None,
    })
}
