use super::{Parse, Tree};
pub(super) fn parse(source: &str) -> Parse<'_> {
    Parse {
        tree: Tree { source, nodes: vec![], side: String::new(), roots: vec![], comments: vec![] },
        problems: vec![],
    }
}
