//! PagerDuty, by its Events API v2: what is wrong triggers, what is right again resolves.

use frontdesk_domain::alarm::News;
use frontdesk_domain::ports::{Alarm, Telling};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{WITHIN, heard};
use crate::guard::Reach;
use crate::http::{Client, Method, Request};

/// The longest summary it takes, in bytes.
const SUMMARY_BYTES: usize = 1024;

/// Tells a PagerDuty service.
#[derive(Clone, Debug)]
pub struct PagerDuty {
    http: Client,
    url: String,
    routing_key: SecretString,
}

impl PagerDuty {
    /// `url`: where events go; `routing_key`: the service's integration key.
    pub fn new(http: Client, url: String, routing_key: SecretString) -> Self {
        Self { http, url, routing_key }
    }

    fn event(&self, news: &News) -> Value {
        let mut event = json!({
            "routing_key": self.routing_key.expose_secret(),
            "event_action": if news.over { "resolve" } else { "trigger" },
            "dedup_key": news.thread,
        });
        if !news.over
            && let Some(fields) = event.as_object_mut()
        {
            let mut summary = news.summary();
            summary.truncate(summary.floor_char_boundary(SUMMARY_BYTES));
            fields.insert("client".to_owned(), json!("Frontdesk"));
            fields.insert(
                "payload".to_owned(),
                json!({
                    "summary": summary,
                    "source": news.tenant,
                    "severity": if news.kind.is_critical() { "critical" } else { "warning" },
                    "timestamp": news.since.to_string(),
                    "class": news.kind.as_str(),
                    "component": "calendar",
                    "custom_details": { "subject": news.subject, "next_step": news.next_step },
                }),
            );
        }
        event
    }
}

impl Alarm for PagerDuty {
    fn name(&self) -> &'static str {
        "pagerduty"
    }

    fn tell<'a>(&'a self, news: &'a News) -> Telling<'a> {
        Box::pin(async move {
            let body = Some(self.event(news).to_string().into_bytes());
            let (url, headers) = (self.url.clone(), Vec::new());
            let request = Request { method: Method::Post, url, headers, body, reach: Reach::Private };
            heard(self.http.send(request, WITHIN).await)
        })
    }
}
