//! All formats: one example of each, and what holds for whatever stands in a template.

mod places;

use ecslint::diagnostic::{Diagnostic, Finding, Severity};
use ecslint::lint::Outcome;
use ecslint::model::ClusterName;
use ecslint::report::human::Style;
use ecslint::report::{Format, Summary, sanitize};
use ecslint::rules::RULES;
use ecslint::text::Span;
use proptest::prelude::*;
use regex::Regex;
use serde_json::Value;

use super::report::{SOURCE, diagnostic, fleet, full, outcome, render};

const PATH: &str = "a.yml";

fn rendered(format: &Format) -> String {
    let mut outcome = outcome(vec![full()]);
    outcome.fleets.push(fleet());
    render(format, PATH, SOURCE, &outcome)
}

#[test]
fn concise() {
    let expected =
        "a.yml:7:29: error[ECS202] the boot script of `Nodes` signals `Cluster`, but `Group` waits\n";
    assert_eq!(rendered(&Format::Concise), expected);
}

#[test]
fn github() {
    let expected = "::error file=a.yml,line=7,col=29,endLine=7,endColumn=36,title=ECS202 a-name::\
        a.yml:7:29: the boot script of `Nodes` signals `Cluster`, but `Group` waits\
        %0Aonly when UseSpot is true%0Ahelp: write `--resource Group`\
        %0Asee https://github.com/ecslint/ecslint/blob/main/rules/ECS202.md\n";
    assert_eq!(rendered(&Format::Github), expected);
}

#[test]
fn github_takes_columns_of_one_line_only() {
    let finding = Finding::at(Span::new(2, SOURCE.len() - 2), "a fact");
    let outcome = outcome(vec![diagnostic("ECS001", Severity::Info, finding)]);
    let drawn = render(&Format::Github, PATH, SOURCE, &outcome);
    assert!(drawn.starts_with("::notice file=a.yml,line=1,col=3,title=ECS001 a-name::"), "{drawn}");
}

#[test]
fn gitlab() {
    let expected = "[\n{\"description\":\"the boot script of `Nodes` signals `Cluster`, but `Group` waits; \
        only when UseSpot is true; help: write `--resource Group`\",\"check_name\":\"ECS202\",\
        \"fingerprint\":\"F\",\"severity\":\"critical\",\"location\":{\"path\":\"a.yml\",\"positions\":\
        {\"begin\":{\"line\":7,\"column\":29},\"end\":{\"line\":7,\"column\":36}}}}\n]\n";
    let drawn = rendered(&Format::Gitlab);
    let report: Value = serde_json::from_str(&drawn).expect("it is JSON");
    let fingerprint = report[0]["fingerprint"].as_str().expect("it has one");
    assert!(fingerprint.len() == 32 && fingerprint.bytes().all(|it| it.is_ascii_hexdigit()), "{fingerprint}");
    assert_eq!(drawn.replace(fingerprint, "F"), expected);
}

#[test]
fn junit() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ecslint">
  <testsuite name="a.yml" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="a.yml" name="ECS202 a-name at 7:29" file="a.yml" line="7">
      <failure type="error" message="the boot script of `Nodes` signals `Cluster`, but `Group` waits">a.yml:7:29: the boot script of `Nodes` signals `Cluster`, but `Group` waits
only when UseSpot is true
help: write `--resource Group`
see https://github.com/ecslint/ecslint/blob/main/rules/ECS202.md</failure>
    </testcase>
  </testsuite>
</testsuites>
"#;
    assert_eq!(rendered(&Format::Junit), expected);
    let clean = render(&Format::Junit, PATH, SOURCE, &outcome(Vec::new()));
    assert!(
        clean.contains("tests=\"1\" failures=\"0\"") && clean.contains("name=\"no findings\""),
        "{clean}"
    );
    let info = outcome(vec![diagnostic("ECS001", Severity::Info, Finding::at(Span::at(3), "a fact"))]);
    let info = render(&Format::Junit, PATH, SOURCE, &info);
    assert!(
        info.contains("failures=\"0\"") && info.contains("<system-out>info: a.yml:1:4: a fact\n"),
        "{info}"
    );
}

#[test]
fn markdown() {
    let expected = "\
### ecslint: 1 error in 1 template

| file | fleet | what it does | instances | USD an hour | at most | USD a month |
|---|---|---|---|---:|---:|---:|
| <code>a.yml</code> | <code>Group</code> | joins Cluster, signals itself, ssh open to the world | ? × ? | 0.90 | ? | ? |

| | rule | place | finding |
|---|---|---|---|
| error | [ECS202](https://github.com/ecslint/ecslint/blob/main/rules/ECS202.md) a-name | <code>a.yml&#58;7&#58;29</code> | the boot script of <code>Nodes</code> signals <code>Cluster</code>, but <code>Group</code> waits<br>only when UseSpot is true<br>help: write <code>--resource Group</code> |
";
    assert_eq!(rendered(&Format::Markdown), expected);
    let clean = render(&Format::Markdown, PATH, SOURCE, &outcome(Vec::new()));
    assert_eq!(clean, "### ecslint: no findings in 1 template\n");
}

#[test]
fn sarif() {
    let drawn = rendered(&Format::Sarif);
    let log: Value = serde_json::from_str(&drawn).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), RULES.len());
    for (rule, described) in RULES.iter().zip(rules) {
        assert_eq!(described["id"], rule.code);
        assert_eq!(described["help"]["markdown"], rule.page);
        let description = described["fullDescription"]["text"].as_str().expect("text");
        let words = description.split(' ').next().expect("words");
        assert!(rule.page.contains(&format!("\n\n{words}")) && description.ends_with('.'), "{description}");
    }
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
    assert_eq!((&result["ruleId"], &rules[index]["id"]), (&"ECS202".into(), &"ECS202".into()));
    assert_eq!(result["level"], "error");
    let region = |line: u64, start: u64, end: u64| serde_json::json!({"startLine": line, "startColumn": start, "endLine": line, "endColumn": end});
    let location = &result["locations"][0];
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "a.yml");
    assert_eq!(location["physicalLocation"]["region"], region(7, 29, 36));
    assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "Resources.Nodes");
    let related = &result["relatedLocations"][0];
    assert_eq!(related["message"]["text"], "a cluster waits for nothing");
    assert_eq!(related["physicalLocation"]["region"], region(3, 11, 28));
    let fix = &result["fixes"][0];
    assert_eq!(fix["description"]["text"], "signal `Group`");
    let replacement = &fix["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"], region(7, 29, 36));
    assert_eq!(replacement["insertedContent"]["text"], "Group");
}

/// A column of SARIF is what `columnKind` says: cutting the line by it gives the very words.
#[test]
fn a_region_of_sarif_cuts_out_the_words() {
    let source = "\u{feff}Über: 🦀日\u{301} Cluster\r\nB: Cluster\r\n";
    for (start, words) in source.match_indices("Cluster") {
        let finding = Finding::at(Span::new(start, start + words.len()), "a fact");
        let outcome = outcome(vec![diagnostic("ECS001", Severity::Error, finding)]);
        let log: Value = serde_json::from_str(&render(&Format::Sarif, PATH, source, &outcome)).expect("JSON");
        assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
        let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
        let number = |name: &str| usize::try_from(region[name].as_u64().expect("a number")).expect("small");
        let text = source.trim_start_matches('\u{feff}');
        let line = text.split("\r\n").nth(number("startLine") - 1).expect("a line");
        let cut =
            line.chars().skip(number("startColumn") - 1).take(number("endColumn") - number("startColumn"));
        assert_eq!(cut.collect::<String>(), words);
    }
}

#[test]
fn what_is_only_shown_is_no_fix_of_sarif() {
    let mut full = full();
    if let Some(fix) = &mut full.finding.fix {
        fix.safety = ecslint::diagnostic::Safety::DisplayOnly;
    }
    let drawn = render(&Format::Sarif, PATH, SOURCE, &outcome(vec![full]));
    let log: Value = serde_json::from_str(&drawn).expect("it is JSON");
    assert!(log["runs"][0]["results"][0].get("fixes").is_none());
}

/// The fingerprint that code scanning gets.
fn fingerprint(source: &str) -> String {
    let start = source.rfind("Cluster").expect("there");
    let finding = Finding::at(Span::new(start, start + 7), "a fact").on("Nodes");
    let drawn =
        render(&Format::Sarif, PATH, source, &outcome(vec![diagnostic("ECS202", Severity::Error, finding)]));
    let log: Value = serde_json::from_str(&drawn).expect("it is JSON");
    let res = &log["runs"][0]["results"][0]["partialFingerprints"]["ecslint/v1"];
    res.as_str().expect("it has one").to_owned()
}

#[test]
fn a_fingerprint_survives_lines_that_move() {
    let moved = format!("# one\n\n{}", SOURCE.replace("  Nodes:", "  New: {}\n  Nodes:"));
    assert_eq!(fingerprint(SOURCE), fingerprint(&moved));
}

#[test]
fn a_summary_has_a_bound_and_says_what_it_leaves_out() {
    let long = "`a|b` ".repeat(60);
    let all = (0..5000).map(|idx| {
        let severity = [Severity::Info, Severity::Error][usize::from(idx >= 4900)];
        diagnostic("ECS001", severity, Finding::at(Span::at(idx % 90), long.clone()).help("do"))
    });
    let mut outcome = outcome(all.collect());
    outcome.fleets = (0..1000).map(|_| fleet()).collect();
    let drawn = render(&Format::Markdown, PATH, SOURCE, &outcome);
    assert!(drawn.len() < 65_536, "{}", drawn.len());
    let rows = |start: &str| drawn.lines().filter(|it| it.starts_with(start)).count();
    let (errors, infos, fleets) = (rows("| error |"), rows("| info |"), rows("| <code>a.yml</code> |"));
    // The worst is shown, whatever comes before it in the file.
    assert!(errors > 10 && infos == 0 && fleets > 50, "{errors} {infos} {fleets}");
    assert!(drawn.contains(&format!("\nand {} more fleets\n", 1000 - fleets)));
    assert!(drawn.ends_with(&format!("|\n\nand {} more findings\n", 5000 - errors)));
    assert!(drawn.starts_with("### ecslint: 100 errors, 4900 infos in 1 template\n"));
}

/// Whatever somebody might write to be taken for something else.
fn text() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "word",
        " ",
        "::error file=a,line=1::",
        "::",
        "##[error]",
        "%0A",
        "%",
        "]]>",
        "<script>",
        "</code>",
        "<!--",
        "&amp;",
        "&#64;",
        "'",
        "\"",
        "@team/x",
        "a@b.c",
        "#12",
        "|",
        "`",
        "\\",
        "\n",
        "\r\n",
        "\u{1b}[31m",
        "\0",
        "\u{9b}",
        "\u{202e}",
        "\u{fffe}",
        "\u{ffff}",
        "https://evil.example",
        "www.evil.com",
        "{0}",
        "[a](b)",
        "![a](b)",
        "${Cluster}",
        "$1 $2",
        "é日🦀",
        "*_~",
        ": ",
        "; ",
        "\t",
    ];
    let word =
        prop_oneof![4 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec(word, 0..8).prop_map(|it| it.concat())
}

/// A file with findings, all of whose texts are hostile.
fn hostile() -> impl Strategy<Value = (String, String, Outcome)> {
    let finding = (0..RULES.len(), 0..3_usize, 1..200_usize, 1..40_usize, text(), text());
    let findings = proptest::collection::vec(finding, 0..6);
    (text(), text(), findings, text()).prop_map(|(path, source, findings, name)| {
        let one =
            |(rule, severity, start, len, message, help): (usize, usize, usize, usize, String, String)| {
                let span = Span::new(start, start + len);
                let finding =
                    Finding::at(span, message).on(&name).because(Span::at(len), name.clone()).help(help);
                let severity = [Severity::Error, Severity::Warning, Severity::Info][severity];
                let scenarios = (len % 2 == 0).then(|| vec![[(name.clone(), true)].into()]);
                Diagnostic { scenarios, ..diagnostic(RULES[rule].code, severity, finding) }
            };
        let mut outcome = outcome(findings.into_iter().map(one).collect());
        let mut fleet = fleet();
        fleet.id = name.clone();
        fleet.cost.instance_types = vec![name.clone()];
        if let Some(verdicts) = &mut fleet.verdicts {
            verdicts.cluster = Some(ClusterName::Name(name));
        }
        outcome.fleets.push(fleet);
        (format!("a{path}"), source, outcome)
    })
}

fn formats() -> [Format; 9] {
    [
        Format::Human(Style::plain()),
        Format::Concise,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Markdown,
        Format::Html,
    ]
}

proptest! {
    #[test]
    fn all_formats_name_the_same_places((path, source, outcome) in hostile()) {
        let wanted = places::of(&path, &source, &outcome);
        for format in formats() {
            let drawn = render(&format, &path, &source, &outcome);
            places::compare(&format, &drawn, &wanted);
            let is_unsafe = |it: char| it != '\n' && sanitize::is_unsafe(it);
            prop_assert!(!drawn.contains(is_unsafe), "{:?}: {:?}", format, drawn);
        }
    }

    /// As the runner reads them: <https://github.com/actions/runner>, `ActionCommand.TryParseV2`.
    #[test]
    fn no_line_for_people_is_a_command_of_a_runner((path, source, outcome) in hostile()) {
        for format in [Format::Human(Style::plain()), Format::Concise] {
            let drawn = render(&format, &path, &source, &outcome);
            prop_assert!(!drawn.contains("##["), "{}", drawn);
            prop_assert!(!drawn.lines().any(|it| it.trim_start().starts_with("::")), "{}", drawn);
        }
    }

    /// Nothing is left in a summary that Markdown or GitHub would act upon, but what ecslint itself writes.
    #[test]
    fn a_summary_has_no_marks_of_a_template((path, source, outcome) in hostile()) {
        let own = Regex::new(r"\[(ECS\d{3})\]\(https://github.com/ecslint/ecslint/blob/main/rules/ECS\d{3}.md\)|</?code>|</?b>|<br>|<span>\$</span>|&#\d+;").expect("it is one");
        let drawn = render(&Format::Markdown, &path, &source, &outcome);
        for row in drawn.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| file ") && !it.starts_with("| | ")) {
            let n_cells = if row.starts_with("| <code>") { 7 } else { 4 };
            prop_assert_eq!(row.matches('|').count(), n_cells + 1, "{}", row);
            // One finding must not hide behind another's mark.
            let rest = own.replace_all(row, "\u{1}").replace('|', " ");
            let is_mark = |it: char| "<>&@`*_[]#~!\\${}\"^".contains(it);
            prop_assert!(!rest.contains(is_mark) && !rest.contains("://") && !rest.contains("www."), "{}", row);
            // An address of mail is found on both sides of the sign.
            prop_assert_eq!(row.matches("&#64;").count(), row.matches("&#64;</code><code>").count());
        }
    }
}

#[test]
fn a_run_that_failed_says_so_where_nobody_sees_its_exit_code() {
    let summary = Summary { failed: true, ..Summary::default() };
    let tail = |format| ecslint::report::Report::new(format).tail(&summary);
    assert!(tail(Format::Sarif).contains("\"executionSuccessful\":false"));
    assert!(tail(Format::Junit).contains("<error "));
    assert!(tail(Format::Markdown).contains("the log says why"));
}
