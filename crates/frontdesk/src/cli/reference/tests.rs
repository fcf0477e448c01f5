#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use frontdesk_connect::voice::args::spellings;
use frontdesk_domain::calling::Function;
use frontdesk_domain::speech::codes;

use super::functions::{ENTRIES, MEANINGS};
use super::page::functions_markdown;

#[test]
fn every_function_is_described_once_with_arguments_the_door_reads() {
    let described: Vec<Function> = ENTRIES.iter().map(|entry| entry.function).collect();
    assert_eq!(described, Function::ALL);
    let canonical: Vec<&str> = spellings().map(|names| *names.first().unwrap()).collect();
    for entry in ENTRIES {
        for (name, ..) in entry.arguments {
            assert!(canonical.contains(name), "{}: {name}", entry.function.name());
        }
    }
    let explained: Vec<&str> = MEANINGS.iter().map(|(name, _)| *name).collect();
    assert_eq!(explained, canonical, "every argument has its meaning, in the door's order");
}

#[tokio::test]
async fn the_page_is_the_same_in_every_run_and_its_examples_end_as_told() {
    let page = functions_markdown().await.expect("an example ends otherwise");
    assert_eq!(page, functions_markdown().await.unwrap());
    for function in Function::ALL {
        assert!(page.contains(&format!("### `{}`", function.name())));
    }
}

#[test]
fn codes_named_in_the_page_exist() {
    let known: Vec<&str> = codes().iter().map(|(code, _)| *code).collect();
    for entry in ENTRIES.iter().flat_map(|entry| entry.answers) {
        for word in entry
            .1
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| word.starts_with("too_") || word.starts_with("confirm_"))
        {
            assert!(known.contains(&word), "{word}");
        }
    }
}
