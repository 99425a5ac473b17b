//! What a boot says about joining and signalling.

use super::{Astray, Boot, ExitCode, Line, Setting, Signal, WhyUnset};
use crate::model::{Answer, Because, Cluster, ClusterName, Image, Joins, Signals, Waiting};
use crate::resolve::{Found, SYMBOL, Scenario, Symbol, Text};
use crate::template::Template;
use crate::text::Span;

/// Whether the instance joins.
#[derive(Clone, Debug)]
pub struct Joining<'t> {
    /// The verdict with its reason.
    pub verdict: Because<Joins>,
    /// What it joins.
    pub cluster: Option<ClusterName>,
    /// The line that decides.
    pub line: Option<Line<'t>>,
    /// Why it does not, where nothing usable is set.
    pub why: Option<WhyUnset<'t>>,
}

/// Whether what waits is told.
#[derive(Clone, Debug)]
pub struct Signalling<'t> {
    /// The verdict with its reason.
    pub verdict: Because<Signals>,
    /// The signal that decides.
    pub signal: Option<Signal<'t>>,
}

/// Why nothing starts.
const NOWHERE: &str = "the fleet names a launch source that the template does not have";

impl Joining<'_> {
    /// The fleet has no launch source: `nowhere` is where it names one.
    #[must_use]
    pub fn nothing_starts(nowhere: Span) -> Self {
        Joining {
            verdict: Because::new(Joins::No, NOWHERE, Some(nowhere)),
            cluster: None,
            line: None,
            why: None,
        }
    }
}

impl Signalling<'_> {
    /// A wait condition waits, and nothing of the template knows the address at which it is told.
    #[must_use]
    pub fn untold(waiting: &Waiting<'_>) -> Self {
        let why = format!("`{}` waits, and nothing of the template names its handle", waiting.id);
        Signalling { verdict: Because::new(Signals::Missing, why, Some(waiting.key)), signal: None }
    }

    /// The fleet has no launch source; what `waits` is never told.
    #[must_use]
    pub fn nothing_starts(nowhere: Span, waits: bool) -> Self {
        let verdict = if waits { Signals::Missing } else { Signals::NotNeeded };
        Signalling { verdict: Because::new(verdict, NOWHERE, Some(nowhere)), signal: None }
    }

    /// Only deployment can tell what waits.
    #[must_use]
    pub fn unknown() -> Self {
        let verdict = Because::new(Signals::Unknown, "only deployment can tell what waits", None);
        Signalling { verdict, signal: None }
    }
}

/// Whether a boot makes the instance join a cluster of the template, or the one that is named where the template has
/// none of its own.
#[must_use]
pub fn joins<'t>(
    boot: &Boot<'t>,
    image: Image,
    clusters: &[Cluster<'t>],
    template: &Template<'t>,
) -> Joining<'t> {
    let simple = |verdict, because: &str, cluster| Joining {
        verdict: Because::new(verdict, because, boot.span),
        cluster,
        line: None,
        why: None,
    };
    let to_default = default_cluster(clusters);
    // An image may have it all baked in; but not the name that AWS makes up for a cluster of this stack.
    let baked = image.ecs == Answer::Unknown
        && (boot.text.is_none() || clusters.is_empty() || clusters.iter().any(|it| it.name.is_some()));
    if boot.stopped {
        return simple(Joins::Unknown, "the boot keeps the agent from starting", None);
    }
    match boot.why_unset(template) {
        Some(why) if why.leaves_default() && to_default != Answer::No => {
            let verdict = if to_default == Answer::Yes { Joins::Yes } else { Joins::Unknown };
            let cluster = clusters.first().map(|it| ClusterName::Resource(it.id.to_owned()));
            return simple(verdict, "nothing sets ECS_CLUSTER, so it joins `default`", cluster);
        }
        Some(WhyUnset::Nothing) if baked => {
            return simple(Joins::Unknown, "nothing sets ECS_CLUSTER, and the image is not known", None);
        }
        Some(why) => {
            let span = why.place().map(|it| it.used.unwrap_or(it.span)).or(boot.span);
            let line = match boot.setting("ECS_CLUSTER") {
                Setting::Set(line) => Some(line),
                _ => None,
            };
            let verdict = Because::new(Joins::No, why.words(), span);
            return Joining { verdict, cluster: None, line, why: Some(why) };
        }
        None => {}
    }
    match boot.setting("ECS_CLUSTER") {
        Setting::Unknown | Setting::Unset => {
            simple(Joins::Unknown, "only the running instance can tell what it joins", None)
        }
        Setting::Set(line) => {
            let (verdict, cluster) = named(&line.value, clusters, |id| is_no_cluster(template, id));
            let what = match verdict {
                Joins::Yes => "writes ECS_CLUSTER to /etc/ecs/ecs.config".to_owned(),
                Joins::WrongCluster => format!("sets ECS_CLUSTER to `{}`", line.value.display()),
                _ => "sets ECS_CLUSTER to a value that only deployment can tell".to_owned(),
            };
            let span = line.place.map(|it| it.used.unwrap_or(it.span));
            Joining { verdict: Because::new(verdict, what, span), cluster, line: Some(line), why: None }
        }
    }
}

/// Whether a cluster of the template is called `default`.
fn default_cluster(clusters: &[Cluster<'_>]) -> Answer {
    let name = |it: &Cluster<'_>| match &it.name {
        None => Answer::No,
        Some(name) => match name.known() {
            Some("default") => Answer::Yes,
            Some(_) => Answer::No,
            None if name.differs_at_end(&Text::decoded("default", it.span)) => Answer::No,
            None => Answer::Unknown,
        },
    };
    let names: Vec<_> = clusters.iter().map(name).collect();
    if names.contains(&Answer::Yes) {
        Answer::Yes
    } else if names.contains(&Answer::Unknown) {
        Answer::Unknown
    } else {
        Answer::No
    }
}

/// Whether `Ref` of a resource gives an id that no cluster has for a name.
fn is_no_cluster(template: &Template<'_>, id: &str) -> bool {
    let kinds =
        ["AWS::EC2::", "AWS::AutoScaling::", "AWS::IAM::", "AWS::Logs::", "AWS::ElasticLoadBalancing"];
    template.resource(id).is_some_and(|it| kinds.iter().any(|kind| it.type_name().starts_with(kind)))
}

/// Which cluster a value of `ECS_CLUSTER` names: by name or by ARN.
fn named(
    value: &Text<'_>,
    clusters: &[Cluster<'_>],
    is_no_cluster: impl Fn(&str) -> bool,
) -> (Joins, Option<ClusterName>) {
    let own = |id: &str| clusters.iter().any(|it| it.id == id).then(|| ClusterName::Resource(id.to_owned()));
    match value.only_symbol() {
        Some(Symbol::Resource(id)) => {
            return match own(id) {
                Some(cluster) => (Joins::Yes, Some(cluster)),
                None if clusters.iter().all(|it| it.name.is_none()) && is_no_cluster(id) => {
                    (Joins::WrongCluster, Some(ClusterName::Resource((*id).to_owned())))
                }
                None => (Joins::Unknown, None),
            };
        }
        Some(Symbol::Attribute { resource, attribute }) => {
            return match own(resource) {
                Some(cluster) if *attribute == "Arn" => (Joins::Yes, Some(cluster)),
                _ => (Joins::Unknown, None),
            };
        }
        _ => {}
    }
    // An ARN ends in the name.
    if let Some(at) = value.as_str().rfind(":cluster/").map(|it| it + ":cluster/".len()) {
        let name = value.slice(at..value.len());
        return named(&name, clusters, is_no_cluster);
    }
    // The name with something behind or before it is another one.
    let mut symbols = value.symbols();
    if let (Some(Symbol::Resource(id)), None, Some(_), [only]) =
        (symbols.next(), symbols.next(), own_id(value, clusters), clusters)
        && only.id == *id
        && value.only_symbol().is_none()
    {
        return (Joins::WrongCluster, Some(ClusterName::Name(value.display())));
    }
    if let Some(cluster) = clusters.iter().find(|it| it.name.as_ref() == Some(value)) {
        return (Joins::Yes, Some(ClusterName::Resource(cluster.id.to_owned())));
    }
    let name = match (value.only_symbol(), value.known()) {
        (Some(Symbol::Parameter(name)), _) => Some(ClusterName::Parameter((*name).to_owned())),
        (Some(Symbol::Import(name)), _) => Some(ClusterName::Import(name.clone())),
        (_, Some(name)) if !name.is_empty() => Some(ClusterName::Name(name.to_owned())),
        _ => None,
    };
    if clusters.is_empty() {
        let known = if name.is_some() { Joins::Yes } else { Joins::Unknown };
        return (known, name);
    }
    // Another name is another cluster only where both are known.
    let distinct = |it: &Cluster<'_>| match (&it.name, value.known()) {
        // AWS makes up a name from the stack's, which nobody writes out.
        (None, Some(value)) => !value.starts_with("arn:"),
        (None, None) => is_stack_name(value, it.id),
        (Some(name), Some(value)) if name.known().is_some() => name.known() != Some(value),
        // What begins with a symbol may be an ARN, which ends in the name.
        (Some(name), _) => value.differs_at_end(name),
    };
    let verdict = if clusters.iter().all(distinct) { Joins::WrongCluster } else { Joins::Unknown };
    (verdict, name)
}

/// The cluster whose own name stands in a value.
fn own_id<'c>(value: &Text<'_>, clusters: &'c [Cluster<'_>]) -> Option<&'c str> {
    let id = value.symbols().find_map(|it| if let Symbol::Resource(id) = it { Some(*id) } else { None })?;
    clusters.iter().find(|it| it.id == id).map(|it| it.id)
}

/// Whether a value is the stack's name with something behind it that is not what AWS makes up a cluster's name of:
/// stack, logical id and random letters.
fn is_stack_name(value: &Text<'_>, id: &str) -> bool {
    let first = value.symbols().next() == Some(&Symbol::Pseudo("AWS::StackName"));
    let rest = value.as_str().strip_prefix(SYMBOL).filter(|it| !it.contains(SYMBOL));
    first && rest.is_some_and(|it| !it.starts_with(&format!("-{id}-")))
}

/// Whether the signals of a boot reach what waits for this fleet.
///
/// `own` is what the fleet itself waits for, `all` is whatever waits in the template.
#[must_use]
pub fn signals<'t>(
    boot: &Boot<'t>,
    own: Option<Waiting<'_>>,
    all: &[Waiting<'_>],
    scenario: &Scenario<'_, 't>,
) -> Signalling<'t> {
    let verdict = |verdict, because: String, signal: Option<&Signal<'t>>| {
        let span = signal.and_then(|it| it.command).map(|it| it.used.unwrap_or(it.span));
        Signalling { verdict: Because::new(verdict, because, span.or(boot.span)), signal: signal.cloned() }
    };
    let unknown = |why: &str| verdict(Signals::Unknown, why.to_owned(), None);
    // A signal of failure alone is how scripts give up.
    let astray = |it: &Signal<'t>| it.astray(scenario);
    let sent: Vec<_> = boot.signals.iter().filter(|it| it.is_sent() && astray(it).is_none()).collect();
    // Where nothing else is sent it is the only thing that is told.
    let only_failures = sent.iter().all(|it| it.is_failure() && it.certain);
    let meant: Vec<_> = sent.into_iter().filter(|it| only_failures || !it.is_failure()).collect();
    let open = boot.anything || boot.bounded;
    let named = |signal: &Signal<'t>, id: &str| signal.resource.as_ref().and_then(Text::known) == Some(id);
    let Some(own) = own else {
        let to_other = meant.iter().find(|signal| {
            let by_url = |it: &&Waiting<'_>| it.by_url && signal.url.is_some();
            all.iter().any(|it| named(signal, it.id) || by_url(&it))
        });
        return match (to_other, meant.first()) {
            (Some(signal), _) => verdict(Signals::Ok, "signals what waits for it".to_owned(), Some(signal)),
            (None, Some(signal)) if signal.is_known() => {
                verdict(Signals::NotAwaited, "signals, and nothing waits".to_owned(), Some(signal))
            }
            (None, Some(_)) => unknown("signals something that only deployment can tell"),
            (None, None) if all.iter().any(|it| it.by_url) && failing_url(boot).is_some() => {
                let why = "a signal to the wait condition is called, and nothing is sent";
                verdict(Signals::Missing, why.to_owned(), failing_url(boot))
            }
            // Whatever the script runs besides: nothing waits for it.
            (None, None) => {
                verdict(Signals::NotNeeded, "nothing waits, and nothing is signalled".to_owned(), None)
            }
        };
    };
    let to_own = || meant.iter().filter(|it| named(it, own.id));
    if let Some(signal) = to_own().find(|it| it.certain).or_else(|| to_own().next()) {
        if only_failures && !open {
            let why = format!("`{}` waits, and is told of a failure whatever happens", own.id);
            return verdict(Signals::Missing, why, Some(signal));
        }
        if !signal.certain {
            return unknown("the script signals on some path only");
        }
        return verdict(Signals::Ok, format!("signals `{}`, which waits", own.id), Some(signal));
    }
    if open || meant.iter().any(|it| !it.is_known()) {
        return unknown("only the running instance can tell what it signals");
    }
    match meant.iter().find(|it| it.resource.is_some()) {
        Some(signal) => {
            let name = signal.resource.as_ref().map(Text::display).unwrap_or_default();
            verdict(Signals::WrongResource, format!("signals `{name}`, but `{}` waits", own.id), Some(signal))
        }
        None => match boot.signals.iter().find(|it| it.absent || astray(it).is_some()) {
            Some(signal) if !signal.absent => {
                let what = if astray(signal) == Some(Astray::Stack) { "stack" } else { "region" };
                verdict(Signals::Missing, format!("the signal goes to another {what}"), Some(signal))
            }
            Some(signal) => verdict(Signals::Missing, "cfn-signal is not there".to_owned(), Some(signal)),
            None => verdict(Signals::Missing, format!("`{}` waits, and nothing signals it", own.id), None),
        },
    }
}

/// A signal to a URL that does nothing.
fn failing_url<'b, 't>(boot: &'b Boot<'t>) -> Option<&'b Signal<'t>> {
    boot.signals.iter().find(|it| it.url.is_some() && !it.is_sent())
}

/// Whether a text is provably neither the name nor the id of the stack itself. A name that is written out may be its
/// name once it is deployed.
fn is_no_name_of_this_stack(text: &Text<'_>) -> bool {
    let own = |it: &Symbol<'_>| matches!(it, Symbol::Pseudo("AWS::StackName" | "AWS::StackId"));
    match text.only_symbol() {
        Some(symbol @ Symbol::Pseudo(_)) => !own(symbol),
        Some(_) => false,
        // The name with something behind or before it.
        None => text.symbols().any(own) && text.symbols().all(own),
    }
}

/// What is known of the text that a symbol stands for.
enum Made<'t> {
    /// AWS makes it up: an id, an ARN, or the stack's name with random letters.
    ByAws,
    /// The template gives it.
    Named(Text<'t>),
    /// A custom resource or a nested stack may give whatever it likes.
    Unknown,
}

/// What stands behind `Ref` or an attribute of a resource.
fn made<'t>(symbol: &Symbol<'t>, scenario: &Scenario<'_, 't>) -> Made<'t> {
    /// Types whose `Ref` is made up, with the property that gives them a name instead.
    const KINDS: [(&str, &str); 12] = [
        ("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"),
        ("AWS::AutoScaling::LaunchConfiguration", "LaunchConfigurationName"),
        ("AWS::CloudFormation::Stack", ""),
        ("AWS::EC2::EC2Fleet", ""),
        ("AWS::EC2::Instance", ""),
        ("AWS::EC2::LaunchTemplate", ""),
        ("AWS::EC2::SecurityGroup", "GroupName"),
        ("AWS::EC2::SpotFleet", ""),
        ("AWS::ECS::Cluster", "ClusterName"),
        ("AWS::ECS::Service", ""),
        ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
        ("AWS::IAM::Role", "RoleName"),
    ];
    let (Symbol::Resource(id) | Symbol::Attribute { resource: id, .. }) = symbol else {
        return Made::Unknown;
    };
    let Some(resource) = scenario.template().resource(id) else { return Made::Unknown };
    let Some((_, name)) = KINDS.iter().find(|(kind, _)| *kind == resource.type_name()) else {
        return Made::Unknown;
    };
    match symbol {
        Symbol::Attribute { attribute, .. } if *attribute == "Arn" => Made::ByAws,
        Symbol::Attribute { .. } => Made::Unknown,
        _ if name.is_empty() => Made::ByAws,
        _ => match scenario.property(resource, &[name]) {
            Found::Absent => Made::ByAws,
            Found::Node(node) => scenario.text(node).map_or(Made::Unknown, Made::Named),
            Found::Unknown => Made::Unknown,
        },
    }
}

/// Whether a text looks like the name of a region: `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |it: &&str| it.len() >= 2 && it.bytes().all(|it| it.is_ascii_lowercase());
    match parts.split_last() {
        Some((number, names)) => {
            names.len() >= 2
                && names.iter().all(letters)
                && number.len() == 1
                && number.bytes().all(|it| it.is_ascii_digit())
        }
        None => false,
    }
}

impl<'t> Signal<'t> {
    /// Whether it reports a failure whatever happened.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self.exit_code, ExitCode::Constant(code) if code != 0)
    }

    /// Whether it goes to the stack that starts the instance: by its name or id, or by no name at all.
    #[must_use]
    pub fn is_for_this_stack(&self) -> bool {
        let Some(stack) = &self.stack else { return true };
        matches!(stack.only_symbol(), Some(Symbol::Pseudo("AWS::StackName" | "AWS::StackId")))
    }

    /// Whether it provably goes to another stack or region than that of the instance.
    #[must_use]
    pub fn astray(&self, scenario: &Scenario<'_, 't>) -> Option<Astray> {
        self.resource.as_ref()?;
        let other_stack = |it: &Text<'t>| {
            is_no_name_of_this_stack(it)
                || it.only_symbol().is_some_and(|symbol| match made(symbol, scenario) {
                    Made::ByAws => true,
                    Made::Named(name) => is_no_name_of_this_stack(&name),
                    Made::Unknown => false,
                })
        };
        if self.stack.as_ref().is_some_and(other_stack) {
            return Some(Astray::Stack);
        }
        let given = self.region.as_ref()?;
        let wrong = match (given.only_symbol(), given.known()) {
            (Some(Symbol::Pseudo(name)), _) => *name != "AWS::Region",
            (Some(symbol), _) => matches!(made(symbol, scenario), Made::ByAws),
            (_, Some(name)) if is_region(name) => scenario.world().region().is_some_and(|it| it != name),
            (_, Some(_)) => true,
            _ => false,
        };
        wrong.then_some(Astray::Region)
    }

    /// Whether its target is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.unclear && self.resource.as_ref().is_none_or(|it| it.known().is_some())
    }
}
