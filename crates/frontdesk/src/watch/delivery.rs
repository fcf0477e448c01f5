//! Telling alarms to everybody who must hear of them: each receiver once, again where it failed, ever more seldom.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use frontdesk_domain::alarm::{Kind, News, NotTold};
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::Alarm;
use frontdesk_store::alarms::{self, AlarmRow};
use frontdesk_store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// The first pause after a failure; every further one is twice as long, up to the longest.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// The longest pause.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);
/// Tellings in one look, so that a slow receiver does not delay the next one for long.
const AT_ONCE: usize = 30;

/// Who is told, and who heard what. The store knows what was told to all; who of several failed is forgotten at the end
/// of the program, and the others then hear it twice with the same id.
pub(super) struct Delivery {
    receivers: Vec<Receiver>,
    /// By the news' id: the receivers that heard it.
    heard: HashMap<String, BTreeSet<usize>>,
}

struct Receiver {
    alarm: Arc<dyn Alarm>,
    failures: u32,
    not_before: Timestamp,
}

impl Delivery {
    pub(super) fn new(receivers: Vec<Arc<dyn Alarm>>) -> Self {
        let receiver = |alarm| Receiver { alarm, failures: 0, not_before: Timestamp::MIN };
        Self { receivers: receivers.into_iter().map(receiver).collect(), heard: HashMap::new() }
    }

    /// Tells what is not told yet: what is wrong, and of what was told that it is over.
    pub(super) async fn deliver(&mut self, store: &Store, tenants: &[(&TenantId, &str)]) -> Result<(), StoreError> {
        let mut left = AT_ONCE;
        for row in store.alarms().await? {
            let over = row.cleared_ms.is_some();
            if !over && row.told_ms.is_some() {
                continue;
            }
            let now = store.ctx().now();
            let Some(news) = news(&row, tenants, now) else {
                forget(store, &row).await?;
                continue;
            };
            let wanted = self.wanted(&row, &news);
            let heard = self.heard.entry(news.id.clone()).or_default();
            let mut tried = false;
            for place in wanted.difference(&heard.clone()) {
                let Some(receiver) = self.receivers.get_mut(*place).filter(|receiver| receiver.not_before <= now)
                else {
                    continue;
                };
                if left == 0 {
                    return Ok(());
                }
                left -= 1;
                tried = true;
                if receiver.tell(&news, now).await {
                    heard.insert(*place);
                }
            }
            let everybody = wanted.is_subset(heard);
            self.write(store, &row, everybody, tried, now).await?;
        }
        Ok(())
    }

    /// Everybody must hear of what is wrong; that it is over, those who may have heard of it.
    fn wanted(&self, row: &AlarmRow, news: &News) -> BTreeSet<usize> {
        if news.over && row.told_ms.is_none() {
            return self.heard.get(&id_of(&news.thread, row.raised_ms, false)).cloned().unwrap_or_default();
        }
        (0..self.receivers.len()).collect()
    }

    async fn write(
        &mut self,
        store: &Store,
        row: &AlarmRow,
        everybody: bool,
        tried: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if row.cleared_ms.is_some() {
            if everybody {
                for over in [false, true] {
                    self.heard.remove(&id_of(&thread_of(row), row.raised_ms, over));
                }
                forget(store, row).await?;
            }
            return Ok(());
        }
        if everybody || tried {
            let (kind, subject) = (row.kind.clone(), row.subject.clone());
            let at_ms = everybody.then(|| now.as_millisecond());
            store
                .run(&row.scope, move |tx| Box::pin(async move { alarms::told(tx, &kind, &subject, at_ms).await }))
                .await?;
        }
        Ok(())
    }
}

impl Receiver {
    /// One try; a failure is logged when it begins.
    async fn tell(&mut self, news: &News, now: Timestamp) -> bool {
        let name = self.alarm.name();
        match self.alarm.tell(news).await {
            Ok(()) => {
                if self.failures > 0 {
                    tracing::info!(receiver = name, "alarms are told again");
                }
                (self.failures, self.not_before) = (0, Timestamp::MIN);
                true
            }
            Err(error) => {
                if self.failures == 0 {
                    let mend = mend(&error);
                    tracing::error!(receiver = name, %error, mend, "an alarm was not told; it is tried again");
                }
                let doubled = i32::try_from(1_u64 << self.failures.min(8)).unwrap_or(i32::MAX);
                self.not_before = now.saturating_add(PAUSE.saturating_mul(doubled).min(LONGEST)).unwrap_or(now);
                self.failures = self.failures.saturating_add(1);
                false
            }
        }
    }
}

fn mend(error: &NotTold) -> &'static str {
    match error {
        NotTold::Unreachable => "check its address in [alarm], the network and the firewall",
        NotTold::Refused(_) => "check its key, secret or login in [alarm], and the receiver's own log",
        NotTold::SetUp(_) => "correct [alarm] in the settings and start again",
    }
}

async fn forget(store: &Store, row: &AlarmRow) -> Result<(), StoreError> {
    let (kind, subject) = (row.kind.clone(), row.subject.clone());
    store.run(&row.scope, move |tx| Box::pin(async move { alarms::forget(tx, &kind, &subject).await })).await
}

/// What there is to tell; `None`: of a kind that nobody knows any more.
fn news(row: &AlarmRow, tenants: &[(&TenantId, &str)], now: Timestamp) -> Option<News> {
    let kind = Kind::parse(&row.kind)?;
    let thread = thread_of(row);
    let slug = tenants.iter().find(|(id, _)| *id == row.scope.tenant()).map(|(_, slug)| *slug);
    let tenant = slug.unwrap_or_else(|| row.scope.tenant().as_str()).to_owned();
    let over = row.cleared_ms.is_some();
    Some(News {
        id: id_of(&thread, row.raised_ms, over),
        subject: shown(&row.subject, &thread),
        thread,
        over,
        kind,
        message: row.message.clone(),
        next_step: kind.next_step(&tenant),
        tenant,
        since: Timestamp::from_millisecond(row.raised_ms).unwrap_or(now),
        now,
    })
}

/// The name of a booking in a calendar lets whoever has it change the booking, so it is never sent anywhere.
fn shown(subject: &str, thread: &str) -> String {
    if subject.starts_with("apt_") || subject == "calendar" {
        return subject.to_owned();
    }
    format!("booking {}", thread.chars().skip(thread.len().saturating_sub(8)).collect::<String>())
}

fn thread_of(row: &AlarmRow) -> String {
    hashed("alarm_", &[row.scope.tenant().as_str(), &row.kind, &row.subject])
}

fn id_of(thread: &str, raised_ms: i64, over: bool) -> String {
    hashed("news_", &[thread, &raised_ms.to_string(), if over { "over" } else { "raised" }])
}

fn hashed(prefix: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let mut text = prefix.to_owned();
    for byte in hash.finalize().iter().take(16) {
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}
