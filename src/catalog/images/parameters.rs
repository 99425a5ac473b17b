//! The public SSM parameters that hold the ids of images.
//!
//! ECS: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html>; Bottlerocket:
//! its `QUICKSTART-ECS.md`; the others by their public paths `/aws/service/...`.

use super::ids::IMAGES;
use super::{Architecture, ImageFacts, ImageFamily, ImageVariant};
use crate::text::near;

/// What stands before the variant of an image made for ECS.
pub(super) const ECS_PREFIX: &str = "/aws/service/ecs/optimized-ami/";
pub(super) const AMAZON_LINUX_PREFIX: &str = "/aws/service/ami-amazon-linux-latest/";
pub(super) const BOTTLEROCKET_PREFIX: &str = "/aws/service/bottlerocket/";
const WINDOWS_PREFIX: &str = "/aws/service/ami-windows-latest/";

/// What the names under [`ECS_PREFIX`] end in, behind the version.
const FIELDS: [&str; 7] = [
    "ecs_agent_version",
    "ecs_runtime_version",
    "image_id",
    "image_name",
    "image_version",
    "os",
    "source_image_name",
];

/// The plain images of Amazon Linux, as of 2026-10.
const AMAZON_LINUX: [&str; 45] = [
    "al2023-ami-kernel-6.1-arm64",
    "al2023-ami-kernel-6.1-x86_64",
    "al2023-ami-kernel-6.12-arm64",
    "al2023-ami-kernel-6.12-x86_64",
    "al2023-ami-kernel-6.18-arm64",
    "al2023-ami-kernel-6.18-x86_64",
    "al2023-ami-kernel-default-arm64",
    "al2023-ami-kernel-default-x86_64",
    "al2023-ami-minimal-kernel-6.1-arm64",
    "al2023-ami-minimal-kernel-6.1-x86_64",
    "al2023-ami-minimal-kernel-6.12-arm64",
    "al2023-ami-minimal-kernel-6.12-x86_64",
    "al2023-ami-minimal-kernel-6.18-arm64",
    "al2023-ami-minimal-kernel-6.18-x86_64",
    "al2023-ami-minimal-kernel-default-arm64",
    "al2023-ami-minimal-kernel-default-x86_64",
    "amzn-ami-hvm-x86_64-ebs",
    "amzn-ami-hvm-x86_64-gp2",
    "amzn-ami-hvm-x86_64-s3",
    "amzn-ami-minimal-hvm-x86_64-ebs",
    "amzn-ami-minimal-hvm-x86_64-s3",
    "amzn-ami-minimal-pv-x86_64-ebs",
    "amzn-ami-minimal-pv-x86_64-s3",
    "amzn-ami-pv-x86_64-ebs",
    "amzn-ami-pv-x86_64-s3",
    "amzn2-ami-hvm-arm64-gp2",
    "amzn2-ami-hvm-x86_64-ebs",
    "amzn2-ami-hvm-x86_64-gp2",
    "amzn2-ami-kernel-4.14-hvm-arm64-gp2",
    "amzn2-ami-kernel-4.14-hvm-x86_64-ebs",
    "amzn2-ami-kernel-4.14-hvm-x86_64-gp2",
    "amzn2-ami-kernel-5.10-hvm-arm64-gp2",
    "amzn2-ami-kernel-5.10-hvm-x86_64-ebs",
    "amzn2-ami-kernel-5.10-hvm-x86_64-gp2",
    "amzn2-ami-kernel-default-hvm-arm64-gp2",
    "amzn2-ami-kernel-default-hvm-x86_64-ebs",
    "amzn2-ami-kernel-default-hvm-x86_64-gp2",
    "amzn2-ami-minimal-hvm-arm64-ebs",
    "amzn2-ami-minimal-hvm-x86_64-ebs",
    "amzn2-ami-minimal-kernel-4.14-hvm-arm64-ebs",
    "amzn2-ami-minimal-kernel-4.14-hvm-x86_64-ebs",
    "amzn2-ami-minimal-kernel-5.10-hvm-arm64-gp2",
    "amzn2-ami-minimal-kernel-5.10-hvm-x86_64-gp2",
    "amzn2-ami-minimal-kernel-default-hvm-arm64-gp2",
    "amzn2-ami-minimal-kernel-default-hvm-x86_64-gp2",
];

/// A public parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The image that it speaks of.
    pub image: ImageFacts,
    /// What its value is.
    pub holds: Holds,
}

/// What the value of a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The id of the image, which is what a launch source wants.
    ImageId,
    /// All that is known of the image, as JSON.
    Json,
    /// The image's name, the agent's version or the like.
    Other,
}

/// The public parameter of this path; a version or label behind a colon does not count. `None` for a path that is not
/// known.
#[must_use]
pub fn parameter(path: &str) -> Option<Parameter> {
    let path = path.split(':').next()?;
    let under = |prefix| path.strip_prefix(prefix);
    under(ECS_PREFIX)
        .and_then(ecs)
        .or_else(|| under(AMAZON_LINUX_PREFIX).and_then(amazon_linux))
        .or_else(|| under(BOTTLEROCKET_PREFIX).and_then(bottlerocket))
        .or_else(|| under(WINDOWS_PREFIX).and_then(windows))
        .or_else(|| under("/aws/service/canonical/ubuntu/").and_then(|it| other(it, ImageFamily::Ubuntu)))
        .or_else(|| under("/aws/service/debian/").and_then(|it| other(it, ImageFamily::Other)))
}

/// The paths that a misspelt one may have meant, nearest first, at most three.
#[must_use]
pub fn near_parameters(path: &str) -> Vec<String> {
    let ecs = IMAGES.rows().map(|it| format!("{ECS_PREFIX}{}/recommended/image_id", it.key));
    let linux = AMAZON_LINUX.iter().map(|it| format!("{AMAZON_LINUX_PREFIX}{it}"));
    let bottlerocket = bottlerocket_kinds().flat_map(|it| {
        ["x86_64", "arm64"].map(|arch| format!("{BOTTLEROCKET_PREFIX}{it}/{arch}/latest/image_id"))
    });
    let known: Vec<String> = ecs.chain(linux).chain(bottlerocket).collect();
    near(path, known.iter().map(String::as_str), 3).into_iter().map(str::to_owned).collect()
}

/// The facts of a variant such as `amazon-linux-2/kernel-5.10/gpu`.
pub(super) fn ecs_variant(variant: &str) -> Option<ImageFacts> {
    let mut parts = variant.split('/');
    let family = match parts.next()? {
        "amazon-linux" => ImageFamily::AmazonLinux,
        "amazon-linux-2" => ImageFamily::AmazonLinux2,
        "amazon-linux-2023" => ImageFamily::AmazonLinux2023,
        // The preview of Amazon Linux 2023, frozen in January 2023.
        "amazon-linux-2022" => ImageFamily::Other,
        // Its paths name version, language and edition; not all of them are listed.
        "windows_server" => return Some(facts(ImageFamily::Windows, true)),
        _ => return None,
    };
    IMAGES.find(variant)?;
    let mut res = facts(family, true);
    for part in parts {
        match part {
            "arm64" => res.architecture = Architecture::Arm64,
            "gpu" => res.variant = ImageVariant::Gpu,
            "inf" | "neuron" => res.variant = ImageVariant::Neuron,
            _ => {}
        }
    }
    Some(res)
}

/// `VARIANT/recommended`, `VARIANT/recommended/FIELD`, or the name of an image in place of `recommended`.
fn ecs(rest: &str) -> Option<Parameter> {
    let (start, last) = rest.rsplit_once('/')?;
    if last == "recommended" {
        return Some(Parameter { image: ecs_variant(start)?, holds: Holds::Json });
    }
    let holds = match last {
        "image_id" => Holds::ImageId,
        _ if FIELDS.contains(&last) => Holds::Other,
        // An image by its name, which has the version in it.
        _ if last.contains("ami") && last.contains("ecs") => {
            return Some(Parameter { image: ecs_variant(start)?, holds: Holds::Json });
        }
        _ => return None,
    };
    let (variant, version) = start.rsplit_once('/')?;
    let is_version = version == "recommended" || version.contains("ami") && version.contains("ecs");
    Some(Parameter { image: ecs_variant(variant).filter(|_| is_version)?, holds })
}

/// The name of a plain image.
fn amazon_linux(name: &str) -> Option<Parameter> {
    let family = match name.split("-ami-").next()? {
        "amzn" => ImageFamily::AmazonLinux,
        "amzn2" => ImageFamily::AmazonLinux2,
        "al2023" => ImageFamily::AmazonLinux2023,
        _ => return None,
    };
    AMAZON_LINUX.contains(&name).then_some(())?;
    let architecture = if name.contains("arm64") { Architecture::Arm64 } else { Architecture::X86_64 };
    Some(Parameter { image: ImageFacts { architecture, ..facts(family, false) }, holds: Holds::ImageId })
}

/// `KIND/ARCHITECTURE/VERSION/FIELD`; kinds for other orchestrators lack the ECS agent.
fn bottlerocket(rest: &str) -> Option<Parameter> {
    let mut parts = rest.split('/');
    let (kind, architecture, _version) = (parts.next()?, parts.next()?, parts.next()?);
    let ecs = bottlerocket_kinds().any(|it| it == kind);
    if !ecs && !kind.starts_with("aws-k8s-") {
        return None;
    }
    let holds = match (parts.next()?, parts.next()) {
        ("image_id", None) => Holds::ImageId,
        ("image_version", None) => Holds::Other,
        _ => return None,
    };
    let variant = if kind.contains("-nvidia") { ImageVariant::Gpu } else { ImageVariant::Standard };
    let image = ImageFacts {
        variant,
        architecture: architecture_of(architecture)?,
        ..facts(ImageFamily::Bottlerocket, ecs)
    };
    Some(Parameter { image, holds })
}

/// The kinds of Bottlerocket that are made for ECS: `aws-ecs-2-nvidia-fips` and the like.
fn bottlerocket_kinds() -> impl Iterator<Item = String> {
    let tails = ["", "-nvidia", "-fips", "-nvidia-fips"];
    (1..=3).flat_map(move |it| tails.map(|tail| format!("aws-ecs-{it}{tail}")))
}

/// `NAME` or, for the images with the ECS agent, also `NAME/FIELD`.
fn windows(rest: &str) -> Option<Parameter> {
    let (name, field) = rest.split_once('/').map_or((rest, None), |(name, field)| (name, Some(field)));
    let image = facts(ImageFamily::Windows, name.contains("ECS_Optimized"));
    let holds = match field {
        _ if !name.contains("Windows_Server-") => return None,
        None if image.ecs => Holds::Json,
        Some("image_id") if image.ecs => Holds::ImageId,
        Some(field) if image.ecs && FIELDS.contains(&field) => Holds::Other,
        Some(_) => return None,
        // The value is the id itself.
        None => Holds::ImageId,
    };
    Some(Parameter { image, holds })
}

/// A path that says its architecture somewhere.
fn other(rest: &str, family: ImageFamily) -> Option<Parameter> {
    let architecture = rest.split('/').find_map(architecture_of)?;
    Some(Parameter { image: ImageFacts { architecture, ..facts(family, false) }, holds: Holds::ImageId })
}

fn architecture_of(word: &str) -> Option<Architecture> {
    match word {
        "x86_64" | "amd64" => Some(Architecture::X86_64),
        "arm64" => Some(Architecture::Arm64),
        _ => None,
    }
}

/// A system without accelerators on Intel and AMD.
fn facts(family: ImageFamily, ecs: bool) -> ImageFacts {
    ImageFacts { family, variant: ImageVariant::Standard, architecture: Architecture::X86_64, ecs }
}
