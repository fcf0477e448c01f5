//! Everything about one appointment and its calendar, read in one snapshot.

use frontdesk_domain::booking::remote::{self, Step};
use frontdesk_domain::ids::AppointmentId;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::customers::{self, Customer};
use frontdesk_store::moves::{self, Move};
use frontdesk_store::remotes::{self, RemoteRow};
use frontdesk_store::{StoreError, Tx};

/// The rows from this place on belong to a move that the calendar has not agreed to yet.
pub(crate) const NEXT_PART: i64 = 1000;

/// One appointment as it is, with what it needs in the calendar.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) appointment: Appointment,
    pub(crate) customer: Option<Customer>,
    pub(crate) rows: Vec<RemoteRow>,
    pub(crate) going: Option<Move>,
}

impl Picture {
    pub(crate) async fn load(tx: &mut Tx, id: &AppointmentId) -> Result<Option<Self>, StoreError> {
        let Some(appointment) = appointments::load(tx, id).await? else { return Ok(None) };
        let customer = customers::load(tx, &appointment.customer).await?;
        let rows = remotes::of_appointment(tx, id).await?;
        let going = moves::load(tx, id).await?;
        Ok(Some(Self { appointment, customer, rows, going }))
    }

    /// The next row to do something about, not among those that wait. What must go, goes first: it may be in the way
    /// of what must come.
    pub(crate) fn next(&self, waiting: &[String]) -> Option<(&RemoteRow, Step)> {
        let open = || {
            self.rows
                .iter()
                .filter(|row| !waiting.contains(&row.op))
                .map(|row| (row, remote::next(&row.remote)))
                .filter(|(_, step)| *step != Step::Rest)
        };
        open().find(|(row, _)| !row.remote.desired).or_else(|| open().next())
    }

    /// Whether the calendar has exactly what it should have.
    pub(crate) fn agrees(&self) -> bool {
        self.going.is_none() && self.rows.iter().all(|row| is_as_it_should_be(&row.remote))
    }
}

fn is_as_it_should_be(remote: &remote::Remote) -> bool {
    match remote.state {
        remote::State::Live => remote.desired && remote.at == Some(remote.start) && !remote.email_due,
        remote::State::Gone => !remote.desired,
        _ => false,
    }
}
