//! Mail, by a mail server that takes it with TLS.

use std::fmt;

use frontdesk_domain::alarm::{News, NotTold};
use frontdesk_domain::ports::{Alarm, Telling};
use lettre::message::{Mailbox as Address, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};

use super::WITHIN;

/// One address of the owner's, as `alarms@example.org` or `Frontdesk <alarms@example.org>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox(Address);

impl Mailbox {
    /// Reads an address; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(•••)")
    }
}

/// Writes a mail for each alarm.
#[derive(Clone)]
pub struct Email {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email")
    }
}

impl Email {
    /// Sends by `server`: `smtps://host` (TLS from the first byte, port 465) or `smtp://host` (STARTTLS, never without,
    /// port 587), each with another port if it has one.
    ///
    /// # Errors
    /// Why that server cannot be used, for a person.
    pub fn new(
        server: &str,
        login: Option<(String, SecretString)>,
        from: Mailbox,
        to: Vec<Mailbox>,
    ) -> Result<Self, String> {
        let (wrapped, place) = match (server.strip_prefix("smtps://"), server.strip_prefix("smtp://")) {
            (Some(place), _) => (true, place),
            (_, Some(place)) => (false, place),
            _ => return Err("write it like \"smtps://mail.example.org\" or \"smtp://mail.example.org:587\"".to_owned()),
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| format!("{port:?} is no port"))?)),
            None => (place, None),
        };
        if host.is_empty() || host.contains(['/', '@', '?', ' ']) {
            return Err("only a host and a port belong into it; the login has keys of its own".to_owned());
        }
        let builder = if wrapped {
            AsyncSmtpTransport::<Tokio1Executor>::relay(host)
        } else {
            AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)
        };
        let mut builder =
            builder.map_err(|error| format!("TLS cannot be set up for it ({error})"))?.timeout(Some(WITHIN));
        if let Some(port) = port {
            builder = builder.port(port);
        }
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password.expose_secret().to_owned()));
        }
        Ok(Self { transport: builder.build(), from, to })
    }

    fn message(&self, news: &News) -> Result<Message, lettre::error::Error> {
        let state = if news.over { "over" } else { "alarm" };
        let mut builder = Message::builder()
            .from(self.from.0.clone())
            .message_id(Some(format!("<{}@frontdesk.invalid>", news.id)))
            .subject(format!("[Frontdesk {state}] {}", news.summary()))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            builder = builder.to(to.0.clone());
        }
        builder.body(text(news))
    }
}

fn text(news: &News) -> String {
    let News { tenant, subject, message, next_step, since, .. } = news;
    let kind = news.kind.as_str();
    if news.over {
        return format!("{kind} of {tenant} ({subject}) is over. It began at {since}.\n");
    }
    format!("{message}\n\nWhat to do: {next_step}\n\ntenant {tenant}, {kind}, {subject}, since {since}\n")
}

impl Alarm for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn tell<'a>(&'a self, news: &'a News) -> Telling<'a> {
        Box::pin(async move {
            let message = self.message(news).map_err(|error| NotTold::SetUp(error.to_string()))?;
            match self.transport.send(message).await {
                Ok(answer) if answer.is_positive() => Ok(()),
                Ok(answer) => Err(NotTold::Refused(format!("code {}", answer.code()))),
                Err(error) if error.is_permanent() || error.is_transient() => {
                    let code = error.status().map_or_else(String::new, |code| format!("code {code}"));
                    Err(NotTold::Refused(code))
                }
                Err(error) if error.is_client() || error.is_tls() => Err(NotTold::SetUp(error.to_string())),
                Err(_) => Err(NotTold::Unreachable),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use frontdesk_domain::alarm::Kind;

    use super::*;

    fn email(server: &str) -> Result<Email, String> {
        let address = || Mailbox::parse("Frontdesk <alarms@example.org>").unwrap();
        Email::new(server, Some(("alarms".to_owned(), "geheim".to_owned().into())), address(), vec![address()])
    }

    #[test]
    fn servers_are_read_and_none_is_used_without_tls() {
        for server in ["smtps://mail.example.org", "smtp://mail.example.org:2525"] {
            assert!(email(server).is_ok(), "{server}");
        }
        for server in ["mail.example.org", "http://mail.example.org", "smtp://me@mail.example.org", "smtp://a:b"] {
            assert!(email(server).is_err(), "{server}");
        }
    }

    #[test]
    fn a_mail_says_what_is_wrong_and_what_to_do_and_its_end_says_so() {
        let news = News {
            id: "alarm_1".to_owned(),
            thread: "alarm_0".to_owned(),
            over: false,
            kind: Kind::KeyRefused,
            tenant: "salon".to_owned(),
            subject: "calendar".to_owned(),
            message: "the calendar does not take its key".to_owned(),
            next_step: "make a new one".to_owned(),
            since: jiff::Timestamp::UNIX_EPOCH,
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let mail = email("smtps://mail.example.org").unwrap();
        let text = String::from_utf8(mail.message(&news).unwrap().formatted()).unwrap();
        assert!(text.contains("Subject: [Frontdesk alarm] salon: the calendar does not take its key"), "{text}");
        assert!(text.contains("What to do: make a new one"), "{text}");
        let over = String::from_utf8(mail.message(&News { over: true, ..news }).unwrap().formatted()).unwrap();
        assert!(over.contains("key_refused is over"), "{over}");
    }
}
