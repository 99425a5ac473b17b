//! Groups that start nothing: what stands in their scaling activities.

use serde_json::{Value, json};

use super::*;

fn activities(list: &Value) -> Evidence {
    let mut it = no_signal();
    it.add_activities("group-physical", &json!({"Activities": list}));
    it
}

fn failed(message: &str) -> Evidence {
    let one = |at: &str, message: &str| {
        json!({
            "ActivityId": "a", "AutoScalingGroupName": "group-physical",
            "Description": format!("Launching a new EC2 instance.  Status Reason: {message}"),
            "Cause": "At 2026-11-23T03:10:25Z an instance was started in response to a difference between desired and actual capacity",
            "StartTime": at, "EndTime": at, "StatusCode": "Failed", "StatusMessage": message, "Progress": 100,
        })
    };
    // Newest first; the second attempt says something else.
    activities(&json!([
        one("2026-11-23T03:12:33.457000+00:00", "Something else. Launching EC2 instance failed."),
        one("2026-11-23T03:10:33.457000+00:00", message),
    ]))
}

#[test]
fn each_reason_at_its_property() {
    let cases = [
        ("We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. Launching EC2 instance failed.", ""),
    ];
    for (message, expected) in cases {
        let it = diagnosed(TEMPLATE, &failed(message));
        assert_eq!(told(TEMPLATE, &it), expected, "{message}");
        assert_eq!(it.evidence, [format!("the group tried 2 times to start an instance: \"{message}\"")]);
    }
}

#[test]
fn a_type_that_the_check_knows_to_be_gone() {
    let template = with("t3.micro", "p2.xlarge");
    let message = "Your requested instance type (p2.xlarge) is not supported in your requested Availability Zone (us-east-1e). Launching EC2 instance failed.";
    check(&template, &failed(message), "");
}

#[test]
fn a_group_that_starts_nothing() {
    let template = with("DesiredCapacity: 1", "DesiredCapacity: 0");
    check(&template, &activities(&json!([])), "");
    // Nobody asked: nothing is concluded.
    assert_ne!(diagnosed(TEMPLATE, &no_signal()).kind, Kind::NoInstance);
}

#[test]
fn an_instance_that_ended() {
    let mut it = activities(&json!([
        {"Description": "Launching a new EC2 instance: i-1", "StatusCode": "Cancelled", "StartTime": "2026-11-23T03:10:33.058Z",
         "StatusMessage": "Instance failed to launch."}]));
    it.add_instances(&json!({"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "terminated"},
        "StateReason": {"Code": "Client.InternalError", "Message": "Client.InternalError: Client error on launch"}}]}]}));
    check(TEMPLATE, &it, "");
}

#[test]
fn an_instance_of_its_own() {
    let template = with("  Launch:\n", "  Alone:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-0123456789abcdef0, InstanceType: t3.micro}\n  Launch:\n");
    let reason = "Resource handler returned message: \"The image id '[ami-0123456789abcdef0]' does not exist (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: InvalidRequest)";
    check(&template, &fails("Alone", "AWS::EC2::Instance", reason), "");
    // Old groups say it in the event.
    let reason = "You have requested more instances (1) than your current instance limit of 0 allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.";
    check(&template, &fails("Group", "AWS::AutoScaling::AutoScalingGroup", reason), "");
}
