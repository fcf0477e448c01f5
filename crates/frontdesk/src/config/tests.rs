#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use super::*;

fn env(variables: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into_iter()
}

/// Loads a file of that content, named frontdesk.toml, and answers with what is wrong; the folder's name is left out.
fn problem_in(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.toml");
    std::fs::write(&path, text).unwrap();
    let error = Config::load(Some(&path), env(&[])).expect_err(text);
    error.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn with_nothing_given_the_commented_example_holds() {
    let config = Config::load(None, env(&[("PATH", "/bin"), ("FRONTDESK_OTHER", "1")])).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.public_url, None);
    assert_eq!(config.server.body_limit_bytes, 4_194_304);
    assert_eq!(config.server.answer_deadline, Duration::from_secs(2));
    assert_eq!(config.data, Data { dir: PathBuf::from("./frontdesk-data"), key_ring: None });
    assert_eq!(config.database, Database::Sqlite { file: PathBuf::from("./frontdesk-data/frontdesk.db") });
    assert_eq!(config.log, Log { level: "info".to_owned(), format: LogFormat::Auto });
    assert!(config.metrics.token.is_none() && config.metrics.listen.is_none());
    assert_eq!(config.alarm.unsynced_after, jiff::SignedDuration::from_mins(5));
    assert!(config.alarm.webhook.is_none() && config.alarm.pagerduty.is_none() && config.alarm.email.is_none());
}

#[test]
fn the_example_file_given_as_a_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.toml");
    std::fs::write(&path, EXAMPLE).unwrap();
    let defaults = Config::load(None, env(&[])).unwrap();
    let same = Config::load(Some(&path), env(&[])).unwrap();
    assert_eq!(format!("{same:?}"), format!("{defaults:?}"));
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_example() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.toml");
    std::fs::write(
        &path,
        "[server]\nlisten = \"0.0.0.0:80\"\nanswer_deadline_ms = 1500\npublic_url = \"https://desk.example.org/\"\n",
    )
    .unwrap();
    let variables = [
        ("FRONTDESK__SERVER__LISTEN", "[::1]:9000"),
        ("FRONTDESK__SERVER__BODY_LIMIT_BYTES", "65536"),
        ("FRONTDESK__DATA__KEY_RING", "/etc/frontdesk/keys"),
    ];
    let config = Config::load(Some(&path), env(&variables)).unwrap();
    assert_eq!(config.server.listen.to_string(), "[::1]:9000");
    assert_eq!(config.server.answer_deadline, Duration::from_millis(1500));
    assert_eq!(config.server.body_limit_bytes, 65536);
    assert_eq!(config.data.store_options().key_ring, Some(PathBuf::from("/etc/frontdesk/keys")));
    assert_eq!(config.server.public_url.as_deref(), Some("https://desk.example.org"));
}

#[test]
fn every_mistake_in_a_file_is_named_with_its_line() {
    let cases = [
        (
            "[server]\nlistem = \"1\"",
            "frontdesk.toml:2: section [server] has no key \"listem\"; did you mean \"listen\"?",
        ),
        (
            "[server]\ncolour = 1",
            "frontdesk.toml:2: section [server] has no key \"colour\"; its keys: answer_deadline_ms, body_limit_bytes, listen, public_url",
        ),
        (
            "\n[servr]\nlisten = \"1\"",
            "frontdesk.toml:2: there is no section or key \"servr\"; did you mean \"server\"?",
        ),
        (
            "listen = \"1\"",
            "frontdesk.toml:1: there is no section or key \"listen\"; sections: data, database, log, metrics, server",
        ),
        ("log = \"info\"", "frontdesk.toml:1: log is a section; write [log] and its keys below"),
        ("[server]\nlisten = 8080", "frontdesk.toml:2: server.listen must be a text in quotes"),
        (
            "[server]\nlisten = \"8080\"",
            "frontdesk.toml:2: server.listen is \"8080\", which is no address; write it like \"127.0.0.1:8080\"",
        ),
        ("[server]\nlisten = \"\"", "frontdesk.toml:2: server.listen is empty; leave the key out for its default"),
        (
            "[server]\nanswer_deadline_ms = \"2\"",
            "frontdesk.toml:2: server.answer_deadline_ms must be a whole number such as 2000",
        ),
        (
            "[server]\nanswer_deadline_ms = 2",
            "frontdesk.toml:2: server.answer_deadline_ms must be between 100 and 30000",
        ),
        (
            "[server]\npublic_url = \"desk\"",
            "frontdesk.toml:2: server.public_url is \"desk\", which is no address; write it like \"https://desk.example.org\"",
        ),
        (
            "[log]\nlevel = \"info,frontdesk=loud\"",
            "frontdesk.toml:2: log.level has \"loud\", which is no level; write error, warn, info, debug or trace",
        ),
        ("[log]\nformat = \"xml\"", "frontdesk.toml:2: log.format is \"xml\"; write \"auto\", \"pretty\" or \"json\""),
        (
            "[database]\nurl = \"postgres://u:geheim@db/x\"",
            "frontdesk.toml:2: database.url asks for PostgreSQL, which this version cannot use yet; leave it empty for SQLite",
        ),
        (
            "[metrics]\ntoken = \"geheim\"\ntoken_file = \"t\"",
            "frontdesk.toml:3: metrics.token_file and metrics.token are both given; keep one of them",
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(problem_in(text), wanted, "{text}");
    }
    assert!(problem_in("[server\n").starts_with("frontdesk.toml:1: this is not TOML: "));
    let two = problem_in("[log]\nlevl = \"info\"\nformat = \"xml\"");
    assert_eq!(two.lines().count(), 2, "{two}");
}

#[test]
fn a_wrong_variable_or_path_is_named() {
    let problem = |variables: &[(&str, &str)]| Config::load(None, env(variables)).unwrap_err().to_string();
    assert_eq!(
        problem(&[("FRONTDESK__SERVER__LISTN", "x")]),
        "environment variable FRONTDESK__SERVER__LISTN: section [server] has no key \"listn\"; did you mean \"listen\"?"
    );
    assert_eq!(
        problem(&[("FRONTDESK__SERVER__ANSWER_DEADLINE_MS", "soon")]),
        "environment variable FRONTDESK__SERVER__ANSWER_DEADLINE_MS: server.answer_deadline_ms must be a whole number such as 2000"
    );
    assert_eq!(
        problem(&[("FRONTDESK__LOG__FORMAT", "xml")]),
        "environment variable FRONTDESK__LOG__FORMAT: log.format is \"xml\"; write \"auto\", \"pretty\" or \"json\""
    );
    let missing = Config::load(Some(Path::new("/nowhere/f.toml")), env(&[])).unwrap_err().to_string();
    assert!(missing.starts_with("/nowhere/f.toml: cannot be read ("), "{missing}");
}

#[test]
fn a_secret_comes_from_a_file_beside_the_settings_and_is_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.toml");
    std::fs::write(&path, "[metrics]\ntoken_file = \"token\"\n").unwrap();
    std::fs::write(folder.path().join("token"), "streng-geheim\n").unwrap();
    let config = Config::load(Some(&path), env(&[])).unwrap();
    assert_eq!(config.metrics.token.as_ref().unwrap().expose_secret(), "streng-geheim");
    assert!(!format!("{config:?}").contains("geheim"));

    let config = Config::load(Some(&path), env(&[("FRONTDESK__METRICS__TOKEN", "neuer")])).unwrap();
    assert_eq!(config.metrics.token.unwrap().expose_secret(), "neuer", "the later layer wins");

    std::fs::write(folder.path().join("token"), " \n").unwrap();
    let error = Config::load(Some(&path), env(&[])).unwrap_err().to_string();
    assert!(error.contains(":2: metrics.token_file names ") && error.contains("which is empty"), "{error}");
}

#[test]
fn the_reference_tells_every_key_with_its_default_and_its_variable() {
    let page = reference_markdown();
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(
        headings,
        [
            "`server.listen`",
            "`server.public_url`",
            "`server.body_limit_bytes`",
            "`server.answer_deadline_ms`",
            "`data.dir`",
            "`data.key_ring`",
            "`database.url`",
            "`database.url_file`",
            "`log.level`",
            "`log.format`",
            "`metrics.token`",
            "`metrics.token_file`",
            "`metrics.listen`",
        ]
    );
    assert!(
        page.contains("Default `2000`, environment variable `FRONTDESK__SERVER__ANSWER_DEADLINE_MS`.\n\nA function")
    );
    assert!(page.contains("\n\n1. leave it as it is here,\n2. put it"), "{page}");
    assert!(page.contains("looked for beside the file it is named in.\n\n## `[server]`\n"), "{page}");
}

#[test]
fn alarms_are_set_up_whole_or_the_missing_part_is_named() {
    for (text, problem) in [
        ("webhook_url = \"http://127.0.0.1:9\"", "needs a webhook_secret"),
        ("webhook_url = \"http://127.0.0.1:9\"\nwebhook_secret = \"geheim\"", "make one: echo"),
        ("unsynced_after = \"bald\"", "write it like \"5m\""),
        ("unsynced_after = \"5s\"", "shorter than a minute"),
        ("email_server = \"smtps://mail.example.org\"", "needs email_from and email_to"),
        (
            "email_server = \"mail\"\nemail_from = \"a@example.org\"\nemail_to = \"b@example.org\"",
            "write it like \"smtps:",
        ),
        ("email_from = \"niemand\"", "has no e-mail address"),
    ] {
        let told = problem_in(&format!("[alarm]\n{text}\n"));
        assert!(told.starts_with("frontdesk.toml:") && told.contains(problem), "{told}");
        assert!(!told.contains("geheim"), "{told}");
    }
    let given = [
        ("FRONTDESK__ALARM__WEBHOOK_URL", "https://ops.example.org/hook"),
        ("FRONTDESK__ALARM__WEBHOOK_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ("FRONTDESK__ALARM__PAGERDUTY_KEY", "geheim"),
        ("FRONTDESK__ALARM__UNSYNCED_AFTER", "90s"),
    ];
    let alarm = Config::load(None, env(&given)).unwrap().alarm;
    assert!(alarm.webhook.is_some() && alarm.pagerduty.is_some());
    assert_eq!(alarm.unsynced_after, jiff::SignedDuration::from_secs(90));
    assert!(!format!("{alarm:?}").contains("geheim"));
}
