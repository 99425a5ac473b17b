//! Stacks that come up, change, are left alone, and go.

use std::fmt::Write as _;

use crate::place::Place;
use crate::world::World;

/// A secret that goes into a parameter of Systems Manager, where it is found again.
const NOTES: &str = include_str!("templates/notes.yml");

/// A stack that waits until it is told to go on.
const PATIENT: &str = include_str!("templates/patient.yml");

pub(crate) fn from_first_to_last(world: &World) {
    const SECRET: &str = "tulips-in-november";

    let place = Place::new(world, "notes").with("notes.yml", NOTES);
    let kept = || place.ask("ssm get-parameter --name /notes/kept")["Parameter"]["Value"].clone();

    let plan = place.run_with(SECRET, &["deploy", "--param-stdin", "Secret", "--plan-only"]);
    plan.is(10, &["notes (new)", "Plan: 2 to add", "planned only"]);
    // The empty stack that a change set needs has gone with it.
    let gone = place.aws("cloudformation describe-stacks --stack-name notes");
    assert!(gone.stderr.contains("does not exist"), "{gone}");

    let new = place.run_with(SECRET, &["deploy", "--param-stdin", "Secret", "--yes"]);
    new.is(
        0,
        &[
            "notes (new)",
            "Plan: 2 to add",
            "notes CREATE_COMPLETE",
            "Topic = arn:aws:sns:",
            "ecslint destroy notes",
        ],
    );
    assert_eq!(kept(), SECRET, "{new}");

    // The stack has a value for the secret, and nobody is asked for it again.
    let same = place.run(&["deploy", "--yes"]);
    same.is(0, &["notes (CREATE_COMPLETE)", "notes is up to date"]);
    // Only the one that was executed is still there.
    let sets = place.ask("cloudformation list-change-sets --stack-name notes");
    let sets: Vec<_> =
        sets["Summaries"].as_array().into_iter().flatten().map(|it| &it["ExecutionStatus"]).collect();
    assert_eq!(sets, ["EXECUTE_COMPLETE"]);

    let update = place.run(&["deploy", "--yes", "-P", "Note=two"]);
    update.is(0, &["Plan: 1 to change", "~  Topic", "DisplayName", "notes UPDATE_COMPLETE"]);
    assert_eq!(kept(), SECRET, "{update}");

    place.run(&["destroy", "notes", "--yes"]).is(0, &["-  Kept", "notes is gone"]);

    // Not in the words or the environment of a call, nor in what was printed or written down.
    let calls = place.calls();
    assert!(calls.len() > 20 && calls.iter().any(|it| it.contains("file:///dev/stdin")), "{calls:#?}");
    assert_eq!(place.files_with(SECRET), [""; 0]);
    for ran in [plan, new, same, update] {
        assert!(!ran.to_string().contains(SECRET), "{ran}");
    }
    assert_eq!(place.left_over(), [""; 0]);
}

/// One that is begun goes on without us, takes no second deployment, and is found again.
pub(crate) fn detached_and_resumed(world: &World) {
    let place = Place::new(world, "patient").with("patient.yml", PATIENT);
    place
        .run(&["deploy", "--yes", "--detach"])
        .is(0, &["patient goes on", "ecslint deploy --resume --stack patient"]);
    place.run(&["status"]).is(75, &["patient (CREATE_IN_PROGRESS)", "goes on"]);
    place.run(&["deploy", "--yes"]).is(7, &["another operation on patient goes on", "--resume"]);

    let mut resumed = place.start(&["deploy", "--resume", "--progress", "json"]);
    resumed.tells("resource", |it| it["resource"] == "Told" && it["state"] == "..");
    place.ask("cloudformation signal-resource --stack-name patient --logical-resource-id Told --unique-id i-1 --status SUCCESS");
    let ran = resumed.end();
    ran.is(0, &["\"CREATE_COMPLETE\"", "\"exit_code\":0"]);
    // From the first event, though it was begun by another run.
    let first = &ran.told("stack")[0];
    assert_eq!(first["status"], "CREATE_IN_PROGRESS", "{ran}");
}

/// Through a bucket, and with events that fill more than one page.
pub(crate) fn a_large_template(world: &World) {
    const N: usize = 60;

    let mut text = String::from("Resources:\n");
    for idx in 0..N {
        // What is long in the template need not be so in the stack.
        let comment = "#".repeat(900);
        let _ = writeln!(text, "  {comment}\n  Topic{idx}:\n    Type: AWS::SNS::Topic");
    }
    assert!(text.len() > 51_200);
    let place = Place::new(world, "large").with("large.yml", &text);
    place.ask("s3api create-bucket --bucket ecslint-large");
    let ran = place.run(&["deploy", "--yes", "--s3-bucket", "ecslint-large", "--progress", "json"]);
    ran.is(0, &["\"CREATE_COMPLETE\""]);
    let done = ran.told("resource").iter().filter(|it| it["state"] == "ok").count();
    assert_eq!(done, N, "{ran}");
}
