//! The instance types and the regions that offer them.

use std::collections::{BTreeMap, HashMap};
use std::io::Result;

use crate::input::{Facts, Row};
use crate::output::Output;
use crate::regions::Regions;
use crate::sources::Sources;

/// Where most rows come from; its date is the one of the list.
const SOURCE: (&str, &str) = ("moto 5.2.5 ec2/resources (Apache-2.0)", "2026-10");

/// Writes the table.
pub(crate) fn generate(
    facts: &Facts,
    regions: &Regions,
    sources: &mut Sources,
    output: &mut Output,
) -> Result<()> {
    let offered = offered(facts, regions)?;
    let (mut rows, mut free_plan) = (BTreeMap::new(), BTreeMap::new());
    for row in facts.table("instance_types.tsv")? {
        let name = row.text("type")?;
        let architecture = match row.text("arch")? {
            "x86_64" | "i386,x86_64" => "x86_64",
            "arm64" => "arm64",
            "arm64_mac" | "x86_64_mac" => "mac",
            other => return Err(row.wrong(&format!("`{other}` is no known architecture"))),
        };
        let fields = vec![
            row.number("vcpu")?.to_string(),
            row.number("mem_mib")?.to_string(),
            architecture.to_owned(),
            gpus(&row)?,
            row.text("accelerators")?.to_owned(),
            flags(&row)?,
            format!("{:x}", offered.get(name).copied().unwrap_or_default()),
            sources.number(row.text("source")?, row.text("source_date")?)?,
        ];
        rows.insert(name.to_owned(), fields);
        if row.flag("free_tier_eligible_credit_plan")? {
            free_plan.insert(name.to_owned(), Vec::new());
        }
    }
    sources.of_table("instances", SOURCE)?;
    output.table("free_plan.tsv", free_plan)?;
    output.table("instances.tsv", rows)
}

/// The set of regions of each type.
fn offered(facts: &Facts, regions: &Regions) -> Result<HashMap<String, u64>> {
    let mut res = HashMap::new();
    for row in facts.table("instance_type_offerings.tsv")? {
        let mut set = 0;
        for region in row.text("regions")?.split(',') {
            set |= 1 << regions.number(region)?;
        }
        res.insert(row.text("type")?.to_owned(), set);
    }
    Ok(res)
}

/// `COUNT:MANUFACTURER:NAME:MEMORY`; the count of a slice is the part, such as `0.25`.
fn gpus(row: &Row) -> Result<String> {
    let count = row.text("gpu_count")?;
    if count == "0" {
        return Ok(String::new());
    }
    let share = count.strip_prefix("fractional(").and_then(|it| it.strip_suffix(')'));
    let count = share.unwrap_or(count);
    let [maker, name, memory] = ["gpu_manufacturer", "gpu_name", "gpu_mem_mib_total"].map(|it| row.text(it));
    Ok(format!("{count}:{}:{}:{}", maker?, name?, memory?))
}

/// One letter for each thing that is so.
fn flags(row: &Row) -> Result<String> {
    let (year, where_no_t2) = match row.text("free_tier_classic_12m")? {
        "yes" => (true, false),
        "only-in-regions-without-t2" => (false, true),
        "no" => (false, false),
        other => return Err(row.wrong(&format!("`{other}` is no kind of free tier"))),
    };
    let letters = [
        ('p', row.flag("previous_generation")?),
        ('m', row.flag("bare_metal")?),
        ('r', !row.flag("launchable")?),
        ('y', year),
        ('w', where_no_t2),
    ];
    Ok(letters.into_iter().filter(|it| it.1).map(|it| it.0).collect())
}
