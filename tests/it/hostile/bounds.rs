//! Each bound is reached, and the user is told.

use super::{answers, count, fleet, instance, lines, with_cluster};
use ecslint::lint::Outcome;
use ecslint::model::MAX_FLEETS;
use ecslint::resolve::{MAX_EFFORT, MAX_TEXT};
use ecslint::rule::MAX_FINDINGS;
use ecslint::syntax::{MAX_DEPTH, MAX_NODES, parse};
use ecslint::template::{MAX_REFERENCES, Template};

#[test]
fn findings_of_one_rule() {
    let resources = lines(0..5_000, |it| {
        format!("  R{it}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Ref Missing{it}}}}}")
    });
    let outcome = answers(&with_cluster(&resources));
    assert_eq!(count(&outcome, "ECS005"), MAX_FINDINGS);
    let note = "ECS005 (undefined-reference): 200 findings are told, and there are 4800 more";
    assert!(outcome.notes.iter().any(|it| it == note), "{:?}", outcome.notes);
}

#[test]
fn findings_on_many_fleets() {
    let nodes = lines(0..300, |it| {
        format!(
            "  N{it}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1, InstanceType: t3.mirco{it}}}}}"
        )
    });
    let outcome = answers(&with_cluster(&nodes));
    assert_eq!(count(&outcome, "ECS607"), MAX_FINDINGS);
    let note = "ECS607 (unknown-instance-type): 200 findings are told, and there are 100 more";
    assert!(outcome.notes.iter().any(|it| it == note), "{:?}", outcome.notes);
}

#[test]
fn fleets() {
    let nodes = lines(0..1_600, |it| {
        format!("  N{it}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1}}}}")
    });
    let outcome = answers(&with_cluster(&nodes));
    assert_eq!(outcome.fleets.len(), MAX_FLEETS);
    let note = "only the first 500 of 1600 resources that start instances were checked";
    assert!(outcome.notes.iter().any(|it| it == note), "{:?}", outcome.notes);
}

#[test]
fn a_fleet_that_was_left_out_may_signal() {
    let nodes = lines(0..MAX_FLEETS, |it| {
        format!("  N{it}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1}}}}")
    });
    let waiting = "    CreationPolicy: {ResourceSignal: {Count: 2, Timeout: PT5M}}\n";
    let script = "/opt/aws/bin/cfn-signal -e 0 --stack x --resource Node\n";
    let one = instance(script, waiting);
    assert_eq!(count(&answers(&one), "ECS206"), 1);
    assert_eq!(count(&answers(&format!("{one}{nodes}")), "ECS206"), 0);
}

#[test]
fn effort() {
    // Each condition compares texts of all the parameters.
    let numbers = 0..40;
    let parameters = lines(numbers.clone(), |it| format!("  P{it}: {{Type: String, Default: x}}"));
    let all = numbers.clone().fold(String::new(), |res, it| format!("{res}${{P{it}}}"));
    let conditions =
        lines(numbers.clone(), |it| format!("  C{it}: !Not [!Equals [!Sub '{all}', !Sub '${{P{it}}}y']]"));
    let nodes = lines(numbers, |it| {
        format!(
            "  N{it}: {{Type: AWS::EC2::Instance, Condition: C{it}, Properties: {{ImageId: !Ref Missing}}}}"
        )
    });
    let head = format!("Parameters:\n{parameters}Conditions:\n{conditions}");
    let outcome = answers(&format!("{head}{}", with_cluster(&nodes)));
    assert!(outcome.effort > MAX_EFFORT, "{}", outcome.effort);
    let note = "the template is too much work: some answers are unknown";
    assert_eq!(outcome.notes.iter().filter(|it| *it == note).count(), 1, "{:?}", outcome.notes);
    // What needs no values is found all the same.
    assert_eq!(count(&outcome, "ECS005"), 40);
}

#[test]
fn nodes() {
    let template = format!(
        "{{\"Resources\":{{\"A\":{{\"Type\":\"AWS::SNS::Topic\",\"X\":[{}0]}}}}}}",
        "0,".repeat(MAX_NODES)
    );
    let outcome = answers(&template);
    let [only] = outcome.diagnostics.as_slice() else { panic!("{:?}", outcome.diagnostics) };
    assert_eq!(
        (&*only.code, only.finding.message.as_str()),
        ("ECS001", "more than 2000000 keys, values and lists")
    );
}

#[test]
fn depth() {
    let image = format!("{}x{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    let outcome = answers(&fleet(&image));
    assert_eq!(outcome.diagnostics[0].finding.message, "nested deeper than 250 levels");
}

#[test]
fn references() {
    let names = "A,".repeat(MAX_REFERENCES + 10);
    let template = format!(
        "Parameters:\n  Unused: {{Type: String}}\nResources:\n  A: {{Type: AWS::SNS::Topic}}\n  B: {{Type: AWS::SNS::Topic, \
         DependsOn: [{names}]}}\n"
    );
    let parsed = parse(&template);
    let root = parsed.tree.roots().next().expect("one document");
    assert_eq!(Template::new(root).references().len(), MAX_REFERENCES);
    // What is not looked at may use it.
    assert_eq!(count(&answers(&template), "ECS011"), 0);
}

#[test]
fn the_length_of_a_text() {
    let long = "x".repeat(MAX_TEXT / 4);
    let script = "${P}".repeat(5);
    let template = format!(
        "Parameters:\n  P: {{Type: String, Default: {long}}}\n{}",
        with_cluster(&format!(
            "  Node: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1, UserData: {{'Fn::Base64': !Sub '{script}'}}}}}}\n"
        ))
    );
    // Unknown, so that nothing is said about its length.
    assert_eq!(count(&answers(&template), "ECS113"), 0);
    assert_eq!(count(&answers(&template.replace(&script, "${P}")), "ECS113"), 1);
}

#[test]
fn wide_mappings_have_all_their_keys() {
    let keys: Vec<_> = (0..50_000).map(|it| format!("\"k{it}\":{it}")).collect();
    let source = format!("{{{},\"k7\":\"again\"}}", keys.join(","));
    let parsed = parse(&source);
    let root = parsed.tree.roots().next().expect("one document");
    assert_eq!(root.get("k49999").map(|it| it.text()), Some("49999"));
    // Of duplicates the last one counts.
    assert_eq!(root.get("k7").map(|it| it.text()), Some("again"));
    assert_eq!(root.get("k50000"), None);
}

#[test]
fn what_is_not_worked_out_is_no_finding() {
    // The same fleet again and again: what is said of one that was not looked at is said of the others too.
    let rows = lines(0..4_000, |it| format!("    k{it}: {{a: ami-1, b: x}}"));
    let nodes = |n| {
        lines(0..n, |it| {
            format!(
                "  N{it}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: !FindInMap [M, !Ref 'AWS::Region', a]}}}}"
            )
        })
    };
    let outcome = |n| answers(&format!("Mappings:\n  M:\n{rows}{}", with_cluster(&nodes(n))));
    let (few, many) = (outcome(1), outcome(MAX_FLEETS));
    assert!(few.effort < MAX_EFFORT && many.effort > MAX_EFFORT, "{} {}", few.effort, many.effort);
    let codes = |it: &Outcome| -> std::collections::BTreeSet<String> {
        it.diagnostics.iter().map(|it| it.code.to_string()).collect()
    };
    assert!(codes(&many).is_subset(&codes(&few)), "{:?} {:?}", codes(&few), codes(&many));
}
