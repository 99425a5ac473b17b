//! Images named by their id.

use crate::catalog::images;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, ImageName, image_names};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS703",
    name: "hard-coded-ami",
    severity: Severity::Warning,
    summary: "the image is one of one day and one region",
    page: include_str!("../../rules/ECS703.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for source in &facts.launch(scenario, fleet).sources {
        let mut ids: Vec<ImageName> = image_names(scenario, source);
        ids.retain(|it| !it.is_path && is_id(&it.text));
        let Some(first) = ids.first() else { continue };
        let known = images::by_id(&first.text);
        let mut message = format!("`{}` is one image of one region", first.text);
        if let Some(known) = &known {
            message.push_str(&format!(", `{}`", known.name));
        }
        if ids.len() > 1 {
            message.push_str(&format!("; the mapping has {} more", ids.len() - 1));
        }
        let parameter = known.map_or_else(
            || "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id".to_owned(),
            |it| it.parameter(),
        );
        cx.report(
            Finding::at(first.place.span, message)
                .on(source.id)
                .because_at(first.place.used, "used here")
                .help(format!(
                    "let AWS name the newest one of every region: `{{{{resolve:ssm:{parameter}}}}}`"
                )),
        );
    }
}

/// Whether a text has the form of an id; others are refused for other reasons.
fn is_id(text: &str) -> bool {
    let digits = text.strip_prefix("ami-");
    digits.is_some_and(|it| matches!(it.len(), 8 | 17) && it.bytes().all(|it| it.is_ascii_hexdigit()))
}
