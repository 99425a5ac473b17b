//! The work grows with the size of a template, not with its square. Steps are counted, since seconds tell nothing on a
//! machine that others use.

use super::{answers, lines, with_cluster};

/// Asserts that eight times as much takes at most ten times as many steps, far from the bound.
fn is_linear(what: &str, template: impl Fn(usize) -> String) {
    let effort = |size| answers(&template(size)).effort;
    let (small, large) = (effort(12), effort(96));
    assert!(small > 0 && large <= 10 * small, "{what}: {small} steps, then {large}");
}

/// A group with its launch template.
fn group(it: usize, condition: &str, rest: &str) -> String {
    format!(
        "  G{it}: {{Type: AWS::AutoScaling::AutoScalingGroup, {condition}Properties: {{MinSize: '1', MaxSize: '1', \
         LaunchTemplate: {{LaunchTemplateId: !Ref T{it}, Version: '1'}}}}}}\n  T{it}: {{Type: AWS::EC2::LaunchTemplate, \
         Properties: {{LaunchTemplateData: {{ImageId: ami-1, {rest}InstanceType: t3.micro, UserData: {{'Fn::Base64': !Sub \
         \"#!/bin/bash\\necho ECS_CLUSTER=${{Cluster}} >> /etc/ecs/ecs.config\\n\"}}}}}}}}"
    )
}

#[test]
fn in_fleets() {
    is_linear("fleets", |size| with_cluster(&lines(0..size, |it| group(it, "", ""))));
}

#[test]
fn in_fleets_with_a_condition_each() {
    is_linear("conditions", |size| {
        let parameters = lines(0..size, |it| format!("  P{it}: {{Type: String, Default: x}}"));
        let conditions = lines(0..size, |it| format!("  C{it}: !Equals [!Ref P{it}, x]"));
        let groups = lines(0..size, |it| group(it, &format!("Condition: C{it}, "), ""));
        format!("Parameters:\n{parameters}Conditions:\n{conditions}{}", with_cluster(&groups))
    });
}

#[test]
fn in_other_resources() {
    is_linear("topics", |size| {
        let topics = lines(0..100 * size, |it| format!("  Topic{it}: {{Type: AWS::SNS::Topic}}"));
        with_cluster(&format!("{}\n{topics}", group(0, "", "")))
    });
}

#[test]
fn in_fleets_that_share_what_they_start_from() {
    is_linear("a shared launch template", |size| {
        let groups = lines(1..size, |it| {
            group(it, "", "").lines().next().unwrap_or_default().replace(&format!("T{it}"), "T0")
        });
        with_cluster(&format!("{}\n{groups}", group(0, "", "")))
    });
}
