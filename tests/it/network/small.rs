//! All rules of a small world, inline and as resources side by side, and all ranges of a small VPC.

use std::fmt::Write as _;

use ecslint::lint::{Options, check};
use ecslint::model::Egress;

const NETWORK: &str = "
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}
  Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Cluster: {Type: AWS::ECS::Cluster}
  Node:
    Type: AWS::EC2::Instance
    Properties:
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
";

fn egress(source: &str) -> Egress {
    let mut outcome = check(source.as_bytes(), &Options::default());
    let verdicts = outcome.fleets.pop().and_then(|it| it.verdicts);
    verdicts.unwrap_or_else(|| panic!("no fleet in\n{source}")).egress.verdict
}

/// A rule for what goes out.
#[derive(Clone, Copy)]
struct Rule {
    protocol: &'static str,
    ports: (u32, u32),
    to: (&'static str, &'static str),
    separate: bool,
}

fn rules() -> Vec<Rule> {
    let mut res = Vec::new();
    for protocol in ["tcp", "6", "udp", "-1"] {
        for ports in [(80, 80), (443, 443), (0, 65535), (444, 65535)] {
            for to in
                [("CidrIp", "0.0.0.0/0"), ("CidrIp", "127.0.0.1/32"), ("DestinationPrefixListId", "pl-1")]
            {
                for separate in [false, true] {
                    res.push(Rule { protocol, ports, to, separate });
                }
            }
        }
    }
    res
}

fn template(rules: &[Rule]) -> String {
    let mut res = NETWORK.to_owned();
    let fields = |it: &Rule| {
        format!(
            "IpProtocol: '{}', FromPort: {}, ToPort: {}, {}: {}",
            it.protocol, it.ports.0, it.ports.1, it.to.0, it.to.1
        )
    };
    res.push_str("  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n      VpcId: !Ref Vpc\n");
    if rules.iter().any(|it| !it.separate) {
        res.push_str("      SecurityGroupEgress:\n");
        for rule in rules.iter().filter(|it| !it.separate) {
            let _ = writeln!(res, "        - {{{}}}", fields(rule));
        }
    }
    for (idx, rule) in rules.iter().enumerate().filter(|it| it.1.separate) {
        let _ = writeln!(
            res,
            "  Rule{idx}: {{Type: AWS::EC2::SecurityGroupEgress, Properties: {{GroupId: !GetAtt Group.GroupId, {}}}}}",
            fields(rule)
        );
    }
    res
}

/// Whether HTTPS goes out, told rule by rule.
fn goes_out(rules: &[Rule]) -> bool {
    rules.is_empty()
        || rules.iter().any(|it| {
            let fits = match it.protocol {
                "-1" => true,
                "tcp" | "6" => (it.ports.0..=it.ports.1).contains(&443),
                _ => false,
            };
            fits && it.to.1 != "127.0.0.1/32"
        })
}

#[test]
fn every_rule_and_every_pair_of_rules_for_what_goes_out() {
    let all = rules();
    let mut worlds: Vec<Vec<Rule>> = vec![Vec::new()];
    for (idx, first) in all.iter().enumerate() {
        worlds.push(vec![*first]);
        worlds.extend(all[idx..].iter().step_by(7).map(|second| vec![*first, *second]));
    }
    for rules in worlds {
        let source = template(&rules);
        let expected = if goes_out(&rules) { Egress::InternetGateway } else { Egress::None };
        assert_eq!(egress(&source), expected, "{source}");
    }
}

/// The addresses of a range: how many stand before it, and how many it has.
fn addresses(range: (u32, u32)) -> std::ops::Range<u32> {
    let size = 1 << (32 - range.1);
    let start = range.0 / size * size;
    start..start + size
}

/// All pairs of ranges of four bits and less: whether the second overlaps the first, and which lie in the VPC.
#[test]
fn every_pair_of_small_ranges() {
    let ranges: Vec<(u32, u32)> = (28..=32)
        .flat_map(|prefix| (0..16).step_by(1 << (32 - prefix)).map(move |at| (at, prefix)))
        .collect();
    let shown = |it: (u32, u32)| format!("10.0.0.{}/{}", it.0, it.1);
    for first in &ranges {
        for second in &ranges {
            let vpc = (0, 29);
            let source = format!(
                "{}\n  Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: x, VpcId: !Ref Vpc}}}}\n  \
                 Small: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {}}}}}\n  \
                 One: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Small, CidrBlock: {}}}}}\n  \
                 Two: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Small, CidrBlock: {}}}}}\n",
                NETWORK.trim_end(),
                shown(vpc),
                shown(*first),
                shown(*second)
            );
            let outcome = check(source.as_bytes(), &Options::default());
            let told: Vec<_> = outcome.diagnostics.iter().filter(|it| it.code == "ECS511").collect();
            let count = |word: &str| told.iter().filter(|it| it.finding.message.contains(word)).count();
            let (one, two, whole) = (addresses(*first), addresses(*second), addresses(vpc));
            let overlap = one.start < two.end && two.start < one.end;
            let outside =
                [&one, &two].iter().filter(|it| it.start < whole.start || whole.end < it.end).count();
            assert_eq!((count("overlap"), count("outside")), (usize::from(overlap), outside), "{source}");
        }
    }
}
