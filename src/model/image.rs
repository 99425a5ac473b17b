//! What is known of the image that a fleet starts.

use super::{Answer, Image, ImageSource, Source};
use crate::resolve::{Found, Scenario};
use crate::template::{Expr, expr};

/// The image of a launch source in one scenario.
#[must_use]
pub fn image<'t>(scenario: &Scenario<'_, 't>, source: &Source<'t>) -> Image {
    let mut res = Image {
        source: ImageSource::Unknown,
        family: None,
        variant: None,
        architecture: None,
        ecs: Answer::Unknown,
    };
    let Found::Node(node) = source.find(scenario, &["ImageId"]) else { return res };
    res.source = match expr(node) {
        Expr::Scalar(node) if node.text().starts_with("{{resolve:ssm:") => ImageSource::Ssm,
        Expr::Scalar(_) => ImageSource::Literal,
        Expr::FindInMap { .. } => ImageSource::Mapping,
        Expr::Ref(name) => match scenario.world().parameter_type(name.node.text()) {
            "" => ImageSource::Unknown,
            kind if kind.starts_with("AWS::SSM::Parameter::") => ImageSource::Ssm,
            _ => ImageSource::Parameter,
        },
        _ => ImageSource::Unknown,
    };
    let path = match expr(node) {
        Expr::Scalar(node) => Some(node.text().to_owned()),
        Expr::Ref(name) if res.source == ImageSource::Ssm => {
            scenario.world().parameter_value(name.node.text()).and_then(|it| it.known().map(str::to_owned))
        }
        _ => None,
    };
    if let Some(path) = path.filter(|it| it.contains("/aws/service/ecs/optimized-ami/")) {
        res.ecs = Answer::Yes;
        res.family = if path.contains("amazon-linux-2023") {
            Some(super::ImageFamily::AmazonLinux2023)
        } else if path.contains("amazon-linux-2") {
            Some(super::ImageFamily::AmazonLinux2)
        } else {
            None
        };
    }
    res
}
