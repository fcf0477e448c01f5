//! list_appointments: the caller's own coming appointments.

use std::sync::Arc;

use frontdesk_domain::reply::{Answer, Ask, NothingFound, Reply};
use frontdesk_domain::spoken::{AskTime, Wish};

use crate::case::{Case, Outcome, Trouble};
use crate::mine::{self, Found};
use crate::wanted;

/// Appointments listed in one answer.
const LISTED: usize = 5;

/// Tells the caller's coming appointments, of one day if asked.
pub(crate) async fn list(case: &Arc<Case>) -> Result<Answer, Trouble> {
    let own = match mine::all(case).await? {
        Found::Instead(outcome) => return case.reply(*outcome).await,
        Found::Some(own) => own,
    };
    if let Some(question) = mine::day_wanted(case, &own) {
        return case.reply(question).await;
    }
    let args = &case.call.args;
    let own: Vec<_> = match wanted::time(case, args.date.as_deref(), args.time.as_deref()) {
        Wish::Unsaid | Wish::ClockWithoutDay(_) => own,
        Wish::Exact(at) => own.into_iter().filter(|own| case.local(own.visit.start).date() == at.date()).collect(),
        Wish::Within(stretches) => own
            .into_iter()
            .filter(|own| {
                let start = case.local(own.visit.start);
                stretches.iter().any(|(from, until)| *from <= start && start < *until)
            })
            .collect(),
        Wish::Ask(AskTime::WhichDay(days)) => {
            own.into_iter().filter(|own| days.contains(&case.local(own.visit.start).date())).collect()
        }
        Wish::Ask(question) => return case.reply(Reply::Ask(Ask::Time(question))).await,
    };
    if own.is_empty() {
        let reply = Reply::NotFound(NothingFound::Appointment);
        return case.reply(Outcome { reply, unmet: None, miss: true }).await;
    }
    let total = own.len();
    let list = own.iter().take(LISTED).map(|own| crate::views::appointment(case, own)).collect();
    case.reply(Reply::Appointments { list, total }).await
}
