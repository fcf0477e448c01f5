//! Nothing personal and nothing secret in logs at their loudest or in metrics, whatever the calendar does.

use std::io;
use std::sync::{Arc, Mutex};

use frontdesk_testkit::World;
use serde_json::json;
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use crate::salon::{
    BOTH, EMMA, EVENTS, Mode, books_on_the_web, cancels_on_the_web, fake, fault, minutes, moves_on_the_web, ours,
    salon, seconds, somebody_books, thursday,
};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    /// Hears everything this thread logs, until dropped. The second pair of ears keeps other tests' deaf threads from
    /// switching a line off for all.
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

/// Said by callers, written by visitors, or known to us and the calendar alone.
const CANARIES: [&str; 26] = [
    "Kanarienberg",
    "Zeisigmann",
    "1515550177",
    "0151 5550177",
    "kanarienberg@",
    "spatz@",
    "kanari@example",
    "GEHEIMNOTIZ",
    "GEHEIMGRUND",
    "Web Besuch",
    "web@besuch",
    "WEBGRUND",
    "WEBNOTIZ",
    // Keys and what opens doors.
    "cal_demo_emma",
    "whk_frontdesk_fixture",
    "key_frontdesk_fixture",
    "5e82c04f17b3",
    "ep_7Cc1demo",
    "x-cal-signature",
    "X-Cal-Signature",
    "Bearer",
    // Of the calendar's people and letters.
    "emma@salon",
    "sms.cal.com",
    "frontdesk_mac",
    "frontdesk.invalid",
    "iCalUID",
];

const FAULTS: [&str; 11] = [
    "lost-answer,times=2",
    "late-effect=1.6,times=2",
    "hang=19,times=2",
    "error-before=500,times=4",
    "error-after=502,times=2",
    "too-many,times=1",
    "key-revoked,times=2",
    "webhook-double,times=5",
    "webhook-delay=70,times=5",
    "error-before=400,times=3",
    "error-before=422,times=3",
];

/// A call that does everything, and others who use the calendar meanwhile.
async fn a_day(world: &World, number: &str, hour: usize) {
    let caller = world.calcom_caller(number);
    let day = "2026-12-03";
    let time = format!("{hour}:00");
    for (function, args) in [
        ("check_availability", json!({"service_name": "Damenhaarschnitt", "date": day, "time": time})),
        (
            "book_appointment",
            json!({"service_name": "Damenhaarschnitt", "date": day, "time": time, "customer_name": "Ida Kanarienberg",
                "customer_email": "kanarienberg@example.org", "notes": "GEHEIMNOTIZ"}),
        ),
        ("update_customer_email", json!({"customer_email": "spatz@example.org"})),
        (
            "reschedule_appointment",
            json!({"customer_name": "Ida Kanarienberg", "new_date": "2026-12-04", "new_time": time}),
        ),
        (
            "book_appointment",
            json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-07", "time": time,
                "customer_name": "Rolf Zeisigmann", "customer_email": "kanari@example.org"}),
        ),
        ("cancel_appointment", json!({"customer_name": "Ida Kanarienberg", "reason": "GEHEIMGRUND"})),
    ] {
        assert_eq!(caller.asks(function, args).await.http, 200);
        seconds(world, 1).await;
    }
    caller.hangs_up().await;
}

/// The names the calendar gave its bookings: whoever knows one can cancel it.
fn uids(world: &World) -> Vec<String> {
    fake(world).ledger().into_iter().flat_map(|booking| [booking.uid, booking.ics_uid]).collect()
}

async fn everything(mode: Mode) -> (Vec<String>, String) {
    let world = salon(mode).await;
    for (place, rule) in FAULTS.into_iter().enumerate() {
        fault(&world, rule);
        a_day(&world, if place % 2 == 0 { "+491515550177" } else { "0151 5550177" }, 9 + place % 9).await;
        fake(&world).clear_faults();
        minutes(&world, 3).await;
    }
    let uid = books_on_the_web(&world, EMMA, "2026-12-10T09:00:00Z".parse().unwrap()).await;
    let uid = moves_on_the_web(&world, &uid, "2026-12-10T12:00:00Z".parse().unwrap()).await;
    seconds(&world, 5).await;
    cancels_on_the_web(&world, &uid).await;
    let tampered = json!({"triggerEvent": "BOOKING_CREATED", "payload": {"uid": uid, "attendees": ["Ida Kanarienberg"],
        "additionalNotes": "WEBNOTIZ", "cancellationReason": "WEBGRUND"}});
    let body = serde_json::to_vec(&tampered).unwrap();
    let right = frontdesk_fake_calcom::sign(crate::salon::SECRET, &body);
    for signature in ["no-secret-provided", "whk_frontdesk_fixture_7d20e1", right.as_str()] {
        world.post(EVENTS, body.clone(), &[("x-cal-signature-256", signature)]).await;
    }
    let broken = b"{\"triggerEvent\": \"Ida Kanarienberg".to_vec();
    let right = frontdesk_fake_calcom::sign(crate::salon::SECRET, &broken);
    world.post(EVENTS, broken, &[("x-cal-signature-256", right.as_str())]).await;
    // Ours and theirs overlapping, a forged mark, a mark without a row.
    a_day(&world, "+491515550177", 18).await;
    somebody_books(&world, EMMA, thursday("18:00"));
    if let Some(own) = ours(&world).first() {
        somebody_books(&world, EMMA, own.start);
    }
    crate::salon::change(&world, "DELETE FROM remote WHERE part = 1").await;
    minutes(&world, 10).await;
    world.calcom().refuse_connections(true);
    a_day(&world, "+491515550177", 11).await;
    minutes(&world, 10).await;
    (uids(&world), world.app.metrics.text())
}

#[test]
fn no_canary_sings_in_the_calendars_logs_and_metrics() {
    for mode in BOTH {
        let kept = Kept::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let ears = kept.listen();
        let (uids, metrics) = runtime.block_on(everything(mode));
        drop(ears);
        let logs = kept.text();
        assert!(logs.contains("calendar did not do it") && logs.contains("WARN"), "the log was listened to: {logs}");
        assert!(uids.len() > 20);
        let secrets = CANARIES.into_iter().chain(uids.iter().map(String::as_str));
        for secret in secrets {
            for (what, text) in [("the log", &logs), ("the metrics", &metrics)] {
                let line = text.lines().find(|line| line.contains(secret));
                assert_eq!(line, None, "{secret} in {what}, {mode:?}");
            }
        }
    }
}
