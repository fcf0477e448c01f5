//! The same client over real sockets on this machine: deadlines, and doors that stay shut.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_connect::calendar::{OpenError, open};
use frontdesk_connect::guard::{BadUrl, Reach};
use frontdesk_connect::http::{Client, HttpError, Method, Request};
use frontdesk_domain::calendar::{Doubt, RemoteUid, Told, Unsent};
use frontdesk_domain::ports::Calendar;

use crate::kit::{booking, hold, link};

fn at(address: &str) -> Arc<dyn Calendar> {
    let client = Client::new().unwrap();
    open(&link(&format!("http://{address}"), true), "cal_secret".to_owned().into(), &client).unwrap()
}

#[tokio::test]
async fn a_server_that_never_answers_is_told_as_timed_out_when_the_time_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let calendar = at(&listener.local_addr().unwrap().to_string());
    let told = calendar.create(&hold(), &booking(), Duration::from_millis(40)).await;
    assert_eq!(told, Told::Unknown(Doubt::TimedOut));
    drop(listener);
    let told = calendar.create(&hold(), &booking(), Duration::from_secs(1)).await;
    assert_eq!(told, Told::Unsent(Unsent::NoConnection));
}

#[tokio::test]
async fn a_server_that_hangs_up_after_reading_leaves_it_open_what_happened() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let calendar = at(&listener.local_addr().unwrap().to_string());
    let hangs_up = std::thread::spawn(move || {
        let (stream, _): (TcpStream, _) = listener.accept().unwrap();
        let mut byte = [0];
        std::io::Read::read_exact(&mut &stream, &mut byte).unwrap();
    });
    let told = calendar.create(&hold(), &booking(), Duration::from_secs(1)).await;
    assert_eq!(told, Told::Unknown(Doubt::Lost));
    hangs_up.join().unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let calendar = at(&listener.local_addr().unwrap().to_string());
    let redirects = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut start = [0; 4];
        std::io::Read::read_exact(&mut stream, &mut start).unwrap();
        let location = "http://169.254.169.254/latest/meta-data/";
        write!(stream, "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
    });
    assert_eq!(calendar.get(&RemoteUid::new("abc")).await, Told::Unknown(Doubt::Unreadable));
    redirects.join().unwrap();
}

#[tokio::test]
async fn a_name_that_leads_inwards_is_not_gone_to_even_where_the_address_was_let_through() {
    // Somebody listens: only the refusal to resolve keeps the client away.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = Client::new().unwrap();
    let ask = |url: String, reach| {
        client
            .send(Request { method: Method::Get, url, headers: vec![], body: None, reach }, Duration::from_millis(200))
    };
    for host in ["localhost", "127.0.0.1", "[::1]", "2130706433", "169.254.169.254"] {
        let sent = ask(format!("https://{host}:{port}/"), Reach::Public).await;
        assert_eq!(sent, Err(HttpError::NotSent), "{host}");
    }
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody came");
    let sent = ask(format!("http://localhost:{port}/"), Reach::Private).await;
    assert_eq!(sent, Err(HttpError::TimedOut), "the same name is gone to where that is meant");
    let sent = ask("http://1.1.1.1/".to_owned(), Reach::Public).await;
    assert_eq!(sent, Err(HttpError::NotSent), "unencrypted");
    let sent = ask("http://169.254.169.254/".to_owned(), Reach::Private).await;
    assert_eq!(sent, Err(HttpError::NotSent), "never");
}

#[test]
fn a_calendar_is_not_opened_with_an_inner_address_or_without_a_key_and_says_what_to_do() {
    let client = Client::new().unwrap();
    let opened = |url: &str, key: &str| open(&link(url, false), key.to_owned().into(), &client).map(|_| ());
    assert_eq!(opened("https://api.cal.com", "cal_x"), Ok(()));
    assert_eq!(opened("https://10.0.0.1", "cal_x"), Err(OpenError::Address(BadUrl::Inner)));
    for key in ["", "a b", "a\r\nx: y", "ä"] {
        assert_eq!(opened("https://api.cal.com", key), Err(OpenError::Key), "{key:?}");
    }
    let said = OpenError::Address(BadUrl::Inner).to_string();
    assert!(said.contains("private = true"), "{said}");
}
