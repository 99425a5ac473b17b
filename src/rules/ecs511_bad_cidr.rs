//! Ranges of addresses that EC2 refuses.

use std::net::IpAddr;

use crate::diagnostic::{Finding, Severity};
use crate::network::{Block, Family, blocks, ranges, subnets};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    code: "ECS511",
    name: "bad-cidr",
    severity: Severity::Error,
    summary: "a range of addresses that is none, is of a wrong size, is outside its VPC, or overlaps another one",
    page: include_str!("../../rules/ECS511.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    // Networks without a cluster are other tools' business.
    if facts.template().transforms.macros || !facts.has_cluster_fleet(scenario) {
        return;
    }
    for block in blocks(scenario) {
        let words = block.text.known().unwrap_or_default().trim();
        let sized = ["AWS::EC2::VPC", "AWS::EC2::Subnet"].contains(&block.resource.type_name());
        match block.range {
            None => {
                let (family, example) = match block.family {
                    Family::V4 => ("IPv4", "`10.0.0.0/16`"),
                    Family::V6 => ("IPv6", "`2001:db8::/56`"),
                };
                let help = match words.parse::<IpAddr>() {
                    Ok(IpAddr::V4(_)) if block.family == Family::V4 => {
                        format!("for this one address write `{words}/32`")
                    }
                    Ok(IpAddr::V6(_)) if block.family == Family::V6 => {
                        format!("for this one address write `{words}/128`")
                    }
                    _ => format!("write an address and the length of its prefix: {example}"),
                };
                cx.report(at(&block, format!("`{words}` is no range of {family} addresses")).help(help));
            }
            Some(range)
                if sized && block.family == Family::V4 && !(16..=28).contains(&range.prefix_len()) =>
            {
                let message = format!("`{words}`: EC2 takes prefixes from /16 to /28 here");
                cx.report(at(&block, message).help("choose a smaller or a larger range"));
            }
            Some(_) => {}
        }
    }
    for family in [Family::V4, Family::V6] {
        for (vpc, mut subnets) in subnets(scenario, family) {
            if let Some(ranges) = ranges(scenario, &vpc, family) {
                let inside = |it: &Block<'_>| ranges.iter().any(|range| contains(range, it));
                for subnet in subnets.iter().filter(|it| !inside(it)) {
                    cx.report(outside(subnet, &ranges));
                }
            }
            overlaps(&mut subnets).into_iter().for_each(|it| cx.report(it));
        }
    }
}

/// Ranges nest or are apart; sorted, each overlaps an earlier one just when it lies in the last that lies in none.
fn overlaps(subnets: &mut [Block<'_>]) -> Vec<Finding> {
    subnets.sort_by_key(|it| it.range.map(|it| (it.network(), it.prefix_len())));
    let mut res = Vec::new();
    let mut outer: Option<&Block<'_>> = None;
    for block in &*subnets {
        match outer {
            Some(around) if contains(around, block) => {
                let (first, second) = if around.resource.key.span() < block.resource.key.span() {
                    (around, block)
                } else {
                    (block, around)
                };
                let message = format!(
                    "the addresses of `{}` overlap those of `{}`",
                    second.resource.id, first.resource.id
                );
                res.push(
                    at(second, message)
                        .because(span(first).0, "overlaps this")
                        .help("give each subnet a range of its own"),
                );
            }
            _ => outer = Some(block),
        }
    }
    res
}

fn outside(subnet: &Block<'_>, ranges: &[Block<'_>]) -> Finding {
    let mut res = at(subnet, format!("the addresses of `{}` are outside its VPC", subnet.resource.id));
    for range in ranges {
        res = res.because(span(range).0, "the VPC has these addresses");
    }
    res.help("take a part of the range of the VPC")
}

fn contains(outer: &Block<'_>, inner: &Block<'_>) -> bool {
    matches!((&outer.range, &inner.range), (Some(outer), Some(inner)) if outer.contains(inner))
}

fn at(block: &Block<'_>, message: String) -> Finding {
    let (span, used) = span(block);
    Finding::at(span, message).on(block.resource.id).because_at(used, "used here")
}

fn span(block: &Block<'_>) -> (Span, Option<Span>) {
    block.text.whole_place().map_or((block.resource.key.span(), None), |it| (it.span, it.used))
}
