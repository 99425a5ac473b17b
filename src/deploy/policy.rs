//! The least policy for who deploys, updates and removes a stack with ecslint.
//!
//! What ecslint asks itself is allowed on the stack alone; what CloudFormation asks in the caller's name comes from the
//! types of the template ([`permissions`]), on the roles and policies of this stack where IAM is asked, since who may
//! write any role may do anything. Statements whose `Sid` begins with `Needed` are; of those that begin with `Optional`
//! each one less is a question less that is answered.
//!
//! Invariants: the same template gives the same bytes; a text of the template gets into a policy only as a name or the
//! pattern of one.

mod linked;
mod lookups;
mod place;
mod roles;
mod statement;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::catalog::{actions, permissions};
use crate::resolve::{World, explore};
use crate::syntax;
use crate::template::Template;
use crate::text::decode;
use place::Place;
use roles::{Kind, Roles};
use statement::Policy;

/// How many characters a managed policy may have, blanks and line breaks not counted (IAM quotas in the IAM user guide).
pub const MAX_CHARACTERS: usize = 6_144;

/// Who deploys what, where to, and how.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The name of the stack, or its ARN.
    pub stack: &'a str,
    /// The region; `None` where it may be any.
    pub region: Option<&'a str>,
    /// The bucket that a large template goes through.
    pub bucket: Option<&'a str>,
    /// The role that CloudFormation takes: then the caller needs nothing but to hand it over.
    pub role: Option<&'a str>,
    /// Whether the stack gets tags.
    pub tags: bool,
    /// The values of parameters that are given.
    pub parameters: &'a BTreeMap<String, String>,
}

/// A policy, and what it cannot promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Least {
    /// The policy as JSON, with a line break at its end.
    pub text: String,
    /// How many characters it has, as IAM counts.
    pub characters: usize,
    /// The types of the template of which no table tells what they need.
    pub uncovered: Vec<String>,
    /// Whether macros or nested stacks make resources that the template does not show.
    pub open: bool,
}

/// What is asked of the stack itself.
const STACK: [&str; 11] = [
    "cloudformation:CancelUpdateStack",
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "cloudformation:TagResource",
];

/// What is asked to see whether instances come, and why they do not.
const WATCHING: [&str; 7] = [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeScalingActivities",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstances",
    "ec2:GetConsoleOutput",
    "ecs:DescribeContainerInstances",
    "ecs:ListContainerInstances",
];

/// Types for which CloudFormation asks nothing of another service.
const FREE: [&str; 3] =
    ["AWS::CDK::Metadata", "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"];

/// The least policy for a template; `None` when the bytes are none.
#[must_use]
pub fn least(bytes: &[u8], caller: &Caller<'_>) -> Option<Least> {
    let parse = syntax::parse(decode(bytes).ok()?);
    let root = parse.tree.roots().find(|it| Template::is_one(*it))?;
    let region = caller.region.map(str::to_owned);
    let world = World::new(Template::new(root), caller.parameters.clone(), region);
    let place = Place::new(caller);

    let mut types = BTreeSet::new();
    let mut roles = Roles::default();
    // Whatever conditions leave open, the policy is enough for.
    explore(&world, |scenario| {
        for resource in scenario.template().resources.iter() {
            if scenario.exists(resource) != Some(false) {
                types.insert(resource.type_name());
                roles.add(scenario, &place, resource);
            }
        }
    });

    let mut policy = Policy::default();
    own(&mut policy, &world.template, &types, caller, &place);
    let mut uncovered = Vec::new();
    match caller.role {
        Some(role) => {
            let condition =
                json!({ "StringEquals": { "iam:PassedToService": place.services("cloudformation") } });
            policy.allow("NeededPassRole", ["iam:PassRole"], [role], Some(condition));
        }
        None => {
            lookups::allow(&mut policy, &world, &place);
            uncovered = resources(&mut policy, &types, &roles, &place);
        }
    }
    optional(&mut policy, &types, caller, &world, &place);
    let (text, characters) = policy.finish();
    let nested = types.contains("AWS::CloudFormation::Stack");
    let open = caller.role.is_none() && (nested || world.template.has_foreign_parts());
    Some(Least { text, characters, uncovered, open })
}

/// What ecslint asks itself, and cannot do without.
fn own(
    policy: &mut Policy,
    template: &Template<'_>,
    types: &BTreeSet<&str>,
    caller: &Caller<'_>,
    place: &Place<'_>,
) {
    let tags = |it: &&str| caller.tags || *it != "cloudformation:TagResource";
    // A change set that is named by its ARN is a resource of its own.
    policy.allow("NeededStack", STACK.into_iter().filter(tags), place.stack_and_change_sets(), None);
    if template.transforms.macros || template.transforms.language_extensions {
        let transforms = [place.arn("cloudformation", "transform/*")];
        policy.allow("NeededTransforms", ["cloudformation:CreateChangeSet"], transforms, None);
    }
    if let Some(bucket) = caller.bucket {
        let objects = [place.bucket(bucket, "ecslint/*")];
        policy.allow("NeededUpload", ["s3:GetObject", "s3:PutObject"], objects, None);
    }
    if types.contains("AWS::AutoScaling::AutoScalingGroup") {
        // A cluster with instances cannot be deleted: they are sent away first.
        policy.allow("NeededDestroy", ["autoscaling:UpdateAutoScalingGroup"], ["*"], None);
    }
}

/// What CloudFormation asks in the caller's name for the resources. Gives the types that no table knows.
fn resources(policy: &mut Policy, types: &BTreeSet<&str>, roles: &Roles, place: &Place<'_>) -> Vec<String> {
    let mut uncovered = Vec::new();
    let mut by_service: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for type_name in types.iter().filter(|it| !it.is_empty() && !FREE.contains(it)) {
        match permissions::of(type_name) {
            Some(actions) => actions.for_each(|action| {
                let service = action.split(':').next().unwrap_or_default().to_owned();
                by_service.entry(service).or_default().insert(action);
            }),
            None => uncovered.push((*type_name).to_owned()),
        }
    }
    let of_iam = by_service.remove("iam").unwrap_or_default();
    for (service, actions) in by_service {
        let sid = format!("Needed{}", statement::sid(&service));
        // The only type whose resources are stacks is the nested one.
        if service == "cloudformation" && types.contains("AWS::CloudFormation::Stack") {
            let (nested, other): (Vec<_>, Vec<_>) = actions.into_iter().partition(|it| is_of_stack(it));
            policy.allow("NeededNestedStacks", nested, [place.nested_stacks()], None);
            policy.allow(&sid, other, ["*"], None);
        } else {
            policy.allow(&sid, actions, ["*"], None);
        }
    }
    identities(policy, of_iam, roles, place);
    roles.allow_passing(policy, place);
    roles.allow_linked(policy, place);
    uncovered
}

fn is_of_stack(action: &str) -> bool {
    actions::resource_types(action).is_some_and(|it| it == ["stack"])
}

/// Actions of IAM, each on those of its resources that belong to the stack.
fn identities(policy: &mut Policy, actions: BTreeSet<String>, roles: &Roles, place: &Place<'_>) {
    if actions.contains("iam:GetRole") {
        policy.allow("NeededGetRole", ["iam:GetRole"], roles.elsewhere(place), None);
    }
    let mut by_kind: BTreeMap<Option<Kind>, Vec<String>> = BTreeMap::new();
    for action in actions {
        // Both go to resources of their own.
        if action == "iam:PassRole" || action == "iam:CreateServiceLinkedRole" {
            continue;
        }
        let kinds = actions::resource_types(&action).unwrap_or_default();
        let kind = kinds.first().and_then(|it| Kind::of_resource_type(it));
        by_kind.entry(kind).or_default().push(action);
    }
    for (kind, actions) in by_kind {
        match kind {
            Some(kind) => {
                let names = roles.names(kind).map(|it| place.iam(&format!("{}{it}", kind.resource_type())));
                policy.allow(
                    &format!("NeededIam{}", statement::sid(kind.resource_type())),
                    actions,
                    names,
                    None,
                );
            }
            None => policy.allow("NeededIam", actions, ["*"], None),
        }
    }
}

/// What ecslint does without when it is denied.
fn optional(
    policy: &mut Policy,
    types: &BTreeSet<&str>,
    caller: &Caller<'_>,
    world: &World<'_>,
    place: &Place<'_>,
) {
    if caller.role.is_some() {
        // CloudFormation looks with its role; ecslint looks first, so that a typing mistake is found early.
        lookups::allow_early(policy, world, place);
    }
    policy.allow("OptionalEvents", ["cloudformation:DescribeEvents"], place.stack_and_change_sets(), None);
    let watched = ["AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::ECS::Cluster"];
    if watched.iter().any(|it| types.contains(it)) {
        policy.allow("OptionalWatching", WATCHING, ["*"], None);
    }
}

#[cfg(test)]
mod tests;
