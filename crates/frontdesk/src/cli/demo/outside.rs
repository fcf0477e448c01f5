//! The demo's Cal.com: the fake on a port of this machine. It lives in threads of its own, so that all of it can go
//! away, open connections too, and come back with everything it knew.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_connect::http::Client;
use frontdesk_domain::ports::Ctx;
use frontdesk_fake_calcom::world::Hook;
use frontdesk_fake_calcom::{Booking, FakeCalcom, Kind, Rule, World, server};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

/// What each request takes it: enough that callers wait for it, as with one far away.
const LATENCY: Duration = Duration::from_millis(120);
/// How long a request hangs: longer than anybody waits.
const HANG: Duration = Duration::from_secs(19);
/// No answer to its own people takes longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a salon registers its webhook for.
const TRIGGERS: [&str; 5] =
    ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REQUESTED", "BOOKING_REJECTED"];

/// A Cal.com that can fail.
pub(super) struct Outside {
    fake: Arc<FakeCalcom>,
    address: SocketAddr,
    ctx: Ctx,
    running: Option<Runtime>,
}

impl Outside {
    /// Starts it on any free port of this machine.
    pub(super) fn open(ctx: &Ctx) -> Result<Self, String> {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let fake = Arc::new(FakeCalcom::new(World::salon(), 1));
        let mut outside = Self { fake, address, ctx: ctx.clone(), running: None };
        outside.serve(listener)?;
        Ok(outside)
    }

    /// Where it answers.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Registers a webhook for one event type, as somebody does in its settings.
    pub(super) fn tell_of_event_type(&self, id: u64, to: &str, secret: &SecretString) -> Result<(), String> {
        self.register(&json!({ "eventTypeId": id }), to, secret)
    }

    /// Registers a webhook for everything that one person hosts.
    pub(super) fn tell_of_user(&self, id: u64, to: &str, secret: &SecretString) -> Result<(), String> {
        self.register(&json!({ "userId": id }), to, secret)
    }

    fn register(&self, of: &serde_json::Value, to: &str, secret: &SecretString) -> Result<(), String> {
        let mut hook = json!({
            "subscriberUrl": to, "active": true, "triggers": TRIGGERS, "secret": secret.expose_secret(),
        });
        if let (Some(hook), Some(of)) = (hook.as_object_mut(), of.as_object()) {
            hook.extend(of.clone());
        }
        let hook: Hook = serde_json::from_value(hook).map_err(|error| error.to_string())?;
        self.fake.add_webhook(hook, self.ctx.now());
        Ok(())
    }

    /// From now on everything has its effect, and nobody hears of it.
    pub(super) fn hangs(&self) {
        self.fake.add_fault(Rule::always(Kind::HangAfter(HANG)));
        self.fake.add_fault(Rule::always(Kind::WebhookDrop));
    }

    /// Gone: whoever connects is refused, whoever is connected is cut off.
    pub(super) async fn goes_away(&mut self) {
        self.end();
        for _ in 0..100 {
            let refused = tokio::net::TcpStream::connect(self.address).await.is_err();
            // The other side of what was cut off hears of it a moment later.
            tokio::time::sleep(Duration::from_millis(20)).await;
            if refused {
                break;
            }
        }
    }

    fn end(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown_background();
        }
    }

    /// Back at the same address, and well.
    pub(super) fn comes_back(&mut self) -> Result<(), String> {
        self.fake.clear_faults();
        self.serve(listen(self.address)?)
    }

    fn serve(&mut self, listener: TcpListener) -> Result<(), String> {
        let threads = Builder::new_multi_thread().worker_threads(1).thread_name("fake-calcom").enable_all().build();
        let threads = threads.map_err(|error| format!("this machine gives no threads: {error}"))?;
        let (fake, ctx) = (Arc::clone(&self.fake), self.ctx.clone());
        threads.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            server::serve(listener, fake, Arc::new(move || ctx.now()), LATENCY).await
        });
        self.running = Some(threads);
        Ok(())
    }

    /// Everything that takes place by its own book.
    pub(super) fn living(&self) -> Vec<Booking> {
        self.fake.ledger().into_iter().filter(|booking| booking.status.is_live()).collect()
    }

    /// Somebody of the salon cancels on its page; it asks for a reason and tells whoever registered a webhook.
    pub(super) async fn cancelled_by_hand(&self, http: &Client, key: &SecretString, uid: &str) -> Result<(), String> {
        let url = format!("{}/v2/bookings/{uid}/cancel", self.url());
        let bearer = format!("Bearer {}", key.expose_secret());
        let headers = [("authorization", bearer.as_str()), ("cal-api-version", "2024-08-13")];
        let body = json!({ "cancellationReason": "Emma ist krank" }).to_string().into_bytes();
        match http.post_json(&url, &headers, body, PATIENCE).await {
            Ok((200, _)) => Ok(()),
            Ok((status, _)) => Err(format!("cancelling in Cal.com: HTTP {status}")),
            Err(error) => Err(format!("cancelling in Cal.com: {error}")),
        }
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.end();
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    listener.map_err(|error| format!("the fake Cal.com cannot listen on {address}: {error}"))
}
