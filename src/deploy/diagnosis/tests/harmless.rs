//! What AWS, an instance or a template says does no harm.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::report::human::Style;
use crate::report::sanitize::is_unsafe;
use crate::text::Lines;

/// Everything that is shown of a failure in which each text says this.
fn shown(text: &str) -> String {
    let group = "AWS::AutoScaling::AutoScalingGroup";
    let reason = format!("{NO_SIGNAL} {text}");
    let refused = [Refusal {
        resource: text.to_owned(),
        path: vec!["Resources".to_owned(), text.to_owned()],
        reason: text.to_owned(),
    }];
    let failed_to_launch = json!({"Activities": [{"Description": "Launching a new EC2 instance", "StatusCode": "Failed",
        "StatusMessage": format!("The key pair '{text}' does not exist {text}")}]});
    let ended = json!({"Reservations": [{"Instances": [{"InstanceId": "i-1", "PublicIpAddress": text, "State": {"Name": text},
        "StateReason": {"Message": format!("Client.{text}")}}]}]});
    let mut all =
        vec![fails("Group", group, &reason), fails("Vpc", "AWS::EC2::VPC", text), fails(text, text, text)];
    let mut launch = no_signal();
    launch.add_activities("group-physical", &failed_to_launch);
    all.push(launch);
    for console in [
        text.to_owned(),
        format!(
            "/var/lib/cloud/instance/scripts/part-001: line 3: {text}: command not found\n{text}\nFailed running /var/lib/cloud/instance/scripts/part-001 [1]\n"
        ),
    ] {
        let mut it = signals::booted(&console);
        it.add_instances(&ended);
        all.push(it);
        all.push(signals::booted(&format!("curl: (28) {text}\n{console}")));
    }
    let options = Options::default();
    let outcome = lint::check(TEMPLATE.as_bytes(), &options);
    let checked = Checked { bytes: TEMPLATE.as_bytes(), options: &options, outcome: &outcome };
    let all = all.iter().filter_map(|it| diagnose(it, Some(&checked))).chain(refused_by(&refused, &checked));
    let mut res = String::new();
    for it in all {
        res.push_str(&it.show(&Style::plain(), Some(("demo.yml", TEMPLATE))));
        res.push_str(&it.to_json(Some(("demo.yml", &Lines::new(TEMPLATE)))).to_string());
    }
    res
}

fn refused_by(refusals: &[Refusal], checked: &Checked<'_>) -> Option<Diagnosis> {
    refused(refusals, Some(checked))
}

#[test]
fn no_control_character_comes_out() {
    let evil = "a\u{1b}[31m\u{7}\u{8}\r\0\u{7f}\u{9b}31m\u{202e}\u{200b}\u{feff}\u{e0041}";
    let shown = shown(evil);
    assert!(!shown.contains(|it| it != '\n' && is_unsafe(it)), "{shown:?}");
    assert!(shown.contains("\\u{1b}"), "it is told that there was something");
}

#[test]
fn secrets_are_hidden_wherever_they_stand() {
    let options = Options {
        parameters: [("Secret".to_owned(), "s3cr3t-given".to_owned())].into(),
        ..Options::default()
    };
    let outcome = lint::check(TEMPLATE.as_bytes(), &options);
    let checked = Checked { bytes: TEMPLATE.as_bytes(), options: &options, outcome: &outcome };
    let said = "bad value s3cr3t-given or hunter2-by-default, key AKIAIOSFODNN7EXAMPLE, DB_PASSWORD=letmein1 token: 'abc def'";
    let mut evidence = signals::booted(&format!(
        "mysql: failed with {said}\nFailed running /var/lib/cloud/instance/scripts/part-001 [1]\n"
    ));
    evidence.events.push(event(900, "Vpc", "AWS::EC2::VPC", "DELETE_FAILED", said));
    for evidence in [evidence, fails("Vpc", "AWS::EC2::VPC", said)] {
        let it = diagnose(&evidence, Some(&checked)).expect("it failed");
        let json = it.to_json(Some(("demo.yml", &Lines::new(TEMPLATE)))).to_string();
        let shown = it.show(&Style::plain(), Some(("demo.yml", TEMPLATE)));
        for text in [json, shown] {
            for secret in ["s3cr3t-given", "hunter2-by-default", "AKIAIOSFODNN7EXAMPLE", "letmein1", "abc"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
            assert!(text.contains("****") && text.contains("DB_PASSWORD="), "{text}");
        }
    }
}

#[test]
fn a_secret_beside_the_place_is_masked() {
    // The default of `Secret` stands right below that of `Key`.
    let mut evidence = no_signal();
    evidence.add_activities("group-physical", &json!({"Activities": [{"Description": "Launching a new EC2 instance",
        "StatusCode": "Failed", "StatusMessage": "The key pair 'my-key' does not exist. Launching EC2 instance failed."}]}));
    let it = diagnosed(TEMPLATE, &evidence);
    let shown = it.show(&Style::plain(), Some(("demo.yml", TEMPLATE)));
    assert!(shown.contains("NoEcho: true, Default: ******************}"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn short_secrets_are_hidden_as_words() {
    let template = with("hunter2-by-default", "abc");
    let it = diagnosed(&template, &fails("Vpc", "AWS::EC2::VPC", "abc is no abcdef, 'abc'"));
    assert_eq!(it.said, "**** is no abcdef, '****'");
}

#[test]
fn a_template_that_is_cut_anywhere() {
    let evidence = signals::booted(
        "/var/lib/cloud/instance/scripts/part-001: line 3: yum: command not found\nFailed running /var/lib/cloud/instance/scripts/part-001 [127]\n",
    );
    for end in (0..TEMPLATE.len()).step_by(23) {
        let template = &TEMPLATE[..end];
        let it = diagnosed(template, &evidence);
        let _ = it.show(&Style::plain(), Some(("demo.yml", template)));
        assert!(it.places.iter().all(|it| it.span.end as usize <= end));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_texts_do_no_harm(text in "(\\PC|[\\x00-\\x1f\\x7f-\\x9f]|'|\"|: |/part-001: line |\\[|\\]|\u{202e}){0,40}") {
        let shown = shown(&text);
        prop_assert!(!shown.contains(|it| it != '\n' && is_unsafe(it)), "{:?}", shown);
    }
}
