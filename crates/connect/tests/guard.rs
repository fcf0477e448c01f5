//! Which addresses a calendar may have.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use frontdesk_connect::guard::{BadUrl, base_url, is_public};

use BadUrl::{Inner, NeverMeant, NotHttps, Odd, TooMuch, Unreadable};

#[rustfmt::skip]
const HOSTILE: &[(&str, BadUrl)] = &[
    // This machine.
    ("https://127.0.0.1", Inner),
    ("https://127.255.255.254", Inner),
    ("https://localhost", Inner),
    ("https://localhost:8443", Inner),
    ("https://api.localhost", Inner),
    ("https://[::1]", Inner),
    ("https://[::ffff:127.0.0.1]", Inner),
    ("https://[::ffff:7f00:1]", Inner),
    ("https://[0:0:0:0:0:0:0:1]", Inner),
    ("https://[64:ff9b::7f00:1]", Inner),
    ("https://[64:ff9b::10.0.0.1]", Inner),
    ("https://[2002:7f00:1::]", Inner),
    ("https://[2002:c0a8:101::1]", Inner),
    ("https://[::7f00:1]", Inner),
    // Its neighbours.
    ("https://10.0.0.1", Inner),
    ("https://172.16.0.1", Inner),
    ("https://172.31.255.255", Inner),
    ("https://192.168.1.1", Inner),
    ("https://100.64.0.1", Inner),
    ("https://100.127.255.255", Inner),
    ("https://198.18.0.1", Inner),
    ("https://192.0.2.1", Inner),
    ("https://[fc00::1]", Inner),
    ("https://[fd12:3456::1]", Inner),
    ("https://[fec0::1]", Inner),
    ("https://[2001:db8::1]", Inner),
    ("https://[2001::1]", Inner),
    ("https://intranet", Inner),
    ("https://calcom.internal", Inner),
    ("https://printer.local", Inner),
    ("https://nas.fritz.lan", Inner),
    ("https://router.home.arpa", Inner),
    // Where clouds hand out credentials, and other places without a calendar.
    ("https://169.254.169.254", NeverMeant),
    ("https://[::ffff:169.254.169.254]", NeverMeant),
    ("https://[64:ff9b::a9fe:a9fe]", NeverMeant),
    ("https://[fd00:ec2::254]", NeverMeant),
    ("https://[fe80::1]", NeverMeant),
    ("https://100.100.100.200", NeverMeant),
    ("https://168.63.129.16", NeverMeant),
    ("https://0.0.0.0", NeverMeant),
    ("https://0", NeverMeant),
    ("https://[::]", NeverMeant),
    ("https://224.0.0.1", NeverMeant),
    ("https://255.255.255.255", NeverMeant),
    ("https://[ff02::1]", NeverMeant),
    // The same in disguise.
    ("https://2130706433", Inner),
    ("https://0x7f000001", Inner),
    ("https://0177.0.0.1", Inner),
    ("https://0x7f.1", Inner),
    ("https://127.1", Inner),
    ("https://127.0.0.1.", Inner),
    ("https://2852039166", NeverMeant),
    ("https://0xa9fea9fe", NeverMeant),
    ("https://134744072", Odd),
    ("https://8.8.2056", Odd),
    ("https://localhost.", Odd),
    ("https://api.cal.com.", Odd),
    ("https://①②⑦.0.0.1", Odd),
    ("https://ｌocalhost", Odd),
    ("https://api.cäl.com", Odd),
    ("https://127%2e0%2e0%2e1", Odd),
    ("https://api.cal.com\\@127.0.0.1", TooMuch),
    ("https://api.cal.com\\.evil.example", Odd),
    ("https:\\\\127.0.0.1", Odd),
    ("https:/127.0.0.1", Inner),
    ("https:api.cal.com", Odd),
    ("https://API.cal.com", Odd),
    ("https://api.cal.com:443", Odd),
    ("https://api.cal.com/a/../b", Odd),
    ("HTTPS://api.cal.com", Odd),
    ("https://api.cal.com@127.0.0.1", TooMuch),
    ("https://user:pass@api.cal.com", TooMuch),
    ("https://api.cal.com#@127.0.0.1", TooMuch),
    ("https://api.cal.com?x=", TooMuch),
    ("https://api.cal.com/?", TooMuch),
    // No address of the web at all.
    ("", Unreadable),
    ("api.cal.com", Unreadable),
    ("https://", Unreadable),
    ("https://api cal.com", Unreadable),
    ("https://api.cal.com\t", Unreadable),
    ("https://api.\ncal.com", Unreadable),
    (" https://api.cal.com", Unreadable),
    ("https://api.cal.com:99999", Unreadable),
    ("https://[::1", Unreadable),
    ("https://256.1.1.1", Unreadable),
    ("ftp://api.cal.com", Unreadable),
    ("file:///etc/passwd", Unreadable),
    ("gopher://127.0.0.1:6379/", Unreadable),
    ("javascript:alert(1)", Unreadable),
    ("http://api.cal.com", NotHttps),
];

#[test]
fn no_hostile_address_is_let_through() {
    let wrong: Vec<String> = HOSTILE
        .iter()
        .filter_map(|(url, expected)| {
            let checked = base_url(url, false).map(|base| base.as_str().to_owned());
            (checked != Err(*expected)).then(|| format!("{url:?}: {checked:?}, not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(base_url(&format!("https://{}.com", "a".repeat(300)), false), Err(Unreadable));
}

#[test]
fn what_is_meant_to_be_private_may_be_but_never_link_local_or_hidden() {
    for url in [
        "http://127.0.0.1:5555",
        "http://localhost:3000",
        "https://10.0.0.5",
        "http://192.168.1.9/api",
        "http://[::1]:8080",
        "http://calcom:3000",
        "https://calcom.internal",
        "http://[fd12::1]",
    ] {
        assert!(base_url(url, true).is_ok(), "{url}: {:?}", base_url(url, true));
    }
    for (url, expected) in HOSTILE {
        let checked = base_url(url, true);
        match expected {
            NeverMeant | TooMuch | Unreadable => assert_eq!(checked, Err(*expected), "{url}"),
            Odd => assert!(checked.is_err(), "{url}"),
            Inner | NotHttps => assert!(
                checked.as_ref().map_or_else(|bad| *bad == Odd, |base| base.as_str() == *url),
                "{url}: {checked:?}"
            ),
        }
    }
}

#[test]
fn usual_addresses_are_let_through_without_the_slash_at_their_end() {
    for (url, expected) in [
        ("https://api.cal.com", "https://api.cal.com"),
        ("https://api.cal.com/", "https://api.cal.com"),
        ("https://api.cal.eu", "https://api.cal.eu"),
        ("https://cal.salon-maier.de:8443/api/", "https://cal.salon-maier.de:8443/api"),
        ("https://xn--cl-via.example", "https://xn--cl-via.example"),
        ("https://1.1.1.1", "https://1.1.1.1"),
        ("https://[2606:4700:4700::1111]", "https://[2606:4700:4700::1111]"),
        ("https://my-local.example", "https://my-local.example"),
    ] {
        assert_eq!(base_url(url, false).map(|base| base.as_str().to_owned()), Ok(expected.to_owned()), "{url}");
    }
}

#[test]
fn the_edges_of_the_private_blocks_are_where_they_belong() {
    for (address, public) in [
        ("9.255.255.255", true),
        ("10.0.0.0", false),
        ("11.0.0.0", true),
        ("100.63.255.255", true),
        ("100.64.0.0", false),
        ("100.128.0.0", true),
        ("172.15.255.255", true),
        ("172.16.0.0", false),
        ("172.32.0.0", true),
        ("192.167.255.255", true),
        ("192.168.0.0", false),
        ("192.169.0.0", true),
        ("223.255.255.255", true),
        ("224.0.0.0", false),
        ("240.0.0.1", false),
        ("1fff::1", false),
        ("2000::1", true),
        ("3ffe::1", true),
        ("3fff::1", false),
        ("4000::1", false),
        ("2001:200::1", true),
        ("2002:0808:0808::1", true),
        ("64:ff9b::808:808", true),
        ("64:ff9b:1::808:808", false),
    ] {
        assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
    }
}
