//! Which role plays which part: that of the instances, through a profile, and those that tasks, services and scalable
//! targets name.

use super::roles::role_of;
use crate::model::{Launch, Listed, Source, named_resource};
use crate::resolve::{Found, Scenario};
use crate::template::Entry;
use crate::text::Span;

/// The role that instances get from one launch source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceRole<'t> {
    /// This one, through a profile.
    Own {
        /// The role, by logical id.
        role: &'t str,
        /// Where the launch source names the profile.
        named: Span,
    },
    /// No profile at all: no credentials.
    None {
        /// Where the launch source stands.
        source: Span,
    },
    /// A role stands where a profile has to: the launch fails.
    NoProfile {
        /// The role, by logical id.
        role: &'t str,
        /// Where the launch source names it.
        named: Span,
    },
    /// A profile that is not in the template, or that only deployment can tell.
    Unknown,
}

/// The roles that the instances of a fleet get, one for each launch source.
#[must_use]
pub fn instance_roles<'t>(scenario: &Scenario<'_, 't>, launch: &Launch<'t>) -> Vec<InstanceRole<'t>> {
    let mut res: Vec<_> = launch.sources.iter().map(|it| instance_role(scenario, it)).collect();
    if launch.unknown || res.is_empty() {
        res.push(InstanceRole::Unknown);
    }
    res
}

fn instance_role<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> InstanceRole<'t> {
    let node = match source.find(scenario, &["IamInstanceProfile"]) {
        Found::Node(node) => node,
        Found::Absent => return InstanceRole::None { source: source.key },
        Found::Unknown => return InstanceRole::Unknown,
    };
    // A name, or a mapping with `Arn` or `Name`.
    let name = scenario.text(node).map(|it| (it, node)).or_else(|| {
        ["Arn", "Name"].into_iter().find_map(|key| match scenario.find(node, &[key]) {
            Found::Node(node) => Some((scenario.text(node)?, node)),
            _ => None,
        })
    });
    let Some((name, node)) = name else { return InstanceRole::Unknown };
    let named = node.full_span();
    let given =
        |it: &&Entry<'t>| scenario.property_text(it, &["InstanceProfileName"]).is_some_and(|own| own == name);
    let profile = named_resource(scenario, &name, &["Arn"])
        .or_else(|| scenario.template().resources_of(&["AWS::IAM::InstanceProfile"]).find(given));
    match profile.map(|it| (it, it.type_name())) {
        Some((profile, "AWS::IAM::InstanceProfile")) => {
            let roles = Listed::of(scenario, scenario.property(profile, &["Roles"]), "");
            match roles.names.first().and_then(|it| role_of(scenario, it)) {
                Some(role) => InstanceRole::Own { role: role.id, named },
                None => InstanceRole::Unknown,
            }
        }
        Some((role, "AWS::IAM::Role")) => InstanceRole::NoProfile { role: role.id, named },
        _ => InstanceRole::Unknown,
    }
}

/// Who takes a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The instances.
    Instances,
    /// The agent, for a task: to pull images, to write logs.
    Execution,
    /// The containers of a task.
    Task,
    /// ECS, for a service behind a load balancer.
    Service,
    /// Application Auto Scaling.
    Scaling,
}

impl Part {
    /// The service that the role has to trust.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Part::Instances => "ec2",
            Part::Execution | Part::Task => "ecs-tasks",
            Part::Service => "ecs",
            Part::Scaling => "application-autoscaling",
        }
    }

    /// Who that is, in the words of a report.
    #[must_use]
    pub fn user(self) -> &'static str {
        match self {
            Part::Instances => "the instances",
            Part::Execution | Part::Task => "the tasks",
            Part::Service => "the service",
            Part::Scaling => "the scaling",
        }
    }
}

/// A role that a resource names for a part.
#[derive(Clone, Copy, Debug)]
pub struct Played<'t> {
    /// The part.
    pub part: Part,
    /// The resource that names the role.
    pub by: Entry<'t>,
    /// The role, by logical id; `None` where it is not in the template.
    pub role: Option<&'t str>,
    /// Where it is named.
    pub named: Span,
}

/// Where roles are named besides instance profiles.
const NAMED: [(&str, &str, Part); 5] = [
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn", Part::Execution),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn", Part::Task),
    ("AWS::ECS::Service", "Role", Part::Service),
    ("AWS::ECS::Service", "RoleArn", Part::Service),
    ("AWS::ApplicationAutoScaling::ScalableTarget", "RoleARN", Part::Scaling),
];

/// The roles that resources name, but for those of instances.
#[must_use]
pub fn played<'t>(scenario: &Scenario<'_, 't>) -> Vec<Played<'t>> {
    let mut res = Vec::new();
    for (kind, key, part) in NAMED {
        for by in scenario.template().resources_of(&[kind]).filter(|it| scenario.exists(it) != Some(false)) {
            let found = scenario.property(by, &[key]);
            let roles = Listed::of(scenario, found, "");
            for name in &roles.names {
                let place = name.whole_place().map_or(by.key.span(), |it| it.used.unwrap_or(it.span));
                let role = role_of(scenario, name).map(|it| it.id);
                res.push(Played { part, by: *by, role, named: place });
            }
            if roles.unknown {
                res.push(Played { part, by: *by, role: None, named: by.key.span() });
            }
        }
    }
    res
}
