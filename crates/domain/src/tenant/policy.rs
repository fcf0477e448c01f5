//! House rules: notice, horizon, deadlines, fees and quotas, merged key by key over four layers.

use serde::{Deserialize, Serialize};

/// Rules as one layer states them; what it leaves out comes from the layer below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyLayer {
    /// Minutes between now and the earliest start that may be booked.
    pub notice_minutes: Option<u32>,
    /// Days ahead that may be booked.
    pub horizon_days: Option<u32>,
    /// Hours before the start until which a caller may cancel; exactly then is still allowed.
    pub cancel_deadline_hours: Option<u32>,
    /// Hours before the start until which a caller may move; exactly then is still allowed.
    pub move_deadline_hours: Option<u32>,
    /// Cancelling later than `within_hours` before the start costs this, and needs the caller's consent.
    pub cancel_fee: Option<Fee>,
    /// Moving later than `within_hours` before the start costs this, and needs the caller's consent.
    pub move_fee: Option<Fee>,
    /// Completed cancellations one customer may make in 30 days.
    pub max_cancels_per_30_days: Option<u32>,
    /// Completed moves one appointment may see.
    pub max_moves_per_appointment: Option<u32>,
}

/// What a late change costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The fee applies to changes later than this many hours before the start.
    pub within_hours: u32,
    /// Euro cents.
    pub cents: u32,
}

/// The rules that hold for one service by one person at one branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// See [`PolicyLayer::notice_minutes`]; 0 unless said.
    pub notice_minutes: u32,
    /// See [`PolicyLayer::horizon_days`]; 90 unless said.
    pub horizon_days: u32,
    /// See [`PolicyLayer::cancel_deadline_hours`]; 0 unless said.
    pub cancel_deadline_hours: u32,
    /// See [`PolicyLayer::move_deadline_hours`]; 0 unless said.
    pub move_deadline_hours: u32,
    /// See [`PolicyLayer::cancel_fee`].
    pub cancel_fee: Option<Fee>,
    /// See [`PolicyLayer::move_fee`].
    pub move_fee: Option<Fee>,
    /// See [`PolicyLayer::max_cancels_per_30_days`].
    pub max_cancels_per_30_days: Option<u32>,
    /// See [`PolicyLayer::max_moves_per_appointment`].
    pub max_moves_per_appointment: Option<u32>,
}

impl Policy {
    /// Merges layers key by key; the first layer that states a key wins (staff, service, branch, company).
    pub fn merged(layers: &[&PolicyLayer]) -> Self {
        fn first<T: Copy>(layers: &[&PolicyLayer], key: impl Fn(&PolicyLayer) -> Option<T>) -> Option<T> {
            layers.iter().find_map(|layer| key(layer))
        }
        Self {
            notice_minutes: first(layers, |l| l.notice_minutes).unwrap_or(0),
            horizon_days: first(layers, |l| l.horizon_days).unwrap_or(90),
            cancel_deadline_hours: first(layers, |l| l.cancel_deadline_hours).unwrap_or(0),
            move_deadline_hours: first(layers, |l| l.move_deadline_hours).unwrap_or(0),
            cancel_fee: first(layers, |l| l.cancel_fee),
            move_fee: first(layers, |l| l.move_fee),
            max_cancels_per_30_days: first(layers, |l| l.max_cancels_per_30_days),
            max_moves_per_appointment: first(layers, |l| l.max_moves_per_appointment),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_merge_key_by_key_and_the_closest_wins() {
        let staff = PolicyLayer { notice_minutes: Some(120), ..PolicyLayer::default() };
        let service =
            PolicyLayer { notice_minutes: Some(30), cancel_deadline_hours: Some(24), ..PolicyLayer::default() };
        let company = PolicyLayer { horizon_days: Some(60), cancel_deadline_hours: Some(2), ..PolicyLayer::default() };
        let policy = Policy::merged(&[&staff, &service, &PolicyLayer::default(), &company]);
        assert_eq!((policy.notice_minutes, policy.cancel_deadline_hours, policy.horizon_days), (120, 24, 60));
        assert_eq!(policy.move_deadline_hours, 0);
    }
}
