//! What can happen to a deployment.

#![expect(clippy::disallowed_methods, reason = "tests look at files")]

use super::scripted::{self, Row, STACK};
use super::stage::{Play, row, template};

/// All scenarios by name.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("happy", happy),
    ("no_change", no_change),
    ("signal_timeout", signal_timeout),
    ("refused_by_the_check", refused_by_the_check),
    ("not_confirmed", not_confirmed),
    ("failure_signal", failure_signal),
    ("launch_configuration_not_available", launch_configuration_not_available),
    ("cancelled_siblings_are_no_cause", cancelled_siblings_are_no_cause),
    ("rollback_failed", rollback_failed),
    ("kept_on_failure", kept_on_failure),
    ("leftover_is_not_replaced_unasked", leftover_is_not_replaced_unasked),
    ("leftover_is_replaced", leftover_is_replaced),
    ("each_blocking_state", each_blocking_state),
    ("early_validation", early_validation),
    ("throttled", throttled),
    ("network_lost_and_truncated", network_lost_and_truncated),
    ("contact_stays_lost", contact_stays_lost),
    ("expired_half_way", expired_half_way),
    ("cli_missing", cli_missing),
    ("cli_too_old", cli_too_old),
    ("each_trouble_with_credentials", each_trouble_with_credentials),
    ("change_set_refused", change_set_refused),
    ("two_at_once", two_at_once),
    ("secrets_are_no_arguments", secrets_are_no_arguments),
    ("wrong_arguments", wrong_arguments),
    ("parameters_that_are_missing_or_unknown", parameters_that_are_missing_or_unknown),
    ("what_the_stack_has_is_not_asked_for", what_the_stack_has_is_not_asked_for),
    ("what_parameters_name_is_looked_up", what_parameters_name_is_looked_up),
    ("plan_only", plan_only),
    ("dry_run", dry_run),
    ("detach_and_resume", detach_and_resume),
    ("resume_without_a_state_file", resume_without_a_state_file),
    ("interrupted_while_planning", interrupted_while_planning),
    ("interrupted_while_deploying", interrupted_while_deploying),
    ("not_joined_but_in_default", not_joined_but_in_default),
    ("does_not_wait_for_instances", does_not_wait_for_instances),
    ("status", status),
    ("diagnose", diagnose),
    ("destroy", destroy),
    ("delete_failed", delete_failed),
    ("protected", protected),
    ("allowed_in_spite", allowed_in_spite),
    ("large_template", large_template),
    ("state_file_cannot_be_written", state_file_cannot_be_written),
    ("no_room_for_the_template", no_room_for_the_template),
    ("changed_meanwhile", changed_meanwhile),
    ("which_template", which_template),
    ("one_call_a_poll", one_call_a_poll),
    ("silent", silent),
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
    let seen = seen.shows(
        3,
        &[
            "Received 0 SUCCESS signal(s) out of 1",
            "ROLLBACK_COMPLETE",
            "FAILED Group",
            "`cfn-signal` is not on the instance",
            "demo.yml:110:",
            "i-1: console: ",
        ],
    );
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

/// A creation that fails for a reason of one resource.
fn failed(reason: &str) -> Vec<Row> {
    vec![
        row(BEGIN, 0.0, "demo", "CREATE_IN_PROGRESS", "User Initiated"),
        row(BEGIN, 4.0, "Cluster", "CREATE_IN_PROGRESS", ""),
        row(BEGIN, 5.0, "Vpc", "CREATE_IN_PROGRESS", ""),
        row(BEGIN, 20.0, "Group", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        row(BEGIN, 60.0, "Group", "CREATE_FAILED", reason),
        row(BEGIN, 61.0, "Vpc", "CREATE_FAILED", "Resource creation cancelled"),
        row(
            BEGIN,
            62.0,
            "demo",
            "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [Group, Vpc]. Rollback requested by user.",
        ),
        row(BEGIN, 90.0, "Group", "DELETE_COMPLETE", ""),
        row(BEGIN, 95.0, "demo", "ROLLBACK_COMPLETE", ""),
    ]
}

fn failure_signal() {
    let mut rows = failed(
        "Received 1 FAILURE signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement",
    );
    rows.insert(
        4,
        row(BEGIN, 50.0, "Group", "CREATE_IN_PROGRESS", "Received FAILURE signal with UniqueId i-1"),
    );
    let seen = Play::new("failure_signal").timeline(rows).run(&["deploy", "--yes"]);
    let seen = seen.shows(
        3,
        &["its instance signalled a failure (1 of 1)", "Received 1 FAILURE signal(s)", "demo.yml:110:"],
    );
    // What the instance had to say is read before the rollback ends it.
    assert!(seen.count("get-console-output") >= 1);
}

fn launch_configuration_not_available() {
    let reason = "The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups.";
    let seen = Play::new("launch_configuration").timeline(failed(reason)).run(&["deploy", "--yes"]);
    seen.shows(
        3,
        &[
            "ECS701",
            "cannot create launch configurations",
            "Launch Configuration creation operation is not available",
        ],
    );
}

fn cancelled_siblings_are_no_cause() {
    let seen = Play::new("cancelled_siblings").timeline(failed("You have exceeded the limit")).run(&[
        "deploy",
        "--yes",
        "--progress",
        "json",
    ]);
    let seen = seen.shows(3, &[]);
    let lines = seen.lines();
    let diagnosis = lines.iter().find(|it| it["type"] == "diagnosis").expect("a diagnosis");
    assert_eq!(diagnosis["resource"], "Group");
    let done = lines.last().expect("a last line");
    assert_eq!((&done["type"], &done["exit_code"]), (&"done".into(), &3.into()));
    assert!(lines.iter().all(|it| it["schema"] == 1 && it["t"].is_string()));
}

fn rollback_failed() {
    let mut rows = failed("No");
    rows.truncate(7);
    rows.push(row(
        BEGIN,
        95.0,
        "demo",
        "ROLLBACK_FAILED",
        "The following resource(s) failed to delete: [Vpc].",
    ));
    let seen = Play::new("rollback_failed").timeline(rows).run(&["deploy", "--yes"]);
    seen.shows(4, &["ROLLBACK_FAILED", "needs a hand", "ecslint destroy demo"]);
}

fn kept_on_failure() {
    let mut rows = failed("No");
    rows.truncate(6);
    rows.push(row(
        BEGIN,
        70.0,
        "demo",
        "CREATE_FAILED",
        "The following resource(s) failed to create: [Group].",
    ));
    let seen = Play::new("kept_on_failure").timeline(rows).run(&["deploy", "--yes", "--on-failure", "keep"]);
    let seen = seen.shows(4, &["CREATE_FAILED"]);
    assert!(seen.call(BEGIN).argv.contains(&"--disable-rollback".to_owned()));
}

fn leftover_is_not_replaced_unasked() {
    let seen = Play::new("leftover").existing("ROLLBACK_COMPLETE").run(&["deploy", "--yes"]);
    let seen = seen.shows(7, &["ROLLBACK_COMPLETE", "--replace-failed"]);
    assert_eq!((seen.count("delete-stack"), seen.count("create-change-set")), (0, 0));
}

fn leftover_is_replaced() {
    let mut play = Play::new("leftover_replaced").existing("ROLLBACK_COMPLETE");
    play.script.timeline.insert(1, row("delete-stack", 0.0, "demo", "DELETE_IN_PROGRESS", "User Initiated"));
    play.script.timeline.insert(2, row("delete-stack", 5.0, "demo", "DELETE_COMPLETE", ""));
    // The script has one stack: what was begun before it was deleted counts for the new one too.
    let seen = play.run(&["deploy", "--yes", "--replace-failed", "--plan-only"]);
    let seen = seen.shows(10, &["deleted", "3 to add"]);
    assert_eq!(seen.call("create-change-set").option("--change-set-type"), Some("CREATE"));
}

fn each_blocking_state() {
    for (status, code, text) in [
        ("ROLLBACK_FAILED", 7, "--replace-failed"),
        ("CREATE_FAILED", 7, "--replace-failed"),
        ("DELETE_FAILED", 7, "--replace-failed"),
        ("UPDATE_ROLLBACK_FAILED", 4, "continue-update-rollback"),
        ("CREATE_IN_PROGRESS", 7, "--resume"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 7, "--resume"),
        ("DELETE_IN_PROGRESS", 7, "--resume"),
    ] {
        let seen = Play::new(&format!("blocked_{status}")).existing(status).run(&["deploy", "--yes"]);
        let seen = seen.shows(code, &[status, text]);
        assert_eq!((seen.count("create-change-set"), seen.count("delete-stack")), (0, 0), "{status}");
    }
}

fn early_validation() {
    let failed = r#"{"Status": "FAILED", "StatusReason": "AWS::EarlyValidation::PropertyValidation failed"}"#;
    let events = r#"{"OperationEvents": [{"LogicalResourceId": "Vpc", "ValidationPath": "/Resources/Vpc/Properties/CidrBlock", "ValidationStatusReason": "is no range of addresses"}]}"#;
    let seen = Play::new("early_validation")
        .answering("describe-change-set", 1, 9, failed)
        .answering("describe-events", 1, 9, events)
        .variable("GITHUB_ACTIONS", "true")
        .run(&["deploy", "--yes"]);
    let seen = seen.shows(
        8,
        &[
            "demo.yml:28",
            "is no range of addresses",
            "::error file=demo.yml,line=28,",
            "::group::plan",
            "::endgroup::",
        ],
    );
    assert_eq!((seen.count("delete-change-set"), seen.count("delete-stack"), seen.count(BEGIN)), (1, 1, 0));
}

fn throttled() {
    let complaint = "\nAn error occurred (Throttling) when calling the DescribeStackEvents operation (reached max retries: 2): Rate exceeded\n";
    let seen =
        Play::new("throttled").failing("describe-stack-events", 3, 6, complaint).run(&["deploy", "--yes"]);
    seen.shows(0, &["contact lost", "contact is back", "CREATE_COMPLETE"]);
}

fn network_lost_and_truncated() {
    let seen = Play::new("network")
        .failing(
            "describe-stack-events",
            3,
            4,
            "\nCould not connect to the endpoint URL: \"https://cloudformation.us-east-1.amazonaws.com/\"\n",
        )
        .answering("describe-stack-events", 6, 6, "{\"StackEvents\": [{\"Event")
        .run(&["deploy", "--yes"]);
    seen.shows(0, &["contact lost", "contact is back", "CREATE_COMPLETE"]);
}

fn contact_stays_lost() {
    let mut play = Play::new("contact_lost").failing(
        "describe-stack-events",
        2,
        9999,
        "\nConnect timeout on endpoint URL: \"x\"\n",
    );
    play.script.speed = 500.0;
    play.run(&["deploy", "--yes"]).shows(75, &["goes on", "ecslint deploy --resume --stack demo"]);
}

fn expired_half_way() {
    let complaint = "\nAn error occurred (ExpiredToken) when calling the DescribeStackEvents operation: The security token included in the request is expired\n";
    let seen =
        Play::new("expired").failing("describe-stack-events", 4, 9999, complaint).run(&["deploy", "--yes"]);
    seen.shows(75, &["no longer valid", "--resume"]).hides(&["failed"]);
}

fn cli_missing() {
    let seen = Play::new("cli_missing").run(&["deploy", "--yes", "--aws", "/no/such/aws"]);
    seen.shows(5, &["install the aws CLI"]);
    let seen = Play::new("cli_not_on_path").variable("PATH", "/nowhere").run_as_is(&["deploy", "--yes"]);
    seen.shows(5, &["not on PATH", "--aws"]);
}

fn cli_too_old() {
    let mut play = Play::new("cli_old");
    play.script.version = "1.14.2".to_owned();
    play.run(&["deploy", "--yes"]).shows(5, &["too old"]);
}

fn each_trouble_with_credentials() {
    for (name, complaint, text) in [
        (
            "none_v1",
            "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
            "aws configure",
        ),
        (
            "none_v2",
            "aws: [ERROR]: An error occurred (NoCredentials): Unable to locate credentials. You can configure credentials by running \"aws login\".",
            "aws configure",
        ),
        (
            "json",
            r#"{"Code": "ExpiredToken", "Message": "The security token included in the request is expired"}"#,
            "log in again",
        ),
        ("sso", "Error when retrieving token from sso: Token has expired and refresh failed", "log in again"),
        (
            "region",
            "You must specify a region. You can also configure your region by running \"aws configure\".",
            "--region",
        ),
        (
            "denied",
            "An error occurred (AccessDenied) when calling the GetCallerIdentity operation: User: arn:aws:iam::1:user/x is not authorized to perform: sts:GetCallerIdentity",
            "sts:GetCallerIdentity",
        ),
        (
            "network",
            "Could not connect to the endpoint URL: \"https://sts.us-east-1.amazonaws.com/\"",
            "nothing was changed",
        ),
    ] {
        let seen = Play::new(&format!("credentials_{name}"))
            .failing("get-caller-identity", 1, 9, &format!("\n{complaint}\n"))
            .run(&["deploy", "--yes"]);
        let seen = seen.shows(5, &[text]);
        assert_eq!(seen.count("create-change-set"), 0, "{name}");
    }
}

fn change_set_refused() {
    let complaint = "\nAn error occurred (InsufficientCapabilitiesException) when calling the CreateChangeSet operation: Requires capabilities : [CAPABILITY_AUTO_EXPAND]\n";
    let seen = Play::new("change_set_refused")
        .failing("create-change-set", 1, 9, complaint)
        .run(&["deploy", "--yes"]);
    let seen = seen.shows(8, &["Requires capabilities"]);
    assert_eq!(seen.count(BEGIN), 0);
}

fn two_at_once() {
    let complaint = "\nAn error occurred (InvalidChangeSetStatus) when calling the ExecuteChangeSet operation: ChangeSet cannot be executed in its current status of [OBSOLETE]\n";
    let seen = Play::new("two_at_once").failing(BEGIN, 1, 9, complaint).run(&["deploy", "--yes"]);
    seen.shows(8, &["OBSOLETE"]);
}

const SECRET: &str = "
Parameters:
  Password: {Type: String, NoEcho: true}
  Size: {Type: String}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Ref Size, TopicName: !Ref Password}
";

fn secrets_are_no_arguments() {
    let mut play = Play::new("secrets").template(SECRET).stdin("hunter2\n");
    let seen =
        play.run(&["deploy", "--yes", "-P", "Size=big", "--param-stdin", "Password", "--progress", "json"]);
    let seen = seen.shows(0, &[]).hides(&["hunter2"]);
    let call = seen.call("create-change-set");
    assert!(call.stdin.contains("hunter2") && call.stdin.contains("big"));
    for call in &seen.calls {
        assert!(!call.argv.iter().any(|it| it.contains("hunter2")), "{:?}", call.argv);
        assert!(!call.variables.values().any(|it| it.contains("hunter2")));
    }
    let state = std::fs::read_dir(play.folder.join("work/.ecslint")).map(|it| it.count());
    assert!(state.unwrap_or(0) <= 1, "only .gitignore is left");
}

fn parameters_that_are_missing_or_unknown() {
    let seen = Play::new("parameters_missing").template(SECRET).run(&["deploy", "--yes"]);
    seen.shows(2, &["`Password`, `Size`", "--param-stdin Password"]);
    let seen = Play::new("parameters_unknown").run(&["deploy", "--yes", "-P", "MaxSiz=3"]);
    let seen = seen.shows(2, &["no parameter `MaxSiz`", "did you mean `MaxSize`"]);
    assert_eq!(seen.calls.len(), 0);
}

fn what_the_stack_has_is_not_asked_for() {
    let mut play = Play::new("parameters_had").template(SECRET).existing("CREATE_COMPLETE");
    play.script.parameters = vec!["Password".to_owned(), "Size".to_owned()];
    let seen = play.run(&["deploy", "--yes", "--plan-only"]);
    let seen = seen.shows(10, &[]);
    assert!(seen.call("create-change-set").stdin.contains("UsePreviousValue"));
}

fn what_parameters_name_is_looked_up() {
    let template = "
Parameters:
  Key: {Type: AWS::EC2::KeyPair::KeyName}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /mine/image}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Key, TopicName: !Ref Image}}
";
    let complaint = "\nAn error occurred (InvalidKeyPair.NotFound) when calling the DescribeKeyPairs operation: The key pair 'mine' does not exist\n";
    let seen = Play::new("key_pair")
        .template(template)
        .failing("describe-key-pairs", 1, 1, complaint)
        .run(&["deploy", "--yes", "-P", "Key=mine"]);
    let seen = seen.shows(8, &["no key pair `mine`", "-P Key="]);
    assert_eq!(seen.count("create-change-set"), 0);
    let seen = Play::new("image_path")
        .template(template)
        .answering("get-parameters", 1, 1, r#"{"InvalidParameters": ["/mine/image"]}"#)
        .run(&["deploy", "--yes", "-P", "Key=mine"]);
    seen.shows(8, &["/mine/image", "Image"]);
    // What may not be asked is passed over.
    let denied = "\nAn error occurred (UnauthorizedOperation) when calling the DescribeKeyPairs operation: You are not authorized to perform this operation.\n";
    let seen = Play::new("key_pair_denied")
        .template(template)
        .failing("describe-key-pairs", 1, 1, denied)
        .run(&["deploy", "--yes", "-P", "Key=mine", "--plan-only"]);
    seen.shows(10, &["key pairs were not looked up"]);
}

fn plan_only() {
    let mut play = Play::new("plan_only").existing("CREATE_COMPLETE");
    play.script.changes.push(["Modify", "True", "Instances", "AWS::EC2::LaunchTemplate"].map(str::to_owned));
    play.script.changes.push(["Remove", "", "Old", "AWS::SQS::Queue"].map(str::to_owned));
    let seen = play.run(&["deploy", "--plan-only"]);
    let seen = seen.shows(10, &["1 to replace", "1 to remove", "UserData", "nothing was changed"]);
    assert_eq!((seen.count("delete-change-set"), seen.count("delete-stack"), seen.count(BEGIN)), (1, 0, 0));
}

fn dry_run() {
    let seen = Play::new("dry_run").run(&["deploy", "--dry-run", "--tag", "team=a b", "-P", "MaxSize=3"]);
    let seen = seen.shows(
        0,
        &[
            "cloudformation create-change-set --stack-name demo",
            "CAPABILITY_IAM",
            "execute-change-set",
            "file:///dev/stdin",
        ],
    );
    assert_eq!(seen.calls.len(), 0);
    let seen = Play::new("dry_run").run(&["deploy", "--dry-run", "--s3-bucket", "mine"]);
    let seen = seen.shows(0, &["s3api put-object --bucket mine --key ecslint/", "--template-url https://s3"]);
    assert_eq!(seen.calls.len(), 0);
}

fn wrong_arguments() {
    let mut play = Play::new("arguments");
    for (args, reason) in [
        (["--stack", "9 lives"], "begins with a letter"),
        (["--allow", "ECS102"], "CODE=REASON"),
        (["--timeout", "soon"], "`45m`"),
        (["--tag", "team"], "KEY=VALUE"),
        (["--role-arn", "arn:aws:iam::12345678901:role/x"], "arn:aws:iam::123456789012:role/deployer"),
        (["--s3-bucket", "My_Bucket"], "small letters"),
        (["-P", "Nothing=1"], "it has "),
    ] {
        let seen = play.run(&["deploy", "--yes", args[0], args[1]]).shows(2, &[reason]);
        assert_eq!(seen.calls.len(), 0, "{args:?}");
    }
}

fn detach_and_resume() {
    let mut play = Play::new("resume");
    let seen = play.run(&["deploy", "--yes", "--detach"]);
    let seen = seen.shows(0, &["goes on", "ecslint deploy --resume --stack demo"]);
    assert_eq!(seen.count("describe-stack-events"), 1);
    let state = std::fs::read_to_string(play.folder.join("work/.ecslint/demo.json")).expect("a state file");
    assert!(state.contains("ecslint-") && state.contains("demo.yml"));
    play.run(&["deploy", "--resume", "--stack", "demo"]).shows(0, &["CREATE_COMPLETE", "1/1 instances"]);
}

fn resume_without_a_state_file() {
    let mut play = Play::new("resume_elsewhere").existing("CREATE_IN_PROGRESS");
    play.script.timeline = vec![
        row("", 0.0, "demo", "CREATE_IN_PROGRESS", "User Initiated"),
        row("", 1.0, "Group", "CREATE_IN_PROGRESS", ""),
        row("", 86_400.0 * 100.0 + 300.0, "Group", "CREATE_COMPLETE", ""),
        row("", 86_400.0 * 100.0 + 301.0, "demo", "CREATE_COMPLETE", ""),
    ];
    play.run(&["deploy", "--resume", "--stack", "demo", "--no-wait-ecs"]).shows(0, &["CREATE_COMPLETE"]);
}

fn interrupted_while_planning() {
    let pending = r#"{"Status": "CREATE_IN_PROGRESS"}"#;
    let mut play = Play::new("interrupted_planning")
        .answering("describe-change-set", 1, 9999, pending)
        .interrupted("describe-change-set", 2, "-INT");
    play.script.speed = 1.0;
    let seen = play.run(&["deploy", "--yes"]);
    let seen = seen.shows(130, &["nothing was changed"]);
    assert_eq!((seen.count("delete-change-set"), seen.count("delete-stack"), seen.count(BEGIN)), (1, 1, 0));
}

fn interrupted_while_deploying() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let mut play =
            Play::new(&format!("interrupted{signal}")).interrupted("describe-stack-events", 3, signal);
        play.script.speed = 1.0;
        let seen = play.run(&["deploy", "--yes"]);
        let seen = seen.shows(code, &["goes on", "ecslint deploy --resume --stack demo"]);
        assert_eq!((seen.count("delete-stack"), seen.count("cancel-update-stack")), (0, 0));
    }
}

fn not_joined_but_in_default() {
    let mut play = Play::new("stray");
    play.script.registered = vec![("default".to_owned(), 100.0, "i-1".to_owned())];
    let seen = play.run(&["deploy", "--yes", "--ecs-timeout", "2m"]);
    seen.shows(
        6,
        &[
            "0/1 instances registered",
            "in the cluster `default` instead: i-1",
            "demo.yml:111:",
            "the agent did not find this",
        ],
    );
}

fn does_not_wait_for_instances() {
    let mut play = Play::new("no_wait");
    play.script.registered.clear();
    let seen = play.run(&["deploy", "--yes", "--no-wait-ecs"]).shows(0, &["CREATE_COMPLETE"]);
    assert_eq!(seen.count("list-container-instances"), 0);
}

fn status() {
    let mut play = Play::new("status").existing("CREATE_COMPLETE");
    play.script.timeline.push(row("", 1.0, "Group", "CREATE_COMPLETE", ""));
    play.script.timeline.push(row("", 1.0, "Cluster", "CREATE_COMPLETE", ""));
    play.script.timeline.retain(|it| it.after.is_empty());
    play.script.registered = vec![("demo-ecs".to_owned(), -1.0, "i-1".to_owned())];
    play.run(&["status", "demo"]).shows(0, &["CREATE_COMPLETE", "1/1 instances"]);
    play.script.registered.clear();
    play.run(&["status", "demo"]).shows(6, &["0/1 instances"]);
    let seen = Play::new("status_none").run(&["status", "demo"]);
    seen.shows(4, &["there is no stack demo"]);
}

fn diagnose() {
    let mut play = Play::new("diagnose").existing("ROLLBACK_COMPLETE");
    play.script.timeline = failed("Received 0 SUCCESS signal(s) out of 1.");
    for it in &mut play.script.timeline {
        it.after.clear();
    }
    // Nothing was seen but the events: that is no cause.
    let seen = play.run(&["diagnose", "demo"]);
    seen.shows(
        4,
        &["Group", "Received 0 SUCCESS signal(s) out of 1", ":110:", "nothing that was seen says why"],
    );
    let part = "/var/lib/cloud/instance/scripts/part-001";
    play.script.console = format!("{part}: line 5: /opt/aws/bin/cfn-signal: No such file or directory");
    play.run(&["diagnose", "demo"]).shows(0, &["cfn-signal", "aws-cfn-bootstrap", ":110:"]);
    play.script.timeline =
        vec![row("", 0.0, "demo", "CREATE_IN_PROGRESS", ""), row("", 1.0, "demo", "CREATE_COMPLETE", "")];
    play.run(&["diagnose", "demo"]).shows(4, &["nothing failed"]);
}

fn destroy() {
    let mut play = Play::new("destroy").existing("CREATE_COMPLETE");
    let gone = "delete-stack";
    play.script.timeline = vec![
        row("", 0.0, "demo", "CREATE_COMPLETE", ""),
        row("", 1.0, "Group", "CREATE_COMPLETE", ""),
        row("", 1.0, "Cluster", "CREATE_COMPLETE", ""),
        row(gone, 0.0, "demo", "DELETE_IN_PROGRESS", "User Initiated"),
        row(gone, 5.0, "Group", "DELETE_IN_PROGRESS", ""),
        row(gone, 90.0, "Group", "DELETE_COMPLETE", ""),
        row(gone, 95.0, "demo", "DELETE_COMPLETE", ""),
    ];
    play.script.registered = vec![("demo-ecs".to_owned(), -1.0, "i-1".to_owned())];
    let seen = play.run(&["destroy", "demo"]).shows(7, &["--yes"]);
    assert_eq!((seen.count("delete-stack"), seen.count("update-auto-scaling-group")), (0, 0));
    let seen =
        play.run(&["destroy", "demo", "--yes"]).shows(0, &["leave their cluster first", "demo is gone"]);
    assert_eq!((seen.count("delete-stack"), seen.count("update-auto-scaling-group")), (1, 1));
}

fn delete_failed() {
    let mut play = Play::new("delete_failed").existing("CREATE_COMPLETE");
    let gone = "delete-stack";
    play.script.timeline = vec![
        row("", 0.0, "demo", "CREATE_COMPLETE", ""),
        row("", 1.0, "Cluster", "CREATE_COMPLETE", ""),
        row(gone, 0.0, "demo", "DELETE_IN_PROGRESS", "User Initiated"),
        row(
            gone,
            9.0,
            "Cluster",
            "DELETE_FAILED",
            "The Cluster cannot be deleted while Container Instances are active or draining.",
        ),
        row(gone, 10.0, "demo", "DELETE_FAILED", "The following resource(s) failed to delete: [Cluster]."),
    ];
    let seen = play.run(&["destroy", "demo", "--yes"]);
    seen.shows(4, &["Container Instances are active", "--retain Cluster"]);
}

fn protected() {
    let protected = format!(
        r#"{{"Stacks": [{{"StackId": "{STACK}", "StackName": "demo", "StackStatus": "CREATE_COMPLETE", "EnableTerminationProtection": true}}]}}"#
    );
    let seen = Play::new("protected")
        .answering("describe-stacks", 1, 9, &protected)
        .run(&["destroy", "demo", "--yes"]);
    let seen = seen.shows(7, &["protected", "--no-enable-termination-protection"]);
    assert_eq!(seen.count("delete-stack"), 0);
}

fn allowed_in_spite() {
    let bad = template().replace("--resource Group", "--resource Cluster");
    let mut play = Play::new("allowed").template(&bad);
    let seen = play.run(&["deploy", "--plan-only"]);
    let codes: Vec<_> = seen.out.split("ECS").skip(1).map(|it| format!("ECS{}", &it[..3])).collect();
    let code = codes.iter().find(|it| it.starts_with("ECS2")).expect("a code");
    let allow = format!("{code}=we know");
    play.run(&["deploy", "--plan-only", "--allow", &allow]).shows(10, &["is allowed: we know"]);
    play.run(&["deploy", "--plan-only", "--allow", code]).shows(2, &["CODE=REASON"]);
}

fn large_template() {
    let large = format!("{}\n# {}\n", template(), "x".repeat(52_000));
    let seen = Play::new("large").template(&large).run(&["deploy", "--yes"]);
    seen.shows(8, &["51200", "--s3-bucket"]);
    let seen = Play::new("large_s3").template(&large).run(&["deploy", "--plan-only", "--s3-bucket", "mine"]);
    let seen = seen.shows(10, &[]);
    assert_eq!(seen.call("put-object").option("--bucket"), Some("mine"));
    let url = seen.call("create-change-set").option("--template-url").expect("a URL").to_owned();
    assert!(url.starts_with("https://s3.us-east-1.amazonaws.com/mine/ecslint/"), "{url}");
}

fn state_file_cannot_be_written() {
    let mut play = Play::new("no_state");
    std::fs::write(play.folder.join("work/.ecslint"), "in the way").expect("a file");
    play.run(&["deploy", "--yes"]).shows(0, &["state is not written down", "CREATE_COMPLETE"]);
}

fn no_room_for_the_template() {
    let seen = Play::new("no_room").variable("TMPDIR", "/no/such/folder").run(&["deploy", "--yes"]);
    let seen = seen.shows(5, &["cannot write the template", "TMPDIR"]);
    assert_eq!(seen.count("create-change-set"), 0);
}

fn changed_meanwhile() {
    // The change set takes its time, in which the file is saved again.
    let pending = r#"{"Status": "CREATE_IN_PROGRESS"}"#;
    let mut play = Play::new("changed").answering("describe-change-set", 1, 2, pending);
    play.script.speed = 1.0;
    play.script.timeline.iter_mut().for_each(|it| it.at /= 100.0);
    let path = play.folder.join("work/demo.yml");
    let log = play.folder.clone();
    let saver = std::thread::spawn(move || {
        while scripted::calls(&log).iter().all(|it| it.operation() != "describe-change-set") {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        std::fs::write(path, "Resources: {}").expect("a file");
    });
    let seen = play.run(&["deploy", "--yes", "--no-wait-ecs"]);
    saver.join().expect("saved");
    let seen = seen.shows(0, &["has changed since it was checked"]);
    assert_eq!(seen.call("create-change-set").body, template());
}

fn which_template() {
    let mut play = Play::new("which");
    std::fs::write(play.folder.join("work/other.yml"), template()).expect("a template");
    std::fs::write(play.folder.join("work/values.yml"), "a: b").expect("no template");
    play.run(&["deploy"]).shows(2, &["2 templates", "demo.yml", "other.yml"]);
    std::fs::remove_file(play.folder.join("work/other.yml")).expect("gone");
    std::fs::remove_file(play.folder.join("work/demo.yml")).expect("gone");
    play.run(&["deploy"]).shows(2, &["no CloudFormation template"]);
    play.run(&["deploy", "demo.yml"]).shows(2, &["no such file"]);
}

fn one_call_a_poll() {
    let seen = Play::new("polls").run(&["deploy", "--yes"]).shows(0, &[]);
    let polls: Vec<_> = seen.calls.iter().filter(|it| it.operation() == "describe-stack-events").collect();
    assert!(polls.iter().all(|it| it.argv.contains(&"--no-paginate".to_owned())));
    // Five minutes: never more than one in two seconds, most of the time one in ten.
    assert!(polls.len() <= 60, "{}", polls.len());
}

fn silent() {
    let seen = Play::new("silent").run(&["deploy", "--yes", "--progress", "none"]).shows(0, &[]);
    assert!(seen.out.lines().count() <= 2, "{}", seen.out);
}
