//! A launch configuration, rewritten as a launch template.
//!
//! What both call the same keeps its text, byte for byte but for the indentation. What cannot be said for certain is not
//! rewritten at all.
//! [Migrate](https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html).

use crate::diagnostic::{Edit, Fix, Safety};
use crate::syntax::{Kind, Node, Style};
use crate::template::{Block, Entry, Expr, Form, Reference, Target, Template, expr};
use crate::text::Span;

/// What a launch template calls the same, under `LaunchTemplateData`.
const SAME: [&str; 8] = [
    "BlockDeviceMappings",
    "EbsOptimized",
    "ImageId",
    "InstanceType",
    "KernelId",
    "KeyName",
    "MetadataOptions",
    "UserData",
];

/// The change that makes `configuration` a launch template and tells its groups. `None` where the text is no YAML by
/// indentation, or where only part of it can be rewritten.
pub(super) fn as_launch_template(
    template: &Template<'_>,
    references: &[Reference<'_>],
    source: &str,
    configuration: &Entry<'_>,
) -> Option<Fix> {
    let type_name = configuration.node.get("Type")?;
    let mut edits = vec![
        Edit::replace(type_name.span(), "AWS::EC2::LaunchTemplate"),
        properties(source, configuration.properties()?)?,
    ];
    for reference in references.iter().filter(|it| named(it) == Some(configuration.id)) {
        if reference.form == Form::DependsOn {
            continue;
        }
        let group =
            template.resource(reference.site.id).filter(|_| reference.site.block == Block::Resources)?;
        edits.push(group_edit(source, group, configuration.id)?);
    }
    edits.sort_by_key(|it| it.span.start);
    edits.dedup();
    let title = format!("make `{}` a launch template", configuration.id);
    Some(Fix { title, safety: Safety::DisplayOnly, edits })
}

fn named<'t>(reference: &Reference<'t>) -> Option<&'t str> {
    match reference.target {
        Target::Value(name) | Target::Resource(name) | Target::Attribute { resource: name, .. } => {
            Some(name.text)
        }
        _ => None,
    }
}

/// `LaunchConfigurationName: !Ref ID` of a group becomes `LaunchTemplate`.
fn group_edit(source: &str, group: &Entry<'_>, id: &str) -> Option<Edit> {
    let (key, value) = group.properties()?.entry("LaunchConfigurationName")?;
    let plain = matches!(expr(value), Expr::Ref(name) if name.node.text() == id);
    let indent = indent_of(source, key)?;
    if group.type_name() != "AWS::AutoScaling::AutoScalingGroup" || !plain {
        return None;
    }
    let pad = " ".repeat(indent + 2);
    let text = format!(
        "LaunchTemplate:\n{pad}LaunchTemplateId: !Ref {id}\n{pad}Version: !GetAtt {id}.LatestVersionNumber"
    );
    Some(Edit::replace(key.span().to(value.full_span()), text))
}

/// The properties of a launch configuration, as those of a launch template.
fn properties(source: &str, node: Node<'_>) -> Option<Edit> {
    if node.kind() != Kind::Mapping || node.style() != Style::Block {
        return None;
    }
    let entries: Vec<_> = node.entries().collect();
    let indent = indent_of(source, entries.first()?.0)?;
    let start = entries.first()?.0.span().start;
    let end = start as usize + source.get(start as usize..node.span().end as usize)?.trim_end().len();
    let mut chunks = Vec::new();
    for (idx, (key, value)) in entries.iter().enumerate() {
        // With the comments up to the next one.
        let until = entries.get(idx + 1).map_or(end, |(next, _)| next.span().start as usize);
        let rest = source.get(key.span().end as usize..until)?.trim_end();
        chunks.push(Chunk { key: key.text(), value: *value, rest });
    }
    let groups = chunks.iter().find(|it| it.key == "SecurityGroups");
    let addressed = chunks.iter().any(|it| it.key == "AssociatePublicIpAddress");
    let pad = " ".repeat(indent);
    let mut name = String::new();
    let mut lines = Vec::new();
    for chunk in &chunks {
        let text = match chunk.key {
            "LaunchConfigurationName" => {
                name = format!("LaunchTemplateName{}\n{pad}", chunk.rest);
                continue;
            }
            // The interface has them.
            "SecurityGroups" if addressed => continue,
            "SecurityGroups" => chunk.at("SecurityGroupIds", 2),
            "AssociatePublicIpAddress" => {
                let address = chunk.at("AssociatePublicIpAddress", 6);
                let groups =
                    groups.map_or_else(String::new, |it| format!("\n{pad}      {}", it.at("Groups", 6)));
                format!("NetworkInterfaces:\n{pad}    - DeviceIndex: 0\n{pad}      {address}{groups}")
            }
            "IamInstanceProfile" => {
                let key = if is_arn(chunk.value) { "Arn" } else { "Name" };
                chunk.under("IamInstanceProfile", key, &pad)
            }
            "InstanceMonitoring" => chunk.under("Monitoring", "Enabled", &pad),
            "PlacementTenancy" => chunk.under("Placement", "Tenancy", &pad),
            "SpotPrice" => {
                let price = chunk.at("MaxPrice", 6);
                format!(
                    "InstanceMarketOptions:\n{pad}    MarketType: spot\n{pad}    SpotOptions:\n{pad}      {price}"
                )
            }
            // Here it is text, there it says yes or no.
            "BlockDeviceMappings" if chunk.rest.contains("NoDevice") => return None,
            "RamDiskId" => chunk.at("RamDiskId", 2),
            key if SAME.contains(&key) => chunk.at(key, 2),
            _ => return None,
        };
        lines.push(format!("{pad}  {text}"));
    }
    let text = format!("{name}LaunchTemplateData:\n{}", lines.join("\n"));
    Some(Edit::replace(Span::new(start as usize, end), text))
}

/// A property: what stands behind its key, colon included.
struct Chunk<'t> {
    key: &'t str,
    value: Node<'t>,
    rest: &'t str,
}

impl Chunk<'_> {
    /// The property under another name, its further lines deeper by so many blanks.
    fn at(&self, key: &str, deeper: usize) -> String {
        let pad = " ".repeat(deeper);
        let mut res = key.to_owned();
        for (idx, line) in self.rest.split('\n').enumerate() {
            if idx > 0 {
                res.push('\n');
                if !line.trim().is_empty() {
                    res.push_str(&pad);
                }
            }
            res.push_str(line);
        }
        res
    }

    /// The property inside of another one.
    fn under(&self, parent: &str, key: &str, pad: &str) -> String {
        format!("{parent}:\n{pad}    {}", self.at(key, 4))
    }
}

/// Whether a profile is named by its ARN.
fn is_arn(value: Node<'_>) -> bool {
    match expr(value) {
        Expr::GetAtt { .. } => true,
        _ => value.descendants().any(|it| it.kind() == Kind::Scalar && it.text().starts_with("arn:")),
    }
}

/// The column of a key that is the first of its line.
fn indent_of(source: &str, key: Node<'_>) -> Option<usize> {
    let before = source.get(..key.span().start as usize)?;
    let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
    line.bytes().all(|it| it == b' ').then_some(line.len())
}
