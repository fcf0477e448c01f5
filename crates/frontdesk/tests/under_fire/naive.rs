//! The calendar as a child would keep it: a list of who is busy from when to when. Minutes count from nine o'clock.

/// Minutes the house is open.
pub const OPEN: i64 = 180;
/// How long a hold lives, in minutes.
const HOLD: i64 = 4;
/// How long a token lives, in minutes.
const OFFER: i64 = 30;

pub const STAFF: [&str; 2] = ["Emma Winkler", "Leyla Aydin"];
pub const SERVICES: [&str; 3] = ["Herrenhaarschnitt", "Dauerwelle", "Ansatzfarbe"];

/// A time somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    pub service: usize,
    pub staff: Option<usize>,
    pub day: usize,
    /// Minutes after nine.
    pub start: i64,
}

/// Who an appointment is for: a number's one customer, or one of each call that withholds it.
pub type Customer = (usize, Option<usize>);

#[derive(Clone, Debug)]
pub struct Appointment {
    pub id: String,
    pub seat: usize,
    pub call: usize,
    pub customer: Customer,
    /// Minutes that had gone by.
    pub made_at: i64,
    pub service: usize,
    pub staff: usize,
    pub day: usize,
    pub start: i64,
    pub active: bool,
}

impl Appointment {
    fn overlaps(&self, day: usize, from: i64, until: i64) -> bool {
        self.active && self.day == day && self.start < until && from < self.start + minutes(self.service)
    }
}

/// A time told to a call, with its token.
#[derive(Clone, Debug)]
pub struct Offer {
    pub token: String,
    pub call: usize,
    /// The person counts if it was wished for.
    pub wish: Wish,
    /// The person, where it was told.
    staff: Option<usize>,
    told_at: i64,
}

#[derive(Clone, Debug)]
struct Hold {
    offer: Offer,
    staff: usize,
    until: i64,
}

/// What must come of a booking.
#[derive(Debug, PartialEq)]
pub enum Booking {
    /// The appointment of that index, told again.
    Again(usize),
    /// The caller sits somewhere else then.
    AlreadyYours,
    /// Nobody is free.
    Unavailable,
    /// New, with one of these.
    New(Vec<usize>),
}

/// Who can do a service: Leyla makes no perms.
fn able(service: usize, staff: usize) -> bool {
    (service, staff) != (1, 1)
}

/// How long the customer is there.
pub fn minutes(service: usize) -> i64 {
    [30, 60, 90][service]
}

/// When the person is busy with it, from its start: colour works alone for half an hour and leaves ten minutes of mess.
fn busy(service: usize, start: i64) -> Vec<(i64, i64)> {
    match service {
        2 => vec![(start, start + 30), (start + 60, start + 100)],
        plain => vec![(start, start + minutes(plain))],
    }
}

#[derive(Debug, Default)]
pub struct Day {
    /// Minutes that went by.
    pub now: i64,
    pub appointments: Vec<Appointment>,
    pub offers: Vec<Offer>,
    holds: Vec<Hold>,
    /// Which wish of which call made which appointment.
    wishes: Vec<(usize, usize, usize, i64, usize)>,
}

impl Day {
    /// Who is free for a wish.
    pub fn free(&self, wish: Wish, call: usize, moving: Option<usize>) -> Vec<usize> {
        if wish.start < 0 || wish.start + minutes(wish.service) > OPEN {
            return Vec::new();
        }
        let wanted = busy(wish.service, wish.start);
        let fits = |staff: &usize| {
            able(wish.service, *staff)
                && wish.staff.is_none_or(|wished| wished == *staff)
                && wanted.iter().all(|(from, until)| {
                    *until <= OPEN && !self.is_taken((*staff, wish.day), (*from, *until), call, moving)
                })
        };
        (0..STAFF.len()).filter(fits).collect()
    }

    fn is_taken(
        &self,
        (staff, day): (usize, usize),
        (from, until): (i64, i64),
        call: usize,
        moving: Option<usize>,
    ) -> bool {
        let appointments = self.appointments.iter().enumerate().filter(|(at, one)| one.active && Some(*at) != moving);
        let appointments = appointments.map(|(_, one)| (one.staff, one.day, one.service, one.start));
        let holds = self.holds.iter().filter(|hold| hold.until > self.now && hold.offer.call != call);
        let holds = holds.map(|hold| (hold.staff, hold.offer.wish.day, hold.offer.wish.service, hold.offer.wish.start));
        appointments.chain(holds).filter(|(other, on, ..)| *other == staff && *on == day).any(|(.., service, start)| {
            busy(service, start).iter().any(|(taken_from, taken_until)| from < *taken_until && *taken_from < until)
        })
    }

    /// The caller's own appointments that overlap a wish, earliest first.
    pub fn in_the_way(&self, wish: Wish, customer: Customer) -> Vec<usize> {
        let until = wish.start + minutes(wish.service);
        let clashes = |own: &Appointment| own.customer == customer && own.overlaps(wish.day, wish.start, until);
        let all = self.appointments.iter().enumerate().filter(|(_, own)| clashes(own));
        let mut all: Vec<usize> = all.map(|(at, _)| at).collect();
        all.sort_by_key(|at| self.appointments[*at].start);
        all
    }

    /// What a confirmation means that names no living offer: the time its token once stood for, else the last thing
    /// this call made.
    pub fn made_before(&self, call: usize, token: Option<&Offer>) -> Option<usize> {
        let stood_for = |own: &Appointment| {
            token.is_none_or(|Offer { wish, staff, .. }| {
                let time = (own.service, own.day, own.start) == (wish.service, wish.day, wish.start);
                time && *staff == Some(own.staff)
            })
        };
        let made = self.appointments.iter().enumerate();
        let made = made.filter(|(_, own)| own.call == call && own.active && stood_for(own));
        made.max_by_key(|(_, own)| (own.made_at, own.id.clone())).map(|(at, _)| at)
    }

    /// Whether the customer of an appointment has another one when it is to be moved.
    pub fn sits_elsewhere(&self, at: usize, new: Wish) -> bool {
        let moving = &self.appointments[at];
        let until = new.start + minutes(new.service);
        self.appointments.iter().enumerate().any(|(other, own)| {
            let same_customer = own.customer == moving.customer;
            other != at && same_customer && own.overlaps(new.day, new.start, until)
        })
    }

    /// What must come of booking a wish.
    pub fn booking(&self, wish: Wish, call: usize, customer: Customer) -> Booking {
        let same = |one: &&(usize, usize, usize, i64, usize)| {
            (one.0, one.1, one.2, one.3) == (call, wish.service, wish.day, wish.start)
        };
        if let Some(before) = self.wishes.iter().rev().find(same)
            && self.appointments[before.4].active
        {
            return Booking::Again(before.4);
        }
        let in_the_way = self.in_the_way(wish, customer);
        if let Some(at) = in_the_way.first() {
            let own = &self.appointments[*at];
            let same = own.call == call && own.service == wish.service && own.start == wish.start;
            return if same { Booking::Again(*at) } else { Booking::AlreadyYours };
        }
        match self.free(wish, call, None) {
            free if free.is_empty() => Booking::Unavailable,
            free => Booking::New(free),
        }
    }

    pub fn books(&mut self, wish: Wish, appointment: Appointment) {
        self.wishes.push((appointment.call, wish.service, wish.day, wish.start, self.appointments.len()));
        self.lets_go(appointment.call);
        self.appointments.push(appointment);
    }

    /// The call's hold ends.
    pub fn lets_go(&mut self, call: usize) {
        self.holds.retain(|hold| hold.offer.call != call);
    }

    pub fn offers(&mut self, token: &str, call: usize, wish: Wish, staff: Option<usize>) -> Offer {
        let offer = Offer { token: token.to_owned(), call, wish, staff, told_at: self.now };
        self.offers.push(offer.clone());
        offer
    }

    pub fn holds(&mut self, token: &str, call: usize, wish: Wish, staff: usize) {
        self.lets_go(call);
        let offer = self.offers(token, call, wish, Some(staff));
        self.holds.push(Hold { offer, staff, until: self.now + HOLD });
    }

    /// What a call holds now.
    pub fn held_by(&self, call: usize) -> Option<&Offer> {
        self.holds.iter().find(|hold| hold.offer.call == call && hold.until > self.now).map(|hold| &hold.offer)
    }

    /// The last token told to a call, and whether it still counts.
    pub fn last_offer(&self, call: usize) -> Option<(Offer, bool)> {
        let offer = self.offers.iter().rev().find(|offer| offer.call == call)?;
        Some((offer.clone(), offer.told_at + OFFER > self.now))
    }
}
