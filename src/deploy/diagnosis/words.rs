//! What AWS says, made short: names out of its sentences, and its sentences out of their frames.

/// The first name in quotes, brackets or parentheses that is no phrase: `'ami-1'`, `(p2.xlarge)`, `[ami-1]`.
pub(super) fn quoted(text: &str) -> Option<&str> {
    let pairs = [("'[", "]'"), ("'", "'"), ("`", "`"), ("(", ")"), ("\"", "\"")];
    pairs.iter().find_map(|(open, close)| {
        text.match_indices(open).find_map(|(at, _)| {
            let rest = &text[at + open.len()..];
            let name = &rest[..rest.find(close)?];
            let is_name = name.len() > 1 && name.len() < 100 && !name.contains([' ', '\'', '[', '\n']);
            is_name.then_some(name)
        })
    })
}

/// What stands before ` capacity`: `sufficient p3.2xlarge capacity`.
pub(super) fn instance_type(text: &str) -> Option<&str> {
    let (head, _) = text.split_once(" capacity")?;
    head.rsplit(' ').next().filter(|it| it.contains('.'))
}

/// The name without the quotes around it; of an identifier in JSON, `{"/properties/LogGroupName":"/ecs"}`, its value.
pub(super) fn bare(name: &str) -> &str {
    let value = name.rsplit_once("\":\"").map_or(name, |it| it.1.trim_end_matches(['"', '}', '\\']));
    value.trim_matches(['\'', '"', '`', '[', ']', '(', ')'])
}

/// A sentence with a name in its place; without a name the place goes.
pub(super) fn filled(sentence: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => sentence.replace("{}", &format!("`{name}`")),
        None => sentence.replace(" for {}", "").replace(" {}", ""),
    }
}

/// What a resource handler said, without its frame: `Resource handler returned message: "..." (RequestToken: ...)`, and
/// without `(Service: ...; Request ID: ...)`.
pub(super) fn message(reason: &str) -> &str {
    let inner =
        reason.split_once("returned message: \"").map(|(_, it)| it.rsplit_once("\" (").map_or(it, |it| it.0));
    let inner = inner.unwrap_or(reason).trim();
    let end = ["(Service: ", " (RequestToken: ", "; Service: "].iter().filter_map(|it| inner.find(it)).min();
    let inner = &inner[..end.unwrap_or(inner.len())];
    inner.trim_end_matches([' ', '.', '"', ','])
}

/// The account and what follows of `User: arn:... is not authorized to perform: ACTION on resource: ARN`: the action.
pub(super) fn denied_action(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("not authorized to perform: ")?;
    let action = rest.split([' ', ',', '"', ')']).next().unwrap_or_default().trim_end_matches('.');
    action.contains(':').then_some(action)
}

/// The property that a text is about: `#/CidrBlock`, `property CidrBlock`, `parameter InstanceType`,
/// `extraneous key [Foo]`.
pub(super) fn property(text: &str) -> Option<&str> {
    let marks = [
        "#/Properties/",
        "#/",
        "extraneous key [",
        "unsupported property ",
        "of property ",
        "roperty ",
        "arameter ",
    ];
    marks.iter().find_map(|mark| {
        let (_, rest) = text.split_once(mark)?;
        let name = rest.trim_start_matches('{').split(|it: char| !it.is_ascii_alphanumeric()).next()?;
        (name.len() > 1 && name.starts_with(|it: char| it.is_ascii_uppercase())).then_some(name)
    })
}

/// `10m04s`, `58s`, `1h02m`
pub(super) fn span_of_time(seconds: i64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m{s:02}s"),
        (h, m, _) => format!("{h}h{m:02}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_out_of_sentences() {
        for (text, name) in [
            ("The image id '[ami-0abc]' does not exist", Some("ami-0abc")),
            ("The key pair 'my-key' does not exist", Some("my-key")),
            ("Your requested instance type (p2.xlarge) is not supported", Some("p2.xlarge")),
            ("nothing here, isn't it (some words)", None),
            ("'", None),
        ] {
            assert_eq!(quoted(text), name, "{text}");
        }
        assert_eq!(instance_type("We do not have sufficient p3.2xlarge capacity in"), Some("p3.2xlarge"));
        assert_eq!(filled("the image {} is not there", None), "the image is not there");
        assert_eq!(filled("there is none for {} here", Some("a")), "there is none for `a` here");
        assert_eq!(filled("there is none for {} here", None), "there is none here");
    }

    #[test]
    fn sentences_out_of_frames() {
        let framed = "Resource handler returned message: \"The CIDR '10.0.0.0/24' conflicts with another subnet (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: InvalidRequest)";
        assert_eq!(message(framed), "The CIDR '10.0.0.0/24' conflicts with another subnet");
        let old = "API: iam:CreateRole User: arn:aws:iam::1:user/a is not authorized to perform: iam:CreateRole on resource: b";
        assert_eq!((message(old), denied_action(old)), (old, Some("iam:CreateRole")));
        assert_eq!(
            message("a (Service: AmazonECS; Status Code: 400; Error Code: X; Request ID: y; Proxy: null)"),
            "a"
        );
        for (text, name) in [
            (
                "Model validation failed (#/CidrBlock: failed validation constraint for keyword [pattern])",
                Some("CidrBlock"),
            ),
            (
                "Properties validation failed with message: #: extraneous key [Foo] is not permitted",
                Some("Foo"),
            ),
            ("Encountered unsupported property Bar", Some("Bar")),
            ("Value (x) for parameter InstanceType is invalid", Some("InstanceType")),
            ("this property is odd", None),
        ] {
            assert_eq!(property(text), name, "{text}");
        }
        assert_eq!([8, 604, 7320].map(span_of_time), ["8s", "10m04s", "2h02m"]);
    }
}
