//! The roles, profiles, policies, users and groups that a template makes and names; which roles are handed to which
//! services; and the roles that services make for themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::linked;
use super::place::{Place, clean};
use super::statement::Policy;
use crate::catalog::permissions;
use crate::iam::{Effect, Role, role_of};
use crate::model::Listed;
use crate::resolve::{Found, SYMBOL, Scenario, Symbol, Text};
use crate::syntax::Node;
use crate::template::{Entry, Expr, expr};

/// A kind of resource of IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Group,
    Policy,
    Profile,
    Role,
    User,
}

/// What is known of a kind: what it is called in ARNs, its type, the property that names it, the property of policies
/// and profiles that lists it.
const KINDS: [(Kind, &str, &str, &str, &str); 5] = [
    (Kind::Group, "group", "AWS::IAM::Group", "GroupName", "Groups"),
    (Kind::Policy, "policy", "AWS::IAM::ManagedPolicy", "ManagedPolicyName", ""),
    (Kind::Profile, "instance-profile", "AWS::IAM::InstanceProfile", "InstanceProfileName", ""),
    (Kind::Role, "role", "AWS::IAM::Role", "RoleName", "Roles"),
    (Kind::User, "user", "AWS::IAM::User", "UserName", "Users"),
];

/// The service that takes the role which a type names, by the beginning of the type; the first that fits.
const TAKERS: [(&str, &str); 16] = [
    ("AWS::ApplicationAutoScaling::", "application-autoscaling"),
    ("AWS::AutoScaling::", "autoscaling"),
    ("AWS::Backup::", "backup"),
    ("AWS::CodeBuild::", "codebuild"),
    ("AWS::CodeDeploy::", "codedeploy"),
    ("AWS::CodePipeline::", "codepipeline"),
    ("AWS::EC2::FlowLog", "vpc-flow-logs"),
    ("AWS::EC2::SpotFleet", "spotfleet"),
    ("AWS::ECS::DaemonTaskDefinition", "ecs-tasks"),
    ("AWS::ECS::TaskDefinition", "ecs-tasks"),
    ("AWS::ECS::", "ecs"),
    ("AWS::Events::", "events"),
    ("AWS::KinesisFirehose::", "firehose"),
    ("AWS::Lambda::", "lambda"),
    ("AWS::RDS::", "rds"),
    ("AWS::StepFunctions::", "states"),
];

/// What is left of a name of 64 characters beside two hyphens and the 13 characters that are CloudFormation's.
const ROOM: usize = 64 - 2 - 13;

impl Kind {
    /// The kind of a resource type of IAM, as its actions name it.
    pub(super) fn of_resource_type(name: &str) -> Option<Kind> {
        KINDS.iter().find(|it| it.1 == name).map(|it| it.0)
    }

    /// What it is called in ARNs.
    pub(super) fn resource_type(self) -> &'static str {
        KINDS.iter().find(|it| it.0 == self).map_or("*", |it| it.1)
    }
}

/// What a template has to do with roles.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// Paths and names, as patterns: `/STACK-*`.
    names: BTreeMap<Kind, BTreeSet<String>>,
    /// Which roles are handed to which services, to any where none is named: ARNs, else paths and names.
    passed: BTreeMap<BTreeSet<String>, BTreeSet<String>>,
    /// The services that make roles for themselves.
    linked: BTreeSet<String>,
}

impl Roles {
    /// The paths and names of a kind, as patterns.
    pub(super) fn names(&self, kind: Kind) -> impl Iterator<Item = &String> {
        self.names.get(&kind).into_iter().flatten()
    }

    /// Adds what a resource has to do with roles.
    pub(super) fn add<'t>(&mut self, scenario: &Scenario<'_, 't>, place: &Place<'_>, resource: &Entry<'t>) {
        let type_name = resource.type_name();
        for (kind, _, of_type, property, list) in KINDS {
            if type_name == of_type {
                let name = name(scenario, place, resource, property);
                if kind == Kind::Role {
                    self.trusted(scenario, place, resource, &name);
                }
                self.names.entry(kind).or_default().insert(name);
            } else if type_name.starts_with("AWS::IAM::") && !list.is_empty() {
                self.listed(scenario, place, resource, kind, [property, list]);
            }
        }
        let lists = || permissions::of(type_name)?.find(|it| it == "iam:PassRole");
        // What a nested stack is given is for its own resources.
        let takes = type_name != "AWS::CloudFormation::Stack" && lists().is_some();
        if let Some(properties) = resource.properties() {
            each_entry(properties, &mut |key, value| {
                if key == "IamInstanceProfile" {
                    self.profile(scenario, place, value);
                } else if takes && ["Role", "RoleArn", "RoleARN"].iter().any(|it| key.ends_with(it)) {
                    self.taken(scenario, place, type_name, value);
                }
            });
        }
        self.linked.extend(linked::services(scenario, place, resource));
    }

    /// A role of the template, and those whom it trusts: it is handed to none else.
    fn trusted<'t>(
        &mut self,
        scenario: &Scenario<'_, 't>,
        place: &Place<'_>,
        resource: &Entry<'t>,
        name: &str,
    ) {
        let trust = Role::of(scenario, resource).trust;
        let mut services = Vec::new();
        let mut unknown = trust.unknown;
        for words in
            trust.statements.iter().filter(|it| it.effect == Effect::Allow).flat_map(|it| &it.services)
        {
            match words.text.split_once('.') {
                Some((service, suffix)) if !service.contains(SYMBOL) => {
                    // `ec2.amazonaws.com`, or what a symbol makes of it.
                    let is_usual = suffix.contains(SYMBOL) || suffix.starts_with("amazonaws.com");
                    if is_usual {
                        services.extend(place.services(&clean(service)));
                    } else {
                        services.push(clean(&words.text));
                    }
                }
                _ => unknown = true,
            }
        }
        // A role that no service may take is handed to none.
        if unknown || !services.is_empty() {
            self.pass(if unknown { Vec::new() } else { services }, name);
        }
    }

    /// Those outside the template that a policy or profile of it names.
    fn listed<'t>(
        &mut self,
        scenario: &Scenario<'_, 't>,
        place: &Place<'_>,
        resource: &Entry<'t>,
        kind: Kind,
        keys: [&str; 2],
    ) {
        let mut listed = Listed::default();
        for key in keys {
            listed.extend(scenario, scenario.property(resource, &[key]), "");
        }
        let outside = listed.names.iter().filter(|it| !is_made(scenario, it));
        let mut names: Vec<_> = outside.map(|it| anywhere(&place.pattern(it))).collect();
        if listed.unknown {
            names.push(anywhere(""));
        }
        if resource.type_name() == "AWS::IAM::InstanceProfile" {
            names.iter().for_each(|it| self.pass(place.services("ec2"), it));
        }
        self.names.entry(kind).or_default().extend(names);
    }

    fn pass(&mut self, services: Vec<String>, role: &str) {
        self.passed.entry(services.into_iter().collect()).or_default().insert(role.to_owned());
    }

    /// A profile that instances get: of one that is not in the template, the role is not known.
    fn profile<'t>(&mut self, scenario: &Scenario<'_, 't>, place: &Place<'_>, value: Node<'t>) {
        let text = scenario.text(value).or_else(|| {
            ["Arn", "Name"].into_iter().find_map(|key| match scenario.find(value, &[key]) {
                Found::Node(node) => scenario.text(node),
                _ => None,
            })
        });
        if !text.is_some_and(|it| is_made(scenario, &it)) {
            self.pass(place.services("ec2"), &anywhere(""));
        }
    }

    /// A role that is not in the template.
    fn taken<'t>(
        &mut self,
        scenario: &Scenario<'_, 't>,
        place: &Place<'_>,
        type_name: &str,
        value: Node<'t>,
    ) {
        let name = match scenario.text(value) {
            Some(text) if is_made(scenario, &text) => return,
            Some(text) => place.pattern(&text),
            // A mapping of its own, as in `ExecutionRole: {Arn: ...}`; what is in it has its own turn.
            None if matches!(expr(value), Expr::Map(_)) => return,
            None => "*".to_owned(),
        };
        let name = if name.starts_with("arn:") { name } else { anywhere(&name) };
        let taker = TAKERS.iter().find(|it| type_name.starts_with(it.0));
        self.pass(taker.map(|it| place.services(it.1)).unwrap_or_default(), &name);
    }

    /// The roles that are handed to services and not the template's own.
    pub(super) fn elsewhere(&self, place: &Place<'_>) -> Vec<String> {
        let own: BTreeSet<_> = self.names(Kind::Role).collect();
        self.passed.values().flatten().filter(|it| !own.contains(it)).map(|it| arn(place, it)).collect()
    }

    /// Allows handing roles to services.
    pub(super) fn allow_passing(&self, policy: &mut Policy, place: &Place<'_>) {
        for (idx, (services, roles)) in self.passed.iter().enumerate() {
            let condition = (!services.is_empty())
                .then(|| json!({ "StringEquals": { "iam:PassedToService": Vec::from_iter(services) } }));
            let roles = roles.iter().map(|it| arn(place, it));
            policy.allow(&format!("NeededPassRole{}", idx + 1), ["iam:PassRole"], roles, condition);
        }
    }

    /// Allows services to make their roles.
    pub(super) fn allow_linked(&self, policy: &mut Policy, place: &Place<'_>) {
        // `*` has the others in it.
        let is_any = self.linked.contains("*");
        let services = self.linked.iter().filter(|it| !is_any || *it == "*");
        let roles = services.map(|it| place.iam(&format!("role/aws-service-role/{it}/*")));
        policy.allow("NeededServiceRoles", ["iam:CreateServiceLinkedRole"], roles, None);
    }
}

/// The ARN of a role that is one, or path and name.
fn arn(place: &Place<'_>, role: &str) -> String {
    if role.starts_with("arn:") { role.to_owned() } else { place.iam(&format!("role{role}")) }
}

/// A name with whatever path.
fn anywhere(name: &str) -> String {
    format!("/*{}", name.trim_start_matches('*'))
}

/// Whether a text names a role, profile or the like of the template.
fn is_made<'t>(scenario: &Scenario<'_, 't>, text: &Text<'t>) -> bool {
    let id = match text.only_symbol() {
        Some(Symbol::Resource(id) | Symbol::Attribute { resource: id, .. }) => *id,
        _ => return role_of(scenario, text).is_some(),
    };
    scenario.template().resource(id).is_some_and(|it| KINDS.iter().any(|kind| kind.2 == it.type_name()))
}

/// Path and name of a resource of IAM, as a pattern.
fn name<'t>(scenario: &Scenario<'_, 't>, place: &Place<'_>, resource: &Entry<'t>, property: &str) -> String {
    let path = match scenario.property(resource, &["Path"]) {
        Found::Absent => "/".to_owned(),
        Found::Node(node) => scenario.text(node).map_or_else(|| "/*".to_owned(), |it| place.pattern(&it)),
        Found::Unknown => "/*".to_owned(),
    };
    let name = match scenario.property(resource, &[property]) {
        Found::Absent => given(place.stack, resource.id),
        Found::Node(node) => scenario.text(node).map_or_else(|| "*".to_owned(), |it| place.pattern(&it)),
        Found::Unknown => "*".to_owned(),
    };
    format!("{path}{name}").replace("**", "*")
}

/// The name that CloudFormation gives: stack, logical id and characters of its own, both cut where they are long.
fn given(stack: &str, id: &str) -> String {
    if stack.len() <= ROOM / 2 || stack.len() + id.len() <= ROOM {
        return format!("{stack}-*");
    }
    // How much is cut of which is told nowhere: of the stack's, half of the room is there in any case.
    format!("{}*", stack.get(..ROOM / 2).unwrap_or(stack))
}

/// Calls `visit` with every key and value below a node.
fn each_entry<'t>(node: Node<'t>, visit: &mut dyn FnMut(&'t str, Node<'t>)) {
    for (key, value) in node.entries() {
        visit(key.text(), value);
        each_entry(value, visit);
    }
    for item in node.items() {
        each_entry(item, visit);
    }
}
