//! What can happen to a deployment.

use super::stage::{Play, row, template};

/// All scenarios by name.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("happy", happy),
    ("no_change", no_change),
    ("signal_timeout", signal_timeout),
    ("refused_by_the_check", refused_by_the_check),
    ("not_confirmed", not_confirmed),
];

const BEGIN: &str = "execute-change-set";

fn happy() {
    let seen = Play::new("happy").run(&["deploy", "--yes"]);
    let seen = seen.shows(
        0,
        &[
            "CREATE_COMPLETE",
            "1/1 instances registered",
            "output   Cluster = demo-ecs",
            "ecslint destroy demo",
            "3 to add",
            "CAPABILITY_IAM",
        ],
    );
    assert_eq!(seen.call("create-change-set").body, template());
    assert_eq!(seen.count("execute-change-set"), 1);
    for call in &seen.calls {
        assert_eq!(call.variables.get("AWS_PAGER").map(String::as_str), Some(""));
    }
}

fn no_change() {
    let failed = r#"{"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes. Submit different information to create a change set."}"#;
    let seen = Play::new("no_change")
        .existing("CREATE_COMPLETE")
        .answering("describe-change-set", 1, 9, failed)
        .run(&["deploy", "--yes"]);
    let seen = seen.shows(0, &["up to date"]);
    assert_eq!((seen.count("delete-change-set"), seen.count("delete-stack"), seen.count(BEGIN)), (1, 0, 0));
}

fn signal_timeout() {
    let rows = vec![
        row(BEGIN, 0.0, "demo", "CREATE_IN_PROGRESS", "User Initiated"),
        row(BEGIN, 4.0, "Cluster", "CREATE_IN_PROGRESS", ""),
        row(BEGIN, 14.0, "Cluster", "CREATE_COMPLETE", ""),
        row(BEGIN, 20.0, "Group", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        row(
            BEGIN,
            920.0,
            "Group",
            "CREATE_FAILED",
            "Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement",
        ),
        row(
            BEGIN,
            921.0,
            "demo",
            "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [Group]. Rollback requested by user.",
        ),
        row(BEGIN, 960.0, "Group", "DELETE_COMPLETE", ""),
        row(BEGIN, 970.0, "demo", "ROLLBACK_COMPLETE", ""),
    ];
    let mut play = Play::new("signal_timeout").timeline(rows);
    play.script.speed = 300.0;
    play.script.console = "/var/lib/cloud/instance/scripts/part-001: line 5: /opt/aws/bin/cfn-signal: No such file or directory".to_owned();
    let seen = play.run(&["deploy", "--yes"]);
    let seen = seen.shows(3, &["Received 0 SUCCESS signal(s) out of 1", "ROLLBACK_COMPLETE", "Group"]);
    assert_eq!(seen.count("get-console-output"), 1);
}

fn refused_by_the_check() {
    let bad = template().replace("--resource Group", "--resource Cluster");
    let seen = Play::new("refused_by_the_check").template(&bad).run(&["deploy", "--yes"]);
    let seen = seen.shows(1, &["nothing was sent", "--allow ECS"]);
    assert_eq!(seen.calls.len(), 0);
}

fn not_confirmed() {
    let seen = Play::new("not_confirmed").run(&["deploy"]);
    let seen = seen.shows(7, &["--yes"]);
    assert_eq!((seen.count("delete-change-set"), seen.count("delete-stack"), seen.count(BEGIN)), (1, 1, 0));
}
