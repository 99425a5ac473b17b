//! Which systems AWS has stopped to maintain, and what comes in their place.
//!
//! Amazon Linux: <https://aws.amazon.com/amazon-linux-ami/faqs/>, <https://aws.amazon.com/amazon-linux-2/faqs/> and, for
//! the images of ECS, <https://github.com/aws/amazon-ecs-ami>;
//! Bottlerocket: <https://github.com/bottlerocket-os/bottlerocket/issues/4492>.

use super::parameters::{AMAZON_LINUX_PREFIX, BOTTLEROCKET_PREFIX, ECS_PREFIX};
use super::{Architecture, ImageFacts, ImageFamily, ImageVariant};

/// A system that gets no updates any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndOfLife {
    /// What it is called.
    pub system: &'static str,
    /// The day of its end.
    pub date: &'static str,
    /// The path of the SSM parameter with the newest image of the kind that takes its place.
    pub successor: String,
}

/// The end of the image of this id or path.
#[must_use]
pub fn end_of_life(written: &str, facts: ImageFacts) -> Option<EndOfLife> {
    let (system, date) = match facts.family {
        ImageFamily::AmazonLinux if facts.ecs => ("Amazon Linux (1) for ECS", "2025-09-15"),
        ImageFamily::AmazonLinux => ("Amazon Linux (1)", "2023-12-31"),
        ImageFamily::AmazonLinux2 => ("Amazon Linux 2", "2026-06-30"),
        ImageFamily::Bottlerocket => {
            let kind = written.strip_prefix(BOTTLEROCKET_PREFIX)?.strip_prefix("aws-ecs-1")?;
            kind.starts_with(['/', '-']).then_some(("Bottlerocket `aws-ecs-1`", "2025-07-24"))?
        }
        _ => return None,
    };
    Some(EndOfLife { system, date, successor: successor(facts) })
}

fn successor(facts: ImageFacts) -> String {
    let arm = facts.architecture == Architecture::Arm64;
    let architecture = if arm { "arm64" } else { "x86_64" };
    if facts.family == ImageFamily::Bottlerocket {
        let nvidia = if facts.variant == ImageVariant::Gpu { "-nvidia" } else { "" };
        return format!("{BOTTLEROCKET_PREFIX}aws-ecs-2{nvidia}/{architecture}/latest/image_id");
    }
    if !facts.ecs {
        return format!("{AMAZON_LINUX_PREFIX}al2023-ami-kernel-default-{architecture}");
    }
    let variant = match facts.variant {
        ImageVariant::Gpu => "/gpu",
        ImageVariant::Neuron => "/neuron",
        ImageVariant::Standard if arm => "/arm64",
        ImageVariant::Standard => "",
    };
    format!("{ECS_PREFIX}amazon-linux-2023{variant}/recommended/image_id")
}
