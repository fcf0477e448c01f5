//! Nothing personal and nothing secret in logs at their loudest, in metrics, or in answers to what went wrong.

use std::io;
use std::sync::{Arc, Mutex};

use frontdesk_testkit::World;
use serde_json::{Value, json};
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use crate::houses::{TUESDAY_MORNING, example};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    /// Hears everything this thread logs, until dropped.
    ///
    /// A second pair of ears that hears nothing keeps other tests out: with only one in the process, a line that some
    /// deaf thread comes by first is switched off for all.
    fn listen(&self) -> (DefaultGuard, Dispatch) {
        let layer = || tracing_subscriber::fmt::layer().with_ansi(false);
        let second = Dispatch::new(tracing_subscriber::registry().with(layer().with_writer(io::sink)));
        let own = tracing_subscriber::registry().with(layer().with_writer(self.clone()));
        (tracing::subscriber::set_default(own), second)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What must never be seen: of the salon's customers and keys, and of everybody who rings.
const CANARIES: [&str; 44] = [
    // People of the tenant file.
    "Hannelore",
    "Brückner",
    "3920017",
    "Karin Vogt",
    "k.vogt",
    "3920021",
    "Celik",
    "m.celik",
    "3920022",
    "Reuter",
    "3920024",
    // Keys and what opens doors.
    "key_frontdesk_fixture",
    "4c1b7e90d2a8",
    "hafen_5b1d03",
    "ep_5Jq0demo",
    "ep_8Hh2demo",
    "x-retell-signature",
    // Said by callers.
    "Kanarienberg",
    "Zeisigmann",
    "Girlitz",
    "1515550177",
    "0151 5550177",
    "kanarienberg@",
    "kanari@",
    "spatz@",
    "GEHEIMNOTIZ",
    "GEHEIMGRUND",
    "GEHEIMFENSTER",
    "GEHEIMWUNSCH",
    "GEHEIMLEISTUNG",
    "GEHEIMPERSON",
    "GEHEIMDATUM",
    "GEHEIMZEIT",
    // In the envelope.
    "TRANSKRIPT",
    "WORTZEIT",
    "ZUSAMMENFASSUNG",
    "AUFNAHME",
    "ZUGANGSTOKEN",
    "VARIABLE_X",
    "WERKZEUGARG",
    "SIPKOPF",
    // In what is no call.
    "KAPUTTER_KOERPER",
    "FREMDE_FUNKTION_GEHEIM",
    "FREMDES_EREIGNIS_GEHEIM",
];

fn assert_clean(what: &str, text: &str) {
    for canary in CANARIES {
        if let Some(at) = text.find(canary) {
            let from = text[..at].rfind('\n').map_or(0, |line| line + 1);
            let line = text[from..].lines().next().unwrap_or_default();
            panic!("{canary} in {what}: {line}");
        }
    }
}

fn spoken_envelope() -> Value {
    json!({
        "transcript": "User: TRANSKRIPT", "access_token": "ZUGANGSTOKEN", "recording_url": "https://example.org/AUFNAHME",
        "transcript_object": [{"role": "user", "content": "TRANSKRIPT", "words": [{"word": "WORTZEIT"}]}],
        "call_analysis": {"call_summary": "ZUSAMMENFASSUNG", "call_successful": true},
        "retell_llm_dynamic_variables": {"x": "VARIABLE_X"}, "custom_sip_headers": {"x": "SIPKOPF"},
        "transcript_with_tool_calls": [{"role": "user", "content": "TRANSKRIPT"},
            {"role": "tool_call_invocation", "tool_call_id": "t", "name": "book_appointment", "arguments": "WERKZEUGARG"}],
    })
}

/// Conversations of every kind, good and bad. Answers that tell of trouble come back to be looked at.
async fn play(world: &World) -> Vec<String> {
    let mut trouble = Vec::new();
    for from in ["+491713920017", "+491515550177", "anonymous", "0151 5550177"] {
        let caller = world.caller(from);
        let mut call = caller.call_object();
        call.as_object_mut().unwrap().extend(spoken_envelope().as_object().unwrap().clone());
        for (function, args) in [
            ("start_call", json!({})),
            (
                "check_availability",
                json!({"service_name": "GEHEIMLEISTUNG", "date": "GEHEIMDATUM", "time": "GEHEIMZEIT", "staff_name": "GEHEIMPERSON"}),
            ),
            ("check_availability", json!({"service_name": "Damenhaarschnitt", "date": "2026-12-09", "time": "10:00"})),
            (
                "book_appointment",
                json!({"service_name": "Damenhaarschnitt", "date": "2026-12-09", "time": "10:00", "customer_name": "Ida Kanarienberg",
                "customer_email": "kanarienberg@example.org", "notes": "GEHEIMNOTIZ"}),
            ),
            (
                "book_appointment",
                json!({"service_name": "Damenhaarschnitt", "date": "2026-12-06", "time": "10:00", "customer_name": "Rolf Zeisigmann"}),
            ),
            ("update_customer_email", json!({"customer_email": "spatz@example.org"})),
            ("update_customer_email", json!({"customer_email": "kanari@"})),
            ("list_appointments", json!({"customer_name": "Paul Girlitz"})),
            (
                "reschedule_appointment",
                json!({"customer_name": "Ida Kanarienberg", "new_date": "2026-12-10", "new_time": "11:00"}),
            ),
            (
                "cancel_appointment",
                json!({"customer_name": "Ida Kanarienberg", "date": "2026-12-10", "reason": "GEHEIMGRUND"}),
            ),
            (
                "request_callback",
                json!({"customer_name": "Ida Kanarienberg", "phone": "0151 5550177", "reason": "GEHEIMGRUND", "window": "GEHEIMFENSTER"}),
            ),
            ("find_alternatives", json!({"service_name": "Damenhaarschnitt", "date": "GEHEIMWUNSCH"})),
        ] {
            let body = json!({"name": function, "args": args, "call": call}).to_string().into_bytes();
            let heard = caller.sends(function, body).await;
            assert_eq!(heard.http, 200, "{function}");
            if heard.status() == "error" {
                trouble.push(heard.json.to_string());
            }
        }
        for event in ["call_started", "transcript_updated", "call_ended", "call_analyzed", "FREMDES_EREIGNIS_GEHEIM"] {
            caller.tells(event, spoken_envelope()).await;
        }
    }
    trouble
}

/// What is no call, or not for us.
async fn knock(world: &World) -> Vec<String> {
    let key = "key_frontdesk_fixture_4c1b7e90d2a8";
    let functions = "/v1/retell/ep_5Jq0demo/functions";
    let ringing = json!({"event": "call_inbound", "call_inbound": {"from_number": "+491713920017", "to_number": "+493023125101"}});
    assert_eq!(
        world.post_signed("/v1/retell/ep_5Jq0demo/inbound", ringing.to_string().into_bytes(), key).await.http,
        200
    );
    let caller = world.caller("+491515550177");
    let unknown = caller.body("FREMDE_FUNKTION_GEHEIM", &json!({"customer_name": "Ida Kanarienberg"}));
    let mut mismatched = caller.body("book_appointment", &json!({"customer_name": "Ida Kanarienberg"}));
    let mut wrong_line = caller.call_object();
    wrong_line["to_number"] = json!("+491515550177");
    wrong_line["agent_id"] = json!("GEHEIMPERSON");
    let wrong_line = json!({"name": "start_call", "args": {}, "call": wrong_line}).to_string().into_bytes();
    let broken = br#"{"name":"book_appointment","args":{"customer_name":"KAPUTTER_KOERPER Kanarienberg"#.to_vec();
    let mut answers = vec![
        world.post_signed(functions, broken.clone(), key).await,
        world.post_signed(functions, b"KAPUTTER_KOERPER".to_vec(), key).await,
        world.post_signed("/v1/retell/ep_5Jq0demo/events", br#"{"event":["KAPUTTER_KOERPER"]}"#.to_vec(), key).await,
        world.post_signed("/v1/retell/ep_5Jq0demo/functions/opening_hours", mismatched.clone(), key).await,
        world.post_signed(functions, wrong_line, key).await,
        world.post_signed(functions, mismatched.clone(), "wrong key ZUGANGSTOKEN").await,
        world.post(functions, mismatched.clone(), &[("x-retell-signature", "v=1,d=KAPUTTER_KOERPER")]).await,
        world.post("/v1/retell/ep_Kanarienberg/functions", mismatched.clone(), &[]).await,
        world.post("/v1/Kanarienberg/GEHEIMWUNSCH?name=Zeisigmann", mismatched.clone(), &[]).await,
        world.get("/Kanarienberg?token=ZUGANGSTOKEN").await,
    ];
    let heard = world.post_signed(functions, unknown, key).await;
    assert_eq!(heard.code(), "unknown_function");
    answers.push(heard);
    mismatched.truncate(mismatched.len() / 2);
    answers.push(world.post_signed(functions, mismatched, key).await);
    answers.into_iter().map(|heard| String::from_utf8_lossy(&heard.bytes).into_owned()).collect()
}

#[test]
fn no_canary_sings_in_logs_metrics_or_answers_about_trouble() {
    let kept = Kept::default();
    // One thread, and a store that works on it: every line comes to this writer.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ears = kept.listen();
    let (answers, metrics) = runtime.block_on(async {
        let texts = [example("salon-morgenrot"), example("barbier-am-hafen")];
        let world = World::of_texts(&texts.each_ref().map(String::as_str), TUESDAY_MORNING).await;
        let mut answers = play(&world).await;
        answers.extend(knock(&world).await);
        world.settle().await;
        (answers, world.app.metrics.text())
    });
    drop(ears);
    let logs = kept.text();
    assert!(logs.lines().filter(|line| line.contains("answered")).count() >= 40, "the log was listened to: {logs}");
    for level in ["INFO", "WARN"] {
        assert!(logs.contains(level), "no line of {level}");
    }
    let unknown_function_is_named = logs.contains("FREMDE_FUNKTION_GEHEIM");
    assert!(unknown_function_is_named, "a wrong tool's name is for the operator, and nobody's secret");
    assert_clean("the log", &logs.replace("FREMDE_FUNKTION_GEHEIM", "(the tool)"));
    assert_clean("the metrics", &metrics);
    assert!(metrics.contains("frontdesk_answers_total"));
    for answer in answers {
        assert_clean("an answer", &answer);
    }
}

#[test]
fn when_the_database_fails_neither_log_nor_answer_says_with_what() {
    let kept = Kept::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ears = kept.listen();
    let answers = runtime.block_on(async {
        let world = World::fresh().await;
        for table in ["customer", "call_event", "callback", "idempotency"] {
            world.break_database(&format!(
                "CREATE TRIGGER broken_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"
            ));
        }
        let caller = world.caller("+491515550177");
        let mut answers = Vec::new();
        for (function, args) in [
            ("book_appointment", json!({"service_name": "Damenhaarschnitt", "date": "2026-12-09", "time": "10:00", "customer_name": "Ida Kanarienberg",
                "customer_email": "kanarienberg@example.org", "notes": "GEHEIMNOTIZ"})),
            ("request_callback", json!({"customer_name": "Ida Kanarienberg", "reason": "GEHEIMGRUND"})),
            ("list_appointments", json!({"customer_name": "Ida Kanarienberg"})),
        ] {
            let heard = caller.asks(function, args).await;
            assert_eq!((heard.http, heard.status()), (200, "error"), "{function}: {}", heard.json);
            answers.push(heard.json.to_string());
        }
        caller.hangs_up().await;
        answers
    });
    drop(ears);
    let logs = kept.text();
    assert!(logs.contains("ERROR"), "{logs}");
    assert_clean("the log", &logs);
    for answer in answers {
        assert_clean("an answer", &answer);
    }
}
