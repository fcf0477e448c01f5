//! The tenant files of `examples/`, and what is said about wrong ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use frontdesk::tenant_file::{self, TenantFile};
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::pii::Phone;
use frontdesk_domain::tenant::{Business, Tenant};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn example(name: &str) -> TenantFile {
    let path = examples().join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    tenant_file::read(&text, path.to_str().unwrap()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn world() -> Value {
    serde_json::from_str(include_str!("data/world.json")).unwrap()
}

/// The tenant a world's entry describes, through the domain's own reader.
fn tenant_of(entry: &Value, day_parts: &Value) -> Tenant {
    let line = |line: &Value| {
        let agents =
            [("retell", "retell_agent_id"), ("vapi", "vapi_assistant_id"), ("elevenlabs", "elevenlabs_agent_id")];
        let agents = agents
            .into_iter()
            .filter_map(|(platform, key)| line[key].as_str().map(|id| json!({ "platform": platform, "id": id })));
        json!({ "number": line["number"], "agents": agents.collect::<Vec<_>>() })
    };
    let branches = entry["branches"].as_array().unwrap().iter().map(|branch| {
        json!({
            "id": branch["slug"], "name": branch["name"], "zone": branch["zone"], "hours": branch["hours"],
            "transfer_to": branch["transfer_to"],
            "lines": branch["lines"].as_array().unwrap().iter().map(line).collect::<Vec<_>>(),
        })
    });
    let services = entry["services"].as_array().unwrap().iter().cloned().map(|mut service| {
        let minutes = service.as_object_mut().unwrap().remove("minutes").unwrap();
        service["phases"] = json!([{ "minutes": minutes }]);
        service
    });
    let tenant = json!({
        "id": tenant_file::PLACEHOLDER_ID, "slug": entry["slug"], "name": entry["name"],
        "language": entry["language"], "country": entry["country"], "mode": "local-first",
        "slot_grid_minutes": entry["slot_grid_minutes"], "day_parts": day_parts,
        "default_branch": entry["default_branch"], "branches": branches.collect::<Vec<_>>(),
        "services": services.collect::<Vec<_>>(), "staff": entry["staff"],
        "policy": {
            "notice_minutes": entry["notice_minutes"], "horizon_days": entry["horizon_days"],
            "cancel_deadline_hours": entry["cancel_deadline_hours"],
        },
    });
    serde_json::from_value(tenant).unwrap()
}

#[test]
fn the_demo_files_are_exactly_the_world_of_the_fixtures() {
    let world = world();
    for (file, entry) in
        ["salon-morgenrot.toml", "barbier-am-hafen.toml"].iter().zip(world["tenants"].as_array().unwrap())
    {
        let read = example(file);
        assert_eq!(read.warnings, Vec::<String>::new(), "{file}");
        let wanted = Tenant { business: Business::Salon, ..tenant_of(entry, &world["day_parts"]) };
        assert_eq!(read.tenant, wanted, "{file}");
        assert_eq!(read.endpoint.as_deref(), entry["endpoint"].as_str());
        let keys: Vec<&str> = read.retell_keys.iter().map(ExposeSecret::expose_secret).collect();
        assert_eq!(json!(keys), entry["keys"]["retell_api_keys"]);
        let first = |keys: &[secrecy::SecretString]| keys.first().map(|key| key.expose_secret().to_owned());
        assert_eq!(first(&read.vapi_keys).as_deref(), entry["keys"]["vapi_secret"].as_str());
        assert_eq!(first(&read.elevenlabs_keys).as_deref(), entry["keys"]["elevenlabs_webhook_secret"].as_str());
    }
}

#[test]
fn customers_and_appointments_of_the_demo_salon_are_those_of_the_fixtures() {
    let world = world();
    let entry = &world["tenants"][0];
    let read = example("salon-morgenrot.toml");
    let customers: Vec<Value> = read
        .customers
        .iter()
        .map(|customer| {
            json!({
                "id": customer.id, "name": customer.name.reveal(), "phone": customer.phone.as_ref().map(Phone::reveal),
                "email": customer.email.as_ref().map(|email| email.reveal()),
            })
        })
        .collect();
    let mut wanted = entry["customers"].as_array().unwrap().clone();
    wanted.iter_mut().for_each(|customer| {
        customer.as_object_mut().unwrap().remove("note");
    });
    assert_eq!(json!(customers), json!(wanted));

    assert_eq!(read.appointments.len(), 5);
    for (appointment, wanted) in read.appointments.iter().zip(entry["appointments"].as_array().unwrap()) {
        let instant = |key: &str| wanted[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(json!(appointment.id), wanted["id"]);
        assert_eq!(json!(appointment.branch), wanted["branch"]);
        assert_eq!(json!(appointment.customer), wanted["customer"]);
        assert_eq!((appointment.visit.start, appointment.visit.end), (instant("start"), instant("end")));
        let leg = &appointment.visit.legs[0];
        assert_eq!(json!(read.tenant.service(&leg.service).unwrap().name), wanted["service"]);
        assert_eq!(json!(read.tenant.staff(&leg.staff).unwrap().name), wanted["staff"]);
        assert_eq!(leg.busy.len(), 1);
        assert_eq!((leg.busy[0].from, leg.busy[0].until), (leg.start, leg.end));
    }
}

#[test]
fn every_example_is_right_and_gives_its_owner_nothing_to_mend() {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in std::fs::read_dir(examples()).unwrap() {
        let path = file.unwrap().path();
        let read = example(path.file_name().unwrap().to_str().unwrap());
        assert_eq!(read.warnings, Vec::<String>::new());
        assert!(!read.retell_keys.is_empty(), "{}", path.display());
        let tenant = read.with_id(TenantId::from("ten_1")).tenant;
        assert_eq!(tenant.id.as_str(), "ten_1");
        assert_eq!(seen.insert(tenant.slug, path.clone()), None, "{}", path.display());
    }
    assert!(seen.len() >= 2);
}
