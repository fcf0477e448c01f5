//! Who hears of alarms: one file each, behind the one trait [`frontdesk_domain::ports::Alarm`].

mod email;
mod log;
mod pagerduty;
mod webhook;

pub use email::{Email, Mailbox};
pub use log::Log;
pub use pagerduty::PagerDuty;
pub use webhook::{Webhook, WebhookSecret};

use std::time::Duration;

use frontdesk_domain::alarm::NotTold;

use crate::http::{Answer, HttpError};

/// An alarm is told within this time, or tried again.
const WITHIN: Duration = Duration::from_secs(5);

/// Any 2xx is a yes; of anything else only the status is told, since what comes with it may hold anything.
fn heard(answer: Result<Answer, HttpError>) -> Result<(), NotTold> {
    match answer {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
        Ok(answer) => Err(NotTold::Refused(format!("status {}", answer.status))),
        Err(_) => Err(NotTold::Unreachable),
    }
}
