//! The answers about one fleet, as the report gives them.
//!
//! A verdict speaks of the fleet over all reachable scenarios: the worst that is proved, `Unknown` when only
//! deployment can tell. The value sets are those of the JSON report.

use std::borrow::Cow;

use crate::text::Span;

pub use crate::catalog::images::{Architecture, ImageFamily, ImageVariant};

/// An answer, why it is so, and the words in the template that decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because<T> {
    /// The answer.
    pub verdict: T,
    /// One short sentence without a full stop, without line numbers (the report adds the place).
    pub because: Option<String>,
    /// The words that decide.
    pub span: Option<Span>,
}

impl<T> Because<T> {
    /// An answer with its reason.
    pub fn new(verdict: T, because: impl Into<String>, span: Option<Span>) -> Because<T> {
        Because { verdict, because: Some(because.into()), span }
    }
}

/// Yes, no, or only deployment can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Proved to be so.
    Yes,
    /// Only deployment can tell.
    #[default]
    Unknown,
    /// Proved not to be so.
    No,
}

/// What kind of resource starts the instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FleetKind {
    /// `AWS::AutoScaling::AutoScalingGroup`
    AutoScalingGroup,
    /// `AWS::EC2::Instance`
    Instance,
    /// `AWS::EC2::SpotFleet`
    SpotFleet,
    /// `AWS::EC2::EC2Fleet`
    Ec2Fleet,
}

/// A cluster by the way the template names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterName {
    /// A cluster of this template, by logical id.
    Resource(String),
    /// What a parameter will say.
    Parameter(String),
    /// What another stack exports.
    Import(String),
    /// A name written out.
    Name(String),
}

/// Does the instance join?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joins {
    /// Provably none is set in effect.
    No,
    /// The template has a cluster, and the instance provably joins another name.
    WrongCluster,
    /// An unknown value, file, image or command decides.
    Unknown,
    /// Every path of the boot makes the instance join.
    Yes,
}

/// Is what waits told?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signals {
    /// Something waits, a signal is sent, and it goes elsewhere.
    WrongResource,
    /// Something waits, and no signal is sent.
    Missing,
    /// Only deployment can tell.
    Unknown,
    /// What waits gets its signal.
    Ok,
    /// A signal is sent, and nothing waits.
    NotAwaited,
    /// Neither.
    NotNeeded,
}

/// The way out to the ECS endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Egress {
    /// There is none.
    None,
    /// Only deployment can tell.
    Unknown,
    /// Transit gateway, peering, VPN, NAT instance, proxy.
    Other,
    /// Interface endpoints for all that joining needs.
    Endpoints,
    /// A NAT gateway.
    Nat,
    /// An internet gateway and a public address.
    InternetGateway,
}

/// Who may reach port 22.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port22 {
    /// Everybody.
    World,
    /// Some.
    Restricted,
    /// Only deployment can tell.
    Unknown,
    /// Nobody.
    Closed,
}

/// Where the image id comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageSource {
    /// An SSM parameter, as a parameter type or a dynamic reference.
    Ssm,
    /// `Fn::FindInMap`.
    Mapping,
    /// A plain parameter.
    Parameter,
    /// An AMI id written out.
    Literal,
    /// Anything else.
    Unknown,
}

/// What is known of the image of a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Where its id comes from.
    pub source: ImageSource,
    /// Its operating system.
    pub family: Option<ImageFamily>,
    /// What accelerator it is made for.
    pub variant: Option<ImageVariant>,
    /// Its architecture.
    pub architecture: Option<Architecture>,
    /// Whether it brings the ECS agent.
    pub ecs: Answer,
}

/// How many instances a fleet has; `None` where only deployment can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Never fewer.
    pub min: Option<u32>,
    /// As many as it starts with.
    pub desired: Option<u32>,
    /// Never more.
    pub max: Option<u32>,
}

/// What a fleet costs, On-Demand, Linux.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// The types that it may start.
    pub instance_types: Vec<String>,
    /// GPUs and other accelerators of one instance.
    pub accelerators_per_instance: Option<u32>,
    /// The region of the price.
    pub region: String,
    /// US dollars an hour at desired capacity.
    pub usd_per_hour: Option<f64>,
    /// US dollars a month of 730 hours at desired capacity.
    pub usd_per_month: Option<f64>,
    /// US dollars an hour at maximum capacity.
    pub usd_per_hour_at_max: Option<f64>,
    /// The date of the price, `YYYY-MM-DD`.
    pub as_of: Option<Cow<'static, str>>,
    /// Whether it was reckoned from another region's price.
    pub estimate: bool,
}

/// Everything the report says about one fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetReport {
    /// The logical id.
    pub id: String,
    /// Where the logical id stands.
    pub span: Span,
    /// What starts the instances.
    pub kind: FleetKind,
    /// Whether the fleet is meant for a cluster.
    pub ecs: Answer,
    /// The launch sources, by logical id.
    pub launch: Vec<String>,
    /// The verdicts; `None` when `ecs` is [`Answer::No`].
    pub verdicts: Option<Verdicts>,
    /// What is known of the image.
    pub image: Image,
    /// How many instances.
    pub capacity: Capacity,
    /// What they cost.
    pub cost: Cost,
}

/// The verdicts on a fleet that is meant for a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdicts {
    /// Does the instance join?
    pub joins: Because<Joins>,
    /// Which cluster it joins.
    pub cluster: Option<ClusterName>,
    /// Is what waits told?
    pub signals: Because<Signals>,
    /// The logical id that the signal names.
    pub signalled: Option<String>,
    /// The way out.
    pub egress: Because<Egress>,
    /// Is there a key name?
    pub key: Answer,
    /// Who may reach port 22?
    pub port_22: Because<Port22>,
    /// May the instances register?
    pub registers: Because<Answer>,
    /// The role of the instances, by logical id.
    pub role: Option<String>,
    /// May something write logs?
    pub logs: Because<Answer>,
}
