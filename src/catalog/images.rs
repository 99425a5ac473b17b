//! Machine images: which system, made for what, and whether they bring the ECS agent.

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
