//! Whatever comes over the wire: nothing panics, and nothing that is no success is taken for one.

use frontdesk_connect::calendar::calcom::classify::{self, Endpoint};
use frontdesk_connect::calendar::calcom::webhook;
use frontdesk_connect::guard::base_url;
use frontdesk_domain::calendar::{Refusal, Told};
use proptest::prelude::*;
use serde_json::json;

use crate::kit::answer;

proptest! {
    #[test]
    fn only_a_success_is_done_and_only_cal_coms_own_words_are_a_refusal(status in 0_u16..1000, body in ".{0,200}") {
        for endpoint in [Endpoint::Create, Endpoint::Move, Endpoint::Cancel] {
            match classify::told(endpoint, answer(status, &body), |_| Some(())) {
                Told::Done(()) => prop_assert!((200..300).contains(&status)),
                Told::Refused(refusal) => prop_assert_eq!((refusal, matches!(status, 401 | 403)), (Refusal::KeyRefused, true)),
                Told::Unsent(_) => prop_assert!(false, "it was sent"),
                Told::Unknown(_) => prop_assert!(!(200..300).contains(&status)),
            }
        }
    }

    #[test]
    fn a_complaint_of_any_words_is_told_without_a_letter_that_no_field_has(message in ".{0,200}") {
        let body = json!({"statusCode": 400, "message": message}).to_string();
        let told: Told<()> = classify::failed(Endpoint::Create, 400, body.as_bytes());
        if let Told::Refused(Refusal::Invalid(what)) = told {
            prop_assert!(what.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+, ".contains(&byte)), "{}", what);
        }
    }

    #[test]
    fn a_webhook_of_any_bytes_is_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200), header in ".{0,80}") {
        let _ = webhook::decode(&body);
        prop_assert!(webhook::verify(Some(&header), &body, &["secret".to_owned().into()]).is_err());
    }

    #[test]
    fn an_address_that_is_let_through_is_what_was_written(host in "[a-zA-Z0-9.:@#?%/\\\\\\[\\]-]{1,40}") {
        let text = format!("https://{host}");
        if let Ok(base) = base_url(&text, false) {
            prop_assert_eq!(base.as_str(), text.trim_end_matches('/'));
        }
    }
}
