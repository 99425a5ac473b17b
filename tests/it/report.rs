//! The formats, drawn from findings that are made by hand.

use std::time::{Duration, Instant};

use ecslint::diagnostic::{Assumptions, Diagnostic, Edit, Finding, Fix, Safety, Severity};
use ecslint::lint::views::views;
use ecslint::lint::{FileKind, Options, Outcome};
use ecslint::model::{
    Answer, Because, Capacity, ClusterName, Cost, Egress, FleetKind, FleetReport, Image, ImageSource, Joins,
    Port22, Signals, Verdicts,
};
use ecslint::report::human::Style;
use ecslint::report::{FileReport, Format, Report, Summary, sanitize};
use ecslint::text::{Lines, Span};
use proptest::prelude::*;

use super::schema::valid_report;

pub(crate) const SOURCE: &str = "\
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Nodes:
    Type: AWS::EC2::LaunchTemplate
    UserData: |
      cfn-signal --resource Cluster
";

/// A finding at the last place where `words` stand.
fn at(words: &str, message: &str) -> Finding {
    Finding::at(span(SOURCE, words), message)
}

fn span(source: &str, words: &str) -> Span {
    let start = source.rfind(words).expect("the words are there");
    Span::new(start, start + words.len())
}

pub(crate) fn diagnostic(code: &'static str, severity: Severity, finding: Finding) -> Diagnostic {
    Diagnostic { code: code.into(), name: "a-name".into(), severity, finding, scenarios: None }
}

pub(crate) fn outcome(diagnostics: Vec<Diagnostic>) -> Outcome {
    Outcome { kind: FileKind::CloudFormation, diagnostics, ..Outcome::other() }
}

pub(crate) fn render(format: &Format, path: &str, source: &str, outcome: &Outcome) -> String {
    let lines = Lines::new(source);
    let mut report = Report::new(format.clone());
    let views = format.needs_views().then(|| views(source.as_bytes(), &Options::default(), outcome));
    let piece = format.file(&FileReport { path, lines: &lines, outcome, views: views.as_ref() });
    report.head() + &report.add(piece) + &report.tail(&Summary::of(outcome))
}

fn plain(source: &str, outcome: &Outcome) -> String {
    render(&Format::Human(Style::plain()), "a.yml", source, outcome)
}

/// One finding with all that it can have.
pub(crate) fn full() -> Diagnostic {
    let finding = at("Cluster", "the boot script of `Nodes` signals `Cluster`, but `Group` waits")
        .on("Nodes")
        .because(span(SOURCE, "AWS::ECS::Cluster"), "a cluster waits for nothing")
        .help("write `--resource Group`")
        .fix(Some(Fix::new(Safety::Safe, "signal `Group`", Edit::replace(span(SOURCE, "Cluster"), "Group"))));
    let scenario: Assumptions = [("UseSpot".to_owned(), true)].into();
    Diagnostic { scenarios: Some(vec![scenario]), ..diagnostic("ECS202", Severity::Error, finding) }
}

#[test]
fn a_finding_is_drawn_with_carets_under_the_very_words() {
    let expected = "\
error[ECS202] a-name
  x the boot script of `Nodes` signals `Cluster`, but `Group` waits
   ,-[a.yml:7:29]
 6 |     UserData: |
 7 |       cfn-signal --resource Cluster
   :                             ^^^^^^^
   `----
   ,-[a.yml:3:11]
 2 |   Cluster:
 3 |     Type: AWS::ECS::Cluster
   :           ^^^^^^^^|^^^^^^^^
   :                   `-- a cluster waits for nothing
 4 |   Nodes:
   `----
  help: write `--resource Group`
  fix: signal `Group` (check --fix)
  only when UseSpot is true
  see https://github.com/ecslint/ecslint/blob/main/rules/ECS202.md

1 error in 1 file
1 can be fixed with --fix
";
    assert_eq!(plain(SOURCE, &outcome(vec![full()])), expected);
}

#[test]
fn the_worst_comes_first_and_then_the_place() {
    let findings = [
        ("ECS001", Severity::Info, "Resources"),
        ("ECS002", Severity::Error, "Nodes"),
        ("ECS003", Severity::Warning, "Nodes"),
        ("ECS004", Severity::Error, "UserData"),
    ];
    let all = findings.map(|(code, severity, words)| diagnostic(code, severity, at(words, "a fact")));
    let drawn = plain(SOURCE, &outcome(all.to_vec()));
    let order: Vec<_> = drawn.lines().filter_map(|it| it.split_once("[ECS")).map(|it| &it.1[..3]).collect();
    assert_eq!(order, ["002", "004", "003", "001"]);
    assert!(drawn.ends_with("\n2 errors, 1 warning, 1 info in 1 file\n"), "{drawn}");
}

#[test]
fn a_clean_file_is_one_line() {
    assert_eq!(plain(SOURCE, &outcome(Vec::new())), "no findings in 1 template\n");
}

#[test]
fn quiet_is_findings_only() {
    let style = Style { quiet: true, ..Style::plain() };
    let mut outcome = outcome(vec![full()]);
    outcome.fleets.push(fleet());
    let drawn = render(&Format::Human(style), "a.yml", SOURCE, &outcome);
    assert!(drawn.starts_with("error[ECS202]") && drawn.ends_with("ECS202.md\n"), "{drawn}");
}

#[test]
fn fleets_come_before_findings_and_files_have_headings() {
    let style = Style { headings: true, ..Style::plain() };
    let mut outcome = outcome(vec![full()]);
    outcome.fleets.push(fleet());
    let drawn = render(&Format::Human(style), "a.yml", SOURCE, &outcome);
    let expected = "a.yml\nGroup: joins Cluster, signals itself, ssh open to the world, $0.90/h\n\nerror[ECS202] a-name\n";
    assert!(drawn.starts_with(expected), "{drawn}");
}

#[test]
fn a_bom_and_crlf_change_nothing_that_is_seen() {
    let twin = format!("\u{feff}{}", SOURCE.replace('\n', "\r\n"));
    for words in ["Resources", "Nodes", "resource Cluster", "\n"] {
        let diagnostics = |source: &str| {
            let finding =
                Finding::at(span(source, words), "a fact").because(span(source, "ECS::Cluster"), "why");
            outcome(vec![diagnostic("ECS001", Severity::Error, finding)])
        };
        assert_eq!(
            plain(SOURCE, &diagnostics(SOURCE)),
            plain(&twin, &diagnostics(&twin)).replace("\r", ""),
            "{words}"
        );
    }
}

#[test]
fn columns_are_counted_in_characters_and_carets_stand_under_them() {
    let source = "Resources:\n  Über日本: {Typ: falsch}\n";
    let finding = Finding::at(span(source, "falsch"), "a fact");
    let drawn = plain(source, &outcome(vec![diagnostic("ECS001", Severity::Error, finding)]));
    assert!(drawn.contains("a.yml:2:17"), "{drawn}");
    // The two wide characters take two columns each.
    assert!(drawn.contains("\n   :                   ^^^^^^\n"), "{drawn}");
}

const EVIL: &str = "\u{1b}[31m\u{1b}]8;;http://evil\u{7}\u{8}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\0\r\u{7f}\u{85}\u{2028}";

/// A report in which everything that a stranger may write is hostile.
fn evil() -> (String, Outcome) {
    let source = format!("Resources:\n  A{EVIL}: !Ref X{EVIL}\n  B: 1\n");
    let finding = Finding::at(span(&source, "!Ref X"), format!("no `{EVIL}`\n\nerror[ECS000]"))
        .on(EVIL)
        .because(span(&source, "B"), EVIL)
        .help(format!("write\n{EVIL}"))
        .fix(Some(Fix::new(Safety::Safe, EVIL, Edit::replace(Span::at(3), EVIL))));
    let scenario: Assumptions = [(EVIL.to_owned(), true)].into();
    let mut res = outcome(vec![Diagnostic {
        scenarios: Some(vec![scenario]),
        ..diagnostic("ECS001", Severity::Error, finding)
    }]);
    let mut fleet = fleet();
    fleet.id = EVIL.to_owned();
    fleet.launch = vec![EVIL.to_owned()];
    fleet.cost.instance_types = vec![EVIL.to_owned()];
    fleet.cost.usd_per_hour = None;
    if let Some(verdicts) = &mut fleet.verdicts {
        verdicts.cluster = Some(ClusterName::Name(EVIL.to_owned()));
        verdicts.signalled = Some(EVIL.to_owned());
        verdicts.role = Some(EVIL.to_owned());
        verdicts.joins.because = Some(EVIL.to_owned());
    }
    res.fleets.push(fleet);
    (source, res)
}

#[test]
fn nothing_of_a_template_reaches_the_terminal_as_a_command() {
    let (source, outcome) = evil();
    let path = format!("a{EVIL}.yml");
    let is_unsafe = |it: char| it != '\n' && sanitize::is_unsafe(it);
    for (unicode, color) in [(false, false), (true, false), (true, true)] {
        let style = Style { unicode, color, headings: true, ..Style::plain() };
        let mut drawn = render(&Format::Human(style), &path, &source, &outcome);
        if color {
            assert!(drawn.contains("\u{1b}["));
            drawn = without_own_escapes(&drawn);
        }
        assert!(!drawn.contains(is_unsafe), "{drawn:?}");
        assert!(!drawn.lines().skip(3).any(|it| it.starts_with("error[ECS000]")), "{drawn}");
    }
    let json = render(&Format::Json, &path, &source, &outcome);
    assert!(!json.contains(is_unsafe), "{json:?}");
    let report = valid_report(&json);
    assert_eq!(report["files"][0]["path"], path);
    assert_eq!(report["files"][0]["findings"][0]["resource"], EVIL);
}

/// Takes out the colours and the links to the pages of the rules.
fn without_own_escapes(text: &str) -> String {
    let mut res = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        res.push_str(before);
        rest = if let Some(color) = after.strip_prefix('[') {
            let end = color.find('m').expect("a colour ends with m");
            assert!(color[..end].bytes().all(|it| it.is_ascii_digit() || it == b';'), "{color:?}");
            &color[end + 1..]
        } else {
            let (url, after) =
                after.strip_prefix("]8;;").and_then(|it| it.split_once("\u{1b}\\")).expect("a link");
            assert!(url.is_empty() || url.starts_with("https://github.com/ecslint/ecslint/"), "{url:?}");
            after
        };
    }
    res + rest
}

#[test]
fn five_thousand_findings_in_one_line_of_a_megabyte() {
    let source = format!("{{\"Resources\":{{{}}}}}", "\"Aé\":{\"Ref\":\"X\"},".repeat(62_000));
    assert!(source.len() > 1 << 20);
    let places = source.match_indices("\"Ref\"").step_by(11).take(5000);
    let findings = places.map(|(start, words)| {
        let span = Span::new(start, start + words.len());
        let finding = Finding::at(span, "a fact").because(Span::new(2, 11), "far away").help("do");
        diagnostic("ECS005", Severity::Error, finding)
    });
    let outcome = outcome(findings.collect());
    assert_eq!(outcome.diagnostics.len(), 5000);
    let started = Instant::now();
    let drawn = plain(&source, &outcome);
    let json = render(&Format::Json, "a.json", &source, &outcome);
    // Generous, for a build without optimisation on a busy machine; quadratic would be minutes.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(drawn.lines().all(|it| it.chars().count() <= 80));
    assert!(drawn.len() < 5000 * 900, "{}", drawn.len());
    let report = valid_report(&json);
    let last = &report["files"][0]["findings"][4999];
    let column =
        source[..last["span"]["start"]["offset"].as_u64().expect("a number") as usize].chars().count() + 1;
    assert_eq!(last["span"]["start"]["column"], column);
    assert!(drawn.contains(&format!("[a.yml:1:{column}]")));
}

#[test]
fn the_width_holds_for_every_line() {
    let long = "word ".repeat(60);
    let source = format!("Resources:\n  A: {long}\n  B: 1\n");
    for width in [40, 60, 80, 200] {
        let finding = Finding::at(span(&source, "word"), long.clone())
            .because(span(&source, "B"), long.clone())
            .help(long.clone());
        let style = Style { width, ..Style::plain() };
        let outcome = outcome(vec![diagnostic("ECS001", Severity::Error, finding)]);
        let drawn = render(&Format::Human(style), "a.yml", &source, &outcome);
        // The address of a page cannot be broken.
        let lines = drawn.lines().filter(|it| !it.contains("https://"));
        let widest = lines.max_by_key(|it| it.chars().count()).expect("there are lines");
        assert!(widest.chars().count() <= width, "{width}: {widest}");
    }
}

#[test]
fn both_formats_name_the_same_place() {
    let source = format!("\u{feff}{SOURCE}");
    let finding = Finding::at(span(&source, "Cluster"), "a fact");
    let outcome = outcome(vec![diagnostic("ECS001", Severity::Error, finding)]);
    let report = valid_report(&render(&Format::Json, "a.yml", &source, &outcome));
    let start = &report["files"][0]["findings"][0]["span"]["start"];
    let place = format!("a.yml:{}:{}", start["line"], start["column"]);
    assert!(plain(&source, &outcome).contains(&place), "{place}");
    // The mark counts in bytes, never in columns.
    assert_eq!(start["offset"], source.rfind("Cluster").expect("there"));
}

#[test]
fn the_json_report_has_every_field_in_order() {
    let mut outcome = outcome(vec![full(), diagnostic("ECS001", Severity::Info, at("Nodes", "a fact"))]);
    outcome.fleets.push(fleet());
    outcome.fleets.push(FleetReport { verdicts: None, ecs: Answer::No, ..fleet() });
    let json = render(&Format::Json, "a.yml", SOURCE, &outcome);
    let report = valid_report(&json);
    let file = &report["files"][0];
    assert_eq!(file["findings"][0]["scenarios"][0]["UseSpot"], true);
    assert_eq!(file["findings"][0]["fix"]["edits"][0]["text"], "Group");
    for field in ["resource", "help", "scenarios", "fix"] {
        assert!(file["findings"][1][field].is_null(), "{field}");
    }
    assert_eq!(file["fleets"][0]["joins"]["because"], "line 7 appends ECS_CLUSTER");
    assert_eq!(file["fleets"][0]["joins"]["cluster"]["resource"], "Cluster");
    for verdict in ["joins", "signals", "egress", "ssh", "registers", "logs"] {
        assert!(file["fleets"][1][verdict].is_null(), "{verdict}");
    }
    let order = [
        "\"version\":1,\"ecslint\":\"",
        "\"path\":",
        "\"kind\":\"cloudformation\"",
        "\"code\":",
        "\"name\":",
        "\"severity\":",
        "\"message\":",
        "\"resource\":",
        "\"span\":",
        "\"labels\":",
        "\"help\":",
        "\"scenarios\":",
        "\"fix\":",
        "\"url\":",
        "\"id\":",
        "\"ecs\":",
        "\"launch\":",
        "\"joins\":",
        "\"signals\":",
        "\"egress\":",
        "\"ssh\":",
        "\"registers\":",
        "\"logs\":",
        "\"image\":",
        "\"capacity\":",
        "\"cost\":",
        "\"summary\":",
    ];
    let mut rest = json.as_str();
    for field in order {
        rest = rest.split_once(field).unwrap_or_else(|| panic!("{field} is not in its place")).1;
    }
}

pub(crate) fn fleet() -> FleetReport {
    FleetReport {
        id: "Group".to_owned(),
        span: Span::at(0),
        kind: FleetKind::AutoScalingGroup,
        ecs: Answer::Yes,
        launch: vec!["Nodes".to_owned()],
        verdicts: Some(Verdicts {
            joins: Because::new(Joins::Yes, "appends ECS_CLUSTER", Some(span(SOURCE, "cfn-signal"))),
            cluster: Some(ClusterName::Resource("Cluster".to_owned())),
            signals: Because { verdict: Signals::Ok, because: None, span: None },
            signalled: Some("Group".to_owned()),
            egress: Because { verdict: Egress::InternetGateway, because: None, span: None },
            key: Answer::Yes,
            port_22: Because { verdict: Port22::World, because: None, span: None },
            registers: Because { verdict: Answer::Unknown, because: None, span: None },
            role: None,
            logs: Because { verdict: Answer::Yes, because: None, span: None },
        }),
        image: Image {
            source: ImageSource::Unknown,
            family: None,
            variant: None,
            architecture: None,
            ecs: Answer::Unknown,
        },
        capacity: Capacity { min: Some(0), desired: None, max: None },
        cost: Cost {
            usd_per_hour: Some(0.9),
            region: "us-east-1".to_owned(),
            as_of: Some("2026-07-20".into()),
            ..Cost::default()
        },
    }
}

proptest! {
    /// A wrong span of a rule may look odd, but it never costs the user the report.
    #[test]
    fn no_span_makes_a_report_fail(
        source in "(\u{feff})?([a-z é日🦀\t]|\n|\r\n|\r|\u{1b}|[a-z]{100}){0,40}",
        spans in proptest::collection::vec((0usize..600, 0usize..600), 1..5),
        width in 40usize..200,
        unicode: bool,
    ) {
        let span = |(left, right): (usize, usize)| Span::new(left.min(right), left.max(right));
        let own = Finding::at(span(spans[0]), "a fact");
        let finding = spans[1..].iter().fold(own, |res, it| res.because(span(*it), "why it is wrong"));
        let outcome = outcome(vec![diagnostic("ECS001", Severity::Error, finding)]);
        let style = Style { width, unicode, ..Style::plain() };
        let drawn = render(&Format::Human(style), "a.yml", &source, &outcome);
        let place = Lines::new(&source).position(span(spans[0]).start);
        prop_assert!(drawn.contains(&format!("a.yml:{}:{}]", place.line, place.column)), "{:?}\n{}", place, drawn);
        prop_assert!(!drawn.contains("Failed to read"), "{}", drawn);
        valid_report(&render(&Format::Json, "a.yml", &source, &outcome));
    }
}
