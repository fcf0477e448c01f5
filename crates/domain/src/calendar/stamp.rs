//! Our mark on a remote booking: an operation id, and a proof that it is ours and this tenant's.

/// The metadata key of the operation id.
pub const OP: &str = "frontdesk_op";
/// The metadata key of the proof.
pub const MAC: &str = "frontdesk_mac";

/// Belongs to one remote booking and survives its moves, because calendars keep metadata.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// `op_…`.
    pub op: String,
    /// A MAC over tenant and operation id, hexadecimal; the store makes and checks it.
    pub mac: String,
}
