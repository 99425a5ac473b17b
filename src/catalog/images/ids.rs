//! The ids of the images made for ECS.
//!
//! `image_ids.bin` holds records of eleven bytes, sorted: the digits of the id as a number (8 bytes, the highest
//! first), the position of its name in `images.tsv` (2 bytes), and a byte whose low bits number the region (all set:
//! not known) and whose highest bit marks an id of the old short form. In `images.tsv` a row is a variant, as in the
//! path of its SSM parameter: what the names of its images begin and end with, and what each has between.

use std::sync::LazyLock;

use super::ImageFacts;
use super::parameters::{ECS_PREFIX, ecs_variant};
use crate::catalog::regions;
use crate::catalog::table::{Row, Table};

const IDS: &[u8] = include_bytes!("../data/image_ids.bin");
pub(super) const IMAGES: Table = Table(include_str!("../data/images.tsv"));

const RECORD: usize = 11;
const SHORT: u8 = 0x80;
const NO_REGION: u8 = 0x7f;

/// The row of each image, and what its name has between beginning and end; made when the first id is looked up.
static NAMES: LazyLock<Vec<(Row, &str)>> = LazyLock::new(|| {
    let names = |row: Row| row.last().split(' ').map(move |it| (row, it));
    IMAGES.rows().flat_map(names).collect()
});

/// An image that AWS published for ECS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownImage {
    /// Its name, such as `amzn2-ami-ecs-gpu-hvm-2.0.20241010-x86_64-ebs`.
    pub name: String,
    /// The region in which the id means it.
    pub region: Option<&'static str>,
    /// What is known of it.
    pub facts: ImageFacts,
    variant: &'static str,
}

impl KnownImage {
    /// The path of the SSM parameter that holds the id of the newest image of this kind.
    #[must_use]
    pub fn parameter(&self) -> String {
        format!("{ECS_PREFIX}{}/recommended/image_id", self.variant)
    }
}

/// The image of an id such as `ami-0123456789abcdef0`.
#[must_use]
pub fn by_id(id: &str) -> Option<KnownImage> {
    let (key, short) = key(id)?;
    let (records, _) = IDS.as_chunks::<RECORD>();
    let found = records.binary_search_by_key(&key, |it| number(&it[..8])).ok()?;
    let record = records[found];
    if (record[10] & SHORT != 0) != short {
        return None;
    }
    let name_idx = usize::try_from(number(&record[8..10])).ok()?;
    let (row, between) = *NAMES.get(name_idx)?;
    let mut fields = row.fields();
    let name = format!("{start}{between}{end}", start = fields.text(), end = fields.text());
    let region = record[10] & !SHORT;
    let region = regions::all().nth(usize::from(region)).filter(|_| region != NO_REGION);
    Some(KnownImage { name, region, facts: ecs_variant(row.key)?, variant: row.key })
}

/// The number of an id, and whether the id is of the short form.
fn key(id: &str) -> Option<(u64, bool)> {
    let digits = id.strip_prefix("ami-")?;
    if !digits.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    match digits.len() {
        8 => Some((u64::from_str_radix(digits, 16).ok()?, true)),
        // The first of the seventeen digits is always 0.
        17 => Some((u64::from_str_radix(digits.strip_prefix('0')?, 16).ok()?, false)),
        _ => None,
    }
}

/// The number that bytes are, the highest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |res, it| res << 8 | u64::from(*it))
}
