//! The log: where an alarm is always told, too.

use frontdesk_domain::alarm::News;
use frontdesk_domain::ports::{Alarm, Telling};

/// Writes each alarm as a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Log;

impl Alarm for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn tell<'a>(&'a self, news: &'a News) -> Telling<'a> {
        Box::pin(async move {
            let (alarm, tenant, subject) = (news.kind.as_str(), news.tenant.as_str(), news.subject.as_str());
            if news.over {
                tracing::info!(alarm, tenant, subject, "the alarm is over");
            } else {
                let (message, next_step) = (news.message.as_str(), news.next_step.as_str());
                tracing::warn!(alarm, tenant, subject, next_step, "{message}");
            }
            Ok(())
        })
    }
}
