//! Stacks that fail: the cause is named, what is left is known, and the next attempt succeeds.

use crate::place::Place;
use crate::world::World;

const PATIENT: &str = include_str!("templates/patient.yml");

const TOPIC: &str = "\
Resources:
  Topic:
    Type: AWS::SNS::Topic
";

/// What CloudFormation says of a signal that did not come.
const TIMED_OUT: &str = "WaitCondition timed out. Received 0 conditions when expecting 1";

pub(crate) fn a_signal_that_does_not_come(world: &World) {
    let place = Place::new(world, "late").with("late.yml", PATIENT);
    place.run(&["deploy", "--yes", "-P", "Timeout=5"]).is(
        3,
        &[
            "..     Told",
            "FAILED Told",
            "late ROLLBACK_IN_PROGRESS",
            "late ROLLBACK_COMPLETE",
            "FAILED   Told: no success signal within 5s (0 of 1)",
            "[late.yml:16:16]",
            TIMED_OUT,
            "late ROLLBACK_COMPLETE after",
            "--replace-failed",
        ],
    );
    place.run(&["status"]).is(3, &["late (ROLLBACK_COMPLETE)", "taken back"]);
    // By the name alone, as from another machine.
    let elsewhere = Place::new(world, "late-elsewhere");
    // A wait condition has no instance that could be looked at: what AWS said is all.
    let all = ["Told: no success signal", ":16:16]", TIMED_OUT, "all that can be told"];
    elsewhere.run(&["diagnose", "late"]).is(4, &all);

    let place = place.with("late.yml", TOPIC);
    place
        .run(&["deploy", "--yes", "--replace-failed"])
        .is(0, &["deleted", "Plan: 1 to add", "late CREATE_COMPLETE"]);
    assert_eq!(place.left_over(), [""; 0]);
}

pub(crate) fn an_update_that_fails(world: &World) {
    let place = Place::new(world, "worse").with("worse.yml", TOPIC);
    place.run(&["deploy", "--yes"]).is(0, &["worse CREATE_COMPLETE"]);

    let place = place.with("worse.yml", PATIENT);
    let mut update = place.start(&["deploy", "--yes", "--progress", "json"]);
    update.tells("resource", |it| it["resource"] == "Told" && it["state"] == "..");
    // An instance that says itself that it failed.
    place.ask("cloudformation signal-resource --stack-name worse --logical-resource-id Told --unique-id i-1 --status FAILURE");
    let ran = update.end();
    ran.is(3, &["\"UPDATE_ROLLBACK_COMPLETE\""]);
    let causes = ran.told("diagnosis");
    assert!(
        causes.iter().all(|it| it["resource"] == "Told" && it["line"] == 11) && !causes.is_empty(),
        "{ran}"
    );
}

/// The one who is denied is told what to ask for, and nothing is left.
pub(crate) fn what_may_not_be_done(world: &World) {
    let place = Place::new(world, "denied").with("denied.yml", TOPIC);
    place.ask("iam create-user --user-name reader");
    let key = place.ask("iam create-access-key --user-name reader");
    let key = |name: &str| key["AccessKey"][name].as_str().expect("a key").to_owned();
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"cloudformation:Describe*","Resource":"*"}}"#;
    place.ask(&format!(
        "iam put-user-policy --user-name reader --policy-name reads --policy-document {policy}"
    ));

    let place = place.set("AWS_ACCESS_KEY_ID", &key("AccessKeyId"));
    let place = place.set("AWS_SECRET_ACCESS_KEY", &key("SecretAccessKey"));
    let ran = place.run(&["deploy", "--yes"]);
    ran.is(
        5,
        &[
            "as user/reader",
            "cloudformation:CreateChangeSet",
            "a policy that allows it",
            "\"cloudformation:CreateChangeSet\"",
        ],
    );

    let place = place.set("AWS_ACCESS_KEY_ID", "").set("AWS_SECRET_ACCESS_KEY", "");
    place.run(&["deploy", "--yes"]).is(5, &["Unable to locate credentials", "aws configure"]);
}
