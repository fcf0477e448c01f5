//! Prices and house rules.

use frontdesk_domain::tenant::catalog::Money;
use frontdesk_domain::tenant::policy::{Fee, PolicyLayer};

use super::reader::{Table, Text};

/// Hours of a year: no deadline is longer.
const YEAR_HOURS: u32 = 366 * 24;

/// Reads a `[policy]` table of the company, a branch, a service or a person; missing: no rules at this layer.
pub(super) fn policy(table: Option<Table<'_>>) -> PolicyLayer {
    let Some(table) = table else { return PolicyLayer::default() };
    let layer = PolicyLayer {
        notice_minutes: table.whole("notice_minutes", 0..=YEAR_HOURS * 60),
        horizon_days: table.whole("horizon_days", 1..=730),
        cancel_deadline_hours: table.whole("cancel_deadline_hours", 0..=YEAR_HOURS),
        move_deadline_hours: table.whole("move_deadline_hours", 0..=YEAR_HOURS),
        cancel_fee: fee(table.table("cancel_fee", "fee")),
        move_fee: fee(table.table("move_fee", "fee")),
        max_cancels_per_30_days: table.whole("max_cancels_per_30_days", 0..=1000),
        max_moves_per_appointment: table.whole("max_moves_per_appointment", 0..=1000),
    };
    for (fee, deadline, verb) in
        [(layer.cancel_fee, layer.cancel_deadline_hours, "cancel"), (layer.move_fee, layer.move_deadline_hours, "move")]
    {
        if let (Some(fee), Some(deadline)) = (fee, deadline)
            && fee.within_hours <= deadline
        {
            let why = format!(
                "{verb}_fee never applies: {deadline} hours before the start it is already too late to {verb}; make its within_hours greater than {verb}_deadline_hours"
            );
            table.report.warn(table.at, why);
        }
    }
    table.close();
    layer
}

fn fee(table: Option<Table<'_>>) -> Option<Fee> {
    let table = table?;
    let within_hours = table.whole("within_hours", 1..=YEAR_HOURS);
    if within_hours.is_none() && table.item("within_hours").is_none() {
        table.report.wrong(table.at, "the fee does not say when it applies; add within_hours = 24");
    }
    let amount = table.needed_text("amount", "15 EUR");
    let cents = amount.and_then(|text| match money(&text.value) {
        Ok(Money { cents, currency, from: false }) if currency == "EUR" => u32::try_from(cents).ok(),
        Ok(_) => {
            table.report.wrong(text.at, "a fee is one amount in euros; write it like \"15 EUR\"");
            None
        }
        Err(reason) => {
            table.report.wrong(text.at, reason);
            None
        }
    });
    table.close();
    Some(Fee { within_hours: within_hours?, cents: cents? })
}

/// A price as it is written on a list: "35 EUR", "ab 35,50 €", "from GBP 20".
pub(super) fn price(text: &Text, table: &Table<'_>) -> Option<Money> {
    money(&text.value).map_err(|reason| table.report.wrong(text.at, reason)).ok()
}

fn money(text: &str) -> Result<Money, String> {
    let wrong = || format!("\"{text}\" is no price; write it like \"35 EUR\", \"35,50 EUR\" or \"ab 35 EUR\"");
    let lower = text.to_lowercase();
    let from = ["ab ", "from "].into_iter().find(|word| lower.starts_with(word));
    let rest = text.get(from.map_or(0, str::len)..).unwrap_or_default();
    let is_amount = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let amount: String = rest.chars().filter(|c| is_amount(*c)).collect();
    let unit: String = rest.chars().filter(|c| !is_amount(*c) && !c.is_whitespace()).collect();
    let currency = match unit.as_str() {
        "€" | "Euro" | "euro" | "EUR" => "EUR",
        "£" | "GBP" => "GBP",
        "Fr." | "Fr" | "CHF" => "CHF",
        "$" | "USD" => "USD",
        "" => return Err(format!("the price \"{text}\" has no currency; write it like \"35 EUR\"")),
        other if other.len() == 3 && other.bytes().all(|b| b.is_ascii_uppercase()) => other,
        _ => return Err(wrong()),
    };
    let (whole, fraction) = amount.split_once(['.', ',']).unwrap_or((&amount, "00"));
    let fraction_fits = fraction.len() == 2 && fraction.bytes().all(|b| b.is_ascii_digit());
    let whole_fits = (1..=6).contains(&whole.len()) && whole.bytes().all(|b| b.is_ascii_digit());
    let (true, true, Ok(whole), Ok(cents)) = (whole_fits, fraction_fits, whole.parse::<i64>(), fraction.parse::<i64>())
    else {
        return Err(wrong());
    };
    Ok(Money { cents: whole * 100 + cents, currency: currency.to_owned(), from: from.is_some() })
}
