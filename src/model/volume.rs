//! The volumes of an instance.

use super::{Answer, Image};
use crate::catalog::images::ImageFamily;

/// The root volume that an image brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootVolume {
    /// What the instance calls it.
    pub device: &'static str,
    /// How large its snapshot is.
    pub gib: u32,
    /// What kind it is, unless a mapping says otherwise.
    pub kind: &'static str,
}

/// The root volume of the images that AWS makes for ECS; `None` where it is not known.
///
/// "Amazon ECS-optimized AMI storage configuration" in the Amazon ECS developer guide; what kind it is, say the
/// recipes in aws/amazon-ecs-ami.
#[must_use]
pub fn root_volume(image: &Image) -> Option<RootVolume> {
    let kind = match image.family? {
        ImageFamily::AmazonLinux2 => "gp2",
        ImageFamily::AmazonLinux2023 => "gp3",
        _ => return None,
    };
    (image.ecs == Answer::Yes).then_some(RootVolume { device: "/dev/xvda", gib: 30, kind })
}
