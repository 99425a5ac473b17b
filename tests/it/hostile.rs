//! Templates that are made to take for ever, or to take all the room there is.

use ecslint::lint::{Options, check};

fn answers(template: &str) {
    let outcome = check(template.as_bytes(), &Options::default());
    assert!(outcome.diagnostics.iter().all(|it| it.code != "ECS000"), "{:?}", outcome.diagnostics);
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
