//! The figures: told as they come, kept for the file.

use serde_json::{Map, Value, json};

/// What a figure is held against; nothing fails by it, it is only marked.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// Meets it at this or less.
    AtMost(f64),
    /// Meets it at this or more.
    AtLeast(f64),
}

impl Target {
    fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

/// All figures of a run.
#[derive(Default)]
pub struct Figures {
    figures: Map<String, Value>,
    section: String,
}

impl Figures {
    /// Begins a section: a heading for people, a prefix for programs.
    pub fn section(&mut self, name: &str, heading: &str) {
        name.clone_into(&mut self.section);
        println!("\n{heading}");
    }

    /// A figure without a target.
    pub fn tell(&mut self, name: &str, value: f64, unit: &str) {
        println!("  {name:<46} {} {unit}", rounded(value));
        self.keep(name, json!({ "value": value, "unit": unit }));
    }

    /// A figure held against a target.
    pub fn hold(&mut self, name: &str, value: f64, unit: &str, target: Target) {
        let met = target.is_met_by(value);
        let (sign, bound) = match target {
            Target::AtMost(most) => ("at most", most),
            Target::AtLeast(least) => ("at least", least),
        };
        let verdict = if met { "meets" } else { "MISSES" };
        let told = format!("{} {unit}", rounded(value));
        println!("  {name:<46} {told:<20} {verdict} {sign} {}", rounded(bound).trim());
        self.keep(name, json!({ "value": value, "unit": unit, "target": format!("{sign} {bound}"), "met": met }));
    }

    /// A sentence beside the figures.
    pub fn note(&self, text: &str) {
        for line in text.lines() {
            println!("  {line}");
        }
    }

    fn keep(&mut self, name: &str, value: Value) {
        self.figures.insert(format!("{}: {name}", self.section), value);
    }

    /// Everything, for the file.
    pub fn into_json(self) -> Value {
        Value::Object(self.figures)
    }
}

fn rounded(value: f64) -> String {
    if value >= 100.0 { format!("{value:>9.0}") } else { format!("{value:>9.2}") }
}

/// The middle of some figures; of an even number the lower middle. 0 for none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

/// Microseconds as milliseconds.
#[allow(clippy::cast_precision_loss, reason = "shown with two digits")]
pub fn millis(micros: u64) -> f64 {
    micros as f64 / 1e3
}

/// A count as a figure.
#[allow(clippy::cast_precision_loss, reason = "shown with two digits")]
pub fn figure(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_at_its_bound() {
        assert!(Target::AtMost(2.0).is_met_by(2.0) && !Target::AtMost(2.0).is_met_by(2.1));
        assert!(Target::AtLeast(0.6).is_met_by(0.6) && !Target::AtLeast(0.6).is_met_by(0.59));
    }

    #[test]
    fn the_median_does_not_mind_the_order() {
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![2.0, 1.0]), median(Vec::new())), (2.0, 1.0, 0.0));
    }
}
