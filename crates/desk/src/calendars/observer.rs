//! What happens between us and calendars, told to whoever counts it.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::Operation;

/// Something that happened. Closed words only: nothing here names a tenant or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncEvent {
    /// A calendar was asked something, or was not because of its guard.
    Asked {
        /// What.
        operation: Operation,
        /// `done`, or the error's code.
        code: &'static str,
        /// From the question to the answer.
        took: Duration,
    },
    /// An appointment and its calendar agree again.
    Agreed {
        /// Since the change that made them differ.
        after: Duration,
    },
    /// A run over an appointment failed and is tried again.
    Failed {
        /// The error's code.
        code: &'static str,
    },
}

/// Takes events in; must not wait.
pub type Observe = Arc<dyn Fn(SyncEvent) + Send + Sync>;

/// Whoever counts, if anybody does.
#[derive(Clone, Default)]
pub(crate) struct Observer(Arc<OnceLock<Observe>>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

impl Observer {
    /// From now on told; the first one stays.
    pub(crate) fn set(&self, observe: Observe) {
        let _first_one_stays = self.0.set(observe);
    }

    pub(crate) fn tell(&self, event: SyncEvent) {
        if let Some(observe) = self.0.get() {
            observe(event);
        }
    }
}
