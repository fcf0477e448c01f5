#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use super::*;

fn parsed(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

/// Every command a person can give, with the ones below it.
fn commands(of: &clap::Command, all: &mut Vec<clap::Command>) {
    for command in of.get_subcommands().filter(|command| !command.is_hide_set()) {
        all.push(command.clone());
        commands(command, all);
    }
}

#[test]
fn the_grammar_is_sound_and_every_command_says_what_it_does_with_examples_and_exit_codes() {
    grammar().debug_assert();
    let mut all = Vec::new();
    commands(&grammar(), &mut all);
    assert!(all.len() >= 10);
    for mut command in all {
        let help = command.render_long_help().to_string();
        assert!(command.get_about().is_some(), "{help}");
        if command.get_subcommands().next().is_none() {
            assert!(help.contains("Examples:"), "{help}");
        }
    }
    let help = grammar().render_help().to_string();
    assert!(help.contains("Exit codes: 0 done") && !help.contains("internal-docs"), "{help}");
}

#[test]
fn usual_command_lines_are_read() {
    for line in [
        "frontdesk serve",
        "frontdesk serve --config f.toml --listen 127.0.0.1:0 --data d --now 2026-12-01T09:12:00+01:00",
        "frontdesk tenant apply f.toml --data d --json",
        "frontdesk tenant list --json",
        "frontdesk tenant show salon",
        "frontdesk call book_appointment --arg a=b --arg c=d --from 1 --to 2 --agent 3 --call-id 4 --url 5 --endpoint 6 --key 7",
        "frontdesk explain call_1 --json",
        "frontdesk understand time heute --reference 2026-12-01T09:12:00+01:00 --tz Europe/Vienna --lang en",
        "frontdesk understand service --jsonl",
        "frontdesk agenda --tenant salon --date 2026-12-02 --days 3 --json",
        "frontdesk callbacks list --tenant salon --json",
        "frontdesk callbacks done cbk_1",
        "frontdesk wishes --days 7",
        "frontdesk calendar import --tenant salon --write more.toml --json --data d",
        "frontdesk doctor --tenant salon --json --data d",
        "frontdesk sync status --tenant salon --json",
        "frontdesk sync run --tenant salon --data d",
        "frontdesk sync retry apt_1",
        "frontdesk review list --tenant salon --all --json",
        "frontdesk review show rev_1 --json",
        "frontdesk review resolve rev_1 link --uid abc --note besprochen",
        "frontdesk migrate",
        "frontdesk backup copy.db",
        "frontdesk keys rotate --data d",
        "frontdesk completions zsh",
        "frontdesk demo --once --listen 127.0.0.1:0 --data d",
        "frontdesk fake-calcom --listen 127.0.0.1:0 --latency-ms 9 --fault hang=1,op=create --fault too-many,p=0.1 --json",
        "frontdesk internal-docs config",
    ] {
        assert!(parsed(line).is_ok(), "{line}: {}", parsed(line).unwrap_err());
    }
}

#[test]
fn nonsense_is_refused_as_usage() {
    for line in [
        "frontdesk",
        "frontdesk serve --listen nowhere",
        "frontdesk serve --now yesterday",
        "frontdesk call book_appointment --arg novalue",
        "frontdesk understand time heute --jsonl",
        "frontdesk tenant apply",
        "frontdesk agenda --date morgen",
        "frontdesk agenda --days 0",
        "frontdesk fake-calcom --fault singing",
        "frontdesk sing",
        "frontdesk sync retry",
        "frontdesk review resolve rev_1",
        "frontdesk review resolve rev_1 by_itself",
        "frontdesk review resolve rev_1 link",
        "frontdesk review resolve rev_1 keep --uid abc",
    ] {
        let error = parsed(line).expect_err(line);
        assert!(error.use_stderr(), "{line}");
    }
}

#[test]
fn a_command_on_a_folder_that_is_not_there_says_how_to_make_one_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nothing");
    let place = place::Place { config: None, data: Some(data.clone()) };
    let output = place.run(StoreCommand::TenantList { json: false });
    assert_eq!(output.exit, Exit::Wrong);
    assert!(output.err.contains("frontdesk serve") && !data.exists(), "{}", output.err);
}

#[test]
fn a_wrong_tenant_file_is_refused_with_every_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.toml");
    std::fs::write(&path, "slug = \"x y\"\ncolour = 1\n").unwrap();
    let output = tenant_apply::read_file(&path, false).unwrap_err();
    assert_eq!(output.exit, Exit::Wrong);
    assert!(output.err.contains("wrong.toml:2: "), "{}", output.err);
    let output = tenant_apply::read_file(&path, true).unwrap_err();
    assert_eq!(output.exit, Exit::Wrong);
    let told: serde_json::Value = serde_json::from_str(&output.out).unwrap();
    assert_eq!(told.pointer("/applied"), Some(&false.into()));
    assert!(told.pointer("/problems/0/line").is_some(), "{told}");
    assert!(tenant_apply::read_file(&folder.path().join("none.toml"), false).unwrap_err().err.contains("examples/"));
}

#[test]
fn what_ran_in_the_server_comes_back_as_if_it_had_run_here() {
    let output = CommandOutput { exit: Exit::Refused, out: "a".to_owned(), err: "b\n".to_owned() };
    let travelled: CommandOutput = serde_json::from_str(&serde_json::to_string(&output).unwrap()).unwrap();
    assert_eq!(travelled, output);
}

#[test]
fn completions_know_the_commands() {
    let Command::Completions(args) = parsed("frontdesk completions bash").unwrap().command else {
        panic!("completions")
    };
    assert!(completions::run(&args).out.contains("tenant"));
}
