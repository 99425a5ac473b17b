//! The roles of a template: their policies, and whom they trust.

use super::allow::Rights;
use super::document::{self, Document};
use super::policy::Statement;
use crate::catalog::policies;
use crate::model::{Answer, Listed, named_resource};
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
        Role::without(scenario, role, |_| false)
    }

    /// The same, as long as some of the policies that name it are not there.
    #[must_use]
    pub fn without(
        scenario: &Scenario<'_, 't>,
        role: &Entry<'t>,
        missing: impl Fn(&'t str) -> bool,
    ) -> Role<'t> {
        let mut rights = Rights::default();
        add(&mut rights, inline(scenario, role));
        let arns = Listed::of(scenario, scenario.property(role, &["ManagedPolicyArns"]), "");
        rights.unknown |= arns.unknown;
        for arn in &arns.names {
            add(&mut rights, managed(scenario, arn));
        }
        for policy in scenario.template().resources_of(&ATTACHED).filter(|it| !missing(it.id)) {
            match names(scenario, policy, role) {
                Answer::Yes => {
                    let found = scenario.property(policy, &["PolicyDocument"]);
                    add(&mut rights, document::of_property(scenario, found));
                }
                Answer::Unknown => rights.unknown = true,
                Answer::No => {}
            }
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

/// What else has policies.
const OTHERS: [&str; 5] =
    ["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"];

/// The policies of their own that a role gets, each with what it says.
#[must_use]
pub fn attached<'w, 't>(scenario: &Scenario<'w, 't>, role: &Entry<'t>) -> Vec<(&'w Entry<'t>, Rights)> {
    let all = scenario.template().resources_of(&ATTACHED);
    let mine = all.filter(|it| names(scenario, it, role) == Answer::Yes);
    mine.map(|it| {
        let mut rights = Rights::default();
        add(&mut rights, document::of_property(scenario, scenario.property(it, &["PolicyDocument"])));
        (it, rights)
    })
    .collect()
}

/// All statements that the template writes itself, of rights and of trust, with the resource that has them.
#[must_use]
pub fn statements<'w, 't>(scenario: &Scenario<'w, 't>) -> Vec<(&'w Entry<'t>, Statement)> {
    let mut res = Vec::new();
    let all = scenario.template().resources_of(&[&ATTACHED[..], &OTHERS].concat());
    for entry in all.filter(|it| scenario.exists(it) != Some(false)) {
        let own = ["PolicyDocument", "AssumeRolePolicyDocument"];
        let own = own.map(|it| document::of_property(scenario, scenario.property(entry, &[it])));
        let found = own.into_iter().chain([inline(scenario, entry)]).flat_map(|it| it.statements);
        res.extend(found.map(|it| (entry, it)));
    }
    res
}

fn add(rights: &mut Rights, document: Document) {
    rights.statements.extend(document.statements);
    rights.unknown |= document.unknown;
}

/// `Policies` of a role.
fn inline<'t>(scenario: &Scenario<'_, 't>, role: &Entry<'t>) -> Document {
    let items = match scenario.property(role, &["Policies"]) {
        Found::Node(list) => scenario.items(list).unwrap_or_else(|| vec![Found::Node(list)]),
        Found::Unknown => vec![Found::Unknown],
        Found::Absent => Vec::new(),
    };
    let mut res = Document::default();
    for item in items {
        match item {
            Found::Node(item) => {
                let found = scenario.find(item, &["PolicyDocument"]);
                let document = document::of_property(scenario, found);
                res.statements.extend(document.statements);
                res.unknown |= document.unknown;
            }
            _ => res.unknown = true,
        }
    }
    res
}

/// Whether a policy of its own is there and names the role.
fn names<'t>(scenario: &Scenario<'_, 't>, policy: &Entry<'t>, role: &Entry<'t>) -> Answer {
    let key = if policy.type_name() == "AWS::IAM::RolePolicy" { "RoleName" } else { "Roles" };
    let roles = Listed::of(scenario, scenario.property(policy, &[key]), "");
    let unclear = roles.names.iter().any(|it| it.only_symbol() == Some(&Symbol::Unknown));
    let named = roles.names.iter().any(|it| role_of(scenario, it).is_some_and(|it| it.id == role.id));
    match (named, scenario.exists(policy)) {
        (_, Some(false)) => Answer::No,
        (true, Some(true)) => Answer::Yes,
        (true, None) => Answer::Unknown,
        (false, _) if roles.unknown || unclear => Answer::Unknown,
        (false, _) => Answer::No,
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
