//! The kinds of causes, and which findings of the check foresee them.

use serde::Serialize;

/// What kind of cause it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The account cannot create launch configurations.
    LaunchConfiguration,
    /// AWS has no such machine free.
    Capacity,
    /// The account may not have so many.
    Quota,
    /// There is no such type here, or the account may not start it.
    InstanceType,
    /// The image is not there.
    Image,
    /// Image and type have different processors.
    Architecture,
    /// The key pair is not there.
    KeyPair,
    /// The instance profile is not there.
    InstanceProfile,
    /// The security group is not there, or in another VPC.
    SecurityGroup,
    /// The subnet is full, or not there.
    Subnet,
    /// A volume is too small, or may not be decrypted.
    Volume,
    /// EC2 refuses the user data.
    UserData,
    /// AWS does not let the account start anything.
    Account,
    /// Somebody may not do something.
    Permission,
    /// The group starts no instance.
    NoInstance,
    /// The instance ended before it could signal.
    InstanceEnded,
    /// The instance cannot reach what it needs.
    NoWayOut,
    /// `cfn-signal` is not on the instance.
    HelperMissing,
    /// A package is not there.
    PackageMissing,
    /// The signal names something else, or CloudFormation refuses it.
    SignalAstray,
    /// Nothing sends a signal.
    NeverSignalled,
    /// The script failed, and said so or ended.
    ScriptFailed,
    /// The user data is never run.
    ScriptNotRun,
    /// The instance joined another cluster.
    WrongCluster,
    /// The instance may not or cannot register with ECS.
    NotRegistered,
    /// The time was too short.
    TooSlow,
    /// What it is to be called is called so already.
    NameTaken,
    /// A property has a value that AWS refuses.
    Property,
    /// The tasks of a service do not run.
    Service,
    /// Something still uses it.
    InUse,
    /// Something is still in it.
    NotEmpty,
    /// AWS itself failed.
    AwsFault,
    /// Somebody stopped it.
    Stopped,
    /// Only what AWS said is known.
    Said,
}

impl Kind {
    /// The rules whose findings foresee it, the likeliest first.
    pub(super) fn codes(self) -> &'static [&'static str] {
        match self {
            Kind::LaunchConfiguration => &["ECS701"],
            Kind::InstanceType | Kind::Capacity => &["ECS608", "ECS607", "ECS609", "ECS602"],
            Kind::Image => &["ECS706", "ECS703", "ECS702"],
            Kind::Architecture => &["ECS606"],
            Kind::KeyPair => &["ECS305"],
            Kind::InstanceProfile => &["ECS405", "ECS403"],
            Kind::SecurityGroup => &["ECS506"],
            Kind::Volume => &["ECS613"],
            Kind::UserData => &["ECS113", "ECS106"],
            Kind::NoInstance => &["ECS206", "ECS610", "ECS611", "ECS708"],
            Kind::NoWayOut => {
                &["ECS501", "ECS502", "ECS503", "ECS505", "ECS507", "ECS508", "ECS506", "ECS509", "ECS504"]
            }
            Kind::HelperMissing => &["ECS213"],
            Kind::SignalAstray => &["ECS201", "ECS202", "ECS210", "ECS211", "ECS212"],
            Kind::NeverSignalled => &[
                "ECS203", "ECS201", "ECS202", "ECS210", "ECS212", "ECS211", "ECS107", "ECS209", "ECS206",
                "ECS110",
            ],
            Kind::ScriptFailed => &["ECS118", "ECS108", "ECS107", "ECS111", "ECS110", "ECS209"],
            Kind::ScriptNotRun => &["ECS106", "ECS112"],
            Kind::WrongCluster => &[
                "ECS102", "ECS101", "ECS103", "ECS104", "ECS105", "ECS107", "ECS108", "ECS111", "ECS115",
                "ECS117",
            ],
            Kind::NotRegistered => &[
                "ECS402", "ECS404", "ECS403", "ECS405", "ECS501", "ECS502", "ECS503", "ECS505", "ECS507",
                "ECS508", "ECS109", "ECS110", "ECS101", "ECS102", "ECS103", "ECS104", "ECS105", "ECS114",
                "ECS106", "ECS112",
            ],
            Kind::TooSlow => &["ECS215", "ECS214"],
            Kind::Service => &["ECS218", "ECS402", "ECS101", "ECS102", "ECS407", "ECS401"],
            Kind::Property => &["ECS511", "ECS006", "ECS009", "ECS013"],
            _ => &[],
        }
    }
}
