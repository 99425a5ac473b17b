//! What can be chosen, as flag or answer; what AWS or ecslint's own rules would refuse is refused here.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::catalog::images::{Architecture, by_ssm_path};
use crate::catalog::instances::{self, InstanceType};

/// As many instances as a group has by default at most.
const MAX_INSTANCES: u32 = 500;

/// Why something cannot be chosen.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::cli) enum BadChoice {
    #[error("AWS has no such instance type{}", did_you_mean(.near))]
    UnknownType { near: Vec<&'static str> },
    #[error("AWS starts this type in no region any more")]
    Retired,
    #[error("no ECS-optimized image of Amazon Linux 2023 is made for this type")]
    NoImage,
    #[error("`{name}` has no NVIDIA GPU: leave out --gpu, or take a type such as `g4dn.xlarge`")]
    NoGpu { name: &'static str },
    #[error("a number from 1 to {MAX_INSTANCES}")]
    Instances,
    #[error("the name of a key pair has 1 to 255 characters of ASCII, without blanks at its ends")]
    KeyName,
    #[error("write addresses as 203.0.113.7/32")]
    Cidr,
    #[error("that is every address there is: name your own, as 203.0.113.7/32")]
    World,
    #[error("yes or no")]
    YesOrNo,
    #[error("new or existing")]
    Network,
}

fn did_you_mean(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        _ => format!("; did you mean `{}`?", near.join("` or `")),
    }
}

/// A type that starts somewhere and for which there is an image.
pub(in crate::cli) fn instance_type(text: &str) -> Result<InstanceType, BadChoice> {
    let name = text.trim().to_ascii_lowercase();
    let Some(found) = instances::find(&name) else {
        return Err(BadChoice::UnknownType { near: instances::near_names(&name) });
    };
    if found.is_retired() {
        return Err(BadChoice::Retired);
    }
    image(&found).map(|_| found)
}

/// The public parameter with the image that instances of this type need.
pub(super) fn image(instance: &InstanceType) -> Result<String, BadChoice> {
    let is_neuron = instance.accelerators.is_some_and(|it| it.kind == "neuron");
    let is_plain = instance.gpus.is_none() && instance.accelerators.is_none();
    // Amazon Linux 2023 needs a processor that the first Graviton is not
    // (https://docs.aws.amazon.com/linux/al2023/ug/system-requirements.html).
    let is_first_graviton = instance.family() == "a1";
    let variant = match instance.architecture {
        Some(Architecture::X86_64) if has_nvidia(instance) => "/gpu",
        Some(Architecture::X86_64) if is_neuron => "/neuron",
        Some(Architecture::X86_64) if is_plain => "",
        Some(Architecture::Arm64) if is_plain && !is_first_graviton => "/arm64",
        _ => return Err(BadChoice::NoImage),
    };
    let path = format!("/aws/service/ecs/optimized-ami/amazon-linux-2023{variant}/recommended/image_id");
    if by_ssm_path(&path).is_some() { Ok(path) } else { Err(BadChoice::NoImage) }
}

/// Whether the driver of the image for GPU instances fits.
pub(super) fn has_nvidia(instance: &InstanceType) -> bool {
    instance.gpus.is_some_and(|it| it.manufacturer == "NVIDIA")
}

/// How many instances.
pub(in crate::cli) fn instances(text: &str) -> Result<u32, BadChoice> {
    let number = text.trim().parse().ok().filter(|it| (1..=MAX_INSTANCES).contains(it));
    number.ok_or(BadChoice::Instances)
}

/// The name of a key pair (CreateKeyPair, KeyName, in the EC2 API reference).
pub(in crate::cli) fn key_name(text: &str) -> Result<String, BadChoice> {
    let is_name = (1..=255).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_graphic() || it == b' ')
        && text.trim() == text;
    if is_name { Ok(text.to_owned()) } else { Err(BadChoice::KeyName) }
}

/// A range of addresses, or one; what lies behind the prefix is taken out, as EC2 does it.
pub(in crate::cli) fn ssh_from(text: &str) -> Result<String, BadChoice> {
    let text = text.trim();
    let range = match text.parse::<Ipv4Addr>() {
        Ok(address) => Ipv4Net::from(address),
        Err(_) => text.parse::<Ipv4Net>().map_err(|_| BadChoice::Cidr)?.trunc(),
    };
    if range.prefix_len() == 0 { Err(BadChoice::World) } else { Ok(range.to_string()) }
}
