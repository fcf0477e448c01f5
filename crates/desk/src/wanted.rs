//! What a caller wants: services, people and times, understood against the tenant's catalogue.

use frontdesk_domain::caller::matching::{Match, match_service, match_services, match_staff};
use frontdesk_domain::caller::name::{NameGiven, read_name};
use frontdesk_domain::ids::{ServiceId, StaffId};
use frontdesk_domain::pii::PersonName;
use frontdesk_domain::reply::{Ask, Missing, Reply};
use frontdesk_domain::slots::free::LegWish;
use frontdesk_domain::slots::{Leg, Visit};
use frontdesk_domain::spoken::{self, TimeContext, Wish};
use frontdesk_domain::tenant::Staff;
use frontdesk_domain::tenant::catalog::Service;

use crate::case::Case;

/// At most so many services or people are named in a question.
const NAMED: usize = 5;
/// At most so many services in one visit.
const LEGS: usize = 6;

/// Services and people of one wished visit, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) services: Vec<ServiceId>,
    /// The wished person of each service, in the same order; `None`: anybody.
    pub(crate) people: Vec<Option<StaffId>>,
}

impl Wanted {
    /// These services, by one wished person as far as he or she can do them, by others the rest. Who can do nothing
    /// of it is still the wish for all of it.
    pub(crate) fn by(case: &Case, services: Vec<ServiceId>, staff: Option<&StaffId>) -> Self {
        let person = staff.and_then(|id| case.tenant.staff(id));
        let can_some = person.is_some_and(|person| services.iter().any(|id| person.services.contains(id)));
        let people = services
            .iter()
            .map(|id| person.filter(|person| !can_some || person.services.contains(id)).map(|person| person.id.clone()))
            .collect();
        Self { services, people }
    }

    /// The same wish without people.
    pub(crate) fn by_anybody(&self) -> Self {
        Self { services: self.services.clone(), people: vec![None; self.services.len()] }
    }

    /// Whether anybody is wished for anything.
    pub(crate) fn names_people(&self) -> bool {
        self.people.iter().any(Option::is_some)
    }

    /// Whether a visit of these services is with the wished people.
    pub(crate) fn is_with(&self, visit: &Visit) -> bool {
        let fits = |(leg, wish): (&Leg, &Option<StaffId>)| wish.as_ref().is_none_or(|staff| leg.staff == *staff);
        visit.legs.iter().zip(&self.people).all(fits)
    }

    /// Minutes the visit takes.
    pub(crate) fn minutes(&self, case: &Case) -> i64 {
        self.services.iter().filter_map(|id| case.tenant.service(id)).map(|service| i64::from(service.minutes())).sum()
    }

    /// What a visit consists of, with its people where they were wished.
    pub(crate) fn of_visit(visit: &Visit, staff_wished: bool) -> Self {
        Self {
            services: visit.legs.iter().map(|leg| leg.service.clone()).collect(),
            people: visit.legs.iter().map(|leg| staff_wished.then(|| leg.staff.clone())).collect(),
        }
    }

    /// As the calendar's arithmetic wants it; `None` if a service or a wished person is not there any more.
    pub(crate) fn legs<'a>(&self, case: &'a Case) -> Option<Vec<LegWish<'a>>> {
        let leg = |(id, wish): (&ServiceId, &Option<StaffId>)| {
            let service = case.tenant.service(id)?;
            let staff = match wish {
                Some(staff) => Some(case.tenant.staff(staff)?),
                None => None,
            };
            Some(LegWish { service, staff })
        };
        self.services.iter().zip(&self.people).map(leg).collect()
    }

    /// The services' names, for the list of unmet wishes.
    pub(crate) fn service_text(&self, case: &Case) -> String {
        let names = self.services.iter().filter_map(|id| case.tenant.service(id)).map(|service| service.name.as_str());
        names.collect::<Vec<_>>().join(" + ")
    }

    /// The wished person's name.
    pub(crate) fn staff_text(&self, case: &Case) -> Option<String> {
        self.people.iter().flatten().find_map(|id| case.tenant.staff(id)).map(|person| person.name.clone())
    }
}

/// Reads services and person from the arguments. `Err` is the question to ask; a missing service is no question yet
/// but `Ok(None)`, so that everything missing can be asked at once.
pub(crate) fn read(case: &Case) -> Result<Option<Wanted>, Box<Reply>> {
    let staff = read_staff(case)?;
    Ok(read_services(case)?.map(|services| Wanted::by(case, services, staff.as_ref())))
}

fn read_services(case: &Case) -> Result<Option<Vec<ServiceId>>, Box<Reply>> {
    let catalogue: Vec<&Service> = case.tenant.services_at(&case.branch.id).collect();
    let args = &case.call.args;
    if !args.services.is_empty() {
        let mut services = Vec::new();
        for said in args.services.iter().take(LEGS) {
            services.extend(one_or_several(said, &catalogue)?);
        }
        services.truncate(LEGS);
        return Ok(Some(services));
    }
    match args.service_name.as_deref() {
        Some(said) => one_or_several(said, &catalogue).map(Some),
        // A house with one service needs no question.
        None => match catalogue.as_slice() {
            [only] => Ok(Some(vec![only.id.clone()])),
            _ => Ok(None),
        },
    }
}

fn one_or_several(said: &str, catalogue: &[&Service]) -> Result<Vec<ServiceId>, Box<Reply>> {
    // A category is no service: "Farbe" may be any of its kind.
    let of_category: Vec<&&Service> = catalogue
        .iter()
        .filter(|service| service.category.as_ref().is_some_and(|own| own.to_lowercase() == said.trim().to_lowercase()))
        .collect();
    if of_category.len() > 1 {
        let candidates = of_category.iter().take(NAMED).map(|service| service.name.clone()).collect();
        return Err(Box::new(Reply::Ask(Ask::Service { candidates })));
    }
    match match_service(said, catalogue) {
        Match::One(service) => Ok(vec![service.id.clone()]),
        Match::Several(several) => {
            let together = match_services(said, catalogue);
            if together.len() > 1 {
                return Ok(together.iter().map(|service| service.id.clone()).collect());
            }
            let candidates = several.iter().take(NAMED).map(|service| service.name.clone()).collect();
            Err(Box::new(Reply::Ask(Ask::Service { candidates })))
        }
        Match::None => match match_services(said, catalogue).as_slice() {
            [] => match catalogue {
                [only] => Ok(vec![only.id.clone()]),
                _ => Err(Box::new(Reply::Ask(Ask::UnknownService { examples: examples(catalogue) }))),
            },
            together => Ok(together.iter().map(|service| service.id.clone()).collect()),
        },
    }
}

/// A few names to choose from; categories where there are many services.
pub(crate) fn examples(catalogue: &[&Service]) -> Vec<String> {
    if catalogue.len() <= NAMED {
        return catalogue.iter().map(|service| service.name.clone()).collect();
    }
    let mut categories: Vec<String> = Vec::new();
    for category in catalogue.iter().filter_map(|service| service.category.clone()) {
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    if categories.len() < 2 {
        return catalogue.iter().take(NAMED).map(|service| service.name.clone()).collect();
    }
    categories.truncate(NAMED);
    categories
}

pub(crate) fn read_staff(case: &Case) -> Result<Option<StaffId>, Box<Reply>> {
    let people: Vec<&Staff> = people(case);
    let in_name = || match case.call.args.customer_name.as_ref().map(|name| read_customer_name(case, name.reveal())) {
        Some(NameGiven::StaffWish(wish)) => Some(wish),
        _ => None,
    };
    let Some(said) = case.call.args.staff_name.clone().or_else(in_name) else { return Ok(None) };
    match match_staff(&said, &people) {
        Ok(person) => Ok(person.map(|person| person.id.clone())),
        Err(Match::Several(several)) => {
            let candidates = several.iter().take(NAMED).map(|person| person.name.clone()).collect();
            Err(Box::new(Reply::Ask(Ask::Staff { candidates })))
        }
        Err(Match::One(person)) => Ok(Some(person.id.clone())),
        Err(Match::None) => {
            let examples = people.iter().take(NAMED).map(|person| person.spoken_name().to_owned()).collect();
            Err(Box::new(Reply::Ask(Ask::UnknownStaff { examples })))
        }
    }
}

fn people(case: &Case) -> Vec<&Staff> {
    case.tenant.staff.iter().filter(|person| person.active && person.branch == case.branch.id).collect()
}

/// The customer's name as given: a name, nothing, or no name at all but something else.
pub(crate) fn read_customer_name(case: &Case, text: &str) -> NameGiven {
    let staff: Vec<&str> = people(case).iter().map(|person| person.name.as_str()).collect();
    let given = read_name(text, &staff);
    // A customer who is called like somebody who works here is believed if the number says so.
    if let NameGiven::StaffWish(said) = &given {
        let known =
            case.known.by_number.iter().find(|customer| customer.name.reveal().eq_ignore_ascii_case(said.trim()));
        if let Some(customer) = known {
            return NameGiven::Name(customer.name.clone());
        }
    }
    given
}

/// The name to book under, where the arguments give one.
pub(crate) fn given_name(case: &Case) -> Option<PersonName> {
    match read_customer_name(case, case.call.args.customer_name.as_ref()?.reveal()) {
        NameGiven::Name(name) => Some(name),
        NameGiven::StaffWish(_) | NameGiven::NoName => None,
    }
}

/// Understands a pair of arguments as a time.
pub(crate) fn time(case: &Case, date: Option<&str>, time: Option<&str>) -> Wish {
    let now = case.local(case.now);
    let context = TimeContext {
        now: &now,
        hours: case.branch.hours.envelope(),
        day_parts: &case.tenant.day_parts,
        lang: case.lang,
    };
    spoken::wish(date, time, &context)
}

/// What is missing of day and time.
pub(crate) fn missing_time(wish: &Wish) -> &'static [Missing] {
    match wish {
        Wish::Unsaid => &[Missing::Date, Missing::Time],
        Wish::ClockWithoutDay(_) => &[Missing::Date],
        Wish::Exact(_) | Wish::Within(_) | Wish::Ask(_) => &[],
    }
}
