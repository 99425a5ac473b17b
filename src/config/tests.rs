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

#[track_caller]
fn check_policy_problem(policy: &str, words: &str, message: &str) {
    check_problem(&format!("policies:\n  - {policy}\n"), words, message);
}

#[test]
fn what_is_wrong_with_a_policy_has_its_words() {
    let rest = "assert: {path: Type, exists: true}, message: x}";
    let check = |begin: &str, words: &str, message: &str| {
        check_policy_problem(&format!("{{{begin}, {rest}"), words, message);
    };
    let kind = "resources: 'AWS::*'";
    check("resources: 'AWS::*'", "resources", "the policy has no `code`");
    check(&format!("cod: A1, {kind}"), "cod", "unknown key `cod`; did you mean `code`?");
    check(&format!("code: a1, {kind}"), "a1", "`code` has to be capital letters and digits, as `ORG001`");
    let own = "`ECS901` begins with `ECS`, as the codes of ecslint do: take other letters";
    check(&format!("code: ECS901, {kind}"), "ECS901", own);
    check("code: A1", "code", "the policy is about nothing: name `resources` or `fleets`");
    check("code: A1, fleets: group", "group", &format!("`fleets` has to be {}", FLEETS));
    let both = "the policy is about `resources` or about `fleets`, not about both";
    check(&format!("code: A1, {kind}, fleets: '*'"), "code", both);
    let slip = "no type is called `AWS::EC2::Instanse`; did you mean `AWS::EC2::Instance`?";
    check("code: A1, resources: AWS::EC2::Instanse", "AWS::EC2::Instanse", slip);
    let name = "`name` has to be small words with hyphens, as `group-too-large`";
    check(&format!("code: A1, name: 'A b', {kind}"), "'A b'", name);
    let text = "an example is a template as text: write `- |` before it";
    check(&format!("code: A1, {kind}, examples: {{good: [{{Resources: 1}}]}}"), "Resources", text);
    check_policy_problem(
        &format!("{{code: A1, {kind}, message: x}}"),
        "code",
        "the policy has no `assert`: say what must hold",
    );
    let message = "nothing fills `{valeu}`; did you mean `{value}`?";
    let assert = "assert: {path: Type, exists: true}";
    check_policy_problem(
        &format!("{{code: A1, {kind}, {assert}, message: '{{valeu}}'}}"),
        "'{valeu}'",
        message,
    );
    check_problem(
        "policies: {code: A1}\n",
        "{code: A1}",
        "`policies` has to be a list, each a policy, or a file or folder with policies",
    );
    let twice = format!(
        "policies:\n  - {{code: A1, {kind}, {rest}\n  - {{code: A1, fleets: '*', assert: {{path: id, exists: true}}, message: x}}\n"
    );
    let problems = parse(&twice).expect_err("twice");
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].message == "another policy has the code `A1`" && problems[0].span.start > 80,
        "{problems:?}"
    );
}

const FLEETS: &str = "`*`, `auto-scaling-group`, `instance`, `spot-fleet` or `ec2-fleet`";

#[test]
fn what_is_wrong_with_a_claim_has_its_words() {
    let check = |about: &str, claim: &str, words: &str, message: &str| {
        let policy = format!("{{code: A1, {about}, assert: {claim}, message: x}}");
        check_policy_problem(&policy, words, message);
    };
    let group = "resources: AWS::AutoScaling::AutoScalingGroup";
    check(group, "{path: Type, equal: x}", "equal", "unknown key `equal`; did you mean `equals`?");
    check(group, "{equals: x}", "equals", "a claim has one of `path`, `all`, `any` and `none`, with a path");
    let two = "a claim has one of `path`, `all`, `any` and `none`, with a path";
    check(group, "{path: Type, any: Type, equals: x}", "path", two);
    let nothing = "nothing is said of what stands there: add `exists: true`, `equals: TEXT` ...";
    check(group, "{path: Type}", "Type", nothing);
    let path = "`Properties.Tags[` is no path: items are `[0]` or `[*]`";
    check(group, "{path: 'Properties.Tags[', exists: true}", "'Properties.Tags['", path);
    let first = "a resource has no `Propertys`; did you mean `Properties`?";
    check(group, "{path: Propertys.Tags, exists: true}", "Propertys.Tags", first);
    let property = "`AWS::AutoScaling::AutoScalingGroup` has no `MaxSiz`; did you mean `MaxSize`?";
    check(group, "{path: Properties.MaxSiz, exists: true}", "Properties.MaxSiz", property);
    let deep = "`AWS::AutoScaling::AutoScalingGroup` has no `Tags.Keys`; did you mean `Key`?";
    check(group, "{path: 'Properties.Tags[*].Keys', exists: true}", "'Properties.Tags[*].Keys'", deep);
    check(group, "{path: Type, less-than: x}", "x", "`less-than` has to be a number");
    check(group, "{path: Type, exists: maybe}", "maybe", "`exists` has to be `true` or `false`");
    check(group, "{path: Type, in: x}", "x", "`in` has to be a list, each text");
    let regex = "`a(` is no regular expression: unclosed group";
    check(group, "{path: Type, matches: 'a('}", "'a('", regex);
    let large = "the regular expression is too large: repeat less in it";
    check(group, "{path: Type, matches: '(a{1000}){1000}'}", "'(a{1000}){1000}'", large);
    let long = "x".repeat(1001);
    check(
        group,
        &format!("{{path: Type, matches: {long}}}"),
        &long,
        "the regular expression is longer than 1000 bytes",
    );
    let fleets = "fleets: '*'";
    check(
        fleets,
        "{path: ssh.prot_22, equals: world}",
        "ssh.prot_22",
        "a fleet has no field `ssh.prot_22`; did you mean `ssh.port_22`?",
    );
    check(
        fleets,
        "{path: ssh.port_22, equals: wrld}",
        "wrld",
        "`ssh.port_22` is never `wrld`; did you mean `world`?",
    );
    let never = "`ssh.port_22` is never `a`; there are: world, restricted, closed";
    check(fleets, "{path: ssh.port_22, not-in: [world, a]}", "a", never);
    let unknown = "what only deployment can tell proves nothing: a policy cannot ask for `unknown`";
    check(fleets, "{path: ssh.port_22, in: [unknown]}", "unknown", unknown);
    check(fleets, "{path: ssh.port_22, at-most: 3}", "3", "`ssh.port_22` is no number");
    // A property that nobody knows may be new; a name that differs much from all others is no slip.
    config(
        "policies: [{code: A1, resources: AWS::EC2::Instance, assert: {path: Properties.BrandNewThing, exists: true}, message: x}]",
    );
    config(
        "policies: [{code: A1, resources: 'Custom::Thing', assert: {path: Properties.A, exists: true}, message: x}]",
    );
}

#[test]
fn policies_are_bounded() {
    let many = |n: usize| {
        let one = |idx| {
            format!("  - {{code: A{idx}, fleets: '*', assert: {{path: id, exists: true}}, message: x}}\n")
        };
        parse(&format!("policies:\n{}", (0..n).map(one).collect::<String>()))
    };
    let most = crate::policy::MAX_POLICIES;
    assert_eq!(many(most).map(|it| it.policies.all().len()), Ok(most));
    let problems = many(most + 1).expect_err("one too many");
    assert_eq!(problems[0].message, format!("there are more than {most} policies"));
}

#[test]
fn policies_that_are_shown_read_back() {
    let text = "\
policies:
  - own.yaml
  - code: A1
    name: a-b
    severity: info
    fleets: [instance, spot-fleet]
    when:
      - {path: ecs, equals: 'yes'}
      - {any: 'cost.instance_types[*]', matches: '^t3\\.', not-in: [t3.nano]}
    assert: {path: capacity.max, at-most: 5, at-least: 0.5}
    message: 'a: {value}'
    help: '# no comment'
";
    let shown = |it: &Config| {
        it.show().into_iter().map(|it| format!("{}{}\n", "  ".repeat(it.depth), it.text)).collect::<String>()
    };
    let before = shown(&config(text));
    assert_eq!(before, shown(&config(&before)), "{before}");
    assert!(before.contains("- own.yaml\n") && before.contains("at-least: 0.5\n"), "{before}");
}

#[test]
fn codes_of_policies_count_where_there_are_such() {
    let policy = "policies: [{code: A1, fleets: '*', assert: {path: id, exists: true}, message: x}]\n";
    let lists = "ignore: [a1]\nselect: [A]\nseverities: {A1: info}\nper-file-ignores: {x: [A1]}\n";
    assert_eq!(config(&format!("{policy}{lists}")).unknown_codes(), []);
    let told: Vec<_> = config(lists).unknown_codes().into_iter().map(|it| it.1).collect();
    assert_eq!(told.len(), 4);
    assert!(told[0] == "no rule has the code `A`; `ecslint rules` lists them", "{told:?}");
    let near = config(&format!("{policy}ignore: [B1]\n")).unknown_codes();
    assert!(near[0].1.ends_with("did you mean `A1`?"), "{near:?}");
}
