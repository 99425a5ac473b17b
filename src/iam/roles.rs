//! The roles of a template: their policies, whom they trust, and the role that the instances of a fleet play.

use super::allow::Rights;
use super::document::{self, Document};
use crate::catalog::policies;
use crate::model::{Launch, Listed, Source, named_resource};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::template::Entry;
use crate::text::Span;

/// A role of the template.
#[derive(Clone, Debug)]
pub struct Role<'t> {
    /// Its logical id.
    pub id: &'t str,
    /// Where the id stands.
    pub key: Span,
    /// What its policies say.
    pub rights: Rights,
    /// Whom it trusts.
    pub trust: Rights,
}

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

/// The role of the template that a text names: by `Ref`, by its ARN, or by the name that it was given.
#[must_use]
pub fn role_of<'w, 't>(scenario: &Scenario<'w, 't>, name: &Text<'t>) -> Option<&'w Entry<'t>> {
    let given = |it: &&Entry<'t>| scenario.property_text(it, &["RoleName"]).is_some_and(|own| own == *name);
    named_resource(scenario, name, &["Arn", "RoleName"])
        .filter(|it| it.type_name() == "AWS::IAM::Role")
        .or_else(|| scenario.template().resources_of(&["AWS::IAM::Role"]).find(given))
}

impl<'t> Role<'t> {
    /// Reads the policies of a role: its own, the managed ones, and those that name it.
    #[must_use]
    pub fn of(scenario: &Scenario<'_, 't>, role: &Entry<'t>) -> Role<'t> {
        let mut rights = Rights::default();
        inline(scenario, role, &mut rights);
        let arns = Listed::of(scenario, scenario.property(role, &["ManagedPolicyArns"]), "");
        rights.unknown |= arns.unknown;
        for arn in &arns.names {
            add(&mut rights, managed(scenario, arn));
        }
        for policy in scenario.template().resources_of(&ATTACHED) {
            attached(scenario, role, policy, &mut rights);
        }
        rights.boundary = boundary(scenario, role).map(Box::new);

        let mut trust = Rights::default();
        let found = scenario.property(role, &["AssumeRolePolicyDocument"]);
        add(&mut trust, document::of_property(scenario, found));
        trust.unknown |= found == Found::Absent;
        Role { id: role.id, key: role.key.span(), rights, trust }
    }
}

/// Policies that say themselves which roles they belong to.
const ATTACHED: [&str; 3] = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"];

fn add(rights: &mut Rights, document: Document) {
    rights.statements.extend(document.statements);
    rights.unknown |= document.unknown;
}

/// `Policies` of a role.
fn inline<'t>(scenario: &Scenario<'_, 't>, role: &Entry<'t>, rights: &mut Rights) {
    let items = match scenario.property(role, &["Policies"]) {
        Found::Node(list) => scenario.items(list).unwrap_or_else(|| vec![Found::Node(list)]),
        Found::Unknown => vec![Found::Unknown],
        Found::Absent => Vec::new(),
    };
    for item in items {
        match item {
            Found::Node(item) => {
                let found = scenario.find(item, &["PolicyDocument"]);
                add(rights, document::of_property(scenario, found));
            }
            _ => rights.unknown = true,
        }
    }
}

/// A policy of its own, when it names the role.
fn attached<'t>(scenario: &Scenario<'_, 't>, role: &Entry<'t>, policy: &Entry<'t>, rights: &mut Rights) {
    let key = if policy.type_name() == "AWS::IAM::RolePolicy" { "RoleName" } else { "Roles" };
    let roles = Listed::of(scenario, scenario.property(policy, &[key]), "");
    let unclear = roles.names.iter().any(|it| it.only_symbol() == Some(&Symbol::Unknown));
    let named = roles.names.iter().any(|it| role_of(scenario, it).is_some_and(|it| it.id == role.id));
    match (named, scenario.exists(policy)) {
        (_, Some(false)) => {}
        (true, Some(true)) => {
            let found = scenario.property(policy, &["PolicyDocument"]);
            add(rights, document::of_property(scenario, found));
        }
        (true, None) => rights.unknown = true,
        (false, _) => rights.unknown |= roles.unknown || unclear,
    }
}

/// The document of a managed policy: one of the template, or one of AWS.
fn managed<'t>(scenario: &Scenario<'_, 't>, arn: &Text<'t>) -> Document {
    let unknown = Document { statements: Vec::new(), unknown: true };
    if let Some(own) = named_resource(scenario, arn, &["PolicyArn"]) {
        if own.type_name() != "AWS::IAM::ManagedPolicy" {
            return unknown;
        }
        return document::of_property(scenario, scenario.property(own, &["PolicyDocument"]));
    }
    // The partition may be a symbol; what tells policies apart stands at the end.
    let path = arn.as_str().split_once(":iam::aws:policy/").map(|(_, path)| path);
    let name = path.and_then(|it| it.rsplit('/').next());
    match name.and_then(policies::find) {
        Some(policy) => document::of_aws(policy.document),
        None => unknown,
    }
}

/// What `PermissionsBoundary` leaves.
fn boundary<'t>(scenario: &Scenario<'_, 't>, role: &Entry<'t>) -> Option<Rights> {
    let mut res = Rights::default();
    match scenario.property(role, &["PermissionsBoundary"]) {
        Found::Node(node) => match scenario.text(node) {
            Some(arn) => add(&mut res, managed(scenario, &arn)),
            None => res.unknown = true,
        },
        Found::Unknown => res.unknown = true,
        Found::Absent => return None,
    }
    Some(res)
}
