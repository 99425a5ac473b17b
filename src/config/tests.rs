use super::*;

#[track_caller]
fn config(text: &str) -> Config {
    parse(text).unwrap_or_else(|it| panic!("{it:?}\n{text}"))
}

#[track_caller]
fn check_problem(text: &str, words: &str, message: &str) {
    let problems = parse(text).expect_err(text);
    let told: Vec<_> = problems.iter().map(|it| (it.span.slice(text), it.message.as_str())).collect();
    assert_eq!(told, [(words, message)], "{text}");
}

#[test]
fn what_can_be_said() {
    for nothing in ["", "# nothing\n", "---\n"] {
        assert_eq!(config(nothing), Config::default());
    }
    let options =
        config("region: eu-west-1\nbudget: 99.5\nselect: [ecs1, ECS303]\npackaged: true\n").options();
    assert_eq!((options.region.as_deref(), options.budget), (Some("eu-west-1"), Some(99.5)));
    assert_eq!((options.select.join(" "), options.ignore.join(" ")), ("ECS1 ECS303".into(), "ECS003".into()));
    let options = config("{\"budget\": \"100\", \"parameters\": {\"A\": 1, \"B\": \"\"}}").options();
    assert_eq!(options.budget, Some(100.0));
    assert_eq!(
        options.parameters.into_iter().collect::<Vec<_>>(),
        [("A".to_owned(), "1".to_owned()), ("B".to_owned(), String::new())]
    );
}

#[test]
fn what_is_wrong_has_its_words() {
    check_problem("regoin: eu-west-1\n", "regoin", "unknown key `regoin`; did you mean `region`?");
    check_problem("exlude: [a]\n", "exlude", "unknown key `exlude`; did you mean `exclude`?");
    check_problem("budget: much\n", "much", "`budget` has to be a number: US dollars a month");
    check_problem("budget: -1\n", "-1", "`budget` has to be a number: US dollars a month");
    check_problem("budget: .inf\n", ".inf", "`budget` has to be a number: US dollars a month");
    check_problem("region: [a]\n", "[a]", "`region` has to be a region, written like `us-east-1`");
    check_problem("region: here\n", "here", "`region` has to be a region, written like `us-east-1`");
    check_problem("- region\n", "- region", "a configuration is a mapping: `KEY: VALUE`");
    check_problem("ignore: [ECS9O1]\n", "ECS9O1", "no rule has the code `ECS9O1`; did you mean `ECS001`?");
    let list = "`ignore` has to be a list, each a code as `ECS303`, or how codes begin";
    check_problem("ignore: ECS303\n", "ECS303", list);
    let severity = "`ECS3` has to be `error`, `warning` or `info`";
    check_problem("severities: {ECS3: fatal}\n", "fatal", severity);
    check_problem(
        "severities: {ECS9O1: info}\n",
        "ECS9O1",
        "no rule has the code `ECS9O1`; did you mean `ECS001`?",
    );
    check_problem(
        "exclude: ['!a']\n",
        "'!a'",
        "`!a` is no pattern of paths: it cannot say what does not match",
    );
    check_problem("exclude: ['']\n", "''", "`` is no pattern of paths: it matches nothing");
    check_problem("packaged: maybe\n", "maybe", "`packaged` has to be `true` or `false`");
    let network = "`ssh-networks` has to be a network as `203.0.113.0/24`";
    check_problem("ssh-networks: [10.0.0.1]\n", "10.0.0.1", network);
    check_problem("parameters: {A: [b]}\n", "[b]", "`A` has to be text");
    check_problem("parameters: {A: !Ref b}\n", "b", "`A` has to be text");
    check_problem("budget: 1\nbudget: 2\n", "budget", "this key stands twice");
    assert!(parse("exclude: ['a[']\n").is_err());
    assert!(parse("region: [\n").is_err());
    assert!(parse("budget: 1\n---\nbudget: 2\n").is_err());
}

#[test]
fn patterns_are_those_of_gitignore() {
    let matches = |pattern: &str, path: &str| {
        let pattern = Pattern::parse(pattern).unwrap_or_else(|it| panic!("{it}"));
        pattern.matches(std::path::Path::new(path))
    };
    assert!(
        matches("legacy", "a/legacy/b.yml")
            && matches("*.tpl", "a/b.tpl")
            && matches("/a/**/c.yml", "a/b/c.yml")
    );
    assert!(!matches("/legacy", "a/legacy/b.yml") && !matches("*.tpl", "a/b.yml") && !matches("a", "/a"));
}

/// What `ecslint config` prints says the same when it is read.
#[test]
fn what_is_shown_reads_back() {
    let text = "\
include: ['*.yml', 'a b/#c']
severities: {ECS3: error}
per-file-ignores: {'legacy/**': [ECS7, ECS012], 'x: y': []}
fail-on: never
parameters: {A: 'yes', B: \"\\e[31m\", C: 0123, D: '', E: 'x # y'}
budget: 0.5
ssh-networks: [10.0.0.0/8, '::1/128']
packaged: false
";
    let before = config(text);
    let shown: String = before.show().iter().fold(String::new(), |res, it| {
        res + &"  ".repeat(it.depth) + &it.text + if it.by.is_some() { " # from here\n" } else { "\n" }
    });
    let after = config(&shown);
    let texts = |it: &Config| it.show().into_iter().map(|it| it.text).collect::<Vec<_>>();
    assert_eq!(texts(&before), texts(&after), "{shown}");
    assert_eq!(before.options().parameters, after.options().parameters);
    assert!(shown.bytes().all(|it| it == b'\n' || it >= b' '), "{shown:?}");
}

#[test]
fn flags_win_over_the_file() {
    let said = |value: &str| Said { value: Code::new(value), by: By::Flag("--x") };
    let mut flags = Config { select: vec![said("ECS1")], ignore: vec![said("ECS2")], ..Config::default() };
    flags.parameters.set(
        Said { value: Name::new("A"), by: By::Flag("-P") },
        Some(Said { value: "flag".to_owned(), by: By::Flag("-P") }),
    );
    let file = config("select: [ECS3]\nignore: [ECS4]\nparameters: {A: file, B: file}\nbudget: 1\n");
    let options = flags.over(file).options();
    assert_eq!((options.select.join(" "), options.ignore.join(" ")), ("ECS1".into(), "ECS4 ECS2".into()));
    assert_eq!(options.parameters.values().collect::<Vec<_>>(), ["flag", "file"]);
    assert_eq!(options.budget, Some(1.0));
}

#[test]
fn the_schema_is_that_of_the_keys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/ecslint.schema.json");
    #[expect(clippy::disallowed_methods, reason = "tests read the project's own files")]
    let written = std::fs::read_to_string(path).unwrap_or_default();
    #[expect(clippy::disallowed_methods, reason = "tests are told to bless")]
    let blesses = std::env::var_os("BLESS").is_some();
    if written != schema() && blesses {
        std::fs::write(path, schema()).expect("writable");
        return;
    }
    assert!(written == schema(), "{path} is out of date: run `BLESS=1 cargo test` and look at the diff");
}
