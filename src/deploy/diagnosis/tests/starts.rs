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
        ("We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get t3.micro capacity by not specifying an Availability Zone in your request or choosing us-east-1b. Launching EC2 instance failed.", "Capacity: AWS has no capacity free for `t3.micro` in this Availability Zone at the moment
  \"t3.micro\" none is free
  \"[!Ref Subnet]\" in the zones of these subnets
"),
        ("There is no Spot capacity available that matches your request. Launching EC2 instance failed.", "Capacity: AWS has no capacity free in this Availability Zone at the moment
  \"t3.micro\" none is free
  \"[!Ref Subnet]\" in the zones of these subnets
"),
        ("You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.", "Quota: the account may not start so many vCPUs of this family
  \"t3.micro\" more vCPUs than the account may have
"),
        ("Max spot instance count exceeded. Launching EC2 instance failed.", "Quota: the account may not have so many Spot instances of this family
  \"t3.micro\" more vCPUs than the account may have as Spot instances
"),
        ("The image id '[ami-0abc]' does not exist. Launching EC2 instance failed.", "Image: the image `ami-0abc` is not there, or not for this account and region
  \"'{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'\" no such image
"),
        ("The key pair 'my-key' does not exist. Launching EC2 instance failed.", "KeyPair: the key pair `my-key` is not in this region
  \"!Ref Key\" no such key pair
  \"my-key\" its value comes from here
"),
        ("Invalid IamInstanceProfile: demo-role. Launching EC2 instance failed.", "InstanceProfile: the instance profile is not there
  \"{Arn: !GetAtt Profile.Arn}\" no such instance profile
"),
        ("Value (demo-role) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name. Launching EC2 instance failed.", "InstanceProfile: the instance profile `demo-role` is not there
  \"{Arn: !GetAtt Profile.Arn}\" no such instance profile
"),
        ("The architecture 'x86_64' of the specified instance type does not match the architecture 'arm64' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. Launching EC2 instance failed.", "Architecture: the image is made for another processor than the instance type has
  \"'{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'\" made for another processor
  \"t3.micro\" of another processor
"),
        ("Your requested instance type (t3.micro) is not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone or choosing us-east-1a. Launching EC2 instance failed.", "InstanceType: the instance type `t3.micro` is not offered in this Availability Zone
  \"t3.micro\" not offered here
"),
        ("The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'. Launching EC2 instance failed.", "InstanceType: the account is on the free plan, which does not start this type
  \"t3.micro\" not in the free tier
"),
        ("Security group sg-1 and subnet subnet-1 belong to different networks. Launching EC2 instance failed.", "SecurityGroup: the security group is not in the VPC of the subnets
  \"Group\" not in the VPC of the subnets
"),
        ("The security group 'sg-1' does not exist in VPC 'vpc-1'. Launching EC2 instance failed.", "SecurityGroup: the security group `sg-1` is not in the VPC of the subnets
  \"Group\" not in the VPC of the subnets
"),
        ("There are not enough free addresses in subnet 'subnet-1' to satisfy the requested number of instances. Launching EC2 instance failed.", "Subnet: the subnet `subnet-1` has no address left
  \"[!Ref Subnet]\" no address is left in the subnet
"),
        ("Volume of size 8GB is smaller than snapshot 'snap-1', expect size >= 30GB. Launching EC2 instance failed.", "Volume: a volume is smaller than the image that goes into it
  \"Group\" too small for the image
"),
        ("User data is limited to 16384 bytes. Launching EC2 instance failed.", "UserData: EC2 refuses the user data
  \"UserData\" refused
"),
        ("This account is currently blocked and not recognized as a valid account. Please contact aws-verification@amazon.com if you have questions. Launching EC2 instance failed.", "Account: AWS does not let this account start instances yet
  \"Group\" nothing is started for this account
"),
        ("You are not authorized to use launch template: lt-1. Launching EC2 instance failed.", "Permission: Auto Scaling cannot use the launch template
  \"Group\" cannot be started from its launch template
"),
        ("You are not authorized to perform this operation. Encoded authorization failure message: abc. Launching EC2 instance failed.", "Permission: Auto Scaling may not start the instance
  \"Group\" may not be started
"),
        ("Authentication Failure. Launching EC2 instance failed.", "Permission: Auto Scaling may not start the instance
  \"Group\" may not be started
"),
        ("Something new. Launching EC2 instance failed.", "Said: Something new. Launching EC2 instance failed
  \"Group\" started nothing
"),
    ];
    for (message, expected) in cases {
        let it = diagnosed(TEMPLATE, &failed(message));
        expect(&told(TEMPLATE, &it), expected, message);
        assert_eq!(it.evidence, [format!("the group tried 2 times to start an instance: \"{message}\"")]);
    }
}

#[test]
fn a_type_that_the_check_knows_to_be_gone() {
    let template = with("t3.micro", "p2.xlarge");
    let message = "Your requested instance type (p2.xlarge) is not supported in your requested Availability Zone (us-east-1e). Launching EC2 instance failed.";
    check(
        &template,
        &failed(message),
        "InstanceType: `p2.xlarge` starts in no region any more (as of 2026-10) [ECS608]
  \"p2.xlarge\" not offered here
",
    );
}

#[test]
fn a_group_that_starts_nothing() {
    let template = with("DesiredCapacity: 1", "DesiredCapacity: 0");
    check(
        &template,
        &activities(&json!([])),
        "NoInstance: `Group` waits for 1 signal, and no instance starts [ECS206]
  \"0\" this many are started
  \"1\" this is why
",
    );
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
    check(TEMPLATE, &it, "Volume: the instance ended while it was started: mostly its encrypted volume may not be decrypted
  \"'{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'\" its volumes are encrypted with a key that Auto Scaling may not use
");
}

#[test]
fn an_instance_of_its_own() {
    let template = with(
        "  Launch:\n",
        "  Alone:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-0123456789abcdef0, InstanceType: t3.micro}\n  Launch:\n",
    );
    let reason = "Resource handler returned message: \"The image id '[ami-0123456789abcdef0]' does not exist (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: InvalidRequest)";
    check(
        &template,
        &fails("Alone", "AWS::EC2::Instance", reason),
        "Image: the image `ami-0123456789abcdef0` is not there, or not for this account and region [ECS703]
  \"ami-0123456789abcdef0\" no such image
",
    );
    // Old groups say it in the event.
    let reason = "You have requested more instances (1) than your current instance limit of 0 allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.";
    check(
        &template,
        &fails("Group", "AWS::AutoScaling::AutoScalingGroup", reason),
        "Quota: the account may not start so many vCPUs of this family
  \"t3.micro\" more vCPUs than the account may have
",
    );
}
