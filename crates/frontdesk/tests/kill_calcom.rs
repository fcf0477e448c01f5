//! The real program with its calendar in a real (fake) Cal.com beside it, killed in the middle of bookings: what callers
//! heard, our rows and the calendar's bookings agree in the end.
//!
//! Three rounds; `FRONTDESK_FULL=1` runs twenty.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use frontdesk_connect::voice::retell::sign;
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

const NOW: &str = "2026-12-01T09:12:31+01:00";
const KEY: &str = "key_frontdesk_fixture_5e82c04f17b3";
const ENDPOINT: &str = "ep_7Cc1demo";
const CALLERS: usize = 5;

/// A program that said where it listens; killed with the test at the latest.
struct Program {
    child: Child,
    address: String,
    _stdout: BufReader<ChildStdout>,
}

impl Program {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
            .args(args)
            .env("FRONTDESK__LOG__LEVEL", "error")
            .env("FRONTDESK__SERVER__ANSWER_DEADLINE_MS", "30000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "{args:?} ended at once");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split(|c: char| c.is_whitespace() || c == '/').next().unwrap().to_owned();
            }
        };
        Self { child, address, _stdout: stdout }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    fn exchange(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> std::io::Result<(u16, Value)> {
        let mut stream = TcpStream::connect(&self.address)?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n{headers}\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let text = String::from_utf8_lossy(&answer);
        let cut = || std::io::Error::other("the connection was cut");
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(cut)?;
        let ends = (body.find(['{', '[']), body.rfind(['}', ']']));
        let body = if let (Some(from), Some(until)) = ends { &body[from..=until] } else { "" };
        Ok((status, serde_json::from_str(body).unwrap_or(Value::Null)))
    }

    fn asks(&self, function: &str, args: &Value, caller: usize, now: Timestamp) -> std::io::Result<Value> {
        let body = serde_json::to_vec(&json!({"name": function, "args": args, "call": {
            "call_id": format!("call_{caller:027x}"), "call_type": "phone_call", "agent_id": "agent_invented_calcom",
            "call_status": "ongoing", "from_number": format!("+4915112{caller:06}"), "to_number": "+493023125170",
            "direction": "inbound",
        }}))
        .unwrap();
        let signature = sign(&body, &KEY.to_owned().into(), now);
        let path = format!("/v1/retell/{ENDPOINT}/functions/{function}");
        let (status, answer) = self.exchange("POST", &path, &format!("x-retell-signature: {signature}\r\n"), &body)?;
        assert_eq!(status, 200, "{answer}");
        Ok(answer)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// What a caller wishes: some are in each other's way on purpose.
fn wish(number: usize) -> Value {
    let service = ["Haarschnitt", "Damenhaarschnitt", "Waschen, Schneiden, Föhnen"][number % 3];
    let (day, slot) = (number / 3 % 4, number / 5 % 20);
    json!({
        "service_name": service, "date": format!("2026-12-{:02}", [2, 3, 4, 7][day]),
        "time": format!("{:02}:{:02}", 9 + slot / 4 * 2, slot % 4 * 15), "customer_name": format!("Erika Muster{}", letters(number)),
    })
}

fn letters(mut number: usize) -> String {
    let mut text = String::new();
    for _ in 0..3 {
        text.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    text
}

/// Calls until somebody kills it; what was heard as booked, and who got no answer.
fn call_until_killed(
    desk: &Program,
    after: usize,
    next: &AtomicUsize,
    now: Timestamp,
) -> (Vec<(usize, String)>, Vec<usize>) {
    let (heard, unanswered) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                loop {
                    let caller = next.fetch_add(1, Ordering::Relaxed);
                    match desk.asks("book_appointment", &wish(caller), caller, now) {
                        Ok(answer) => {
                            if answer["booked"] == true {
                                let id = answer["appointment"]["id"].as_str().unwrap().to_owned();
                                heard.lock().unwrap().push((caller, id));
                            }
                        }
                        Err(_) => {
                            unanswered.lock().unwrap().push(caller);
                            return;
                        }
                    }
                    if answered.fetch_add(1, Ordering::Relaxed) + 1 == after {
                        let _already = kill_process(desk.pid(), Signal::KILL);
                    }
                }
            });
        }
    });
    (heard.into_inner().unwrap(), unanswered.into_inner().unwrap())
}

fn rows(data: &Path, sql: &str) -> Vec<Vec<String>> {
    frontdesk_testkit::rows_of(&data.join("frontdesk.db"), sql)
}

#[test]
fn killed_in_the_middle_callers_rows_and_calendar_agree_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data_flag = data.display().to_string();
    let calendar = Program::start(&["fake-calcom", "--listen", "127.0.0.1:0", "--latency-ms", "40", "--now", NOW]);
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/salon-mit-calcom.toml");
    let file = folder.path().join("salon.toml");
    let text = std::fs::read_to_string(example).unwrap();
    let text = text.replace("http://127.0.0.1:4010", &format!("http://{}", calendar.address));
    std::fs::write(&file, text).unwrap();
    let applied = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .args(["tenant", "apply", &file.display().to_string(), "--data", &data_flag])
        .output()
        .unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let rounds = if std::env::var("FRONTDESK_FULL").is_ok_and(|value| value == "1") { 20 } else { 3 };
    let (next, mut heard) = (AtomicUsize::new(1), Vec::new());
    let mut now: Timestamp = NOW.parse().unwrap();
    for round in 0..rounds {
        let start = now.to_string();
        let desk = Program::start(&["serve", "--listen", "127.0.0.1:0", "--now", &start, "--data", &data_flag]);
        let (told, unanswered) = call_until_killed(&desk, 4 + round * 7 % 23, &next, now);
        heard.extend(told);
        drop(desk);
        let desk = Program::start(&["serve", "--listen", "127.0.0.1:0", "--now", &start, "--data", &data_flag]);
        for caller in unanswered {
            let answer = desk.asks("book_appointment", &wish(caller), caller, now).unwrap();
            if answer["booked"] == true {
                heard.push((caller, answer["appointment"]["id"].as_str().unwrap().to_owned()));
            }
        }
        let _killed = kill_process(desk.pid(), Signal::KILL);
        now = now.checked_add(SignedDuration::from_mins(2)).unwrap();
    }
    // Long after everything that was sent has settled.
    let later = now.checked_add(SignedDuration::from_mins(5)).unwrap().to_string();
    let desk = Program::start(&["serve", "--listen", "127.0.0.1:0", "--now", &later, "--data", &data_flag]);
    let open = "SELECT appointment_id FROM sync WHERE synced_ms IS NULL";
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(if rounds > 3 { 600 } else { 60 });
    while !rows(&data, open).is_empty() {
        assert!(std::time::Instant::now() < give_up, "not agreed: {:?}", rows(&data, open));
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    // The three ledgers.
    let ours = rows(
        &data,
        "SELECT a.appointment_id, a.saga, r.op, r.state, r.start_ms FROM appointment a \
        JOIN remote r ON r.tenant_id = a.tenant_id AND r.appointment_id = a.appointment_id",
    );
    let (_, ledger) = calendar.exchange("GET", "/_fake/bookings", "", b"").unwrap();
    let bookings = ledger.as_array().or(ledger["bookings"].as_array()).expect("the fake tells its ledger");
    let mut live: BTreeMap<String, usize> = BTreeMap::new();
    for booking in bookings.iter().filter(|booking| booking["status"] == "accepted") {
        *live.entry(booking["metadata"]["frontdesk_op"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(live.values().all(|count| *count == 1), "doubled: {live:?}");
    let confirmed: Vec<&Vec<String>> = ours.iter().filter(|row| row[1] == "confirmed" && row[3] == "live").collect();
    assert_eq!(confirmed.len(), live.len(), "{ours:#?}\n{live:#?}");
    assert!(confirmed.iter().all(|row| live.contains_key(&row[2])));
    for (caller, id) in &heard {
        assert!(confirmed.iter().any(|row| row[0] == *id), "caller {caller} heard booked for {id}, which is not there");
    }
    assert!(heard.len() >= rounds, "hardly anybody booked anything: {heard:?}");
    drop(desk);
}
