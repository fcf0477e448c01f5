//! The fake Cal.com on virtual time: the product's real client goes straight into it. What is slow sleeps, what is
//! abandoned goes on, and webhooks arrive before the answer, as with a real one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_connect::http::{self, Client, HttpError};
use frontdesk_domain::ports::Clock;
use frontdesk_fake_calcom::{Answer, Delivery, FakeCalcom, Operation, Request};

/// Takes a webhook to its subscriber.
pub type Deliver = Arc<dyn Fn(Delivery) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What a client gets to see instead of an answer that was on its way to it.
pub type Tamper = Arc<dyn Fn(Operation, http::Answer) -> Result<http::Answer, HttpError> + Send + Sync>;

/// How long a request is on its way before it arrives.
pub type Delay = Arc<dyn Fn(&http::Request) -> Duration + Send + Sync>;

/// The fake with what was asked of it.
pub struct Calcom {
    /// The fake itself: its faults, its ledger.
    pub fake: Arc<FakeCalcom>,
    clock: Arc<dyn Clock>,
    asked: Arc<Mutex<Vec<(Operation, jiff::Timestamp)>>>,
    deliver: Arc<Mutex<Option<Deliver>>>,
    tamper: Arc<Mutex<Option<Tamper>>>,
    delay: Arc<Mutex<Option<Delay>>>,
    unreachable: Arc<AtomicBool>,
}

impl std::fmt::Debug for Calcom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Calcom")
    }
}

impl Calcom {
    /// A fake that lives by this clock.
    pub fn new(fake: FakeCalcom, clock: Arc<dyn Clock>) -> Self {
        Self {
            fake: Arc::new(fake),
            clock,
            asked: Arc::default(),
            deliver: Arc::default(),
            tamper: Arc::default(),
            delay: Arc::default(),
            unreachable: Arc::default(),
        }
    }

    /// From now on webhooks are delivered like this.
    pub fn deliver_with(&self, deliver: Deliver) {
        *self.deliver.lock().unwrap() = Some(deliver);
    }

    /// From now on answers are changed like this on their way; `None`: no more.
    pub fn tamper_with(&self, tamper: Option<Tamper>) {
        *self.tamper.lock().unwrap() = tamper;
    }

    /// From now on requests take so long to arrive; `None`: no time at all.
    pub fn delay_with(&self, delay: Option<Delay>) {
        *self.delay.lock().unwrap() = delay;
    }

    /// Whether connections are refused: nothing that is asked then leaves the client.
    pub fn refuse_connections(&self, refused: bool) {
        self.unreachable.store(refused, Ordering::Relaxed);
    }

    /// What was asked so far, oldest first.
    pub fn asked(&self) -> Vec<(Operation, jiff::Timestamp)> {
        self.asked.lock().unwrap().clone()
    }

    /// How often something was asked.
    pub fn times(&self, operation: Operation) -> usize {
        self.asked.lock().unwrap().iter().filter(|(asked, _)| *asked == operation).count()
    }

    /// The client whose requests come here.
    pub fn client(&self) -> Client {
        let (fake, clock) = (Arc::clone(&self.fake), Arc::clone(&self.clock));
        let (asked, deliver) = (Arc::clone(&self.asked), Arc::clone(&self.deliver));
        let (tamper, unreachable) = (Arc::clone(&self.tamper), Arc::clone(&self.unreachable));
        let delay = Arc::clone(&self.delay);
        Client::in_process(Arc::new(move |request: http::Request, deadline: Duration| {
            let (fake, clock) = (Arc::clone(&fake), Arc::clone(&clock));
            let (asked, deliver) = (Arc::clone(&asked), Arc::clone(&deliver));
            let (tamper, refused) = (Arc::clone(&tamper), unreachable.load(Ordering::Relaxed));
            let on_its_way = delay.lock().unwrap().as_ref().map_or(Duration::ZERO, |delay| delay(&request));
            Box::pin(async move {
                if refused {
                    return Err(HttpError::NotSent);
                }
                // The server goes on whatever becomes of the client.
                let served = tokio::spawn(async move {
                    wait(on_its_way).await;
                    let arrived = arrive(&request, clock.now());
                    serve(&fake, &*clock, &asked, &deliver, arrived).await
                });
                match tokio::time::timeout(deadline, served).await {
                    Err(_late) => Err(HttpError::TimedOut),
                    Ok(Err(_panicked)) => Err(HttpError::Unclear),
                    Ok(Ok((_, answer))) if answer.fault.lose_answer => Err(HttpError::Unclear),
                    Ok(Ok((operation, Answer { status, headers, body, .. }))) => {
                        let answer = http::Answer { status, headers, body };
                        let tamper = tamper.lock().unwrap().clone();
                        tamper.map_or(Ok(answer.clone()), |tamper| tamper(operation, answer))
                    }
                }
            })
        }))
    }
}

fn arrive(request: &http::Request, now: jiff::Timestamp) -> Request {
    let rest = request.url.splitn(4, '/').nth(3).unwrap_or_default();
    let mut arrived = Request::new(request.method.as_str(), &format!("/{rest}"), now);
    for (name, value) in &request.headers {
        arrived = arrived.header(name, value);
    }
    arrived.body = request.body.clone().unwrap_or_default();
    arrived
}

async fn serve(
    fake: &FakeCalcom,
    clock: &dyn Clock,
    asked: &Mutex<Vec<(Operation, jiff::Timestamp)>>,
    deliver: &Mutex<Option<Deliver>>,
    request: Request,
) -> (Operation, Answer) {
    let pending = fake.begin(&request);
    let operation = pending.operation();
    asked.lock().unwrap().push((operation, request.now));
    let fault = pending.fault().clone();
    wait(fault.wait_before).await;
    let answer = fake.finish(pending, clock.now());
    let how = deliver.lock().unwrap().clone();
    if let Some(how) = how {
        for delivery in answer.webhooks.clone() {
            if delivery.after.is_zero() {
                how(delivery).await;
            } else {
                let how = Arc::clone(&how);
                tokio::spawn(async move {
                    tokio::time::sleep(delivery.after).await;
                    how(delivery).await;
                });
            }
        }
    }
    wait(fault.wait_after).await;
    (operation, answer)
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}
