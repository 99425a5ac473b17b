use super::*;

const GROUP: &str = "\
Parameters:
  Size:
    Type: String
    Default: m5.large
    AllowedValues: [m5.large, m5.xlarge]
Resources:
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      DesiredCapacity: 2
      MaxSize: 4
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: '1'}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        InstanceType: !Ref Size
        ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
        NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: true}]
";

fn of(source: &str) -> Bill {
    bill(source.as_bytes(), &Options::default()).expect("a template")
}

/// Each line as `WHAT: DESIRED MAX EACH`.
fn told<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<String> {
    let n = |it: Option<u32>| it.map_or("?".to_owned(), |it| it.to_string());
    let each = |it: &Line| it.price.as_ref().map_or("?".to_owned(), |it| format!("{:.4}", it.usd_per_hour));
    lines.map(|it| format!("{}: {} {} {}", it.what, n(it.desired), n(it.max), each(it))).collect()
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(told(of(source).lines()), expected);
}

#[test]
fn instances_volumes_and_addresses() {
    check(
        GROUP,
        &["m5.large: 2 4 0.0960", "gp3 volume, 30 GiB: 2 4 0.0033", "public IPv4 address: 2 4 0.0050"],
    );
    let bill = of(GROUP);
    assert_eq!((bill.region.as_str(), bill.region_is_given), ("us-east-1", false));
    assert!((bill.desired().usd_per_hour * 730.0 - 152.26).abs() < 0.01, "{:?}", bill.desired());
    assert!(!bill.desired().at_least && !bill.max().estimate);
}

#[test]
fn what_else_could_be_chosen() {
    let bill = of(GROUP);
    let told: Vec<_> = bill.choices.iter().map(|it| (it.value.as_str(), it.is_chosen)).collect();
    assert_eq!(told, [("m5.large", true), ("m5.xlarge", false)]);
    assert_eq!(bill.choices[0].desired, bill.desired());
    assert!((bill.choices[1].desired.usd_per_hour - bill.desired().usd_per_hour - 0.192).abs() < 1e-9);
    assert_eq!(bill.types, ["m5.large", "m5.xlarge"]);
}

#[test]
fn a_weight_is_no_instance_and_spot_has_no_price() {
    let mixed = GROUP.replace(
        "      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: '1'}\n",
        "      MixedInstancesPolicy:
        InstancesDistribution: {OnDemandBaseCapacity: 4, OnDemandPercentageAboveBaseCapacity: 0}
        LaunchTemplate:
          LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template, Version: '1'}
          Overrides:
            - {InstanceType: m5.xlarge, WeightedCapacity: '4'}
            - {InstanceType: m5.large, WeightedCapacity: '2'}
",
    );
    let mixed =
        mixed.replace("DesiredCapacity: 2", "DesiredCapacity: 9").replace("MaxSize: 4", "MaxSize: 12");
    let bill = of(&mixed);
    assert_eq!(told(bill.lines())[..2], ["m5.xlarge: 1 1 0.1920", "m5.xlarge, Spot: 2 2 ?"]);
    assert!(bill.desired().at_least);
}

#[test]
fn what_only_deployment_tells_makes_no_sum() {
    let unknown = GROUP.replace("DesiredCapacity: 2", "DesiredCapacity: !ImportValue size");
    let bill = of(&unknown);
    assert_eq!(bill.fleets[0].capacity.desired, None);
    assert_eq!(bill.desired(), Sum { usd_per_hour: 0.0, at_least: true, estimate: false });
    assert!(!bill.max().at_least);
}

#[test]
fn what_runs_beside() {
    check(
        "Resources:
  Address: {Type: AWS::EC2::EIP}
  Own: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Node}}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {AllocationId: !GetAtt Address.AllocationId, SubnetId: s}}
  Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [a, b]}}
  Back:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [a, b], Scheme: internal, Type: network}
  Data: {Type: AWS::EC2::Volume, Properties: {Size: 100, VolumeType: st1, AvailabilityZone: z}}
  Node: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.micro, ImageId: ami-1}}
",
        &[
            "t3.micro: 1 1 0.0104",
            "root volume: 1 1 ?",
            "public IPv4 address: 1 1 0.0050",
            "public IPv4 address: 1 1 0.0050",
            "NAT gateway: 1 1 0.0450",
            "application load balancer: 1 1 0.0225",
            "public IPv4 address: 2 2 0.0050",
            "network load balancer: 1 1 0.0225",
            "st1 volume, 100 GiB: 1 1 0.0062",
        ],
    );
}

#[test]
fn what_is_no_template_has_no_bill() {
    assert!(bill(b"a: [", &Options::default()).is_none());
    assert!(bill(&[0xff, 0xfe], &Options::default()).is_none());
    assert_eq!(of("Resources: {T: {Type: AWS::SNS::Topic}}").desired().usd_per_hour, 0.0);
}
