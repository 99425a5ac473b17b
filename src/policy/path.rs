//! Paths: `Properties.Tags[*].Key`.

/// A path has no more parts than this.
pub const MAX_SEGMENTS: usize = 32;

/// A way down from a resource or fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    text: String,
    segments: Vec<Segment>,
}

/// A step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The value under this key.
    Key(String),
    /// `*`: the value under each key.
    AnyKey,
    /// `[0]`: this item of a list.
    Item(usize),
    /// `[*]`: each item of a list.
    EachItem,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Path, String> {
        let bad = |why: &str| Err(format!("`{text}` is no path: {why}"));
        let mut segments = Vec::new();
        for part in text.split('.') {
            let (key, mut brackets) = part.split_at(part.find('[').unwrap_or(part.len()));
            match key {
                "" => return bad("a name is missing; write it as `Properties.Tags[*].Key`"),
                "*" => segments.push(Segment::AnyKey),
                _ if key.contains([']', '*']) => {
                    return bad("a name stands as it is, or `*` for all; items are `[0]` or `[*]`");
                }
                _ => segments.push(Segment::Key(key.to_owned())),
            }
            while !brackets.is_empty() {
                let Some((inner, rest)) = brackets.strip_prefix('[').and_then(|it| it.split_once(']')) else {
                    return bad("items are `[0]` or `[*]`");
                };
                match (inner, inner.parse()) {
                    ("*", _) => segments.push(Segment::EachItem),
                    (_, Ok(idx)) => segments.push(Segment::Item(idx)),
                    _ => return bad("items are `[0]` or `[*]`"),
                }
                brackets = rest;
            }
        }
        if segments.len() > MAX_SEGMENTS {
            return bad(&format!("it has more than {MAX_SEGMENTS} parts"));
        }
        Ok(Path { text: text.to_owned(), segments })
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its steps; at least one.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The names in it, as the table of shapes takes them; up to the first that may be any name.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let named = self.segments.iter().take_while(|it| **it != Segment::AnyKey);
        named.filter_map(Segment::name).collect()
    }
}

impl Segment {
    /// The key that it names.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Segment::Key(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it stands for many values.
    #[must_use]
    pub fn is_many(&self) -> bool {
        matches!(self, Segment::AnyKey | Segment::EachItem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read() {
        let path = Path::parse("Properties.Tags[*].Values[0].*").expect("a path");
        let key = |it: &str| Segment::Key(it.to_owned());
        let expected = [
            key("Properties"),
            key("Tags"),
            Segment::EachItem,
            key("Values"),
            Segment::Item(0),
            Segment::AnyKey,
        ];
        assert_eq!(path.segments(), expected);
        assert_eq!(path.names(), ["Properties", "Tags", "Values"]);
        assert_eq!(Path::parse("A[0][*]").map(|it| it.segments().len()), Ok(3));
        assert_eq!(Path::parse("Metadata.AWS::CloudFormation::Init").map(|it| it.segments().len()), Ok(2));
    }

    #[test]
    fn what_is_no_path() {
        for text in [
            "",
            ".",
            "A.",
            "A..B",
            "A[",
            "A[]",
            "A[x]",
            "A]",
            "A[-1]",
            "A*",
            "[0]",
            "A[0]B",
            "A[99999999999999999999]",
        ] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
        let deep = |n| Path::parse(&vec!["A"; n].join("."));
        assert!(deep(MAX_SEGMENTS).is_ok() && deep(MAX_SEGMENTS + 1).is_err());
    }
}
