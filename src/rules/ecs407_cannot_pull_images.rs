//! An image in a private repository that nothing may pull.

use crate::diagnostic::{Finding, Severity};
use crate::iam::PULL;
use crate::model::{Answer, containers};
use crate::resolve::{Found, Scenario, Symbol, Text};
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS407",
    name: "cannot-pull-images",
    severity: Severity::Warning,
    summary: "a task has an image in ECR, and no role may pull it",
    page: include_str!("../../rules/ECS407.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    for container in containers(scenario) {
        let Some(image) = container.text(scenario, &["Image"]) else { continue };
        let Some(actions) = needed(scenario, &image) else { continue };
        // Credentials of its own.
        if container.find(scenario, &["RepositoryCredentials"]) != Found::Absent {
            continue;
        }
        let rights = facts.task_may(scenario, container.task.id, actions, "pull images");
        let (Answer::No, Some(because)) = (rights.verdict, rights.because) else { continue };
        let Some(place) = image.whole_place() else { continue };
        let mut finding = Finding::at(place.span, format!("the image cannot be pulled: {because}"))
            .on(container.task.id)
            .because_at(place.used, "used here")
            .help("attach `AmazonEC2ContainerRegistryReadOnly` to the role");
        if let Some(span) = rights.span {
            finding = finding.because(span, "this role pulls the images");
        }
        cx.report(finding);
    }
}

/// What pulling an image needs from the roles; `None` when it is not known to be in a private repository.
///
/// The policy of a repository may let a role of its account in, but for the token ([private repository policies][1]).
///
/// [1]: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
fn needed<'t>(scenario: &Scenario<'_, 't>, image: &Text<'t>) -> Option<&'static [&'static str]> {
    let own = image.symbols().find_map(|it| match it {
        Symbol::Resource(id) | Symbol::Attribute { resource: id, .. } => scenario.template().resource(id),
        _ => None,
    });
    let own = own.filter(|it| it.type_name() == "AWS::ECR::Repository");
    let uri = image.symbols().any(|it| matches!(it, Symbol::Attribute { attribute: "RepositoryUri", .. }));
    let (registry, _) = image.as_str().split_once('/').unwrap_or((image.as_str(), ""));
    // The account may be a symbol, the region and the suffix as well.
    let private = registry.contains(".dkr.ecr.") || own.is_some() && uri;
    let closed = own.is_some_and(|it| scenario.property(it, &["RepositoryPolicyText"]) == Found::Absent);
    private.then(|| if closed { &PULL[..] } else { &PULL[..1] })
}
