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
    res
}
