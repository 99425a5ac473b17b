use proptest::prelude::*;

use super::*;
use crate::diagnostic::Finding;
use crate::text::Span;

const TEMPLATE: &str = "Parameters:
  KeyName:
    Type: String
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: \"{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended}}\"
      InstanceType: t3.micro
      KeyName: !Ref KeyName # who may log in
      UserData:
        Fn::Base64: |
          #!/bin/bash
          echo ECS_CLUSTER=${Cluster} >> /etc/ecs.config
          echo 'done'
";

#[test]
fn only_what_is_allowed_is_applied() {
    let options = Options::default();
    let safe = mend(TEMPLATE.as_bytes(), &options, Safety::Safe);
    let codes: Vec<_> = safe.outcome.fixed.iter().map(|it| &*it.code).collect();
    assert_eq!(codes, ["ECS305", "ECS706"]);
    let text = safe.text.expect("something is mended");
    assert!(text.contains("recommended/image_id}}\"") && text.contains("/etc/ecs.config"), "{text}");
    assert!(text.contains("!Ref KeyName # who may log in"), "{text}");
}

/// The file that nobody reads hides that nothing fills in the name, and the other way round.
#[test]
fn what_a_fix_unmasks_is_mended_in_the_next_round() {
    let mended = mend(TEMPLATE.as_bytes(), &Options::default(), Safety::Unsafe);
    let text = mended.text.expect("something is mended");
    assert!(text.contains("Fn::Base64: !Sub |") && text.contains(">> /etc/ecs/ecs.config"), "{text}");
    assert!(mended.refused.is_empty(), "{:?}", mended.refused);
    let left = mended.outcome.diagnostics.iter().filter(|it| it.finding.fix.is_some());
    assert_eq!(left.map(|it| &*it.code).collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(mend(text.as_bytes(), &Options::default(), Safety::Unsafe).text, None);
}

#[test]
fn what_is_not_selected_is_left_alone() {
    let options = Options { select: vec!["ECS305".to_owned()], ..Options::default() };
    let mended = mend(TEMPLATE.as_bytes(), &options, Safety::Unsafe);
    let wanted = TEMPLATE.replace("Type: String", "Type: AWS::EC2::KeyPair::KeyName");
    assert_eq!(mended.text.as_deref(), Some(wanted.as_str()));
}

/// The reason why a change of one stretch of the text is not taken.
fn refusal(old: &str, new: &str) -> Option<String> {
    let options = Options { select: vec!["ECS305".to_owned()], ..Options::default() };
    let outcome = check(TEMPLATE.as_bytes(), &options);
    let diagnostic = outcome.diagnostics.first().expect("ECS305").clone();
    let at = TEMPLATE.find(old).expect("it is there");
    let fix = Fix::new(Safety::Safe, "x", Edit::replace(Span::new(at, at + old.len()), new));
    let mut mending = Mending::new(TEMPLATE, outcome, &options, Safety::Safe);
    mending.attempt(&[(&diagnostic, &fix)]).err()
}

#[test]
fn no_fix_makes_it_worse() {
    let checked = "AWS::EC2::KeyPair::KeyName";
    assert_eq!(refusal("String", checked), None);
    let told = |old: &str, new: &str| refusal(old, new).unwrap_or_default();
    // It mends what it was to mend, and breaks something else.
    assert!(told("Type: String", &format!("Type: [{checked}")).contains("ECS001"));
    assert!(
        told("String\n", &format!("{checked}\n    Default: !Ref X\n")).starts_with("it would bring ECS0")
    );
    assert_eq!(told("String", "\"String\""), "it does not mend what was found");
    assert_eq!(told("String", "String"), "it changes nothing in the end");
}

#[test]
fn one_of_two_that_do_not_go_together_waits() {
    let fix =
        |start, end| Fix::new(Safety::Safe, "x", Edit { span: Span::new(start, end), text: String::new() });
    let diagnostic = |fix| Diagnostic {
        code: "ECS305".into(),
        name: "x".into(),
        severity: Severity::Info,
        finding: Finding::at(Span::at(0), "x").fix(Some(fix)),
        scenarios: None,
    };
    let all = [diagnostic(fix(0, 5)), diagnostic(fix(5, 5)), diagnostic(fix(4, 8)), diagnostic(fix(7, 9))];
    let candidates: Vec<Candidate<'_>> =
        all.iter().filter_map(|it| Some((it, it.finding.fix.as_ref()?))).collect();
    let spans: Vec<_> = edits(&together(&candidates)).iter().map(|it| (it.span.start, it.span.end)).collect();
    assert_eq!(spans, [(0, 5), (7, 9)]);
}

proptest! {
    /// What is outside of the edits stays, and what is inside comes.
    #[test]
    fn applying_is_cutting_and_pasting(
        source in "[a-z\u{e4}\n]{0,60}",
        cuts in proptest::collection::btree_set(0_usize..60, 0..10),
        text in "[A-Z\n]{0,4}",
    ) {
        let cuts: Vec<usize> = cuts.into_iter().filter(|it| source.is_char_boundary(*it)).collect();
        let edits: Vec<Edit> = cuts
            .chunks_exact(2)
            .map(|it| Edit::replace(Span::new(it[0], it[1]), text.clone()))
            .collect();
        let mut wanted = source.clone();
        for edit in edits.iter().rev() {
            wanted.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        prop_assert_eq!(apply(&source, &edits), wanted);
    }

    /// Edits that are no edits of this text do no harm.
    #[test]
    fn no_edits_panic(
        source in "[a-z\u{e4}]{0,20}",
        spans in proptest::collection::vec((0_usize..30, 0_usize..5), 0..6),
    ) {
        let edits: Vec<Edit> =
            spans.into_iter().map(|(start, len)| Edit::replace(Span::new(start, start + len), "X")).collect();
        let _ = apply(&source, &edits);
    }

    /// What is taken at once neither overlaps nor meets.
    #[test]
    fn what_is_taken_together_stands_apart(
        spans in proptest::collection::vec(proptest::collection::btree_set(0_usize..100, 2..5), 0..12),
    ) {
        let all: Vec<Diagnostic> = spans
            .into_iter()
            .map(|cuts| {
                let cuts: Vec<usize> = cuts.into_iter().collect();
                let edits = cuts.chunks_exact(2).map(|it| Edit::replace(Span::new(it[0], it[1]), "x")).collect();
                let finding = Finding::at(Span::at(0), "x").fix(Some(Fix::all(Safety::Safe, "x", edits)));
                Diagnostic { code: "ECS305".into(), name: "x".into(), severity: Severity::Info, finding, scenarios: None }
            })
            .collect();
        let candidates: Vec<Candidate<'_>> =
            all.iter().filter_map(|it| Some((it, it.finding.fix.as_ref()?))).collect();
        let taken = together(&candidates);
        prop_assert_eq!(taken.is_empty(), candidates.is_empty());
        let of = |fix: &Fix| fix.edits.clone();
        for (idx, (_, left)) in taken.iter().enumerate() {
            for (_, right) in &taken[idx + 1..] {
                for (left, right) in of(left).iter().flat_map(|it| of(right).into_iter().map(move |r| (it.clone(), r))) {
                    let apart = left.span.end < right.span.start || right.span.end < left.span.start;
                    prop_assert!(apart, "{:?} {:?}", left, right);
                }
            }
        }
    }
}
