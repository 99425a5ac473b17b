//! What the aws CLI prints, and what an instance wrote to its console: answers that nobody promised the form of.

use std::sync::LazyLock;

use ecslint::deploy::diagnosis::{Checked, Evidence, diagnose, states};
use ecslint::deploy::events::{Page, Seen, last_operation};
use ecslint::deploy::{failure, plan};
use ecslint::lint::{Options, Outcome, check};
use ecslint::report::human::Style;
use ecslint::report::sanitize;
use ecslint::text::Lines;
use serde_json::Value;

use super::text;

const MAX: usize = 8 << 10;

/// What was deployed.
const TEMPLATE: &str = include_str!("../../../fixtures/ecs-cluster-def.yml");

/// How it was checked, and what was found.
static CHECKED: LazyLock<(Options, Outcome)> = LazyLock::new(|| {
    let options = Options::default();
    let outcome = check(TEMPLATE.as_bytes(), &options);
    (options, outcome)
});

/// Standard output where it is JSON, standard error where it is not.
pub(super) fn aws(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    let told = failure::read(source);
    let _ = (told.is_no_stack(), told.is_no_change(), told.denied_action());
    let Ok(answer) = serde_json::from_str::<Value>(source) else { return };
    let _ = (plan::read(std::slice::from_ref(&answer)), plan::Refusal::read(&answer), states(Some(&answer)));
    let page = Page::read(&answer);
    let mut seen = Seen::default();
    let events = seen.take(page.events.clone());
    assert!(events.len() <= page.events.len() && seen.take(page.events).is_empty());
    assert!(last_operation(&events, None).len() <= events.len());
    let names: Vec<_> = events.iter().map(|it| it.physical.clone()).collect();
    let mut evidence = Evidence::of(events);
    for name in names.iter().map(String::as_str).chain(["AutoScalingGroup", "i-1"]) {
        evidence.add_activities(name, &answer);
        evidence.add_console(name, None, &answer);
    }
    evidence.add_instances(&answer);
    evidence.add_statuses(&answer);
    let (options, outcome) = &*CHECKED;
    let checked = Checked { bytes: TEMPLATE.as_bytes(), options, outcome };
    for checked in [Some(&checked), None] {
        let Some(diagnosis) = diagnose(&evidence, checked) else { continue };
        assert!(!diagnosis.cause.is_empty() && !diagnosis.next.is_empty(), "{diagnosis:?}");
        let shown = diagnosis.show(&Style::plain(), checked.map(|_| ("a.yml", TEMPLATE)));
        let lines = Lines::new(TEMPLATE);
        let json = diagnosis.to_json(checked.map(|_| ("a.yml", &lines))).to_string();
        for drawn in [shown, json] {
            let is_unsafe = |it: char| it != '\n' && sanitize::is_unsafe(it);
            assert!(!drawn.contains(is_unsafe), "{drawn:?}");
        }
        for place in &diagnosis.places {
            assert!(TEMPLATE.get(place.span.start as usize..place.span.end as usize).is_some());
        }
    }
}

/// Events of a deployment in which a resource failed.
fn failed(id: &str, type_name: &str, reason: &str) -> Value {
    let event = |n: usize, id: &str, type_name: &str, status: &str, reason: &str| {
        serde_json::json!({
            "EventId": format!("e{n}"), "StackId": "arn:stack", "StackName": "demo", "LogicalResourceId": id,
            "PhysicalResourceId": if type_name.ends_with("::Stack") { "arn:stack".to_owned() } else { format!("{id}-1") },
            "ResourceType": type_name, "Timestamp": format!("2026-08-01T10:0{n}:00.457000+00:00"),
            "ResourceStatus": status, "ResourceStatusReason": reason, "ClientRequestToken": "t",
        })
    };
    let stack = "AWS::CloudFormation::Stack";
    serde_json::json!([
        event(4, "demo", stack, "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [X]."),
        event(3, id, type_name, "CREATE_FAILED", reason),
        event(2, "Other", "AWS::ECS::Service", "CREATE_FAILED", "Resource creation cancelled"),
        event(1, id, type_name, "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        event(0, "demo", stack, "CREATE_IN_PROGRESS", "User Initiated"),
    ])
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let group = "AWS::AutoScaling::AutoScalingGroup";
    let reasons = [
        (
            "AutoScalingGroup",
            group,
            "Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement",
        ),
        (
            "AutoScalingGroup",
            group,
            "Received 1 FAILURE signal(s) out of 1.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement",
        ),
        (
            "Role",
            "AWS::IAM::Role",
            "Resource handler returned message: \"User: arn:aws:iam::1:user/a is not authorized to perform: iam:CreateRole on resource: x (Service: Iam, Status Code: 403, Request ID: y)\" (RequestToken: z, HandlerErrorCode: AccessDenied)",
        ),
        (
            "Node",
            "AWS::EC2::Instance",
            "Resource handler returned message: \"The image id '[ami-1]' does not exist (Service: Ec2, Status Code: 400)\"",
        ),
        (
            "Cluster",
            "AWS::ECS::Cluster",
            "demo already exists in stack arn:aws:cloudformation:eu-west-1:1:stack/x/y",
        ),
    ];
    let console = "\u{1b}[32m  OK  \u{1b}[0m\r\ncloud-init[1]: /var/lib/cloud/instance/scripts/part-001: line 5: cfn-signal: command not found\n\
                   No package aws-cfn-boostrap available.\ncurl: (28) Connection timed out\nERROR: failed to run module scripts-user\n";
    let mut res: Vec<Value> = Vec::new();
    for (id, type_name, reason) in reasons {
        res.push(serde_json::json!({
            "StackEvents": failed(id, type_name, reason), "NextToken": "n", "Output": console,
            "Activities": [{"Description": "Launching a new EC2 instance: i-1.  Status Reason: x", "StatusCode": "Failed",
                "StatusMessage": "We currently do not have sufficient t3.micro capacity", "StartTime": "2026-08-01T10:02:00Z"}],
            "Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "terminated"}, "StateReason":
                {"Code": "a", "Message": "Client.InternalError: Client error on launch"}, "PublicIpAddress": "1.2.3.4"}]}],
            "InstanceStatuses": [{"InstanceId": "i-1", "SystemStatus": {"Status": "ok"}, "InstanceStatus": {"Status": "impaired"}}],
        }));
    }
    res.push(serde_json::json!({
        "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "StatusReason": "x",
        "Changes": [{"Type": "Resource", "ResourceChange": {"Action": "Modify", "LogicalResourceId": "A", "ResourceType": "B",
            "Replacement": "Conditional", "Details": [{"Target": {"Attribute": "Properties", "Name": "C"}}]}}],
    }));
    let errors = [
        "\nAn error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id x does not exist\n",
        "{\"code\": \"AccessDenied\", \"message\": \"User: a is not authorized to perform: sts:GetCallerIdentity\"}",
        "aws: [ERROR]: An error occurred (ExpiredToken) when calling the X operation (reached max retries: 2): The token is expired",
        "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
    ];
    let answers = res.iter().map(|it| it.to_string().into_bytes());
    answers.chain(errors.iter().map(|it| it.as_bytes().to_vec())).collect()
}
