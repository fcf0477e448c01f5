//! Requests as the platform sends them: the recorded function calls with another caller, wish and time, signed.

use std::net::SocketAddr;

use frontdesk_connect::voice::retell;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::http;
use super::load::Request;
use super::salon::{KEY, Salon, Wish, caller_name};

/// The functions that are measured.
pub const BOOK: &str = "book_appointment";
/// The other one.
pub const CHECK: &str = "check_availability";

/// A body is at least so long, as the platform sends them with a transcript of some minutes.
const BODY_BYTES: usize = 12_000;
/// What is filled in: call id, number, arguments.
const HOLES: [&str; 3] = ["<bench-call>", "<bench-number>", "<bench-args>"];

/// A recorded call cut where it is filled in, so that filling in costs little: texts, each with the hole behind it.
struct Template(Vec<(String, usize)>);

impl Template {
    fn of(recorded: &str, salon: &Salon) -> Result<Self, String> {
        let mut body: Value = serde_json::from_str(recorded).map_err(|error| error.to_string())?;
        let call = body.get_mut("call").ok_or("a recorded call without a call")?;
        let words = call.get("transcript_with_tool_calls").and_then(Value::as_array).cloned().unwrap_or_default();
        let filled = [("call_id", HOLES[0].into()), ("from_number", HOLES[1].into())];
        for (key, value) in
            [("to_number", salon.line().into()), ("agent_id", salon.agent().into())].into_iter().chain(filled)
        {
            set(call, key, value);
        }
        set(&mut body, "args", HOLES[2].into());
        while body.to_string().len() < BODY_BYTES {
            let list = body.pointer_mut("/call/transcript_with_tool_calls").and_then(Value::as_array_mut);
            // In front: the invocation being served stays the last.
            list.ok_or("a recorded call without a transcript")?.splice(0..0, words.iter().take(2).cloned());
        }
        // The arguments are an object, not a text.
        let text = body.to_string().replace(&format!("\"{}\"", HOLES[2]), HOLES[2]);
        Ok(Self(cut(&text)))
    }

    fn fill(&self, values: [&str; 3]) -> String {
        let mut body = String::with_capacity(BODY_BYTES + 1_000);
        for (text, hole) in &self.0 {
            body.push_str(text);
            body.push_str(values.get(*hole).copied().unwrap_or_default());
        }
        body
    }
}

/// Texts with the number of the hole behind each; behind the last there is none.
fn cut(text: &str) -> Vec<(String, usize)> {
    let holes = HOLES.iter().enumerate();
    match holes.filter_map(|(hole, name)| Some((text.find(name)?, hole, name.len()))).min() {
        None => vec![(text.to_owned(), HOLES.len())],
        Some((at, hole, length)) => {
            let mut parts = vec![(text[..at].to_owned(), hole)];
            parts.extend(cut(&text[at + length..]));
            parts
        }
    }
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// Makes the requests of one run against one salon. Runs have different names, so that no two callers are the same.
pub struct Calls {
    addr: SocketAddr,
    salon: Salon,
    run: u32,
    key: SecretString,
    book: Template,
    check: Template,
}

impl Calls {
    /// For a server at that address.
    pub fn new(addr: SocketAddr, salon: Salon, run: u32) -> Result<Self, String> {
        let book = include_str!("../../../../../contracts/retell/function-calls/book_appointment.unknown-number.json");
        let check = include_str!("../../../../../contracts/retell/function-calls/check_availability.spoken-time.json");
        Ok(Self {
            addr,
            salon,
            run,
            key: SecretString::from(KEY),
            book: Template::of(book, &salon)?,
            check: Template::of(check, &salon)?,
        })
    }

    /// The id of the n-th call of this run.
    pub fn call_id(&self, n: u64) -> String {
        format!("call_bench{:04}{n:015}", self.run)
    }

    /// By turns a question and a booking.
    pub fn mixed(&self, n: u64) -> Request {
        if n.is_multiple_of(2) {
            self.check(n, &self.salon.question(n / 2))
        } else {
            self.book(n, &self.salon.booking(n / 2))
        }
    }

    /// A signed booking.
    pub fn book(&self, n: u64, wish: &Wish) -> Request {
        let mut args = arguments(wish);
        set(&mut args, "customer_name", caller_name(n).into());
        set(&mut args, "customer_email", "h.brueckner@example.org".into());
        self.request(BOOK, &self.book, n, &args)
    }

    /// A signed question.
    pub fn check(&self, n: u64, wish: &Wish) -> Request {
        self.request(CHECK, &self.check, n, &arguments(wish))
    }

    fn request(&self, function: &'static str, template: &Template, n: u64, args: &Value) -> Request {
        let number = format!("+4915{:02}{n:08}", 10 + self.run % 80);
        let body = template.fill([&self.call_id(n), &number, &args.to_string()]);
        let signature = retell::sign(body.as_bytes(), &self.key, Timestamp::now());
        let path = format!("/v1/retell/{}/functions/{function}", self.salon.endpoint());
        let bytes = http::post(self.addr, &path, &[(retell::SIGNATURE_HEADER, &signature)], body.as_bytes());
        Request { class: function, bytes }
    }
}

fn arguments(wish: &Wish) -> Value {
    let mut args = json!({ "service_name": wish.service, "date": wish.date, "time": wish.time });
    if let Some(staff) = &wish.staff {
        set(&mut args, "staff_name", staff.as_str().into());
    }
    args
}

/// Whether an answer is what was asked for: booked, or available. Anything else is told by status and code.
pub fn expected(class: &str, body: &[u8]) -> Result<(), String> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "with no JSON".to_owned())?;
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    let right = match class {
        BOOK => answer.get("booked") == Some(&Value::Bool(true)),
        _ => text("status") == "available",
    };
    if right { Ok(()) } else { Err(format!("{class}: {} ({})", text("status"), text("code"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_template_is_a_call_the_product_reads() {
        let salon = Salon::new(7);
        let calls = Calls::new("127.0.0.1:1".parse().unwrap(), salon, 2).unwrap();
        for n in 0..4 {
            let request = calls.mixed(n);
            let (_, body) = http::split_at_blank_line(&request.bytes).unwrap();
            assert!((BODY_BYTES..2 * BODY_BYTES).contains(&body.len()), "{} bytes", body.len());
            let call = retell::decode_function_call(body, Some(request.class)).unwrap();
            assert_eq!(call.facts.call_id.unwrap().as_str(), calls.call_id(n));
            assert!(call.args.service_name.is_some());
            assert_eq!(call.args.customer_name.is_some(), request.class == BOOK);
        }
    }
}
