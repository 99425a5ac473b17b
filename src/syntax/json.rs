use super::Parse;
pub(super) fn parse(_source: &str) -> Option<Parse<'_>> {
    None
}
