//! A table as it lies in the binary: text, one line a row, a tab between the fields, sorted by the first field.
//!
//! Invariants: the rows are sorted by the bytes of their key, every key stands once, every line ends with a newline
//! (the generator, `examples/facts`, sees to it); nothing is unpacked or indexed before it is asked for.

/// A sorted table.
#[derive(Clone, Copy)]
pub(super) struct Table(pub(super) &'static str);

/// A row: the key, and what stands after it.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// The first field.
    pub(super) key: &'static str,
    /// The other fields.
    rest: &'static str,
}

impl Row {
    fn new(line: &'static str) -> Row {
        let (key, rest) = field(line);
        Row { key, rest }
    }

    /// The fields after the key.
    pub(super) fn fields(self) -> Fields {
        Fields(self.rest)
    }

    /// The last field.
    pub(super) fn last(self) -> &'static str {
        self.rest.rsplit('\t').next().unwrap_or_default()
    }
}

/// Fields still to be read, in the order of the table's columns.
pub(super) struct Fields(&'static str);

impl Fields {
    /// The next field; empty at the end of the row.
    pub(super) fn text(&mut self) -> &'static str {
        let (field, rest) = field(self.0);
        self.0 = rest;
        field
    }

    /// The next field as a number.
    pub(super) fn number(&mut self) -> u32 {
        self.text().parse().expect("internal error: no number in a table of the catalogue")
    }

    /// Whether every field was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}

/// The first field, and the others. Fields are long in some tables: the actions of a service are one.
fn field(line: &'static str) -> (&'static str, &'static str) {
    memchr::memchr(b'\t', line.as_bytes()).map_or((line, ""), |it| (&line[..it], &line[it + 1..]))
}

impl Table {
    /// The row with this key.
    pub(super) fn find(self, key: &str) -> Option<Row> {
        let row = self.from(key).next()?;
        (row.key == key).then_some(row)
    }

    /// The rows whose key begins so.
    pub(super) fn beginning(self, prefix: &str) -> impl Iterator<Item = Row> {
        self.from(prefix).take_while(move |it| it.key.starts_with(prefix))
    }

    /// All rows.
    pub(super) fn rows(self) -> impl Iterator<Item = Row> + use<> {
        self.0.lines().map(Row::new)
    }

    /// The rows from the first whose key is not below `key`.
    fn from(self, key: &str) -> impl Iterator<Item = Row> + use<> {
        let text = self.0.as_bytes();
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', &text[low..middle]).map_or(low, |it| low + it + 1);
            let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |it| start + it);
            if Row::new(&self.0[start..end]).key < key {
                low = text.len().min(end + 1);
            } else {
                high = start;
            }
        }
        Table(&self.0[low..]).rows()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table = Table("a\t1\t\tx\nab\t2\nb\nba\t4\n");

    #[test]
    fn finds_every_row_and_nothing_else() {
        for row in TABLE.rows() {
            assert_eq!(TABLE.find(row.key).map(|it| it.key), Some(row.key));
        }
        for key in ["", "0", "aa", "abc", "az", "bb", "z", "a\t1"] {
            assert!(TABLE.find(key).is_none(), "{key}");
        }
        assert!(Table("").find("a").is_none());
    }

    #[test]
    fn rows_that_begin_alike() {
        let keys = |prefix| TABLE.beginning(prefix).map(|it| it.key).collect::<Vec<_>>();
        assert_eq!(keys("a"), ["a", "ab"]);
        assert_eq!(keys("b"), ["b", "ba"]);
        assert_eq!(keys(""), ["a", "ab", "b", "ba"]);
        assert_eq!(keys("c"), [""; 0]);
    }

    #[test]
    fn fields_of_a_row() {
        let mut fields = TABLE.find("a").expect("the row is there").fields();
        assert_eq!(fields.number(), 1);
        assert_eq!(fields.text(), "");
        assert!(!fields.is_at_end());
        assert_eq!(fields.text(), "x");
        assert!(fields.is_at_end());
        assert_eq!(fields.text(), "");
    }
}
