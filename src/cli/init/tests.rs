//! What `init` writes is clean under its own check, whatever was chosen.

use super::*;
use crate::catalog::instances;
use crate::diagnostic::Severity;
use crate::lint::{self, Options};
use crate::model::Answer;

/// What is found in the template for these choices, but for the price of GPUs and for what is only worth knowing.
fn found(flags: &Flags) -> Vec<String> {
    let text = template(flags).expect("a choice that is allowed");
    assert!(!text.contains('@') && !text.contains("#=="), "{text}");
    let outcome = lint::check(text.as_bytes(), &Options::default());
    assert_eq!(outcome.fleets.len(), 1, "{text}");
    assert!(outcome.notes.is_empty(), "{:?}", outcome.notes);
    let loud = outcome.diagnostics.iter().filter(|it| it.severity > Severity::Info && it.code != "ECS601");
    loud.map(|it| format!("{} {}", it.code, it.finding.message)).collect()
}

#[test]
fn every_combination_is_clean() {
    // One type for each kind of image, with and without GPU.
    for (gpu, name) in
        [(false, "t3.micro"), (false, "m7g.large"), (true, "g4dn.xlarge"), (false, "inf2.xlarge")]
    {
        for bits in 0..16 {
            let bit = |at: u32| bits >> at & 1 == 1;
            let flags = Flags {
                gpu,
                instance_type: Some(instances::find(name).expect(name)),
                instances: bit(0).then_some(500),
                network: Some(if bit(1) { Network::New } else { Network::Existing }),
                key_name: bit(2).then(|| "me at 'home': @x".replace('@', "#")),
                ssh_from: bit(2).then(|| "203.0.113.0/24".to_owned()),
                service: bit(3),
            };
            assert_eq!(found(&flags), [""; 0], "{flags:?}");
        }
    }
}

/// Every type that AWS still starts is either refused, or its template is clean.
#[test]
fn every_instance_type_is_clean_or_refused() {
    let mut n_taken = 0;
    for instance in instances::all() {
        let flags = Flags { instance_type: Some(instance), ..Flags::default() };
        match choice::instance_type(instance.name) {
            Ok(_) => {
                n_taken += 1;
                assert_eq!(found(&flags), [""; 0], "{}", instance.name);
            }
            Err(BadChoice::Retired) => assert!(instance.is_retired(), "{}", instance.name),
            Err(error) => assert_eq!(error, BadChoice::NoImage, "{}", instance.name),
        }
    }
    assert!(n_taken > 1000, "{n_taken}");
}

#[test]
fn by_default_it_is_free_and_joins() {
    let text = template(&Flags::default()).expect("defaults");
    let outcome = lint::check(text.as_bytes(), &Options::default());
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    let verdicts = outcome.fleets[0].verdicts.as_ref().expect("it is meant for a cluster");
    assert_eq!(verdicts.registers.verdict, Answer::Yes);
    let instance = Flags::default().instance().expect("t3.micro");
    assert!(instance.on_free_plan, "{}", instance.name);
}

/// A value is what it was, and never becomes anything else of the template.
#[test]
fn names_stay_what_they_are() {
    for name in ["me", "it's", "a: b # c", "@image@", "{x}", "yes", "1", "\"", "${AWS::Region}", "- x"] {
        let flags = Flags {
            key_name: Some(choice::key_name(name).expect(name)),
            ssh_from: Some("10.1.0.0/16".to_owned()),
            ..Flags::default()
        };
        let text = template(&flags).expect(name);
        let parse = crate::syntax::parse(&text);
        let path = ["Parameters", "KeyName", "Default"];
        let found = path.into_iter().fold(parse.tree.roots().next(), |node, key| node?.get(key));
        assert_eq!(found.map(|it| it.text()), Some(name));
    }
}

/// All that can be wanted is wanted by something, so that no line of the template is dead.
#[test]
fn each_part_is_known() {
    let all: Vec<_> = TEMPLATE.lines().filter_map(|it| it.strip_prefix("#== ")).collect();
    let known =
        ["always", "new", "existing", "ssh", "no ssh", "service", "service with gpu", "service without gpu"];
    for it in known {
        assert!(all.contains(&it), "{it}");
    }
    assert!(all.iter().all(|it| known.contains(it)), "{all:?}");
}

#[test]
fn what_would_not_do_is_refused() {
    let instance = |text| choice::instance_type(text).map(|it| it.name);
    assert_eq!(instance(" T3.Micro "), Ok("t3.micro"));
    assert_eq!(instance("t3.mirco"), Err(BadChoice::UnknownType { near: vec!["t3.micro"] }));
    assert_eq!(instance("p2.xlarge"), Err(BadChoice::Retired));
    for name in ["g4ad.xlarge", "g5g.xlarge", "a1.large", "mac2.metal", "f2.6xlarge"] {
        assert!(matches!(instance(name), Err(BadChoice::NoImage | BadChoice::Retired)), "{name}");
    }
    assert_eq!(choice::ssh_from("203.0.113.7").as_deref(), Ok("203.0.113.7/32"));
    assert_eq!(choice::ssh_from("10.1.2.3/8").as_deref(), Ok("10.0.0.0/8"));
    assert_eq!(choice::ssh_from("0.0.0.0/0"), Err(BadChoice::World));
    assert_eq!(choice::ssh_from("10.0.0.0/33"), Err(BadChoice::Cidr));
    assert_eq!(choice::ssh_from("home"), Err(BadChoice::Cidr));
    assert_eq!(choice::instances("0"), Err(BadChoice::Instances));
    assert_eq!(choice::instances("501"), Err(BadChoice::Instances));
    for name in ["", " me", "müller", "a\u{1b}[31m", &"x".repeat(256)] {
        assert_eq!(choice::key_name(name), Err(BadChoice::KeyName), "{name:?}");
    }
    let flags = Flags { gpu: true, instance_type: instances::find("t3.micro"), ..Flags::default() };
    assert_eq!(template(&flags), Err(BadChoice::NoGpu { name: "t3.micro" }));
}
