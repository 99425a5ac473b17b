//! Public parameters that hold no image.

use crate::catalog::images::{self, Holds};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, image_names};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS706",
    name: "bad-ami-parameter",
    severity: Severity::Error,
    summary: "the SSM parameter does not hold the id of an image",
    page: include_str!("../../rules/ECS706.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for source in &facts.launch(scenario, fleet).sources {
        for name in image_names(scenario, source) {
            if !name.is_path || !name.text.starts_with("/aws/service/") {
                continue;
            }
            let finding = |message: String| {
                Finding::at(name.place.span, message).on(source.id).because_at(name.place.used, "used here")
            };
            let near = images::near_parameters(&name.text);
            match images::parameter(&name.text).map(|it| it.holds) {
                Some(Holds::ImageId) => {}
                Some(Holds::Json) => cx.report(
                    finding("this parameter holds JSON about the image, not its id".to_owned())
                        .help("write `/image_id` behind it"),
                ),
                Some(Holds::Other) => cx.report(
                    finding("this parameter holds something else about the image, not its id".to_owned())
                        .help("end it with `/image_id`"),
                ),
                None if near.is_empty() => cx.report(
                    finding(format!("no public parameter of this name was known on {}", images::as_of()))
                        .severity(Severity::Warning)
                        .help("look at what `aws ssm get-parameters-by-path --recursive` lists under its folder"),
                ),
                None => {
                    let near: Vec<_> = near.iter().map(|it| format!("`{it}`")).collect();
                    cx.report(
                        finding(format!("there is no public parameter `{}`", name.text))
                            .help(format!("did you mean {}?", near.join(" or "))),
                    );
                }
            }
        }
    }
}
