//! A launch configuration written as a launch template.
//!
//! The text of each property stays as it is and moves two columns; what has another name or stands elsewhere in a
//! launch template is written anew
//! (<https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-launch-configurations-with-cloudformation.html>).

use crate::diagnostic::{Edit, Fix, Safety};
use crate::rule::Facts;
use crate::syntax::{Node, Style};
use crate::template::{Entry, Expr, expr};
use crate::text::Span;

/// Properties that a launch template has under the same name.
const SAME: [&str; 9] = [
    "BlockDeviceMappings",
    "EbsOptimized",
    "ImageId",
    "InstanceType",
    "KernelId",
    "KeyName",
    "MetadataOptions",
    "RamDiskId",
    "UserData",
];

/// Properties that mean nothing any more, or that the template's own name takes the place of.
const GONE: [&str; 3] = ["ClassicLinkVPCId", "ClassicLinkVPCSecurityGroups", "LaunchConfigurationName"];

/// The edits, with those of the groups that name it. None where it is not written as a block of YAML, or says what a
/// launch template cannot.
pub(super) fn as_template(facts: &Facts<'_, '_>, resource: &Entry<'_>) -> Option<Fix> {
    let source = facts.parse.tree.source();
    let kind = resource.node.get("Type")?;
    let properties = resource.properties().filter(|it| it.style() == Style::Block)?;
    let entries: Vec<(Node<'_>, Node<'_>)> = properties.entries().collect();
    let (first, last) = (entries.first()?.0, entries.last()?.1);
    let start = line_start(source, first.span().start);
    let end = line_end(source, last.full_span().end);
    let indent = (first.span().start - start) as usize;
    let blanks = " ".repeat(indent);
    if source.get(start as usize..first.span().start as usize)? != blanks {
        return None;
    }
    let public = properties.get("AssociatePublicIpAddress");
    if public.is_some_and(|it| it.style() == Style::Block) {
        return None;
    }
    let mut new = format!("{blanks}LaunchTemplateData:\n");
    for (idx, (key, value)) in entries.iter().enumerate() {
        let from = line_start(source, key.span().start);
        let to = entries.get(idx + 1).map_or(end, |next| line_start(source, next.0.span().start));
        let lines = source.get(from as usize..to as usize)?;
        let written = source.get(value.full_span().start as usize..value.full_span().end as usize)?;
        let value_lines = written.trim_end().lines().count();
        let inner = format!("{blanks}  ");
        // A function in its long form stands on a line of its own.
        let written = match value.style() {
            Style::Block => format!("\n{inner}      {written}"),
            _ => format!(" {written}"),
        };
        match key.text() {
            name if SAME.contains(&name) => new.push_str(&moved(lines, 2)),
            "SecurityGroups" if public.is_none() => {
                new.push_str(&moved(&lines.replacen("SecurityGroups", "SecurityGroupIds", 1), 2));
            }
            "SecurityGroups" => {
                let groups = moved(&lines.replacen("SecurityGroups", "Groups", 1), 6);
                let public = public?.full_span();
                let public = source.get(public.start as usize..public.end as usize).filter(|it| !it.contains('\n'))?;
                new.push_str(&format!(
                    "{inner}NetworkInterfaces:\n{inner}  - DeviceIndex: 0\n{inner}    AssociatePublicIpAddress: {public}\n{groups}"
                ));
            }
            "AssociatePublicIpAddress" if properties.get("SecurityGroups").is_some() => {}
            _ if value_lines > 1 => return None,
            "AssociatePublicIpAddress" => new.push_str(&format!(
                "{inner}NetworkInterfaces:\n{inner}  - DeviceIndex: 0\n{inner}    AssociatePublicIpAddress:{written}\n"
            )),
            "IamInstanceProfile" => {
                let key = if matches!(expr(*value), Expr::GetAtt { .. }) { "Arn" } else { "Name" };
                new.push_str(&format!("{inner}IamInstanceProfile:\n{inner}  {key}:{written}\n"));
            }
            "InstanceMonitoring" => new.push_str(&format!("{inner}Monitoring:\n{inner}  Enabled:{written}\n")),
            "PlacementTenancy" => new.push_str(&format!("{inner}Placement:\n{inner}  Tenancy:{written}\n")),
            "SpotPrice" => new.push_str(&format!(
                "{inner}InstanceMarketOptions:\n{inner}  MarketType: spot\n{inner}  SpotOptions:\n{inner}    MaxPrice:{written}\n"
            )),
            name if GONE.contains(&name) => {}
            _ => return None,
        }
    }
    let mut edits = vec![
        Edit::replace(kind.span(), "AWS::EC2::LaunchTemplate"),
        Edit::replace(Span::new(start as usize, end as usize), new),
    ];
    for group in facts.template().resources_of(&["AWS::AutoScaling::AutoScalingGroup"]) {
        edits.extend(reference(source, group, resource.id));
    }
    edits.sort_by_key(|it| it.span.start);
    let title = format!("write `{}` as a launch template", resource.id);
    Some(Fix { title, safety: Safety::DisplayOnly, edits })
}

/// Where a group names the launch configuration.
fn reference(source: &str, group: &Entry<'_>, id: &str) -> Option<Edit> {
    let properties = group.properties().filter(|it| it.style() == Style::Block)?;
    let (key, value) = properties.entry("LaunchConfigurationName")?;
    if !matches!(expr(value), Expr::Ref(name) if name.node.text() == id) {
        return None;
    }
    let start = key.span().start;
    let blanks = " ".repeat((start - line_start(source, start)) as usize);
    let new = format!(
        "LaunchTemplate:\n{blanks}  LaunchTemplateId: !Ref {id}\n{blanks}  Version: !GetAtt {id}.LatestVersionNumber"
    );
    Some(Edit::replace(key.span().to(value.full_span()), new))
}

/// Lines, some columns further to the right.
fn moved(lines: &str, columns: usize) -> String {
    let blanks = " ".repeat(columns);
    let mut res = String::with_capacity(lines.len() + 16);
    for line in lines.split_inclusive('\n') {
        if !line.trim_end().is_empty() {
            res.push_str(&blanks);
        }
        res.push_str(line);
    }
    if !res.ends_with('\n') {
        res.push('\n');
    }
    res
}

fn line_start(source: &str, at: u32) -> u32 {
    let before = source.get(..at as usize).unwrap_or_default();
    before.rfind('\n').map_or(0, |it| it as u32 + 1)
}

/// Behind the line break of the line in which something ends.
fn line_end(source: &str, at: u32) -> u32 {
    let at = at as usize;
    // A block scalar has its line break already.
    if source.get(..at).is_some_and(|it| it.ends_with('\n')) {
        return at as u32;
    }
    let rest = source.get(at..).unwrap_or_default();
    (at + rest.find('\n').map_or(rest.len(), |it| it + 1)) as u32
}
