//! Images that get no more updates.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, ImageFamily, ImageName, image_names};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS702",
    name: "end-of-life-ami",
    severity: Severity::Warning,
    summary: "the image gets no more updates",
    page: include_str!("../../rules/ECS702.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    for source in &facts.launch(scenario, fleet).sources {
        let ended: Vec<_> = image_names(scenario, source)
            .into_iter()
            .filter_map(|it| Some((end_of_life(&it)?, it)))
            .collect();
        let Some(((system, date, newer), first)) = ended.first() else { continue };
        let message = match ended.len() {
            1 => format!("{system} has had no more support since {date}"),
            n => format!("{system} has had no more support since {date}, here and in {} more images", n - 1),
        };
        cx.report(
            Finding::at(first.place.span, message)
                .on(source.id)
                .because_at(first.place.used, "used here")
                .help(format!("take {newer}")),
        );
    }
}

/// The system of an image whose support has ended, when that was (`README.md` of amazon-ecs-ami; issue 4492 of
/// bottlerocket), and what comes after it.
fn end_of_life(image: &ImageName) -> Option<(&'static str, &'static str, String)> {
    let facts = image.facts?;
    let ecs = |system: &str| format!("`/aws/service/ecs/optimized-ami/{system}/recommended/image_id`");
    Some(match facts.family {
        ImageFamily::AmazonLinux if facts.ecs => ("Amazon Linux AMI", "2025-09-15", ecs("amazon-linux-2023")),
        ImageFamily::AmazonLinux => ("Amazon Linux AMI", "2023-12-31", "Amazon Linux 2023".to_owned()),
        ImageFamily::AmazonLinux2 => {
            let variant = match (image.text.contains("gpu"), image.text.contains("arm64")) {
                (true, _) => "amazon-linux-2023/gpu",
                (false, true) => "amazon-linux-2023/arm64",
                (false, false) => "amazon-linux-2023",
            };
            (
                "Amazon Linux 2",
                "2026-06-30",
                if facts.ecs { ecs(variant) } else { "Amazon Linux 2023".to_owned() },
            )
        }
        ImageFamily::Bottlerocket if image.text.contains("/aws-ecs-1") => {
            ("Bottlerocket's variant `aws-ecs-1`", "2025-07-24", "`aws-ecs-2` or a later variant".to_owned())
        }
        _ => return None,
    })
}
