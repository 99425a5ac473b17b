//! Machine images: which system, made for what, and whether they bring the ECS agent.
//!
//! Known are the images that AWS publishes: by id those made for ECS, by the path of their public SSM parameter also
//! the plain ones of Amazon Linux, Bottlerocket, Windows, Ubuntu and Debian.

mod ids;
mod life;
mod parameters;

pub use ids::{KnownImage, by_id};
pub use life::{EndOfLife, end_of_life};
pub use parameters::{Holds, Parameter, near_parameters, parameter};

use super::sources;

/// The operating system of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFamily {
    /// Amazon Linux (1).
    AmazonLinux,
    /// Amazon Linux 2.
    AmazonLinux2,
    /// Amazon Linux 2023.
    AmazonLinux2023,
    /// Bottlerocket.
    Bottlerocket,
    /// Windows Server.
    Windows,
    /// Ubuntu.
    Ubuntu,
    /// A known image of another system.
    Other,
}

/// What accelerator an image is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageVariant {
    /// None.
    Standard,
    /// NVIDIA.
    Gpu,
    /// AWS Neuron.
    Neuron,
}

/// A processor architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// Intel and AMD, 64 bits.
    X86_64,
    /// Graviton.
    Arm64,
}

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// Its operating system.
    pub family: ImageFamily,
    /// What accelerator it is made for.
    pub variant: ImageVariant,
    /// Its architecture.
    pub architecture: Architecture,
    /// Whether it brings the ECS agent.
    pub ecs: bool,
}

/// What is known of the image that a public SSM parameter names.
#[must_use]
pub fn by_ssm_path(path: &str) -> Option<ImageFacts> {
    parameter(path).map(|it| it.image)
}

/// The date of the lists of ids and paths: what came later is not in them.
#[must_use]
pub fn as_of() -> &'static str {
    sources::of_table("images").date
}

#[cfg(test)]
mod tests;
