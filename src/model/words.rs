//! The words that reports and policies have for verdicts.

use super::{
    Answer, Architecture, Egress, FleetKind, ImageFamily, ImageSource, ImageVariant, Joins, Port22, Signals,
};

/// A verdict of a few values, each of which has a word.
pub trait Word: Copy {
    /// All words.
    const WORDS: &'static [&'static str];

    /// The word for this one.
    fn word(self) -> &'static str;
}

macro_rules! words {
    ($($kind:ident { $($value:ident $word:literal,)* })*) => {$(
        impl Word for $kind {
            const WORDS: &'static [&'static str] = &[$($word),*];

            fn word(self) -> &'static str {
                match self { $($kind::$value => $word,)* }
            }
        }
    )*};
}

words! {
    Answer { Yes "yes", No "no", Unknown "unknown", }
    FleetKind {
        AutoScalingGroup "auto-scaling-group",
        Instance "instance",
        SpotFleet "spot-fleet",
        Ec2Fleet "ec2-fleet",
    }
    Joins { Yes "yes", WrongCluster "wrong-cluster", No "no", Unknown "unknown", }
    Signals {
        Ok "ok",
        WrongResource "wrong-resource",
        Missing "missing",
        NotAwaited "not-awaited",
        NotNeeded "not-needed",
        Unknown "unknown",
    }
    Egress {
        InternetGateway "internet-gateway",
        Nat "nat",
        Endpoints "endpoints",
        Other "other",
        None "none",
        Unknown "unknown",
    }
    Port22 { World "world", Restricted "restricted", Closed "closed", Unknown "unknown", }
    ImageSource {
        Ssm "ssm",
        Mapping "mapping",
        Parameter "parameter",
        Literal "literal",
        Unknown "unknown",
    }
    ImageFamily {
        AmazonLinux "amazon-linux",
        AmazonLinux2 "amazon-linux-2",
        AmazonLinux2023 "amazon-linux-2023",
        Bottlerocket "bottlerocket",
        Windows "windows",
        Ubuntu "ubuntu",
        Other "other",
    }
    ImageVariant { Standard "standard", Gpu "gpu", Neuron "neuron", }
    Architecture { X86_64 "x86_64", Arm64 "arm64", }
}
