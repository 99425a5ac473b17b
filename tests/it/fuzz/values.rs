//! Tree to values: `Fn::Sub`, `Fn::Join` and all the others, and the policies that are made of them.

use std::collections::BTreeMap;

use ecslint::lint::Options;
use ecslint::resolve::{MAX_TEXT, PieceKind, SYMBOL, Text, World, explore};
use ecslint::syntax::parse;
use ecslint::template::Template;

use super::text;

const MAX: usize = 4 << 10;

/// What an expression may name.
const NAMES: &str = "{Parameters: {P: {Type: String, Default: \"a b\"}, Q: {Type: Number}, L: {Type: CommaDelimitedList, \
                     Default: \"x,y\"}}, Mappings: {M: {a: {b: c, d: [e, f]}}}, Conditions: {C: {\"Fn::Equals\": [{Ref: P}, x]}, \
                     D: {\"Fn::Not\": [{Condition: C}]}}, Resources: {Cluster: {Type: \"AWS::ECS::Cluster\"}, Topic: {Type: \
                     \"AWS::SNS::Topic\", Properties: {X: ";

/// The input is a value: whatever it is worked out to, each of its bytes knows where it was written.
pub(super) fn render(input: &[u8]) {
    let Some(value) = text(input, MAX) else { return };
    let source = format!("{NAMES}{value}\n}}}}}}}}");
    let parsed = parse(&source);
    let Some(root) = parsed.tree.roots().find(|it| Template::is_one(*it)) else { return };
    let world = World::new(Template::new(root), BTreeMap::new(), None);
    let Some(topic) = world.template.resource("Topic") else { return };
    let told = explore(&world, |scenario| {
        if let Some(text) = scenario.property_text(topic, &["X"]) {
            is_whole(&source, &text);
        }
        let _ = scenario.property(topic, &["X"]);
    });
    assert!(!told.answers.is_empty());
}

/// Its pieces cover the text, and lie in the file.
pub(super) fn is_whole(source: &str, text: &Text<'_>) {
    let (all, mut end) = (text.as_str(), 0);
    assert!(all.len() <= MAX_TEXT, "{} bytes", all.len());
    for piece in text.pieces() {
        assert_eq!(piece.range.start, end, "a gap in {all:?}");
        end = piece.range.end;
        let (words, from) = (&all[piece.range.clone()], piece.source.slice(source));
        match piece.kind {
            PieceKind::Verbatim => assert_eq!(words, from),
            PieceKind::Symbol(_) => assert_eq!(words.chars().collect::<Vec<_>>(), [SYMBOL]),
            PieceKind::Decoded => {}
        }
        assert!(piece.used.is_none_or(|it| !it.slice(source).contains('\0')));
    }
    assert_eq!(end, all.len());
    assert_eq!(all.is_empty(), text.whole_place().is_none(), "{all:?}");
    let borders: Vec<_> = all.char_indices().map(|it| it.0).step_by(7).collect();
    for pair in borders.windows(2) {
        let Some(place) = text.place(pair[0]..pair[1]) else { panic!("no place for {pair:?} of {all:?}") };
        let _ = place.span.slice(source);
        assert_eq!(text.slice(pair[0]..pair[1]).as_str(), &all[pair[0]..pair[1]]);
    }
}

/// What the policy of the input allows is asked by each rule on rights.
pub(super) fn iam(input: &[u8]) {
    let Some(document) = text(input, MAX) else { return };
    let source = format!(
        "{{Resources: {{Cluster: {{Type: \"AWS::ECS::Cluster\"}}, Node: {{Type: \"AWS::EC2::Instance\", Properties: {{ImageId: \
         ami-1, IamInstanceProfile: {{Ref: Profile}}}}}}, Profile: {{Type: \"AWS::IAM::InstanceProfile\", Properties: \
         {{Roles: [{{Ref: Role}}]}}}}, Role: {{Type: \"AWS::IAM::Role\", Properties: {{Policies: [{{PolicyName: p, \
         PolicyDocument: {document}\n}}], AssumeRolePolicyDocument: {document}\n}}}}}}}}"
    );
    let options = Options { select: vec!["ECS4".to_owned()], ..Options::default() };
    super::whole::holds(&source, &options);
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let seeds = [
        r#"{"Fn::Sub": "a ${P} ${!x} ${Cluster.Arn} ${AWS::Region} ${Q}"}"#,
        r#"{"Fn::Sub": ["${a}-${b}${P}", {"a": {"Ref": "Q"}, "b": {"Fn::Join": ["", ["x", {"Ref": "Topic"}]]}}]}"#,
        r#"{"Fn::Join": [",", [{"Ref": "P"}, "\u00e4\n", {"Fn::GetAtt": ["Cluster", "Arn"]}, {"Ref": "AWS::NoValue"}]]}"#,
        r#"{"Fn::Join": ["-", {"Fn::Split": [" ", {"Ref": "P"}]}]}"#,
        r#"{"Fn::Select": [1, {"Ref": "L"}]}"#,
        r#"{"Fn::If": ["C", {"Fn::If": ["D", a, b]}, {"Fn::FindInMap": ["M", "a", "b"]}]}"#,
        r#"{"Fn::Base64": {"Fn::Sub": "x${P}"}}"#,
        "!Sub 'it''s ${P}'",
        "!Join [\"\\t\", [!Ref P, !Select [0, [a, b]], !ImportValue x, '{{resolve:ssm:/a/b:1}}']]",
        "!If [C, !Sub [\"${x}\", {x: !GetAtt Topic.TopicName}], !FindInMap [M, !Ref AWS::Region, d]]",
        "{\"Fn::Cidr\": [\"10.0.0.0/16\", 4, 8]}",
        "{\"Fn::ToJsonString\": {a: !Ref P}}",
        "!Select [0, !GetAZs '']",
    ];
    seeds.map(|it| it.as_bytes().to_vec()).to_vec()
}

pub(super) fn iam_seeds() -> Vec<Vec<u8>> {
    let seeds = [
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ecs:*", "logs:PutLogEvents"], "Resource": "*"}]}"#,
        r#"{"Statement": {"Effect": "Deny", "NotAction": "ecs:Poll", "NotResource": {"Fn::GetAtt": ["Cluster", "Arn"]}, "Condition": {"StringLike": {"ecs:cluster": "*"}}}}"#,
        r#"{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#,
        r#"'{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": ["arn:aws:ecs:*:*:cluster/x"]}]}'"#,
        "{Statement: [{Effect: Allow, Action: 'cloudwatch:Put*Data', Resource: !Sub '${Cluster.Arn}/*'}, {Effect: !If [C, Allow, Deny]}]}",
        "{Statement: [{Effect: Allow, Action: [ecs:RegisterContainerInstance, 'ecs:?oll', ECS:Discover*], Resource: '*', Principal: '*'}]}",
    ];
    seeds.map(|it| it.as_bytes().to_vec()).to_vec()
}
