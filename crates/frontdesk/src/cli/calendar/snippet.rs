//! What to paste into a tenant's file. Only additions: nothing the file says already is touched, and what cannot be
//! pasted as it is stands in comments.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use frontdesk_domain::calendar::difference::{Difference, Fresh, Hole, Seems};
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::calendar::{EventType, Host};
use frontdesk_domain::ids::{ServiceId, StaffId};
use frontdesk_domain::tenant::Tenant;

use super::words::{self, clean, person_name};

/// The additions as TOML; empty if there are none.
pub(super) fn snippet(tenant: &Tenant, link: &CalendarLink, found: &Difference) -> String {
    let mut text = String::new();
    let mut new_services: BTreeSet<String> = BTreeSet::new();
    let gone = found.gone.iter().map(|gone| gone.id).collect();
    let mut mapped = Mapped { tenant, link, gone, pasted: BTreeSet::new() };
    for fresh in &found.fresh {
        match &fresh.seems {
            Seems::Known(service) => mapped.event_type(&mut text, fresh, Some(service)),
            Seems::Unknown => {
                if new_services.insert(clean(&fresh.title).to_lowercase()) {
                    service(&mut text, fresh);
                }
                mapped.event_type(&mut text, fresh, None);
            }
            Seems::Segment { .. } | Seems::Template | Seems::Together => {
                let _infallible = writeln!(text, "# {}\n", words::fresh(fresh, tenant));
            }
        }
    }
    for hole in &found.holes {
        if let Some(line) = hole_in_a_shared_one(hole, tenant, link) {
            let _infallible = writeln!(text, "{line}\n");
        }
    }
    text
}

/// A TOML text in quotes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(clean(text)).to_string()
}

fn service(text: &mut String, fresh: &Fresh) {
    let _infallible = writeln!(text, "[[service]]\nname = {}\nminutes = {}", quoted(&fresh.title), fresh.minutes);
    let (before, after) = fresh.buffers;
    for (key, minutes) in [("buffer_before", before), ("buffer_after", after)] {
        if minutes > 0 {
            let _infallible = writeln!(text, "{key} = {minutes}");
        }
    }
    text.push('\n');
}

/// A person who is missing in the hosts of an event type that is mapped already.
fn hole_in_a_shared_one(hole: &Hole, tenant: &Tenant, link: &CalendarLink) -> Option<String> {
    let shared = |(id, host): &(_, Option<Host>)| {
        let known = link.event_types.iter().any(|mapped| mapped.service == hole.service && mapped.ids.contains(id));
        host.filter(|_| known).map(|host| (*id, host))
    };
    let (id, host) = hole.candidates.iter().find_map(shared)?;
    let who = person_name(tenant, &hole.staff);
    Some(format!("# {who} is in event type {} too; add to its hosts: {} = {}", id.0, hole.staff, host.0))
}

/// What is mapped, by the file and by what was printed already.
struct Mapped<'a> {
    tenant: &'a Tenant,
    link: &'a CalendarLink,
    gone: BTreeSet<EventType>,
    pasted: BTreeSet<(String, StaffId)>,
}

impl Mapped<'_> {
    /// A mapping of an event type to a service: the tenant's, or the new one of the same name.
    fn event_type(&mut self, text: &mut String, fresh: &Fresh, service: Option<&ServiceId>) {
        let known: Vec<(&StaffId, &Host)> = fresh.served_by.known.iter().collect();
        let mut notes: Vec<String> = Vec::new();
        for name in &fresh.served_by.unknown {
            notes.push(format!("nobody here is called {}; add them to the staff, or correct the name", clean(name)));
        }
        let name = match service {
            Some(service) => service.to_string(),
            None => clean(&fresh.title),
        };
        let mut to_map: Vec<(&StaffId, &Host)> = Vec::new();
        for (person, host) in known {
            let who = person_name(self.tenant, person);
            let carried = service.and_then(|service| self.link.mapped(service, person));
            let gone = carried.and_then(|mapped| mapped.ids.iter().find(|id| self.gone.contains(id)));
            if let Some(gone) = gone {
                notes.push(format!(
                    "event type {} of {name} by {who} is gone; if this one is meant, write {} in its place",
                    gone.0, fresh.id.0
                ));
                continue;
            }
            if carried.is_some() || !self.pasted.insert((name.clone(), person.clone())) {
                notes.push(format!("{name} by {who} has another event type already; one is enough"));
                continue;
            }
            let can = self.tenant.staff(person).zip(service).is_some_and(|(person, id)| person.services.contains(id));
            if !can {
                notes.push(format!("add {} to the services of {who} first", quoted(&name)));
            }
            to_map.push((person, host));
        }
        let _infallible = writeln!(text, "# {}", words::fresh(fresh, self.tenant));
        let nobody = fresh.served_by.known.is_empty();
        if nobody {
            notes.push("nobody of the staff is known to serve this; name somebody before it is used".to_owned());
        }
        for note in notes {
            let _infallible = writeln!(text, "# {note}");
        }
        if to_map.is_empty() && !nobody {
            text.push('\n');
            return;
        }
        let mut block = format!("[[calendar.event_type]]\nservice = {}\n", quoted(&name));
        if fresh.served_by.shared {
            let hosts: Vec<String> = to_map.iter().map(|(person, host)| format!("{person} = {}", host.0)).collect();
            let _infallible = writeln!(block, "id = {}\nhosts = {{ {} }}", fresh.id.0, hosts.join(", "));
        } else {
            let staff = to_map.first().map_or("…", |(person, _)| person.as_str());
            let _infallible = writeln!(block, "staff = {}\nid = {}", quoted(staff), fresh.id.0);
        }
        if !fresh.required_fields.is_empty() {
            let value = quoted(&fresh.title);
            let fields: Vec<String> =
                fresh.required_fields.iter().map(|field| format!("{} = {value}", quoted(field))).collect();
            let _infallible = writeln!(block, "fields = {{ {} }}", fields.join(", "));
        }
        for line in block.lines() {
            let _infallible = writeln!(text, "{}{line}", if nobody { "# " } else { "" });
        }
        text.push('\n');
    }
}
