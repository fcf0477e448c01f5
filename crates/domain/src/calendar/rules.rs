//! The rules of the booking protocol that matter, as values of one struct, so that a test can prove that each of them
//! is needed. The product uses only [`Rules::SOUND`].

use jiff::SignedDuration;

/// What must hold for the protocol to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one rule that a mutant breaks by itself")]
pub struct Rules {
    /// The intent is committed before the calendar is called.
    pub intent_first: bool,
    /// The time is taken before the calendar is called.
    pub time_before_call: bool,
    /// No answer is not a "no".
    pub doubt_is_no_refusal: bool,
    /// Each remote booking has an address of its own where the customer's is not known, and an answer must carry our stamp.
    pub own_address_and_stamp: bool,
    /// A refusal is final only if nothing was sent before it.
    pub refusal_final_on_first_attempt_only: bool,
    /// One create in flight for each pooled event type and overlapping time.
    pub pooled_one_at_a_time: bool,
    /// Every write of a job shows its lease.
    pub lease_token: bool,
    /// The idempotency row is written with the effect.
    pub idempotency_with_effect: bool,
    /// How long after sending an absence proves that nothing came of it.
    pub settle: SignedDuration,
    /// The sweep runs.
    pub sweep: bool,
    /// A flag for review never stops the work.
    pub work_on_when_flagged: bool,
    /// A commit whose outcome is unknown is not a failure.
    pub commit_unknown_is_no_failure: bool,
    /// What is known of free times is dropped before an answer, not after.
    pub forget_before_answer: bool,
}

impl Rules {
    /// The protocol as it must be.
    pub const SOUND: Self = Self {
        intent_first: true,
        time_before_call: true,
        doubt_is_no_refusal: true,
        own_address_and_stamp: true,
        refusal_final_on_first_attempt_only: true,
        pooled_one_at_a_time: true,
        lease_token: true,
        idempotency_with_effect: true,
        settle: SignedDuration::from_secs(60),
        sweep: true,
        work_on_when_flagged: true,
        commit_unknown_is_no_failure: true,
        forget_before_answer: true,
    };
}
