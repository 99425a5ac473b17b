//! A signal that did not come: each row of the table of evidence.

use serde_json::json;

use super::*;
use crate::deploy::cloud::ContainerInstance;

/// A running instance of the group, and what it wrote to its console 58 s before the end.
pub(super) fn booted(console: &str) -> Evidence {
    let mut it = no_signal();
    it.members.insert("group-physical".to_owned(), vec!["i-1".to_owned()]);
    it.add_instances(&json!({"Reservations": [{"Instances": [
        {"InstanceId": "i-1", "State": {"Code": 16, "Name": "running"}, "PublicIpAddress": "3.4.5.6"}]}]}));
    it.add_statuses(&json!({"InstanceStatuses": [{"InstanceId": "i-1",
        "SystemStatus": {"Status": "ok"}, "InstanceStatus": {"Status": "ok"}}]}));
    let at = it.events[4].at - jiff::SignedDuration::from_secs(58);
    it.add_console(
        "i-1",
        Some(at),
        &json!({"InstanceId": "i-1", "Timestamp": "2026-11-23T03:10:33.000Z", "Output": console}),
    );
    it
}

fn registered(mut it: Evidence, cluster: &str) -> Evidence {
    let own = ContainerInstance { instance: "i-1".to_owned(), connected: true };
    it.registered.entry("demo-cluster".to_owned()).or_default();
    it.registered.entry(cluster.to_owned()).or_default().push(own);
    it
}

const NO_HELPER: &str = "\
[   30.1] cloud-init[3139]: /var/lib/cloud/instance/scripts/part-001: line 3: /opt/aws/bin/cfn-signal: No such file or directory
[   30.2] cloud-init[3139]: Cloud-init v. 22.2.2 finished at Thu, 20 Mar 2025 16:58:52 +0000. Datasource DataSourceEc2.  Up 31.84 seconds
";

const NO_NETWORK: &str = "\
[   24.0] cloud-init[3139]: Could not retrieve mirrorlist https://amazonlinux-2-repos-us-east-1.s3.dualstack.us-east-1.amazonaws.com/2/core/latest/x86_64/mirror.list error was
[   24.1] cloud-init[3139]: Cannot find a valid baseurl for repo: amzn2-core/2/x86_64
[   24.2] cloud-init[3139]: /var/lib/cloud/instance/scripts/part-001: line 4: /opt/aws/bin/cfn-signal: No such file or directory
[   24.3] cloud-init[3139]: util.py[WARNING]: Failed running /var/lib/cloud/instance/scripts/part-001 [127]
";

#[test]
fn the_helper_is_not_installed_as_the_check_had_foreseen() {
    let template = with("            yum install -y aws-cfn-bootstrap\n", "");
    let it = diagnosed(&template, &booted(NO_HELPER));
    assert_eq!(
        told(&template, &it),
        "HelperMissing: `cfn-signal` is not on this image, and the boot does not install it [ECS213]
  \"/opt/aws/bin/cfn-signal\" never ran: No such file or directory
"
    );
    assert_eq!(it.what, "no success signal within 10m00s (0 of 1)");
    assert_eq!((it.seconds, it.cancelled.as_slice()), (Some(604), &["Other".to_owned()][..]));
    assert_eq!(it.next, "install it first: `yum install -y aws-cfn-bootstrap`");
    assert_eq!(
        it.evidence,
        [
            "i-1: running, status checks 2/2, public address 3.4.5.6",
            "i-1: console: \"/var/lib/cloud/instance/scripts/part-001: line 3: /opt/aws/bin/cfn-signal: No such file or directory\" \
             (read 58s before the end)",
        ]
    );
}

#[test]
fn a_helper_that_is_installed_elsewhere() {
    check(
        TEMPLATE,
        &booted(&NO_HELPER.replace("line 3", "line 4")),
        "HelperMissing: `cfn-signal` is not on the instance, so that nothing was signalled
  \"/opt/aws/bin/cfn-signal\" never ran: No such file or directory
  \"aws-cfn-bootstrap\" this did not bring it, or to another folder
",
    );
}

#[test]
fn no_way_out_as_the_check_had_foreseen() {
    let template = with(", MapPublicIpOnLaunch: true", "");
    let mut it = booted(NO_NETWORK);
    it.instances.get_mut("i-1").expect("the instance").public_address = None;
    check(
        &template,
        &it,
        "NoWayOut: instances in `Subnet` get no public address: they cannot reach ECS [ECS502]
  \"yum install -y aws-cfn-bootstrap\" failed: \"Cannot find a valid baseurl for repo: amzn2-core/2/x86_64\"
  \"/opt/aws/bin/cfn-signal\" never ran: No such file or directory
  \"Subnet\" this is why
  \"!Ref Gateway\" the way out, which serves public addresses only
",
    );
}

#[test]
fn no_way_out_that_nobody_foresaw() {
    check(
        TEMPLATE,
        &booted(NO_NETWORK),
        "NoWayOut: the instance has no way out: it did not reach amazonlinux-2-repos-us-east-1.s3.dualstack.us-east-1.amazonaws.com
  \"yum install -y aws-cfn-bootstrap\" failed: \"Cannot find a valid baseurl for repo: amzn2-core/2/x86_64\"
  \"/opt/aws/bin/cfn-signal\" never ran: No such file or directory
  \"[!Ref Subnet]\" it starts in these subnets
",
    );
}

#[test]
fn what_was_foreseen_and_seen_otherwise_is_not_named() {
    let template = with(", MapPublicIpOnLaunch: true", "");
    let it = diagnosed(&template, &booted(NO_NETWORK));
    assert_eq!((it.kind, it.code), (Kind::NoWayOut, None));
    assert!(it.evidence[0].contains("public address 3.4.5.6"), "{:?}", it.evidence);
}

#[test]
fn who_registered_has_a_way_out() {
    check(
        TEMPLATE,
        &registered(booted(NO_NETWORK), "demo-cluster"),
        "HelperMissing: `cfn-signal` is not on the instance, so that nothing was signalled
  \"/opt/aws/bin/cfn-signal\" never ran: No such file or directory
  \"aws-cfn-bootstrap\" this did not bring it, or to another folder
",
    );
}

#[test]
fn a_package_that_there_is_not() {
    let template = with("aws-cfn-bootstrap", "aws-cfn-bootstrp");
    check(
        &template,
        &booted(&format!(
            "No package aws-cfn-bootstrp available.\n{}",
            NO_HELPER.replace("line 3", "line 4")
        )),
        "PackageMissing: there is no package `aws-cfn-bootstrp` in the repositories of the instance
  \"aws-cfn-bootstrp\" no such package
  \"/opt/aws/bin/cfn-signal\" so this is not there
",
    );
}

#[test]
fn registered_and_no_signal() {
    check(TEMPLATE, &registered(booted(""), "demo-cluster"), "SignalAstray?: the instance joined, and its signal did not reach what waits for it: it was never sent, or names another stack, resource or region
  \"/opt/aws/bin/cfn-signal\" did not reach what waits
  \"Group\" is told
");
    let template = with("--resource Group", "--resource Grup");
    check(
        &template,
        &registered(booted(""), "demo-cluster"),
        "SignalAstray?: the boot script signals `Grup`, which is not in the template [ECS201]
  \"/opt/aws/bin/cfn-signal\" did not reach what waits
  \"Grup\" is told
  \"CreationPolicy\" `Group` waits for the signal
",
    );
}

#[test]
fn registered_in_default() {
    check(
        TEMPLATE,
        &registered(booted(""), "default"),
        "WrongCluster: the instance joined the cluster `default`, not that of the stack
  \"${Cluster}\" the agent did not find this when it started
",
    );
    let template = with("            echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config\n", "");
    check(&template, &registered(booted(""), "default"), "WrongCluster: nothing in the boot of `Launch` sets `ECS_CLUSTER`: the instances join `default` [ECS101]
  \"UserData\" sets no ECS_CLUSTER
  \"Cluster\" the cluster of this template
");
    let template = with("/etc/ecs/ecs.config", "/etc/ecs.config");
    check(
        &template,
        &registered(booted(""), "default"),
        "WrongCluster: the agent does not read `/etc/ecs.config`: the instances join `default` [ECS103]
  \"ECS_CLUSTER\" the agent did not find this when it started
  \"/etc/ecs.config\" this is why
",
    );
}

#[test]
fn a_console_that_is_empty_means_too_little_time() {
    check(
        TEMPLATE,
        &booted(""),
        "TooSlow?: the time was too short: after 10m00s the instance was still booting
  \"PT10M\" shorter than the boot took
",
    );
    let template = with("PT10M", "PT1M");
    check(
        &template,
        &booted(""),
        "TooSlow?: the time was too short: after 1m00s the instance was still booting [ECS215]
  \"PT1M\" shorter than the boot took
",
    );
}

#[test]
fn what_fails_before_the_time_is_over_did_not_lack_time() {
    let mut it = booted("");
    for event in &mut it.events[4..] {
        event.at -= jiff::SignedDuration::from_secs(500);
    }
    let it = diagnosed(TEMPLATE, &it);
    assert_eq!((it.kind, it.what.as_str()), (Kind::Said, "no success signal (0 of 1)"));
}

#[test]
fn no_evidence_but_the_check() {
    let template = with("            yum install -y aws-cfn-bootstrap\n", "");
    check(
        &template,
        &no_signal(),
        "HelperMissing?: `cfn-signal` is not on this image, and the boot does not install it [ECS213]
  \"/opt/aws/bin/cfn-signal\" this is why
",
    );
    check(
        TEMPLATE,
        &no_signal(),
        "Said?: no signal came; nothing that was seen says why
  \"/opt/aws/bin/cfn-signal\" is to tell
  \"PT10M\" waits so long
",
    );
}

#[test]
fn without_a_template() {
    let it = diagnose(&booted(NO_HELPER), None).expect("it failed");
    assert_eq!((it.kind, it.places.len(), it.hidden.len()), (Kind::HelperMissing, 0, 0));
    let it = diagnose(
        &booted(""),
        Some(&Checked { bytes: b"\0", options: &Options::default(), outcome: &Outcome::other() }),
    );
    assert_eq!(it.map(|it| it.kind), Some(Kind::TooSlow));
    assert!(diagnose(&Evidence::default(), None).is_none());
}

#[test]
fn a_time_that_a_parameter_gives() {
    let template = with("Timeout: PT10M", "Timeout: !Ref Patience")
        .replace("Resources:\n", "  Patience: {Type: String, Default: PT10M}\nResources:\n");
    let it = diagnosed(&template, &booted(""));
    assert_eq!((it.kind, it.what.as_str()), (Kind::TooSlow, "no success signal within 10m00s (0 of 1)"));
    assert_eq!(it.places[0].span.slice(&template), "!Ref Patience");
}

#[test]
fn a_wait_condition_waits_for_the_fleet() {
    let template = with("    CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT10M}}\n", "")
        .replace("  Launch:\n", "  Handle:\n    Type: AWS::CloudFormation::WaitConditionHandle\n  Wait:\n    Type: AWS::CloudFormation::WaitCondition\n    DependsOn: Group\n    Properties: {Handle: !Ref Handle, Timeout: '600'}\n  Launch:\n")
        .replace("--stack ${AWS::StackName} --resource Group --region ${AWS::Region}", "'${Handle}'");
    let reason = "WaitCondition timed out. Received 0 conditions when expecting 1";
    let mut it = booted(&NO_HELPER.replace("line 3", "line 4"));
    for (idx, other) in
        fails("Wait", "AWS::CloudFormation::WaitCondition", reason).events.into_iter().enumerate()
    {
        it.events[idx] = other;
    }
    it.events.insert(1, event(1, "Group", "AWS::AutoScaling::AutoScalingGroup", "CREATE_COMPLETE", ""));
    check(
        &template,
        &it,
        "HelperMissing: `cfn-signal` is not on the instance, so that nothing was signalled
  \"/opt/aws/bin/cfn-signal\" never ran: No such file or directory
  \"aws-cfn-bootstrap\" this did not bring it, or to another folder
",
    );
    assert_eq!(diagnosed(&template, &it).what, "no success signal within 10m00s (0 of 1)");
}

#[test]
fn the_stack_is_there_and_nobody_joined() {
    let template = with("/etc/ecs/ecs.config", "/etc/ecs.config");
    let options = Options::default();
    let outcome = lint::check(template.as_bytes(), &options);
    let checked = Checked { bytes: template.as_bytes(), options: &options, outcome: &outcome };
    let mut evidence = registered(booted(""), "default");
    evidence.events.clear();
    let it = not_joined(&evidence, Some(&checked), "Group", "group-physical");
    expect(
        &told(&template, &it),
        "WrongCluster: the agent does not read `/etc/ecs.config`: the instances join `default` [ECS103]
  \"ECS_CLUSTER\" the agent did not find this when it started
  \"/etc/ecs.config\" this is why
",
        "registered in default",
    );
    evidence.registered.clear();
    let it = not_joined(&evidence, None, "Group", "group-physical");
    assert_eq!((it.kind, it.certainty), (Kind::Said, Certainty::Open));
}
