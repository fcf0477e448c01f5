//! `[alarm]`: who hears of what is wrong.

use frontdesk_connect::alarm::{Email, Mailbox, WebhookSecret};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};

use super::layers::Layers;
use super::{needed, public_url};

/// The shortest time that makes sense: a calendar may take as long to settle.
const AT_LEAST: SignedDuration = SignedDuration::from_secs(60);

/// Who hears of what is wrong, beside the log.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// An appointment that is not in its calendar for so long is an alarm.
    pub unsynced_after: SignedDuration,
    /// An address that is called, and what signs the calls.
    pub webhook: Option<(String, WebhookSecret)>,
    /// Where PagerDuty takes events, and a service's key.
    pub pagerduty: Option<(String, SecretString)>,
    /// A mail server with whom mails come from and go to.
    pub email: Option<Email>,
}

/// The section as it is set. `None` only where a problem was reported.
pub(super) fn checked(layers: &mut Layers) -> Option<Alarm> {
    let unsynced_after = needed(layers, "alarm.unsynced_after", duration);
    let webhook = webhook(layers);
    let pagerduty_url = needed(layers, "alarm.pagerduty_url", public_url);
    let pagerduty_key = layers.secret("alarm.pagerduty_key");
    let email = email(layers);
    let pagerduty = pagerduty_key.and_then(|key| Some((pagerduty_url?, key)));
    Some(Alarm { unsynced_after: unsynced_after?, webhook, pagerduty, email })
}

fn duration(text: &str) -> Result<SignedDuration, String> {
    match text.parse::<SignedDuration>() {
        Ok(time) if time >= AT_LEAST => Ok(time),
        Ok(_) => Err("is shorter than a minute; calendars need as long to settle".to_owned()),
        Err(_) => Err(format!("is \"{text}\", which is no time; write it like \"5m\" or \"90s\"")),
    }
}

fn webhook(layers: &mut Layers) -> Option<(String, WebhookSecret)> {
    let url = layers.read("alarm.webhook_url", public_url);
    let secret = layers.secret("alarm.webhook_secret");
    match (url, secret) {
        (Some(url), Some(secret)) => {
            let read = WebhookSecret::parse(secret.expose_secret());
            if read.is_none() {
                let name = place_of(layers, "alarm.webhook_secret");
                layers.wrong(&name, "is no secret; make one: echo \"whsec_$(openssl rand -base64 32)\"");
            }
            Some((url, read?))
        }
        (Some(_), None) => {
            layers.wrong("alarm.webhook_url", "needs a webhook_secret, so that the receiver knows who calls");
            None
        }
        (None, _) => None,
    }
}

fn email(layers: &mut Layers) -> Option<Email> {
    let server = layers.text("alarm.email_server").map(str::to_owned);
    let user = layers.text("alarm.email_user").map(str::to_owned);
    let password = layers.secret("alarm.email_password");
    let from = layers.read("alarm.email_from", mailbox);
    let to = layers.read("alarm.email_to", |text| text.split(',').map(|one| mailbox(one.trim())).collect());
    let server = server?;
    let login = match (user, password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        _ => {
            layers.wrong("alarm.email_user", "and email_password belong together; give both or none");
            None
        }
    };
    let to: Option<Vec<Mailbox>> = to;
    let (Some(from), Some(to)) = (from, to) else {
        layers.wrong("alarm.email_server", "needs email_from and email_to, too");
        return None;
    };
    match Email::new(&server, login, from, to) {
        Ok(email) => Some(email),
        Err(why) => {
            layers.wrong("alarm.email_server", format!("cannot be used: {why}"));
            None
        }
    }
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    Mailbox::parse(text).ok_or_else(|| "has no e-mail address in it; write it like \"alarms@example.org\"".to_owned())
}

/// The key a secret was given by.
fn place_of(layers: &Layers, name: &str) -> String {
    if layers.text(name).is_some() { name.to_owned() } else { format!("{name}_file") }
}
