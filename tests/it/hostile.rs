//! Templates that are made to take for ever, or to take all the room there is.

mod bounds;
mod growth;

use std::fmt::Write as _;

use ecslint::lint::{Options, Outcome, check};

/// What is said about a template; no rule may fail on it.
fn answers(template: &str) -> Outcome {
    let outcome = check(template.as_bytes(), &Options::default());
    let failed = outcome.diagnostics.iter().find(|it| it.code == "ECS000");
    assert!(failed.is_none(), "{failed:?}");
    outcome
}

/// How many findings of a rule there are.
fn count(outcome: &Outcome, code: &str) -> usize {
    outcome.diagnostics.iter().filter(|it| it.code == code).count()
}

/// Lines made from numbers.
fn lines(numbers: std::ops::Range<usize>, line: impl Fn(usize) -> String) -> String {
    numbers.fold(String::new(), |mut res, it| {
        let _ = writeln!(res, "{}", line(it));
        res
    })
}

/// A fleet that exists under the condition `C`, with this image.
fn fleet(image: &str) -> String {
    format!(
        "Resources:\n  Cluster: {{Type: AWS::ECS::Cluster}}\n  Node:\n    Type: AWS::EC2::Instance\n    Condition: C\n    \
         Properties:\n      ImageId: {image}\n      InstanceType: t3.micro\n"
    )
}

#[test]
fn conditions_that_double() {
    let chain: String =
        (1..60).map(|it| format!("  C{it}: !And [!Condition C{0}, !Condition C{0}]\n", it - 1)).collect();
    let ends = "  C0: !Equals [!Ref AWS::Region, x]\n  C: !And [!Condition C59, !Condition C59]\n";
    answers(&format!("Conditions:\n{chain}{ends}{}", fleet("ami-1")));
    answers(&format!("Conditions:\n  C: !Or [!Condition C, !Condition C]\n{}", fleet("ami-1")));
}

#[test]
fn conditions_in_a_long_chain() {
    let chain: String = (1..5000).map(|it| format!("  C{it}: !Not [!Condition C{}]\n", it - 1)).collect();
    let ends = "  C0: !Equals [!Ref AWS::Region, x]\n  C: !Not [!Condition C4999]\n";
    answers(&format!("Conditions:\n{chain}{ends}{}", fleet("ami-1")));
}

#[test]
fn a_mapping_that_names_itself() {
    let map = "Conditions:\n  C: !Equals [a, a]\nMappings:\n  M:\n    a:\n      b: !FindInMap [M, a, b]\n";
    answers(&format!("{map}{}", fleet("!FindInMap [M, a, b]")));
}

#[test]
fn joins_in_joins() {
    let mut image = "x".to_owned();
    for _ in 0..70 {
        image = format!("{{\"Fn::Join\": [\"\", [{image}, a]]}}");
    }
    answers(&format!("Conditions:\n  C: !Equals [a, a]\n{}", fleet(&image)));
}

/// An instance with this script, its lines as they stand.
fn instance(script: &str, rest: &str) -> String {
    let indented: String = script.lines().map(|it| format!("          {it}\n")).collect();
    format!(
        "Resources:\n  Cluster: {{Type: AWS::ECS::Cluster}}\n  Node:\n    Type: AWS::EC2::Instance\n{rest}    Properties:\n      \
         ImageId: '{{{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}}}'\n      \
         UserData:\n        Fn::Base64: |\n          #!/bin/bash\n{indented}"
    )
}

#[test]
fn config_sets_over_and_over() {
    let sets = vec!["c"; 190].join(", ");
    let files: String = (0..300).map(|it| format!("            /tmp/{it}: {{content: x}}\n")).collect();
    let metadata = format!(
        "    Metadata:\n      AWS::CloudFormation::Init:\n        configSets:\n          a: [{sets}]\n        c:\n          \
         files:\n{files}"
    );
    let named = vec!["a"; 3000].join(",");
    let script = format!(
        "yum install -y aws-cfn-bootstrap\n/opt/aws/bin/cfn-init --stack x --resource Node -c {named}\n"
    );
    answers(&instance(&script, &metadata));
}

#[test]
fn braces_in_braces() {
    let script =
        format!("echo ECS_CLUSTER=${{Cluster}} >> /etc/ecs/ecs.config\n: '{}}}'\n", "${".repeat(400_000));
    answers(&instance(&script, ""));
}

#[test]
fn a_helper_that_is_not_there_again_and_again() {
    let calls = "cfn-init\n".repeat(15_000);
    answers(&instance(&format!("{calls}{}", "if [ -e /x ]; then :; fi\n".repeat(300)), ""));
}

#[test]
fn settings_that_nobody_knows() {
    let settings: String = (0..25_000).map(|it| format!("ECS_ENABLE_FOO_BAR_BAZ_QUX_{it:05}=1\n")).collect();
    answers(&instance(&format!("cat > /etc/ecs/ecs.config <<'EOF'\n{settings}EOF\n"), ""));
    // Fewer, which are looked at.
    let settings: String = (0..1200).map(|it| format!("ECS_ENABLE_FOO_BAR_{it:05}=1\n")).collect();
    answers(&instance(&format!("cat > /etc/ecs/ecs.config <<'EOF'\n{settings}EOF\n"), ""));
}

#[test]
fn functions_that_are_made_again_and_again() {
    let body = "echo a b c\n".repeat(2000);
    let words = "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15";
    let script = format!(
        "for a in {words}; do for b in {words}; do for c in {words}; do\nf() {{\n{body}}}\ndone; done; done\n"
    );
    answers(&instance(&script, ""));
}

#[test]
fn subnets_with_an_acl_of_many_entries() {
    let subnets: Vec<_> = (0..800).map(|it| format!("!Ref S{it}")).collect();
    let mut more = format!(
        "  Group:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    Properties:\n      LaunchTemplate: {{LaunchTemplateId: !Ref L, Version: 1}}\n      \
         VPCZoneIdentifier: [{}]\n  L:\n    Type: AWS::EC2::LaunchTemplate\n    Properties:\n      LaunchTemplateData:\n        \
         SecurityGroupIds: [!Ref G]\n        UserData: {{\"Fn::Base64\": \"echo ECS_CLUSTER=a >> /etc/ecs/ecs.config\"}}\n  \
         G: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: g}}}}\n  V: {{Type: AWS::EC2::VPC}}\n  \
         A: {{Type: AWS::EC2::NetworkAcl, Properties: {{VpcId: !Ref V}}}}\n",
        subnets.join(", ")
    );
    for it in 0..800 {
        more += &format!(
            "  S{it}: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref V, CidrBlock: 10.0.0.0/24}}}}\n  \
             N{it}: {{Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {{SubnetId: !Ref S{it}, NetworkAclId: !Ref A}}}}\n  \
             E{it}: {{Type: AWS::EC2::NetworkAclEntry, Properties: {{NetworkAclId: !Ref A, RuleNumber: {it}, Protocol: 6, \
             RuleAction: allow, Egress: true, CidrBlock: 10.0.0.0/8, PortRange: {{From: 1, To: {it}}}}}}}\n  \
             X{it}: {{Type: AWS::EC2::SecurityGroupEgress, Properties: {{GroupId: !Ref G, IpProtocol: tcp, FromPort: {it}, \
             ToPort: {it}, CidrIp: 10.0.0.0/8}}}}\n"
        );
    }
    answers(&format!("Resources:\n{more}"));
}

/// A template of a cluster and these resources, in the flow style.
fn with_cluster(resources: &str) -> String {
    format!("Resources:\n  Cluster: {{Type: AWS::ECS::Cluster}}\n{resources}")
}

#[test]
fn minified_json_on_one_line() {
    let resource = |it| {
        format!(
            r#""R{it}":{{"Type":"AWS::SNS::Topic","Properties":{{"TopicName":{{"Ref":"Missing{it}"}}}}}}"#
        )
    };
    let all: Vec<_> = (0..12_000).map(resource).collect();
    let template = format!(r#"{{"Resources":{{{}}}}}"#, all.join(","));
    assert!(template.len() > 900_000);
    let outcome = answers(&template);
    let last = outcome.diagnostics.iter().rfind(|it| it.code == "ECS005").expect("found");
    assert_eq!(last.finding.span.slice(&template), "\"Missing199\"");
}

#[test]
fn a_join_of_a_hundred_thousand_pieces() {
    let pieces = |piece: &str| format!("{piece},").repeat(100_000);
    for piece in [r##""#""##, r#"{"Ref":"Cluster"}"#] {
        let template = format!(
            r##"{{"Resources":{{"Cluster":{{"Type":"AWS::ECS::Cluster"}},"Node":{{"Type":"AWS::EC2::Instance","Properties":
            {{"ImageId":"ami-1","UserData":{{"Fn::Base64":{{"Fn::Join":["",["#!/bin/bash\n","echo ECS_CLUSTER=",
            {{"Ref":"Cluster"}}," >> /etc/ecs/ecs.config\n",{}"\n"]]}}}}}}}}}}}}"##,
            pieces(piece)
        );
        assert_eq!(answers(&template).fleets.len(), 1);
    }
}

#[test]
fn choices_in_choices() {
    let parameters = lines(0..110, |it| format!("  P{it}: {{Type: String, Default: x}}"));
    let conditions = lines(0..110, |it| format!("  C{it}: !Equals [!Ref P{it}, x]"));
    let value =
        (0..110).fold("ami-1".to_owned(), |inner, it| format!("{{'Fn::If': [C{it}, {inner}, ami-2]}}"));
    let head = format!("Parameters:\n{parameters}Conditions:\n{conditions}  C: !Equals [a, a]\n");
    let outcome = answers(&format!("{head}{}", fleet(&value)));
    assert_eq!(count(&outcome, "ECS011"), 0);
}

#[test]
fn circles() {
    let next = |it| (it + 1) % 20_000;
    let resources = lines(0..20_000, |it| {
        format!("  R{it}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Ref R{}}}}}", next(it))
    });
    assert_eq!(count(&answers(&with_cluster(&resources)), "ECS007"), 1);
    let conditions = lines(0..20_000, |it| format!("  C{it}: !Not [!Condition C{}]", next(it)));
    let resources = lines(0..20_000, |it| format!("  R{it}: {{Type: AWS::SNS::Topic, Condition: C{it}}}"));
    let outcome = answers(&format!("Conditions:\n{conditions}{}", with_cluster(&resources)));
    assert_eq!(count(&outcome, "ECS007"), 1);
}

#[test]
fn many_variables_in_one_long_script() {
    let used = (0..4_000).fold(String::new(), |res, it| format!("{res}${{V{it}}}"));
    let own: Vec<_> = (0..4_000).map(|it| format!("V{it}: abcde")).collect();
    let sub = format!(
        "            - '#!/bin/bash\n\n\n              echo ECS_CLUSTER=${{Cluster}} {used}'\n            - {{{}}}\n",
        own.join(", ")
    );
    let node = "  Node:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      UserData:\n        \
                Fn::Base64:\n          Fn::Sub:\n";
    let outcome = answers(&with_cluster(&format!("{node}{sub}")));
    assert_eq!((count(&outcome, "ECS005"), count(&outcome, "ECS113")), (0, 1));
}

#[test]
fn substitutions_in_substitutions() {
    for script in
        ["$(".repeat(8000), format!("{}:{}", "$(".repeat(4000), ")".repeat(4000)), "`".repeat(16_000)]
    {
        let outcome = answers(&instance(&format!("echo {script}\n"), ""));
        assert_eq!(outcome.fleets.len(), 1);
    }
}

#[test]
fn names_of_a_megabyte() {
    let name = "N".repeat(1_000_000);
    let template = format!(
        r#"{{"Resources":{{"C":{{"Type":"AWS::ECS::Cluster"}},"{name}":{{"Type":"AWS::EC2::Instance","Properties":{{"ImageId":
        {{"Ref":"M{name}"}},"InstanceType":"t9.mirco"}}}}}}}}"#
    );
    let outcome = answers(&template);
    assert_eq!((count(&outcome, "ECS005"), count(&outcome, "ECS607")), (1, 1));
}

#[test]
fn letters_that_nobody_sees() {
    let resources = "  \u{202e}R\u{200b}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref \u{2066}Missing\u{2069}}}\n";
    let outcome = answers(&with_cluster(resources));
    assert_eq!(count(&outcome, "ECS005"), 1);
}

#[test]
fn more_cells_than_anybody_compares() {
    let rows = lines(0..10_000, |it| format!("    k{it}: {{a: ami-1, b: x}}"));
    let nodes = lines(0..300, |it| {
        format!(
            "  N{it}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: !FindInMap [M, !Ref 'AWS::Region', a]}}}}"
        )
    });
    assert_eq!(answers(&format!("Mappings:\n  M:\n{rows}{}", with_cluster(&nodes))).fleets.len(), 300);
}

#[test]
fn two_tags_everywhere() {
    let resources = lines(0..5_000, |it| format!("  R{it}: {{Type: AWS::SNS::Topic, X: !Base64 !Sub a}}"));
    assert_eq!(count(&answers(&with_cluster(&resources)), "ECS004"), ecslint::rule::MAX_FINDINGS);
}

#[test]
fn a_hundred_thousand_resources() {
    // Far more than AWS takes, and all of it is looked at.
    let resource =
        |it| format!("  R{it}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Ref R{}}}}}", it + 1);
    let outcome = answers(&with_cluster(&lines(0..100_000, resource)));
    assert_eq!((count(&outcome, "ECS005"), count(&outcome, "ECS007")), (1, 0));
    let last = outcome.diagnostics.iter().find(|it| it.code == "ECS005").expect("counted");
    assert!(last.finding.message.contains("`R100000`"), "{}", last.finding.message);
}

#[test]
fn many_groups_over_many_subnets() {
    let subnets: Vec<_> = (0..300).map(|it| format!("!Ref S{it}")).collect();
    let subnets = subnets.join(", ");
    let mut resources = String::from("  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/8}}\n");
    for it in 0..300 {
        let _ = writeln!(
            resources,
            "  S{it}: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref V, CidrBlock: 10.0.0.0/24}}}}\n  \
             T{it}: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref V}}}}\n  \
             A{it}: {{Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {{SubnetId: !Ref S{it}, RouteTableId: !Ref T{it}}}}}\n  \
             G{it}: {{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{MinSize: '1', MaxSize: '1', VPCZoneIdentifier: [{subnets}], \
             LaunchTemplate: {{LaunchTemplateId: !Ref L, Version: '1'}}}}}}"
        );
    }
    resources +=
        "  L: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1}}}\n";
    assert_eq!(answers(&with_cluster(&resources)).fleets.len(), 300);
}

#[test]
fn one_long_script_in_many_fleets() {
    // Each fleet puts a text of its own around the same long parameter.
    let long = "echo 0123456789abcdef; ".repeat(170);
    let nodes = lines(0..300, |it| {
        format!(
            "  N{it}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1, UserData: {{'Fn::Base64': !Sub \"#!/bin/bash\\n\
             ${{P}}${{P}}${{P}}${{P}}\\necho {it} ECS_CLUSTER=${{Cluster}} >> /etc/ecs/ecs.config\\n\"}}}}}}"
        )
    });
    let outcome =
        answers(&format!("Parameters:\n  P: {{Type: String, Default: '{long}'}}\n{}", with_cluster(&nodes)));
    assert_eq!(outcome.fleets.len(), 300);
}
