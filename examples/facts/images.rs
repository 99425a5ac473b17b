//! The images made for ECS; `src/catalog/images/ids.rs` tells the form of the tables.

use std::collections::BTreeMap;
use std::io::Result;

use crate::input::{Facts, Row, wrong};
use crate::output::Output;
use crate::regions::{Regions, is_region};
use crate::sources::Sources;

const SOURCE: (&str, &str) = ("moto 5.2.5 ssm/resources (Apache-2.0)", "2026-10");
const OLD_SOURCE: (&str, &str) =
    ("awsdocs/amazon-ecs-developer-guide, its history (CC-BY-SA-4.0, of which the ids are facts)", "2019-09");

/// The mark of an id of the old short form.
const SHORT: u8 = 0x80;
/// The number of a region that is not known.
const NO_REGION: u8 = 0x7f;

/// An image as the tables have it.
#[derive(Clone, PartialEq)]
struct Image {
    variant: String,
    name: String,
    region: Option<String>,
}

/// Writes the ids and the names.
pub(crate) fn generate(
    facts: &Facts,
    regions: &Regions,
    sources: &mut Sources,
    output: &mut Output,
) -> Result<()> {
    let mut images = old(facts)?;
    for row in facts.table("ecs_ami_ids.tsv")? {
        let image = Image {
            variant: row.text("ssm_variant")?.to_owned(),
            name: row.text("image_name")?.to_owned(),
            region: Some(row.text("region")?.to_owned()),
        };
        check(&row, &image)?;
        images.insert(row.text("ami_id")?.to_owned(), image);
    }

    let mut names: BTreeMap<&str, BTreeMap<&str, u16>> = BTreeMap::new();
    for image in images.values() {
        names.entry(&image.variant).or_default().insert(&image.name, 0);
    }
    for (number, place) in names.values_mut().flat_map(BTreeMap::values_mut).enumerate() {
        *place = u16::try_from(number).map_err(|_| wrong("more than 65,536 names of images"))?;
    }
    let mut records = BTreeMap::new();
    for (id, image) in &images {
        let (key, mark) = key(id)?;
        let region = match &image.region {
            Some(region) => u8::try_from(regions.number(region)?).unwrap_or(NO_REGION),
            None => NO_REGION,
        };
        let name = names[image.variant.as_str()][image.name.as_str()];
        if records.insert(key, (name, region | mark)).is_some() {
            return Err(wrong(format!("{id} is not the only id with this number")));
        }
    }
    let bytes = |(key, (name, last)): (u64, (u16, u8))| {
        key.to_be_bytes().into_iter().chain(name.to_be_bytes()).chain([last])
    };
    output.file("image_ids.bin", records.into_iter().flat_map(bytes).collect());
    let row = |(variant, names): (&str, BTreeMap<&str, u16>)| {
        (variant.to_owned(), pack(&names.into_keys().collect::<Vec<_>>()).to_vec())
    };
    output.table("images.tsv", names.into_iter().map(row).collect())?;
    sources.of_table("images", SOURCE)?;
    sources.of_table("old_images", OLD_SOURCE)
}

/// What all names begin with, what all end with, and what each has between.
fn pack(names: &[&str]) -> [String; 3] {
    let Some((first, others)) = names.split_first() else { return Default::default() };
    let mut start = first.len();
    for other in others {
        start =
            first.bytes().zip(other.bytes()).take(start).take_while(|(left, right)| left == right).count();
    }
    let mut end = first.len() - start;
    for other in others {
        let both = first[start..].bytes().rev().zip(other[start..].bytes().rev());
        end = both.take(end).take_while(|(left, right)| left == right).count();
    }
    let between: Vec<&str> = names.iter().map(|it| &it[start..it.len() - end]).collect();
    [first[..start].to_owned(), first[first.len() - end..].to_owned(), between.join(" ")]
}

/// The ids that the developer guide named before there were parameters for them.
///
/// Some are named twice: once in the list of their region, once in an example that says another or none.
fn old(facts: &Facts) -> Result<BTreeMap<String, Image>> {
    let mut res: BTreeMap<String, Image> = BTreeMap::new();
    for row in facts.table("ecs_ami_ids_old.tsv")? {
        let name = row.text("name_or_version")?;
        let Some(variant) = variant_of(name) else { continue };
        let region = Some(row.text("region")?).filter(|it| is_region(it)).map(str::to_owned);
        let image = Image { variant, name: name.to_owned(), region };
        let known = res.entry(row.text("ami_id")?.to_owned()).or_insert_with(|| image.clone());
        if known.name != image.name {
            return Err(row.wrong("an id with two names"));
        }
        match (&known.region, &image.region) {
            (None, Some(_)) => *known = image,
            (Some(left), Some(right)) if left != right => known.region = None,
            _ => {}
        }
    }
    Ok(res)
}

/// The variant that the full name of an image tells.
fn variant_of(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix("Windows_Server-") {
        let year = rest.split('-').next()?;
        return rest
            .contains("English-Full-ECS_Optimized")
            .then(|| format!("windows_server/{year}/english/full"));
    }
    if name.starts_with("amzn-ami-") && name.ends_with("-amazon-ecs-optimized") {
        return Some("amazon-linux".to_owned());
    }
    let (system, rest) = name.split_once("-ami-ecs-")?;
    let mut res = match system {
        "amzn2" => "amazon-linux-2",
        "al2022" => "amazon-linux-2022",
        "al2023" => "amazon-linux-2023",
        _ => return None,
    }
    .to_owned();
    let (before, after) = rest.split_once("hvm-")?;
    for (word, part) in
        [("kernel-5.10-", "kernel-5.10"), ("gpu-", "gpu"), ("inf-", "inf"), ("neuron-", "neuron")]
    {
        if before.contains(word) {
            res.push('/');
            res.push_str(part);
        }
    }
    if after.contains("arm64") {
        res.push_str("/arm64");
    }
    Some(res)
}

/// Name, variant and architecture say the same thing.
fn check(row: &Row, image: &Image) -> Result<()> {
    let variant = variant_of(&image.name);
    let arm = image.variant.ends_with("/arm64");
    if variant.as_ref() != Some(&image.variant) || arm != (row.text("arch")? == "arm64") {
        return Err(row.wrong(&format!("the name says {variant:?}")));
    }
    Ok(())
}

/// The number of an id, and the mark of its form.
fn key(id: &str) -> Result<(u64, u8)> {
    let digits = id.strip_prefix("ami-").unwrap_or_default();
    let (digits, mark) = match digits.len() {
        8 => (digits, SHORT),
        17 if digits.starts_with('0') => (&digits[1..], 0),
        _ => return Err(wrong(format!("`{id}` is no id of an image"))),
    };
    let number =
        u64::from_str_radix(digits, 16).map_err(|_| wrong(format!("`{id}` is no id of an image")))?;
    Ok((number, mark))
}
