//! The real program, ended in the middle of everything: what a caller was told is there when it runs again.
//!
//! Five rounds; `FRONTDESK_FULL=1` runs twenty.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;

use frontdesk_connect::voice::retell::sign;
use frontdesk_domain::ids::CallId;
use frontdesk_store::{Options, Store, StoreError, appointments};
use frontdesk_testkit::FrozenClock;
use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// Tuesday, 1 December 2026, 9:12 in Berlin: every start of the program begins there.
const NOW: &str = "2026-12-01T09:12:31+01:00";
const KEY: &str = "key_frontdesk_fixture_4c1b7e90d2a8";
const ENDPOINT: &str = "ep_5Jq0demo";
const PEOPLE: [&str; 5] = ["Emma Winkler", "Leyla Aydin", "Fabian Krüger", "Nele Hartwig", "Jonas Albrecht"];
/// Threads that call at once.
const CALLERS: usize = 6;

fn tenant_file(folder: &Path) -> String {
    let mut text = format!(
        r#"
slug = "haus"
name = "Haus am Abgrund"
language = "de"
country = "DE"
zone = "Europe/Berlin"
slot_grid_minutes = 15
endpoint = "{ENDPOINT}"

[voice.retell]
keys = ["{KEY}"]

[[branch]]
id = "haus"
name = "Haus"
state = "none"
hours = {{ mon-sun = "09:00-19:00" }}

[[branch.line]]
number = "+49 30 23125101"
retell_agent = "agent_7c1e0a94b2d84f6395ab20c7d1"

[[service]]
name = "Herrenhaarschnitt"
minutes = 30
"#
    );
    for person in PEOPLE {
        text.push_str(&format!("\n[[staff]]\nname = \"{person}\"\nservices = [\"Herrenhaarschnitt\"]\n"));
    }
    let path = folder.join("haus.toml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn frontdesk(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command.args(args).env_remove("FRONTDESK_FULL").stdin(Stdio::null());
    command.env("FRONTDESK__LOG__LEVEL", "error");
    // A slow machine must not turn an answer into an apology.
    command.env("FRONTDESK__SERVER__ANSWER_DEADLINE_MS", "30000");
    command
}

fn run(args: &[&str]) -> Output {
    frontdesk(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A running program; killed with the test at the latest.
struct Desk {
    child: Child,
    address: String,
    /// Kept open, or its next line would end it.
    _stdout: BufReader<ChildStdout>,
}

impl Desk {
    /// Starts it and returns once it says where it listens.
    fn start(data: &Path) -> Self {
        let mut child = frontdesk(&["serve", "--listen", "127.0.0.1:0", "--now", NOW, "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ended: {greeting}");
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().to_owned();
            }
            greeting.push_str(&line);
        };
        let desk = Self { child, address, _stdout: stdout };
        assert_eq!(desk.get("/readyz").unwrap().0, 200, "ready as soon as it greets");
        desk
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    fn end(&mut self, signal: Signal) -> ExitStatus {
        kill_process(self.pid(), signal).unwrap();
        self.child.wait().unwrap()
    }

    fn get(&self, path: &str) -> std::io::Result<(u16, Value)> {
        self.exchange(format!("GET {path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\n\r\n").as_bytes())
    }

    /// One signed function call; an error where the program died before the answer was whole.
    fn asks(&self, function: &str, args: &Value, caller: &Caller) -> std::io::Result<Value> {
        let body = json!({"name": function, "args": args, "call": {
            "call_id": caller.call_id, "call_type": "phone_call", "agent_id": "agent_7c1e0a94b2d84f6395ab20c7d1",
            "call_status": "ongoing", "direction": "inbound",
            "from_number": caller.from, "to_number": "+493023125101",
        }});
        let (status, answer) = self.post(&format!("/v1/retell/{ENDPOINT}/functions/{function}"), &body, KEY)?;
        assert_eq!(status, 200, "{function}: {answer}");
        assert_ne!(answer["status"], "error", "{function}: {answer}");
        Ok(answer)
    }

    fn post(&self, path: &str, body: &Value, key: &str) -> std::io::Result<(u16, Value)> {
        let body = serde_json::to_vec(body).unwrap();
        let signature = sign(&body, &key.to_owned().into(), NOW.parse().unwrap());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\ncontent-type: application/json\r\n\
             x-retell-signature: {signature}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.exchange(&[head.as_bytes(), &body].concat())
    }

    fn exchange(&self, request: &[u8]) -> std::io::Result<(u16, Value)> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(request)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let answer = text(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        // A body that was cut is no answer: the platform would not have taken it for one.
        if length.is_some_and(|length: usize| body.len() < length) {
            return Err(cut());
        }
        Ok((status, serde_json::from_str(body).unwrap_or(Value::Null)))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

struct Caller {
    call_id: String,
    from: String,
}

/// One of many wishes that all have room beside each other.
#[derive(Clone, Copy, Debug)]
struct Wish(usize);

impl Wish {
    fn caller(self) -> Caller {
        Caller { call_id: format!("call_{:027}", self.0), from: format!("+4917144{:06}", self.0) }
    }

    fn args(self) -> Value {
        let (person, half_hour, day) = (self.0 % 5, self.0 / 5 % 20, self.0 / 100);
        let date =
            NOW[..10].parse::<jiff::civil::Date>().unwrap() + jiff::Span::new().days(i64::try_from(day).unwrap() + 1);
        json!({
            "service_name": "Herrenhaarschnitt", "staff_name": PEOPLE[person], "date": date.to_string(),
            "time": format!("{:02}:{:02}", 9 + half_hour / 2, half_hour % 2 * 30), "customer_name": "Ida Falk",
        })
    }
}

/// What a caller heard: the appointment's id and start.
#[derive(Clone, Debug)]
struct Confirmed {
    wish: Wish,
    id: String,
    start: String,
}

impl Confirmed {
    fn read(wish: Wish, answer: &Value) -> Self {
        assert_eq!((&answer["status"], &answer["booked"]), (&json!("booked"), &json!(true)), "{wish:?}: {answer}");
        let told = |key: &str| answer["appointment"][key].as_str().unwrap().to_owned();
        Self { wish, id: told("id"), start: told("start") }
    }
}

/// Everybody books until the program is gone, which is after the `after`-th confirmation.
fn book_until(
    desk: &mut Desk,
    signal: Signal,
    after: usize,
    next: &mut usize,
) -> (Vec<Confirmed>, Vec<Wish>, ExitStatus) {
    let pid = desk.pid();
    let (wishes, confirmed, unanswered) = (Mutex::new(next), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                loop {
                    let wish = {
                        let mut next = wishes.lock().unwrap();
                        **next += 1;
                        Wish(**next)
                    };
                    let (caller, args) = (wish.caller(), wish.args());
                    // Some ask first, which holds the time; some only ask.
                    let asked = wish.0 % 3 == 0;
                    if asked && desk.asks("check_availability", &args, &caller).is_err() || wish.0 % 15 == 0 {
                        continue;
                    }
                    let Ok(answer) = desk.asks("book_appointment", &args, &caller) else {
                        unanswered.lock().unwrap().push(wish);
                        break;
                    };
                    let mut confirmed = confirmed.lock().unwrap();
                    confirmed.push(Confirmed::read(wish, &answer));
                    if confirmed.len() == after {
                        kill_process(pid, signal).unwrap();
                    }
                }
            });
        }
    });
    let ended = desk.child.wait().unwrap();
    (confirmed.into_inner().unwrap(), unanswered.into_inner().unwrap(), ended)
}

/// Asks in another call, as the same person would the day after.
fn assert_still_told(desk: &Desk, confirmed: &Confirmed) {
    let Caller { from, call_id } = confirmed.wish.caller();
    let later = Caller { call_id: format!("{call_id}-later"), from };
    let found = desk.asks("list_appointments", &json!({}), &later).unwrap();
    assert_eq!(found["appointments"].as_array().map(Vec::len), Some(1), "{confirmed:?}: {found}");
    let told = &found["appointments"][0];
    assert_eq!((told["id"].as_str(), told["start"].as_str()), (Some(&*confirmed.id), Some(&*confirmed.start)));
}

/// What is on disk, read by nobody but the test.
fn assert_all_on_disk(data: &Path, confirmed: &[Confirmed]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // An hour later no hold is alive.
    let clock = FrozenClock::at("2026-12-01T10:12:31+01:00");
    let store = Store::open(&Options::in_folder(data), clock.ctx(1)).unwrap();
    runtime.block_on(async {
        let scope = store.tenant("haus").await.unwrap().unwrap().0;
        for one in confirmed {
            let call_id = CallId::from(one.wish.caller().call_id.as_str());
            let made = store
                .read::<_, StoreError, _>(&scope, move |tx| {
                    Box::pin(async move { appointments::made_by(tx, &call_id).await })
                })
                .await
                .unwrap();
            assert_eq!(made.len(), 1, "{one:?}");
            assert_eq!((made[0].id.as_str(), made[0].saga.is_active()), (&*one.id, true));
            assert_eq!(made[0].visit.start, one.start.parse::<Timestamp>().unwrap());
        }
        store.sweep().await.unwrap();
        assert_eq!(store.overlaps().await.unwrap(), 0);
        assert_eq!(store.strays().await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn killed_in_the_middle_nothing_that_was_confirmed_is_lost_and_a_repeat_ends_what_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data_flag = data.display().to_string();
    let applied = run(&["tenant", "apply", &tenant_file(folder.path()), "--data", &data_flag]);
    assert!(applied.status.success(), "{}", text(&applied.stderr));
    let rounds = if std::env::var("FRONTDESK_FULL").is_ok_and(|value| value == "1") { 20 } else { 5 };
    let (mut all, mut next) = (Vec::new(), 0);
    for round in 0..rounds {
        let mut desk = Desk::start(&data);
        let (mut confirmed, unanswered, ended) = book_until(&mut desk, Signal::KILL, 3 + round * 17 % 41, &mut next);
        assert_eq!(ended.code(), None, "it was killed, it did not end");
        let mut desk = Desk::start(&data);
        for one in &confirmed {
            assert_still_told(&desk, one);
        }
        // Whoever got no answer asks again: it happens once, whether it had happened or not.
        for wish in unanswered {
            let again = || desk.asks("book_appointment", &wish.args(), &wish.caller()).unwrap();
            let (first, second) = (Confirmed::read(wish, &again()), Confirmed::read(wish, &again()));
            assert_eq!((&first.id, &first.start), (&second.id, &second.start));
            confirmed.push(first);
        }
        all.extend(confirmed);
        desk.end(Signal::KILL);
    }
    assert!(all.len() >= rounds * 3);
    assert_all_on_disk(&data, &all);
}

#[test]
fn asked_to_end_it_finishes_what_it_is_at_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data_flag = data.display().to_string();
    run(&["tenant", "apply", &tenant_file(folder.path()), "--data", &data_flag]);
    let (mut all, mut next) = (Vec::new(), 0);
    for signal in [Signal::TERM, Signal::INT] {
        let mut desk = Desk::start(&data);
        // Somebody who is connected and says nothing does not keep it.
        let silent = TcpStream::connect(&desk.address).unwrap();
        let (confirmed, _, ended) = book_until(&mut desk, signal, 10, &mut next);
        assert_eq!(ended.code(), Some(0), "{signal:?}");
        drop(silent);
        assert!(confirmed.len() >= 10);
        assert!(!data.join("control.sock").exists(), "it takes its socket away");
        all.extend(confirmed);
    }
    assert_all_on_disk(&data, &all);
}

#[test]
fn a_second_program_on_the_same_folder_or_port_is_refused_and_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut desk = Desk::start(&data);
    let data_flag = data.display().to_string();
    let second = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data_flag]);
    assert_eq!(second.status.code(), Some(3));
    let said = text(&second.stderr);
    for word in [desk.child.id().to_string().as_str(), "stop it", "another folder"] {
        assert!(said.contains(word), "{said}");
    }
    let other = folder.path().join("other").display().to_string();
    let second = run(&["serve", "--listen", &desk.address, "--data", &other]);
    assert_eq!(second.status.code(), Some(3));
    assert!(text(&second.stderr).contains("--listen"), "{}", text(&second.stderr));
    assert_eq!(desk.get("/readyz").unwrap().0, 200, "the first one does not mind");
    // A killed one leaves nothing behind that would stop the next.
    desk.end(Signal::KILL);
    let mut next = Desk::start(&data);
    assert_eq!(next.end(Signal::TERM).code(), Some(0));
}

#[test]
fn commands_work_on_the_folder_of_a_running_program() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut desk = Desk::start(&data);
    let data_flag = data.display().to_string();
    let on = |args: &[&str]| {
        let output = run(&[args, &["--data", &data_flag]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    };
    assert_eq!(desk.post("/v1/retell/ep_5Jq0demo/functions", &json!({}), KEY).unwrap().0, 401, "nobody's yet");
    assert!(on(&["tenant", "apply", &tenant_file(folder.path())]).contains("haus (new)"));
    let wish = Wish(7);
    let booked = Confirmed::read(wish, &desk.asks("book_appointment", &wish.args(), &wish.caller()).unwrap());
    let explained = on(&["explain", &wish.caller().call_id]);
    for word in ["book_appointment", "booked", &booked.id] {
        assert!(explained.contains(word), "{explained}");
    }
    assert!(on(&["tenant", "list"]).contains("haus"));
    assert!(on(&["call", "list_services"]).contains("Herrenhaarschnitt"));
    let copy = folder.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    on(&["backup", &copy.join("frontdesk.db").display().to_string()]);
    // With the keys beside it, the copy is a data folder; everything is in it.
    std::fs::create_dir(copy.join("keys")).unwrap();
    for key in std::fs::read_dir(data.join("keys")).unwrap() {
        let key = key.unwrap();
        std::fs::copy(key.path(), copy.join("keys").join(key.file_name())).unwrap();
    }
    assert_all_on_disk(&copy, &[booked]);
    let mut restored = Desk::start(&copy);
    let again = Confirmed::read(wish, &restored.asks("book_appointment", &wish.args(), &wish.caller()).unwrap());
    assert_still_told(&restored, &again);
    restored.end(Signal::TERM);
    desk.end(Signal::TERM);
}
