//! Small worlds of the network, all of them, against a second reckoning that knows numbers only.

mod small;

use ecslint::lint::{Options, check};
use ecslint::model::Egress;

/// The messages of one code, and where the instances get.
fn found(template: &str, code: &str) -> (Vec<String>, Vec<Egress>) {
    let outcome = check(template.as_bytes(), &Options::default());
    let of_code = outcome.diagnostics.iter().filter(|it| it.code == code);
    let messages = of_code.map(|it| it.finding.message.clone()).collect();
    let verdicts = outcome.fleets.iter().filter_map(|it| it.verdicts.as_ref());
    (messages, verdicts.map(|it| it.egress.verdict).collect())
}

/// An instance in a public subnet, with more of the subnet's, and more resources.
fn template(vpc: &str, subnet: &str, more: &str) -> String {
    format!(
        r##"
Resources:
  Cluster: {{Type: AWS::ECS::Cluster}}
  Node:
    Type: AWS::EC2::Instance
    DependsOn: [Route, Association]
    Properties:
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
      UserData: {{"Fn::Base64": !Sub "#!/bin/bash\necho ECS_CLUSTER=${{Cluster}} >> /etc/ecs/ecs.config"}}
  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {vpc}}}}}
  Gateway: {{Type: AWS::EC2::InternetGateway}}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {{VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {{VpcId: !Ref Vpc, MapPublicIpOnLaunch: true, {subnet}}}
  Table: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref Vpc}}}}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {{SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {{RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}
{more}"##
    )
}

const OPEN_GROUP: &str =
    "  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {GroupDescription: g, VpcId: !Ref Vpc}\n";

/// A range of IPv4: its words, first and last address.
type Range4 = (&'static str, u32, u32);

const EVERYBODY: Range4 = ("0.0.0.0/0", 0, u32::MAX);
const PRIVATE: Range4 = ("10.0.0.0/8", 0x0a00_0000, 0x0aff_ffff);
const NOBODY: Range4 = ("127.0.0.1/32", 0x7f00_0001, 0x7f00_0001);
const PUBLIC: Range4 = ("52.0.0.0/8", 0x3400_0000, 0x34ff_ffff);

/// Addresses at which ECS may be.
const OUTSIDE: [u32; 3] = [0x3401_0203, 0x0303_0303, 0xc633_6407];

/// A rule for some protocol, ports and addresses.
#[derive(Clone, Copy)]
struct Rule {
    protocol: &'static str,
    ports: (u16, u16),
    range: Range4,
}

impl Rule {
    fn matches(&self, port: u16, address: u32) -> bool {
        let protocol = match self.protocol {
            "-1" => true,
            "tcp" | "6" => self.ports.0 <= port && port <= self.ports.1,
            _ => false,
        };
        protocol && self.range.1 <= address && address <= self.range.2
    }
}

fn rules(protocols: &[&'static str], ports: &[(u16, u16)], ranges: &[Range4]) -> Vec<Rule> {
    let mut res = Vec::new();
    for protocol in protocols {
        for ports in ports {
            res.extend(ranges.iter().map(|range| Rule { protocol, ports: *ports, range: *range }));
        }
    }
    res
}

fn check_group(rules: &[Rule], separate: bool) {
    let words: Vec<String> = rules
        .iter()
        .map(|it| {
            let Rule { protocol, ports: (from, to), range: (range, ..) } = it;
            format!("IpProtocol: \"{protocol}\", FromPort: {from}, ToPort: {to}, CidrIp: {range}")
        })
        .collect();
    let mut more = OPEN_GROUP.to_owned();
    if separate {
        for (number, words) in words.iter().enumerate() {
            more += &format!(
                "  Exit{number}:\n    Type: AWS::EC2::SecurityGroupEgress\n    Properties: {{GroupId: !Ref Group, {words}}}\n"
            );
        }
    } else {
        let words: Vec<_> = words.iter().map(|it| format!("{{{it}}}")).collect();
        let rules = format!("VpcId: !Ref Vpc, SecurityGroupEgress: [{}]}}", words.join(", "));
        more = more.replace("VpcId: !Ref Vpc}", &rules);
    }
    let template = template("10.0.0.0/16", "CidrBlock: 10.0.0.0/24", &more);
    let passes = rules.is_empty() || OUTSIDE.iter().any(|to| rules.iter().any(|it| it.matches(443, *to)));
    let (messages, egress) = found(&template, "ECS505");
    assert_eq!(messages.is_empty(), passes, "{messages:?}\n{template}");
    let expected = if passes { Egress::InternetGateway } else { Egress::None };
    assert_eq!(egress, [expected], "{template}");
}

#[test]
fn rules_of_groups_let_out_what_they_match() {
    let ports = [(443, 443), (0, 65535), (80, 80), (0, 442), (444, 65535), (442, 444)];
    let ranges = [EVERYBODY, PRIVATE, NOBODY, PUBLIC];
    check_group(&[], false);
    for rule in rules(&["-1", "tcp", "6", "udp", "icmp"], &ports, &ranges) {
        check_group(&[rule], false);
        check_group(&[rule], true);
    }
    let few = rules(&["-1", "tcp", "udp"], &[(443, 443), (80, 80)], &[EVERYBODY, PRIVATE, PUBLIC]);
    for left in &few {
        for right in &few {
            check_group(&[*left, *right], false);
        }
    }
}

/// Entries in the order of their numbers; the first that matches decides.
fn check_acl(entries: &[(bool, Rule)], out: bool) {
    let mut more = format!(
        "{OPEN_GROUP}  Acl: {{Type: AWS::EC2::NetworkAcl, Properties: {{VpcId: !Ref Vpc}}}}\n  Of:\n    \
         Type: AWS::EC2::SubnetNetworkAclAssociation\n    Properties: {{SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl}}\n"
    );
    let entry = |id: usize, out: bool, number: usize, allows: bool, rule: &Rule| {
        let Rule { protocol, ports: (from, to), range: (range, ..) } = rule;
        let action = if allows { "allow" } else { "deny" };
        format!(
            "  E{id}:\n    Type: AWS::EC2::NetworkAclEntry\n    Properties: {{NetworkAclId: !Ref Acl, RuleNumber: {number}, \
             Egress: {out}, Protocol: {protocol}, RuleAction: {action}, CidrBlock: {range}, \
             PortRange: {{From: {from}, To: {to}}}}}\n"
        )
    };
    // The later one stands first: numbers decide, not places.
    for (number, (allows, rule)) in entries.iter().enumerate().rev() {
        more += &entry(number, out, 10 + number, *allows, rule);
    }
    more += &entry(99, !out, 1, true, &Rule { protocol: "-1", ports: (0, 0), range: EVERYBODY });
    let template = template("10.0.0.0/16", "CidrBlock: 10.0.0.0/24", &more);
    let ports: &[u16] = if out { &[443] } else { &[1024, 40000, 65535] };
    let passes = |port: u16, address: u32| {
        let first = entries.iter().find(|(_, it)| it.matches(port, address));
        first.is_some_and(|(allows, _)| *allows)
    };
    let passes = ports.iter().any(|port| OUTSIDE.iter().any(|address| passes(*port, *address)));
    let (messages, _) = found(&template, "ECS505");
    assert_eq!(messages.is_empty(), passes, "{messages:?}\n{template}");
}

#[test]
fn the_first_entry_of_an_acl_decides() {
    for (out, port) in [(true, 443), (false, 40000)] {
        let ports = [(port, port), (0, 65535), (80, 80)];
        let mut few = rules(&["6"], &ports, &[EVERYBODY, PRIVATE, PUBLIC]);
        few.extend(rules(&["-1", "17"], &[(0, 65535)], &[EVERYBODY, PUBLIC]));
        check_acl(&[], out);
        for left in &few {
            for right in &few {
                for (first, second) in [(true, true), (true, false), (false, true)] {
                    check_acl(&[(first, *left), (second, *right)], out);
                }
            }
        }
    }
}

/// Whether `inner` is a part of `outer`, and whether two ranges share an address.
fn is_inside<T: Ord>(inner: (T, T), outer: (T, T)) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

fn overlap<T: Ord>(left: (T, T), right: (T, T)) -> bool {
    left.0 <= right.1 && right.0 <= left.1
}

fn check_ranges<T: Ord + Copy>(template: &str, vpc: (T, T), first: (T, T), second: (T, T)) {
    let (messages, _) = found(template, "ECS511");
    let n_found = |words: &str| messages.iter().filter(|it| it.contains(words)).count();
    let n_outside = usize::from(!is_inside(first, vpc)) + usize::from(!is_inside(second, vpc));
    assert_eq!(n_found("outside its VPC"), n_outside, "{messages:?}\n{template}");
    assert_eq!(n_found("overlap"), usize::from(overlap(first, second)), "{messages:?}\n{template}");
    assert_eq!(messages.len(), n_found("outside its VPC") + n_found("overlap"), "{messages:?}\n{template}");
}

#[test]
fn ranges_of_ipv4() {
    let ranges: [(&str, (u32, u32)); 7] = [
        ("10.0.0.0/16", (0x0a00_0000, 0x0a00_ffff)),
        ("10.0.0.0/17", (0x0a00_0000, 0x0a00_7fff)),
        ("10.0.128.0/17", (0x0a00_8000, 0x0a00_ffff)),
        ("10.0.16.0/20", (0x0a00_1000, 0x0a00_1fff)),
        ("10.0.31.240/28", (0x0a00_1ff0, 0x0a00_1fff)),
        ("10.0.32.0/28", (0x0a00_2000, 0x0a00_200f)),
        ("10.1.0.0/16", (0x0a01_0000, 0x0a01_ffff)),
    ];
    for vpc in ranges {
        for first in ranges {
            for second in ranges {
                let more = format!(
                    "{OPEN_GROUP}  Second:\n    Type: AWS::EC2::Subnet\n    Properties: {{VpcId: !Ref Vpc, CidrBlock: {}}}\n",
                    second.0
                );
                let template = template(vpc.0, &format!("CidrBlock: {}", first.0), &more);
                check_ranges(&template, vpc.1, first.1, second.1);
            }
        }
    }
}

#[test]
fn ranges_of_ipv6() {
    const BASE: u128 = 0x2001_0db8 << 96;
    let range = |group: u128, prefix: u32| {
        let first = BASE + (group << 64);
        (first, first + (u128::MAX >> prefix))
    };
    let ranges = [
        ("2001:db8::/56", range(0, 56)),
        ("2001:db8::/64", range(0, 64)),
        ("2001:db8:0:ff::/64", range(0xff, 64)),
        ("2001:0DB8:0:80::/57", range(0x80, 57)),
        ("2001:db8:0:100::/56", range(0x100, 56)),
        ("2001:db8:0:100::/64", range(0x100, 64)),
    ];
    for vpc in ranges {
        for first in ranges {
            for second in ranges {
                let more = format!(
                    "{OPEN_GROUP}  Wide:\n    Type: AWS::EC2::VPCCidrBlock\n    \
                     Properties: {{VpcId: !Ref Vpc, Ipv6Pool: p, Ipv6CidrBlock: \"{}\"}}\n  \
                     Second:\n    Type: AWS::EC2::Subnet\n    \
                     Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, Ipv6CidrBlock: \"{}\"}}\n",
                    vpc.0, second.0
                );
                let subnet = format!("CidrBlock: 10.0.0.0/24, Ipv6CidrBlock: \"{}\"", first.0);
                check_ranges(&template("10.0.0.0/16", &subnet, &more), vpc.1, first.1, second.1);
            }
        }
    }
}
